//! Where an organisation stands on a day: its EPCI, département, région and CDG; and the stratum of its
//! population.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::details::{Named, named};
use super::model::{LinkKind, organisation_link};
use super::perimeter;
use crate::error::Result;

/// The first population of each stratum but the first, and the word of those under it: the strata in
/// which local government counts its communes.
const STRATA: [(i32, &str); 9] = [
    (500, "0-499"),
    (1_000, "500-999"),
    (2_000, "1000-1999"),
    (3_500, "2000-3499"),
    (5_000, "3500-4999"),
    (10_000, "5000-9999"),
    (20_000, "10000-19999"),
    (50_000, "20000-49999"),
    (100_000, "50000-99999"),
];

/// The stratum of a number of inhabitants.
pub fn stratum(population: i32) -> &'static str {
    let under = STRATA.iter().find(|(first_above, _)| population < *first_above);
    under.map_or("100000-", |(_, word)| word)
}

/// Where an organisation stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The EPCI of which a commune is a member.
    pub epci: Option<Named>,
    /// The département of a commune.
    pub departement: Option<Named>,
    /// The région of a commune or a département.
    pub region: Option<Named>,
    /// The CDG to which it is affiliated.
    pub cdg: Option<Named>,
}

/// Where an organisation stands on a day, in a constant number of statements.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(conn: &impl ConnectionTrait, id: Uuid, on: NaiveDate) -> Result<Place> {
    let above = parents(conn, vec![id], on).await?;
    let of_kind = |kind| above.get(&(id, kind)).copied();
    let departement = of_kind(LinkKind::InDepartement);
    let region = match (of_kind(LinkKind::InRegion), departement) {
        (None, Some(departement)) => {
            let above = parents(conn, vec![departement], on).await?;
            above.get(&(departement, LinkKind::InRegion)).copied()
        }
        (region, _) => region,
    };
    let epci = of_kind(LinkKind::EpciMember);
    let cdg = perimeter::cdgs_of(conn, id, on).await?.into_iter().next();
    let ids = [epci, departement, region, cdg];
    let names = named(conn, ids.into_iter().flatten().collect()).await?;
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    Ok(Place {
        epci: name(epci),
        departement: name(departement),
        region: name(region),
        cdg: name(cdg),
    })
}

/// The names of the départements of several communes on a day: what tells homonyms apart.
///
/// # Errors
/// When the database cannot be read.
pub async fn departements_of(
    conn: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    on: NaiveDate,
) -> Result<HashMap<Uuid, String>> {
    let above = parents(conn, ids, on).await?;
    let names = named(conn, above.values().copied().collect()).await?;
    let of_commune = |((child, kind), parent): ((Uuid, LinkKind), Uuid)| {
        let name = names.get(&parent).filter(|_| kind == LinkKind::InDepartement)?;
        Some((child, name.name.clone()))
    };
    Ok(above.into_iter().filter_map(of_commune).collect())
}

/// What each of several organisations is linked to on a day, by kind.
async fn parents(
    conn: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    on: NaiveDate,
) -> Result<HashMap<(Uuid, LinkKind), Uuid>> {
    use organisation_link::Column;
    let still = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(on));
    let rows = organisation_link::Entity::find()
        .filter(Column::ChildId.is_in(ids))
        .filter(organisation_link::COLUMN.valid_from.lte(on))
        .filter(still)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| ((row.child_id, row.kind), row.parent_id)).collect())
}

#[cfg(test)]
mod tests {
    use super::stratum;

    #[test]
    fn a_stratum_begins_at_its_first_inhabitant() {
        for (population, expected) in [
            (0, "0-499"),
            (499, "0-499"),
            (500, "500-999"),
            (3_499, "2000-3499"),
            (3_500, "3500-4999"),
            (99_999, "50000-99999"),
            (100_000, "100000-"),
            (2_100_000, "100000-"),
        ] {
            assert_eq!(stratum(population), expected, "{population}");
        }
    }
}
