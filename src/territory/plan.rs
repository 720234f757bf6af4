//! What an import of the referential should write, decided before anything is read or written: which
//! organisations, under which identifiers, linked to what, affiliated where and on what grounds.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono_tz::Tz;

use super::model::{LinkKind, OrganisationKind, Scheme};
use super::referential::{Area, Cdg, Commune, Epci, Referential};
use super::rules::{cdg_of_epci, time_zone_of_departement, time_zone_of_region};

/// The source written on what comes from the référentiel géographique.
const COG: &str = "COG 2025 (INSEE), Sirene, BANATIC: @etalab/decoupage-administratif 6.0.0";
/// The source written on a CDG.
const CDG_SOURCE: &str = "cdg.csv (CGFP L452-1 s.)";

/// A code in a register.
pub(super) type Key = (Scheme, String);

/// One organisation to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub kind: OrganisationKind,
    pub name: String,
    pub population: Option<i32>,
    pub zone: Option<String>,
    pub time_zone: Tz,
    pub source: &'static str,
    pub identifiers: Vec<Key>,
    pub parents: Vec<(LinkKind, Key)>,
    /// The CDG to which it is presumed to be affiliated, and why.
    pub affiliation: Option<(Key, String)>,
}

/// Plans the whole referential, or the communes of some départements with their EPCI. Parents come
/// before their children. An EPCI's CDG is always decided on its whole population.
pub(super) fn plan(read: &Referential, only: Option<&[&str]>) -> Vec<Planned> {
    let wanted = |departement: &str| only.is_none_or(|some| some.contains(&departement));
    let communes: HashMap<&str, &Commune> =
        read.communes.iter().map(|c| (c.insee.as_str(), c)).collect();
    let cdgs: HashMap<&str, &str> = read
        .cdg
        .iter()
        .flat_map(|c| c.departements.iter().map(|d| (d.as_str(), c.code.as_str())))
        .collect();
    // The overseas collectivités stand in both files: they are one organisation each.
    let both: HashSet<&str> = read
        .departements
        .iter()
        .filter(|d| d.zone == "com" && d.code == d.region)
        .map(|d| d.code.as_str())
        .collect();
    let mut planned = Vec::new();
    planned.extend(read.regions.iter().filter(|r| !both.contains(r.code.as_str())).map(region));
    planned
        .extend(read.departements.iter().map(|d| departement(d, both.contains(d.code.as_str()))));
    planned.extend(read.cdg.iter().map(cdg));
    let mut epci_of = HashMap::new();
    for epci in &read.epci {
        let members: Vec<_> =
            epci.members.iter().filter_map(|m| communes.get(m.as_str())).collect();
        if members.iter().any(|m| wanted(&m.departement)) {
            planned.push(intercommunality(epci, &members, &cdgs));
            epci_of.extend(members.iter().map(|m| (m.insee.as_str(), epci.siren.as_str())));
        }
    }
    planned.extend(read.communes.iter().filter(|c| wanted(&c.departement)).map(|c| {
        commune(
            c,
            epci_of.get(c.insee.as_str()).copied(),
            cdgs.get(c.departement.as_str()).copied(),
        )
    }));
    planned
}

fn region(area: &Area) -> Planned {
    Planned {
        kind: OrganisationKind::Region,
        name: area.name.clone(),
        population: None,
        zone: Some(area.zone.clone()),
        time_zone: time_zone_of_region(&area.code),
        source: COG,
        identifiers: vec![(Scheme::Reg, area.code.clone())],
        parents: Vec::new(),
        affiliation: None,
    }
}

fn departement(area: &Area, collectivite: bool) -> Planned {
    let region = (Scheme::Reg, area.region.clone());
    let own = (Scheme::Dep, area.code.clone());
    let (kind, identifiers, parents) = if collectivite {
        (OrganisationKind::Other, vec![own, region], Vec::new())
    } else {
        (OrganisationKind::Departement, vec![own], vec![(LinkKind::InRegion, region)])
    };
    Planned {
        kind,
        identifiers,
        parents,
        time_zone: time_zone_of_departement(&area.code),
        ..self::region(area)
    }
}

fn cdg(cdg: &Cdg) -> Planned {
    let first = cdg.departements.first().map_or("", String::as_str);
    Planned {
        kind: OrganisationKind::Cdg,
        name: cdg.name.clone(),
        population: None,
        zone: None,
        time_zone: time_zone_of_departement(first),
        source: CDG_SOURCE,
        identifiers: vec![(Scheme::Cdg, cdg.code.clone())],
        parents: Vec::new(),
        affiliation: None,
    }
}

