//! What an employer decides on what people say they are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::{begin, commit, kept};
use crate::accounts::Principal;
use crate::accounts::api::people::CapacityShown;
use crate::app::App;
use crate::capacities::decide::{self, Decider, Refused};
use crate::capacities::find;
use crate::capacities::model::{RefusalReason, Verdict};
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::CapacityKeeper;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::journal;
use crate::people::identity;
use crate::people::model::identity as name;

/// Claims on an organisation.
pub struct ClaimsApi {
    /// The application.
    pub app: App,
}

shown! {
    /// Why a claim is refused.
    pub RefusalReasonShown of RefusalReason {
        /// Nobody here knows the person.
        UnknownPerson,
        /// They belong to another organisation.
        OtherOrganisation,
        /// They are here, and something else than they say.
        OtherCapacity,
        /// They are no longer here.
        NoLonger,
        /// Something else, which the sentence says.
        Other,
    }
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum ClaimState {
    /// Nobody has decided: the person learns, and is counted apart.
    Pending,
    /// The capacity is confirmed.
    Confirmed,
    /// The capacity was not, and has ended.
    Refused,
}

/// Which claims are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
enum Which {
    /// Those that wait for a decision.
    Pending,
    /// Those that were decided.
    Decided,
}

/// A claim: somebody says that they are of the organisation.
#[derive(Object)]
struct Claim {
    /// Identifier.
    id: Uuid,
    /// Who says so.
    person_id: Uuid,
    /// Their given name; empty once erased.
    given_name: String,
    /// Their family name; empty once erased.
    family_name: String,
    /// Élu or agent.
    kind: CapacityShown,
    /// Function, as they say it.
    #[oai(skip_serializing_if_is_none)]
    function: Option<String>,
    /// The declared capacity.
    capacity_id: Option<Uuid>,
    /// When they said so.
    claimed_at: DateTime<Utc>,
    /// Where it stands.
    state: ClaimState,
    /// Why it was refused.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<RefusalReasonShown>,
    /// The sentence to the person.
    #[oai(skip_serializing_if_is_none)]
    sentence: Option<String>,
    /// When it was decided.
    #[oai(skip_serializing_if_is_none)]
    decided_at: Option<DateTime<Utc>>,
}

/// A page of claims.
#[derive(Object)]
struct Claims {
    /// Claims, the latest first.
    items: Vec<Claim>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// Why a claim is refused.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ClaimRefusal {
    /// A word, which the mail to the person says in a sentence.
    reason: RefusalReasonShown,
    /// A sentence to the person, who reads it once signed in; demanded with `other`.
    #[oai(default, validator(min_length = 1, max_length = 500))]
    sentence: Option<String>,
}

impl Example for ClaimRefusal {
    fn example() -> Self {
        Self {
            reason: RefusalReasonShown::OtherCapacity,
            sentence: Some("Vous êtes agent de la commune : déclarez cette qualité.".to_owned()),
        }
    }
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::People")]
impl ClaimsApi {
    /// Who says that they are of the organisation; reading it is journalled
    #[oai(path = "/organisations/:ref/claims", method = "get", operation_id = "list_claims")]
    async fn list(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        /// Those that wait for a decision (default), or those that were decided.
        state: Query<Option<Which>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Claims>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let now = self.app.clock.now();
        let (organisation, _) = kept(&self.app, &who, &reference, now).await?;
        let (decided, cut) = (state.0 == Some(Which::Decided), (page.limit, page.before()?));
        let tx = self.app.db.begin_write().await?;
        let claims = find::claims_on(&tx, organisation.id, decided, cut).await?;
        let names = identity::current_of(&tx, claims.iter().map(|c| c.row.person_id)).await?;
        let (by, detail) = (Some(who.account_id), json!({ "persons": claims.len() }));
        let subject = ("organisation", organisation.id);
        journal::act(&tx, by, "claims.read", subject, detail, now).await?;
        tx.commit().await?;
        let next = page.next(&claims, |claim| claim.row.id);
        let items = claims.into_iter().map(|claim| Claim::of(claim, &names)).collect();
        Ok(Json(Claims { items, next }))
    }

    /// Confirm what somebody says they are; the person is told
    #[oai(
        path = "/organisations/:ref/claims/:id/confirm",
        method = "post",
        operation_id = "confirm_claim"
    )]
    async fn confirm(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Claim>, Problem> {
        let now = self.app.clock.now();
        let decider = self.decider(&who, &reference, now).await?;
        let tx = begin(&self.app, now).await?;
        let claim = decide::confirm(&tx, &decider, id.0, now).await?;
        let names = identity::current_of(&tx, [claim.row.person_id]).await?;
        commit(tx, claim.row.person_id, now).await?;
        Ok(Json(Claim::of(claim, &names)))
    }

    /// Refuse what somebody says they are, and say why; what they learnt stays
    #[oai(
        path = "/organisations/:ref/claims/:id/refuse",
        method = "post",
        operation_id = "refuse_claim"
    )]
    async fn refuse(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<ClaimRefusal>,
    ) -> Result<Json<Claim>, Problem> {
        let now = self.app.clock.now();
        let decider = self.decider(&who, &reference, now).await?;
        let why = Refused { reason: body.0.reason.into(), sentence: body.0.sentence };
        let tx = begin(&self.app, now).await?;
        let claim = decide::refuse(&tx, &decider, id.0, why, now).await?;
        let names = identity::current_of(&tx, [claim.row.person_id]).await?;
        commit(tx, claim.row.person_id, now).await?;
        Ok(Json(Claim::of(claim, &names)))
    }
}

impl ClaimsApi {
    async fn decider(
        &self,
        who: &Principal,
        reference: &str,
        now: DateTime<Utc>,
    ) -> Result<Decider> {
        let (organisation, _) = kept(&self.app, who, reference, now).await?;
        let (organisation_id, name) = (organisation.id, organisation.name);
        Ok(Decider { by: who.account_id, organisation_id, name })
    }
}

impl Claim {
    fn of(claim: find::Claim, names: &HashMap<Uuid, name::Model>) -> Self {
        let name = names.get(&claim.row.person_id);
        let (row, decision) = (&claim.row, claim.decision.as_ref());
        Self {
            id: row.id,
            person_id: row.person_id,
            given_name: name.map(|n| n.given_name.clone()).unwrap_or_default(),
            family_name: name.map(|n| n.family_name.clone()).unwrap_or_default(),
            kind: row.kind.into(),
            function: row.function.clone(),
            capacity_id: row.capacity_id,
            claimed_at: row.claimed_at,
            state: state_of(&claim),
            reason: decision.and_then(|d| d.reason).map(Into::into),
            decided_at: decision.map(|d| d.decided_at),
            sentence: claim.note,
        }
    }
}

/// Where a claim stands.
pub(super) fn state_of(claim: &find::Claim) -> ClaimState {
    match claim.decision.as_ref().map(|decision| decision.verdict) {
        None => ClaimState::Pending,
        Some(Verdict::Confirmed) => ClaimState::Confirmed,
        Some(Verdict::Refused) => ClaimState::Refused,
    }
}
