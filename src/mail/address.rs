//! Where a person is written to: the best of their contact addresses.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::people::model::contact_address;

/// The best address of a person at `now`: their own before a shared one, then the
/// latest. With `own_only`, a shared address is never answered: what opens an account or
/// tells a result is not for the office's common mailbox.
///
/// # Errors
/// When the database fails.
pub async fn best(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    own_only: bool,
    now: DateTime<Utc>,
) -> Result<Option<contact_address::Model>> {
    let all = contact_address::Entity::find()
        .filter(contact_address::Column::PersonId.eq(person_id))
        .filter(in_force(now))
        .all(conn)
        .await?;
    Ok(choose(all, own_only, now))
}

/// Those of `people` who have an address in force at `now`, shared or not.
///
/// # Errors
/// When the database fails.
pub async fn reachable(
    conn: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = contact_address::Entity::find()
        .select_only()
        .column(contact_address::Column::PersonId)
        .distinct()
        .filter(contact_address::Column::PersonId.is_in(people))
        .filter(in_force(now))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().collect())
}

fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::all().add(contact_address::Column::ValidFrom.lte(now)).add(
        Condition::any()
            .add(contact_address::Column::ValidTo.is_null())
            .add(contact_address::Column::ValidTo.gt(now)),
    )
}

/// The choice itself, over the addresses of one person.
fn choose(
    addresses: Vec<contact_address::Model>,
    own_only: bool,
    now: DateTime<Utc>,
) -> Option<contact_address::Model> {
    addresses
        .into_iter()
        .filter(|a| a.valid_from <= now && a.valid_to.is_none_or(|end| now < end))
        .filter(|a| !(own_only && a.shared))
        .max_by_key(|a| (!a.shared, a.valid_from, a.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use chrono::{Duration, TimeZone as _};

    fn at(day: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, day, 9, 0, 0).single().expect("an instant")
    }

    fn address(shared: bool, from: u32) -> contact_address::Model {
        contact_address::Model {
            id: clock::new_id(),
            person_id: Uuid::nil(),
            address: "x@mairie.example".to_owned(),
            shared,
            valid_from: at(from),
            valid_to: None,
        }
    }

    #[test]
    fn ones_own_address_comes_before_the_town_halls_then_the_latest() {
        let town_hall = address(true, 9);
        let old = address(false, 1);
        let recent = address(false, 5);
        let all = vec![town_hall.clone(), recent.clone(), old.clone()];
        assert_eq!(choose(all.clone(), false, at(10)), Some(recent));
        assert_eq!(choose(vec![town_hall.clone(), old.clone()], false, at(10)), Some(old.clone()));
        assert_eq!(choose(vec![town_hall.clone()], false, at(10)), Some(town_hall.clone()));
        assert_eq!(choose(vec![town_hall], true, at(10)), None, "no secret to a shared mailbox");
        assert_eq!(choose(all, false, at(2)), Some(old), "the others are not in force yet");
    }

    #[test]
    fn an_address_that_ended_is_not_written_to() {
        let mut ended = address(false, 1);
        ended.valid_to = Some(at(10));
        assert!(choose(vec![ended.clone()], false, at(10) - Duration::seconds(1)).is_some());
        assert_eq!(choose(vec![ended], false, at(10)), None);
    }
}
