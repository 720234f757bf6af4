//! What is known of providers. Statements do not grow with how many are asked about.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::model::{
    ProviderKind, Regime, provider, provider_agrement, provider_contact, provider_profile,
    provider_regime,
};
use super::save::kind_of;
use crate::db::MOST_BOUND;
use crate::error::{Reason, Result};
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef};

/// What a provider and the nation have said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Who it is; absent until it is said.
    pub profile: Option<provider_profile::Model>,
    /// The regimes that it declared, with their dates.
    pub regimes: Vec<provider_regime::Model>,
    /// Its agréments and their withdrawals, oldest first.
    pub agrements: Vec<provider_agrement::Model>,
    /// Its contacts, in its order.
    pub contacts: Vec<provider_contact::Model>,
}

impl Told {
    /// The regimes that it is under on a day.
    pub fn regimes_on(&self, day: NaiveDate) -> Vec<Regime> {
        let holds = |row: &&provider_regime::Model| {
            row.declared_from <= day && row.declared_until.is_none_or(|until| day < until)
        };
        let mut regimes: Vec<_> = self.regimes.iter().filter(holds).map(|r| r.regime).collect();
        regimes.sort_unstable();
        regimes.dedup();
        regimes
    }

    /// The agrément that holds on a day, the one that lasts longest if several do.
    pub fn agrement_on(&self, day: NaiveDate) -> Option<&provider_agrement::Model> {
        self.granted()
            .filter(|row| row.valid_from <= day && day < self.ends(row))
            .max_by_key(|row| (self.ends(row), row.id))
    }

    /// Its agréments, without their withdrawals.
    pub fn granted(&self) -> impl Iterator<Item = &provider_agrement::Model> {
        self.agrements.iter().filter(|row| row.withdraws.is_none())
    }

    /// The row that withdraws an agrément, if it was withdrawn.
    pub fn withdrawal(
        &self,
        agrement: &provider_agrement::Model,
    ) -> Option<&provider_agrement::Model> {
        self.agrements.iter().find(|row| row.withdraws == Some(agrement.id))
    }

    /// The first day on which an agrément no longer holds, withdrawals counted.
    pub fn ends(&self, agrement: &provider_agrement::Model) -> NaiveDate {
        let withdrawn = self.withdrawal(agrement).map(|row| row.valid_from);
        withdrawn.map_or(agrement.valid_to, |day| day.min(agrement.valid_to))
    }
}

/// A provider, its organisation, and what is known of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// The provider.
    pub provider: provider::Model,
    /// Its organisation.
    pub organisation: organisation::Model,
    /// How its organisation is named now.
    pub reference: OrgRef,
    /// What was said.
    pub told: Told,
}

impl Known {
    /// Its public name: what it said, or else what the register says.
    pub fn name(&self) -> &str {
        self.told.profile.as_ref().map_or(&self.organisation.name, |profile| &profile.name)
    }

    /// What it is.
    pub fn kind(&self) -> ProviderKind {
        let said = self.told.profile.as_ref().map(|profile| profile.kind);
        said.unwrap_or_else(|| kind_of(self.organisation.kind))
    }

    /// How often something was said of it.
    pub fn revision(&self) -> i32 {
        self.told.profile.as_ref().map_or(0, |profile| profile.revision)
    }
}

/// Every provider.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Known>> {
    known(conn, provider::Entity::find().all(conn).await?).await
}

/// One provider.
///
/// # Errors
/// `not-found` when there is none.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<Known> {
    let row = provider::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::NotFound)?;
    Ok(known(conn, vec![row]).await?.pop().ok_or(Reason::Internal)?)
}

