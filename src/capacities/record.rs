//! What an employer says of its people: a capacity.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect as _};
use serde_json::json;
use uuid::Uuid;

use super::find;
use crate::error::{Faults, Result};
use crate::journal;
use crate::people::capacity::{self, Detail, NewCapacity};
use crate::people::detail::Span;
use crate::people::model::{CapacityKind, Standing, capacity as row, person};

/// The organisation of a capacity: its id, and the word of its kind.
#[derive(Clone, Debug)]
pub struct Employer {
    /// The organisation.
    pub id: Uuid,
    /// `commune`, `epci` …
    pub kind: String,
}

/// What is said of a capacity.
#[derive(Clone, Debug)]
pub struct Said {
    /// Élu or agent.
    pub kind: CapacityKind,
    /// Mandate, function, category …
    pub detail: Detail,
    /// First day; today, or that of what is changed or corrected, if absent.
    pub since: Option<NaiveDate>,
    /// First day on which it no longer holds; that of what is changed or corrected, if absent.
    pub until: Option<NaiveDate>,
}

impl Said {
    /// What is said, as it is kept; every value at fault is named under `at`. `since` is the first day
    /// of the mandate or post, which a change does not move.
    pub(super) fn settled(
        self,
        employer: &Employer,
        span: Span,
        since: NaiveDate,
        at: &str,
        faults: &mut Faults,
    ) -> Detail {
        let whole = Span { since, until: span.until };
        let detail = self.detail.settled(self.kind, whole, at, faults);
        detail.check_held_in(&employer.kind, at, faults);
        detail
    }
}

/// Records a capacity of somebody whom the organisation knows; answers it, and whether it is new. The
/// same said twice is one.
///
/// # Errors
/// `not-found` for somebody who was never of the organisation, `invalid-values`.
pub async fn add(
    tx: &DatabaseTransaction,
    by: Uuid,
    employer: &Employer,
    person_id: Uuid,
    said: Said,
    now: DateTime<Utc>,
) -> Result<(row::Model, bool)> {
    // Held, so that the same capacity said twice at once is one.
    person::Entity::find_by_id(person_id).lock_exclusive().one(tx).await?;
    let known = find::in_organisation(tx, employer.id, person_id).await?;
    let new = settled(employer, person_id, said, Standing::Confirmed, now)?;
    if let Some(same) = known.into_iter().find(|row| is_same(row, &new)) {
        return Ok((same, false));
    }
    let Settled { kind, detail, span, .. } = new;
    let new = NewCapacity {
        person_id,
        kind,
        organisation_id: employer.id,
        detail,
        standing: Standing::Confirmed,
        source: "organisation".to_owned(),
        valid_from: span.since,
        recorded_by: Some(by),
    };
    let held = capacity::add_until(tx, new, (span.until, None), now).await?;
    note(tx, by, "capacity.add", &held, now).await?;
    Ok((held, true))
}

/// What was said, checked.
pub(super) struct Settled {
    pub person_id: Uuid,
    pub kind: CapacityKind,
    pub detail: Detail,
    pub span: Span,
    pub standing: Standing,
}

/// Checks what is said of a new capacity.
pub(super) fn settled(
    employer: &Employer,
    person_id: Uuid,
    said: Said,
    standing: Standing,
    now: DateTime<Utc>,
) -> Result<Settled> {
    let today = now.date_naive();
    let span = Span { since: said.since.unwrap_or(today), until: said.until };
    let (kind, mut faults) = (said.kind, Faults::default());
    span.check(today, "", &mut faults);
    let detail = said.settled(employer, span, span.since, "", &mut faults);
    faults.refuse()?;
    Ok(Settled { person_id, kind, detail, span, standing })
}

/// Whether a row says the same, and still does.
pub(super) fn is_same(row: &row::Model, new: &Settled) -> bool {
    (row.person_id, row.kind, row.standing) == (new.person_id, new.kind, new.standing)
        && row.end_reason.is_none()
        && (row.valid_from, row.valid_to) == (new.span.since, new.span.until)
        && detail_of(row) == new.detail
}

/// What a row says besides its organisation.
pub(super) fn detail_of(row: &row::Model) -> Detail {
    Detail {
        mandate: row.mandate.clone(),
        function: row.function.clone(),
        category: row.category.clone(),
        manager: row.manager,
        delegation: row.delegation.clone(),
        delegation_on: row.delegation_on,
        employment: row.employment.clone(),
        filiere: row.filiere.clone(),
        cadre_emplois: row.cadre_emplois.clone(),
        functional_post: row.functional_post.clone(),
    }
}

/// Journals an act: which capacity, of which organisation, and not what it says of the person.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    by: Uuid,
    action: &str,
    held: &row::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let detail = json!({
        "organisation": held.organisation_id,
        "person": held.person_id,
        "replaces": held.replaces_id,
    });
    journal::act(tx, Some(by), action, ("capacity", held.id), detail, now).await
}
