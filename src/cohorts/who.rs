//! Whom rows name, among the people of one organisation: whoever is not of it is nobody.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::rows::Named;
use crate::accounts::model::account;
use crate::error::Result;
use crate::people::capacity::keep_in_force;
use crate::people::identity;
use crate::people::model::{CapacityKind, capacity, contact_address, identity as name};
use crate::text::{folded, sign_in_name};

/// Whom a row names.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Somebody of the organisation, under this capacity.
    One(Box<capacity::Model>),
    /// Nobody of the organisation.
    Nobody,
    /// Several, who share an address and a name.
    Several,
    /// Somebody who is not called so.
    CalledOtherwise,
}

/// Whom each of these rows names in an organisation on a day: a constant number of statements.
///
/// # Errors
/// When the database fails.
pub async fn whom(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    rows: &[(i32, Named)],
    on: NaiveDate,
) -> Result<Vec<Found>> {
    let by_login = by_login(conn, rows).await?;
    let wanted = |named: &Named| match named {
        Named::Person(id) => vec![*id],
        Named::Login(text) | Named::Mail { address: text, .. } => {
            by_login.get(&sign_in_name(text)).copied().into_iter().collect()
        }
    };
    let mut people: BTreeSet<Uuid> = rows.iter().flat_map(|(_, named)| wanted(named)).collect();
    let by_address = by_address(conn, organisation_id, rows).await?;
    people.extend(by_address.values().flatten());
    let held = held(conn, organisation_id, &people, on).await?;
    let mailed = rows.iter().any(|(_, named)| matches!(named, Named::Mail { .. }));
    let names = match mailed {
        true => identity::current_of(conn, held.keys().copied()).await?,
        false => HashMap::new(),
    };
    let found = |(_, named): &(i32, Named)| {
        let mut candidates: BTreeSet<Uuid> = wanted(named).into_iter().collect();
        if let Named::Mail { address, .. } = named {
            candidates.extend(by_address.get(&sign_in_name(address)).into_iter().flatten());
        }
        candidates.retain(|person| held.contains_key(person));
        chosen(named, &candidates, &names).map_or_else(
            |otherwise| otherwise,
            |person| held.get(&person).map_or(Found::Nobody, |c| Found::One(Box::new(c.clone()))),
        )
    };
    Ok(rows.iter().map(found).collect())
}

/// The one of these people whom a row names, or why there is none.
fn chosen(
    named: &Named,
    candidates: &BTreeSet<Uuid>,
    names: &HashMap<Uuid, name::Model>,
) -> Result<Uuid, Found> {
    let Some(first) = candidates.first().copied() else { return Err(Found::Nobody) };
    let Named::Mail { given, family, .. } = named else { return Ok(first) };
    let said = (folded(given), folded(family));
    let so_called = |person: &&Uuid| {
        let name = names.get(*person);
        name.is_some_and(|n| (folded(&n.given_name), folded(&n.family_name)) == said)
    };
    let called: Vec<Uuid> = candidates.iter().filter(so_called).copied().collect();
    match called[..] {
        [one] => Ok(one),
        [] => Err(Found::CalledOtherwise),
        _ => Err(Found::Several),
    }
}

/// The persons of accounts, by the sign-in names that rows give; an address is one, most often.
async fn by_login(
    conn: &impl ConnectionTrait,
    rows: &[(i32, Named)],
) -> Result<HashMap<String, Uuid>> {
    let names = rows.iter().filter_map(|(_, named)| match named {
        Named::Person(_) => None,
        Named::Login(text) | Named::Mail { address: text, .. } => Some(sign_in_name(text)),
    });
    let names: BTreeSet<String> = names.collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, Uuid)> = account::Entity::find()
        .select_only()
        .column(account::Column::SignInName)
        .column(account::Column::PersonId)
        .filter(account::Column::SignInName.is_in(names))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// The people of the organisation who are reached at the addresses that rows give.
async fn by_address(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    rows: &[(i32, Named)],
) -> Result<HashMap<String, Vec<Uuid>>> {
    let addresses = rows.iter().filter_map(|(_, named)| match named {
        Named::Mail { address, .. } => Some(sign_in_name(address)),
        Named::Person(_) | Named::Login(_) => None,
    });
    let addresses: BTreeSet<String> = addresses.collect();
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let address = Expr::col((contact_address::Entity, contact_address::Column::Address));
    let found: Vec<(String, Uuid)> = contact_address::Entity::find()
        .select_only()
        .column(contact_address::Column::Address)
        .column(contact_address::Column::PersonId)
        .join(JoinType::InnerJoin, capacity_of_address())
        .filter(capacity::Column::OrganisationId.eq(organisation_id))
        .filter(contact_address::Column::ValidTo.is_null())
        .filter(Expr::expr(Func::lower(address)).is_in(addresses))
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    let mut people: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (address, person) in found {
        people.entry(sign_in_name(&address)).or_default().push(person);
    }
    Ok(people)
}

fn capacity_of_address() -> RelationDef {
    contact_address::Entity::belongs_to(capacity::Entity)
        .from(contact_address::Column::PersonId)
        .to(capacity::Column::PersonId)
        .into()
}

/// The capacity that each of these people holds in the organisation on a day: as an agent rather than
/// as an élu, of whom nobody disposes; confirmed rather than declared.
async fn held(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    people: &BTreeSet<Uuid>,
    on: NaiveDate,
) -> Result<HashMap<Uuid, capacity::Model>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut rows = capacity::Entity::find()
        .filter(capacity::Column::OrganisationId.eq(organisation_id))
        .filter(capacity::Column::PersonId.is_in(people.iter().copied()))
        .all(conn)
        .await?;
    keep_in_force(&mut rows, on, |row| row);
    rows.sort_by_key(|row| row.kind != CapacityKind::Agent);
    let mut held = HashMap::new();
    for row in rows {
        held.entry(row.person_id).or_insert(row);
    }
    Ok(held)
}
