//! Reading the reference data: régions, départements, communes, EPCI, their members and the CDG, from
//! the CSV files embedded in the program (see `content/referential/`). Everything is parsed and
//! cross-checked before anything is written; each fault says `file:line`, the column, and what is
//! expected there. Codes are text, and an empty cell is unknown, never zero.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::model::Scheme;
use super::rows::each_row;
use crate::error::{Error, Fault, Reason, Refusal};

/// The text of the six files.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// `regions.csv`
    pub regions: &'a str,
    /// `departements.csv`
    pub departements: &'a str,
    /// `communes.csv`
    pub communes: &'a str,
    /// `epci.csv`
    pub epci: &'a str,
    /// `epci_membres.csv`
    pub members: &'a str,
    /// `cdg.csv`
    pub cdg: &'a str,
}

impl Sources<'_> {
    /// The SHA-256 of the six texts, each after its length, in hexadecimal.
    pub fn digest(&self) -> String {
        let Self { regions, departements, communes, epci, members, cdg } = *self;
        let mut hash = Sha256::new();
        for text in [regions, departements, communes, epci, members, cdg] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        crate::text::hex(&hash.finalize())
    }
}

/// The files that this program carries.
pub const EMBEDDED: Sources<'static> = Sources {
    regions: include_str!("../../content/referential/regions.csv"),
    departements: include_str!("../../content/referential/departements.csv"),
    communes: include_str!("../../content/referential/communes.csv"),
    epci: include_str!("../../content/referential/epci.csv"),
    members: include_str!("../../content/referential/epci_membres.csv"),
    cdg: include_str!("../../content/referential/cdg.csv"),
};

/// A région, a département or an overseas collectivité.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Code of the région it is in (its own for a région).
    pub region: String,
    /// `metro`, `drom` or `com`.
    pub zone: String,
}

/// A commune.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code.
    pub insee: String,
    /// SIREN, where known.
    pub siren: Option<String>,
    /// Its name.
    pub name: String,
    /// Code of its département or overseas collectivité.
    pub departement: String,
    /// `metro`, `drom` or `com`.
    pub zone: String,
    /// Inhabitants, where known.
    pub population: Option<i32>,
}

/// An EPCI à fiscalité propre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epci {
    /// SIREN.
    pub siren: String,
    /// Its name.
    pub name: String,
    /// Inhabitants (population municipale), where known.
    pub population: Option<i32>,
    /// INSEE codes of its communes.
    pub members: Vec<String>,
}

/// A centre de gestion and the départements it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cdg {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Codes of its départements.
    pub departements: Vec<String>,
}

/// The whole referential, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referential {
    /// Régions.
    pub regions: Vec<Area>,
    /// Départements and overseas collectivités.
    pub departements: Vec<Area>,
    /// Communes.
    pub communes: Vec<Commune>,
    /// EPCI.
    pub epci: Vec<Epci>,
    /// CDG.
    pub cdg: Vec<Cdg>,
}

impl Referential {
    /// Parses and cross-checks the files.
    ///
    /// # Errors
    /// `content-findings` listing every fault as `file:line` (at most fifty).
    pub fn parse(sources: &Sources<'_>) -> Result<Self, Error> {
        let faults = &mut Vec::new();
        let mut read = Self::default();
        read.areas(sources, faults);
        read.communes(sources.communes, faults);
        read.epci(sources, faults);
        read.cdg(sources.cdg, faults);
        if faults.is_empty() {
            return Ok(read);
        }
        let faults = std::mem::take(faults);
        Err(Refusal::naming(Reason::ContentFindings, faults).into())
    }

    fn areas(&mut self, sources: &Sources<'_>, faults: &mut Vec<Fault>) {
        let columns = ["code", "nom", "chef_lieu", "zone"];
        let mut seen = HashSet::new();
        each_row("regions.csv", sources.regions, &columns, faults, |row| {
            let code = row.code(0, Scheme::Reg);
            row.unique(&mut seen, code.clone(), 0);
            let (name, zone) = (row.name(1), row.zone(3));
            self.regions.push(Area { region: code.clone(), code, name, zone });
        });
        let regions = self.regions.iter().map(|r| r.code.as_str()).collect::<HashSet<_>>();
        let columns = ["code", "nom", "region", "chef_lieu", "zone"];
        let mut seen = HashSet::new();
        each_row("departements.csv", sources.departements, &columns, faults, |row| {
            let code = row.code(0, Scheme::Dep);
            row.unique(&mut seen, code.clone(), 0);
            let region = row.known(2, |code| regions.contains(code), "regions.csv");
            self.departements.push(Area { code, name: row.name(1), region, zone: row.zone(4) });
        });
    }

