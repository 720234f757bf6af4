//! The rows that a loading of the referential adds.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{
    AffiliationKind, LinkKind, affiliation, organisation, organisation_identifier,
    organisation_link,
};
use super::plan::{Key, Planned};
use crate::clock::new_id;

/// The day from which everything in these files holds: the COG's.
fn valid_from() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).expect("1 January 2025 exists")
}

pub(super) fn organisation_row(id: Uuid, one: &Planned, now: DateTime<Utc>) -> organisation::Model {
    organisation::Model {
        id,
        kind: one.kind,
        name: one.name.clone(),
        name_folded: crate::text::folded(&one.name),
        population: one.population,
        zone: one.zone.clone(),
        time_zone: one.time_zone.name().to_owned(),
        source: one.source.to_owned(),
        recorded_at: now,
    }
}

pub(super) fn identifier_row(
    owner: Uuid,
    key: &Key,
    source: &str,
) -> organisation_identifier::Model {
    organisation_identifier::Model {
        id: new_id(),
        organisation_id: owner,
        scheme: key.0,
        value: key.1.clone(),
        valid_from: valid_from(),
        valid_to: None,
        source: source.to_owned(),
    }
}

pub(super) fn link_row(
    child: Uuid,
    parent: Uuid,
    kind: LinkKind,
    source: &str,
) -> organisation_link::Model {
    organisation_link::Model {
        id: new_id(),
        child_id: child,
        parent_id: parent,
        kind,
        valid_from: valid_from(),
        valid_to: None,
        source: source.to_owned(),
    }
}

pub(super) fn affiliation_row(
    who: Uuid,
    cdg: Uuid,
    why: &str,
    now: DateTime<Utc>,
) -> affiliation::Model {
    affiliation::Model {
        id: new_id(),
        organisation_id: who,
        cdg_id: Some(cdg),
        kind: AffiliationKind::Presumed,
        valid_from: valid_from(),
        valid_to: None,
        source: why.to_owned(),
        recorded_at: now,
    }
}