async fn known(conn: &impl ConnectionTrait, rows: Vec<provider::Model>) -> Result<Vec<Known>> {
    let mut told = told(conn, rows.iter().map(|row| row.id)).await?;
    let of = |row: &provider::Model| row.organisation_id;
    let refs = territory::refs_of(conn, rows.iter().map(of)).await?;
    let mut organisations = HashMap::new();
    for some in rows.chunks(MOST_BOUND) {
        let found = organisation::Entity::find()
            .filter(organisation::COLUMN.id.is_in(some.iter().map(of)))
            .all(conn);
        organisations.extend(found.await?.into_iter().map(|row| (row.id, row)));
    }
    let whole = |provider: provider::Model| {
        let organisation = organisations.remove(&provider.organisation_id)?;
        let reference = refs.get(&provider.organisation_id)?.clone();
        let told = told.remove(&provider.id).unwrap_or_default();
        Some(Known { provider, organisation, reference, told })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

/// What is known of these providers; every one asked about has an entry.
///
/// # Errors
/// When the database fails.
pub async fn told(
    conn: &impl ConnectionTrait,
    providers: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Told>> {
    let ids: HashSet<Uuid> = providers.into_iter().collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut all: HashMap<Uuid, Told> = ids.iter().map(|id| (*id, Told::default())).collect();
    for some in ids.chunks(MOST_BOUND) {
        let ids = || some.iter().copied();
        let profiles = provider_profile::Entity::find()
            .filter(provider_profile::COLUMN.provider_id.is_in(ids()))
            .all(conn);
        for row in profiles.await? {
            let told = all.entry(row.provider_id).or_default();
            told.profile = Some(row);
        }
        let regimes = provider_regime::Entity::find()
            .filter(provider_regime::COLUMN.provider_id.is_in(ids()))
            .order_by_asc(provider_regime::Column::DeclaredFrom)
            .order_by_asc(provider_regime::Column::Regime)
            .all(conn);
        for row in regimes.await? {
            all.entry(row.provider_id).or_default().regimes.push(row);
        }
        let agrements = provider_agrement::Entity::find()
            .filter(provider_agrement::COLUMN.provider_id.is_in(ids()))
            .order_by_asc(provider_agrement::Column::ValidFrom)
            .order_by_asc(provider_agrement::Column::Id)
            .all(conn);
        for row in agrements.await? {
            all.entry(row.provider_id).or_default().agrements.push(row);
        }
        let contacts = provider_contact::Entity::find()
            .filter(provider_contact::COLUMN.provider_id.is_in(ids()))
            .order_by_asc(provider_contact::Column::Position)
            .all(conn);
        for row in contacts.await? {
            all.entry(row.provider_id).or_default().contacts.push(row);
        }
    }
    Ok(all)
}

/// What a provider says it is; none until it is said.
///
/// # Errors
/// When the database fails.
pub async fn profile(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
) -> Result<Option<provider_profile::Model>> {
    Ok(provider_profile::Entity::find_by_id(provider_id).one(conn).await?)
}

/// The regimes that a provider is under on a day.
///
/// # Errors
/// When the database fails.
pub async fn regimes_on(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
    day: NaiveDate,
) -> Result<Vec<Regime>> {
    let found = provider_regime::Entity::find()
        .filter(provider_regime::COLUMN.provider_id.eq(provider_id))
        .all(conn);
    Ok(Told { regimes: found.await?, ..Told::default() }.regimes_on(day))
}

/// The agrément for the training of élus that a provider holds on a day.
///
/// # Errors
/// When the database fails.
pub async fn agrement_on(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
    day: NaiveDate,
) -> Result<Option<provider_agrement::Model>> {
    let found = provider_agrement::Entity::find()
        .filter(provider_agrement::COLUMN.provider_id.eq(provider_id))
        .all(conn);
    let told = Told { agrements: found.await?, ..Told::default() };
    Ok(told.agrement_on(day).cloned())
}

/// Whom to ask at a provider, in its order.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
) -> Result<Vec<provider_contact::Model>> {
    Ok(provider_contact::Entity::find()
        .filter(provider_contact::COLUMN.provider_id.eq(provider_id))
        .order_by_asc(provider_contact::Column::Position)
        .all(conn)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn agrement(
        id: u128,
        from: &str,
        to: &str,
        withdraws: Option<u128>,
    ) -> provider_agrement::Model {
        provider_agrement::Model {
            id: Uuid::from_u128(id),
            provider_id: Uuid::nil(),
            number: format!("A-{id}"),
            granted_on: day("2026-01-01"),
            valid_from: day(from),
            valid_to: day(to),
            withdraws: withdraws.map(Uuid::from_u128),
            reason: None,
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }

    fn holding(agrements: Vec<provider_agrement::Model>) -> impl Fn(&str) -> Option<String> {
        let told = Told { agrements, ..Told::default() };
        move |on| told.agrement_on(day(on)).map(|row| row.number.clone())
    }

    #[test]
    fn an_agrement_holds_from_its_first_day_and_no_longer_on_its_last() {
        let on = holding(vec![agrement(1, "2026-02-01", "2028-02-01", None)]);
        assert_eq!(on("2026-01-31"), None);
        assert_eq!(on("2026-02-01").as_deref(), Some("A-1"));
        assert_eq!(on("2028-01-31").as_deref(), Some("A-1"));
        assert_eq!(on("2028-02-01"), None);
    }

    #[test]
    fn a_withdrawn_agrement_holds_until_its_withdrawal_and_the_next_one_after() {
        let on = holding(vec![
            agrement(1, "2026-02-01", "2028-02-01", None),
            agrement(2, "2027-01-01", "2028-02-01", Some(1)),
            agrement(3, "2027-06-01", "2031-06-01", None),
        ]);
        assert_eq!(on("2026-12-31").as_deref(), Some("A-1"));
        assert_eq!(on("2027-01-01"), None);
        assert_eq!(on("2027-06-01").as_deref(), Some("A-3"));
    }

    #[test]
    fn a_regime_holds_between_its_dates() {
        let row = |regime, from: &str, until: Option<&str>| provider_regime::Model {
            id: Uuid::nil(),
            provider_id: Uuid::nil(),
            regime,
            declared_from: day(from),
            declared_until: until.map(day),
        };
        let told = Told {
            regimes: vec![
                row(Regime::Lheo, "2026-01-01", None),
                row(Regime::Qualiopi, "2024-01-01", Some("2027-01-01")),
                row(Regime::Qualiopi, "2027-01-01", None),
            ],
            ..Told::default()
        };
        assert_eq!(told.regimes_on(day("2025-12-31")), [Regime::Qualiopi]);
        assert_eq!(told.regimes_on(day("2027-01-01")), [Regime::Qualiopi, Regime::Lheo]);
        assert_eq!(told.regimes_on(day("2023-12-31")), []);
    }
}