    fn communes(&mut self, text: &str, faults: &mut Vec<Fault>) {
        let columns = [
            "insee",
            "siren",
            "nom",
            "departement",
            "region",
            "zone",
            "population",
            "codes_postaux",
        ];
        let regions: HashMap<_, _> =
            self.departements.iter().map(|d| (d.code.as_str(), d.region.as_str())).collect();
        let (mut codes, mut sirens) = (HashSet::new(), HashSet::new());
        each_row("communes.csv", text, &columns, faults, |row| {
            let insee = row.code(0, Scheme::Insee);
            row.unique(&mut codes, insee.clone(), 0);
            let siren = (!row.text(1).is_empty()).then(|| row.code(1, Scheme::Siren));
            if let Some(siren) = &siren {
                row.unique(&mut sirens, siren.clone(), 1);
            }
            let departement = row.known(3, |d| regions.contains_key(d), "departements.csv");
            if regions.get(departement.as_str()).is_some_and(|region| *region != row.text(4)) {
                row.fault(
                    4,
                    "n'est pas la région du département",
                    "is not the département's région",
                );
            }
            let (name, zone, population) = (row.name(2), row.zone(5), row.population(6));
            self.communes.push(Commune { insee, siren, name, departement, zone, population });
        });
    }

    fn epci(&mut self, sources: &Sources<'_>, faults: &mut Vec<Fault>) {
        let columns = [
            "siren",
            "nom",
            "type",
            "mode_financement",
            "population_municipale",
            "population_totale",
        ];
        let mut rank = HashMap::new();
        each_row("epci.csv", sources.epci, &columns, faults, |row| {
            let siren = row.code(0, Scheme::Siren);
            if rank.insert(siren.clone(), self.epci.len()).is_some() {
                row.fault(0, "apparaît deux fois", "appears twice");
            }
            let (name, population) = (row.name(1), row.population(4));
            self.epci.push(Epci { siren, name, population, members: Vec::new() });
        });
        let communes: HashMap<_, _> =
            self.communes.iter().map(|c| (c.insee.as_str(), c.siren.as_deref())).collect();
        let columns = ["epci_siren", "insee", "commune_siren"];
        let mut seen = HashSet::new();
        each_row("epci_membres.csv", sources.members, &columns, faults, |row| {
            let insee = row.known(1, |code| communes.contains_key(code), "communes.csv");
            row.unique(&mut seen, insee.clone(), 1);
            if communes.get(insee.as_str()).is_some_and(|siren| *siren != Some(row.text(2))) {
                row.fault(2, "n'est pas le SIREN de la commune", "is not the commune's SIREN");
            }
            let epci = row.known(0, |siren| rank.contains_key(siren), "epci.csv");
            if let Some(rank) = rank.get(&epci) {
                self.epci[*rank].members.push(insee);
            }
        });
    }

    fn cdg(&mut self, text: &str, faults: &mut Vec<Fault>) {
        let departements: HashSet<_> = self.departements.iter().map(|d| d.code.as_str()).collect();
        let mut seen = HashSet::new();
        let mut rank: HashMap<String, usize> = HashMap::new();
        each_row("cdg.csv", text, &["code", "nom", "departement"], faults, |row| {
            let (code, name) = (row.code(0, Scheme::Cdg), row.name(1));
            let departement = row.known(2, |d| departements.contains(d), "departements.csv");
            row.unique(&mut seen, departement.clone(), 2);
            let at = *rank.entry(code.clone()).or_insert(self.cdg.len());
            if at == self.cdg.len() {
                self.cdg.push(Cdg { code, name: name.clone(), departements: Vec::new() });
            }
            if self.cdg[at].name != name {
                row.fault(
                    1,
                    "diffère des autres lignes de ce CDG",
                    "differs from this CDG's other rows",
                );
            }
            self.cdg[at].departements.push(departement);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::MOST_FAULTS;
    use super::*;

    fn faults(sources: &Sources<'_>) -> Vec<(String, String)> {
        match Referential::parse(sources) {
            Err(Error::Refused(refusal)) => {
                refusal.faults.into_iter().map(|f| (f.at, f.en)).collect()
            }
            other => panic!("faults expected, got {other:?}"),
        }
    }

    #[test]
    fn the_embedded_files_are_whole_and_agree_with_each_other() {
        let read = Referential::parse(&EMBEDDED).expect("the embedded referential");
        assert_eq!((read.regions.len(), read.departements.len()), (26, 109));
        assert_eq!((read.communes.len(), read.epci.len(), read.cdg.len()), (34_969, 1_255, 96));
        let members: usize = read.epci.iter().map(|e| e.members.len()).sum();
        assert_eq!(members, 34_871);
    }

    #[test]
    fn each_fault_names_its_file_and_line() {
        let regions = "code,nom,chef_lieu,zone\n53,Bretagne,35238,metro\n5X,Ailleurs,1,lune\n";
        let departements = "code,nom,region,chef_lieu,zone\n35,Ille-et-Vilaine,54,35238,metro\n";
        let found = faults(&Sources { regions, departements, cdg: "code;nom\n", ..EMBEDDED });
        assert_eq!(found[0], ("regions.csv:3".into(), "code: malformed code".into()));
        assert_eq!(found[1].1, "zone: metro, drom or com is expected");
        assert_eq!(found[2], ("departements.csv:2".into(), "region: not in regions.csv".into()));
        assert_eq!(found.len(), MOST_FAULTS, "an endless list helps nobody");
    }

    #[test]
    fn a_short_row_is_a_fault_and_not_a_panic() {
        let found = faults(&Sources { cdg: "code,nom,departement\nCDG-01,Ain\n", ..EMBEDDED });
        assert_eq!(found[0].0, "cdg.csv:2");
    }
}