fn intercommunality(epci: &Epci, members: &[&&Commune], cdgs: &HashMap<&str, &str>) -> Planned {
    let weight = |c: &Commune| i64::from(c.population.unwrap_or(0));
    let cdg =
        cdg_of_epci(members.iter().map(|m| (cdgs.get(m.departement.as_str()).copied(), weight(m))));
    let mut departements: BTreeMap<&str, i64> = BTreeMap::new();
    for member in members {
        *departements.entry(&member.departement).or_default() += weight(member);
    }
    let main = departements.into_iter().max_by_key(|(_, persons)| *persons).map_or("", |(d, _)| d);
    Planned {
        kind: OrganisationKind::Epci,
        name: epci.name.clone(),
        population: epci.population,
        zone: members.first().map(|m| m.zone.clone()),
        time_zone: time_zone_of_departement(main),
        source: COG,
        identifiers: vec![(Scheme::Siren, epci.siren.clone())],
        parents: Vec::new(),
        affiliation: cdg.map(|code| {
            let why = "cdg.csv : CDG sous lequel vit la plus grande part de la population de l'EPCI \
                       (présumée, à confirmer)";
            ((Scheme::Cdg, code.to_owned()), why.to_owned())
        }),
    }
}

fn commune(commune: &Commune, epci: Option<&str>, cdg: Option<&str>) -> Planned {
    let mut identifiers = vec![(Scheme::Insee, commune.insee.clone())];
    identifiers.extend(commune.siren.iter().map(|siren| (Scheme::Siren, siren.clone())));
    let mut parents = vec![(LinkKind::InDepartement, (Scheme::Dep, commune.departement.clone()))];
    parents.extend(epci.map(|siren| (LinkKind::EpciMember, (Scheme::Siren, siren.to_owned()))));
    Planned {
        kind: OrganisationKind::Commune,
        name: commune.name.clone(),
        population: commune.population,
        zone: Some(commune.zone.clone()),
        time_zone: time_zone_of_departement(&commune.departement),
        source: COG,
        identifiers,
        parents,
        affiliation: cdg.map(|code| {
            let why = format!(
                "cdg.csv : CDG du département {} (présumée, à confirmer)",
                commune.departement
            );
            ((Scheme::Cdg, code.to_owned()), why)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::referential::EMBEDDED;
    use super::*;

    fn by_key<'a>(planned: &'a [Planned], scheme: Scheme, value: &str) -> &'a Planned {
        let key = (scheme, value.to_owned());
        planned.iter().find(|p| p.identifiers.contains(&key)).expect(value)
    }

    #[test]
    fn communes_and_epci_are_presumed_affiliated_but_not_paris_nor_the_overseas_collectivites() {
        let read = Referential::parse(&EMBEDDED).expect("the embedded referential");
        let planned = plan(&read, None);
        let cdg = |scheme, value: &str| {
            by_key(&planned, scheme, value).affiliation.as_ref().map(|(key, _)| key.1.clone())
        };
        assert_eq!(cdg(Scheme::Insee, "78646").as_deref(), Some("CIG-GC"));
        assert_eq!(cdg(Scheme::Insee, "93008").as_deref(), Some("CIG-PC"));
        assert_eq!(cdg(Scheme::Insee, "2A004").as_deref(), Some("CDG-2A"));
        assert_eq!(cdg(Scheme::Insee, "75056"), None, "Paris has no CDG");
        // The Métropole du Grand Paris: 4.8 million in the petite couronne, 2.1 in Paris.
        assert_eq!(cdg(Scheme::Siren, "200054781").as_deref(), Some("CIG-PC"));
        let without = planned
            .iter()
            .filter(|p| p.kind == OrganisationKind::Commune && p.affiliation.is_none())
            .count();
        assert_eq!(without, 94 + 1);
        let epci = planned.iter().filter(|p| p.kind == OrganisationKind::Epci);
        assert!(epci.clone().count() == 1_255 && epci.clone().all(|p| p.affiliation.is_some()));
    }

    #[test]
    fn an_overseas_collectivite_is_one_organisation_with_its_own_time() {
        let read = Referential::parse(&EMBEDDED).expect("the embedded referential");
        let planned = plan(&read, Some(&[]));
        let polynesia = by_key(&planned, Scheme::Dep, "987");
        assert!(std::ptr::eq(polynesia, by_key(&planned, Scheme::Reg, "987")));
        assert_eq!(polynesia.time_zone.name(), "Pacific/Tahiti");
        assert_eq!(polynesia.kind, OrganisationKind::Other);
        assert_eq!(by_key(&planned, Scheme::Cdg, "CDG-974").time_zone.name(), "Indian/Reunion");
    }

    #[test]
    fn every_parent_comes_before_its_children() {
        let read = Referential::parse(&EMBEDDED).expect("the embedded referential");
        let mut known = HashSet::new();
        for planned in plan(&read, None) {
            let parents = planned.parents.iter().map(|(_, key)| key);
            for key in parents.chain(planned.affiliation.iter().map(|(key, _)| key)) {
                assert!(known.contains(key), "{key:?} before {}", planned.name);
            }
            known.extend(planned.identifiers);
        }
    }
}
