//! What an employer says of its people.

use chrono::NaiveDate;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::{Capacities, Capacity, CapacityWish, begin, commit, employer, kept};
use crate::app::App;
use crate::capacities::model::EndReason;
use crate::capacities::{change, find, record};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::http::guards::CapacityKeeper;
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::http::{Tag, etag};
use crate::journal;
use crate::people::capacity;
use crate::people::model::capacity as row;

/// Capacities of the people of an organisation.
pub struct CapacitiesApi {
    /// The application.
    pub app: App,
}

shown! {
    /// Why a capacity ends.
    EndReasonShown of EndReason {
        /// The mandate came to its end.
        MandateEnded,
        /// The person resigned.
        Resigned,
        /// The agent left for another employer.
        Left,
        /// The contract came to its end.
        ContractEnded,
        /// The agent retired.
        Retired,
        /// Something else.
        Other,
    }
}

/// How what is said follows what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
enum How {
    /// It changes from a day on.
    Change,
    /// It was wrong from the beginning.
    Correction,
}

/// What a capacity is from now on, or should have been.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct CapacityChange {
    /// A change from a day on, or a correction of what was wrong from the beginning.
    how: How,
    /// First day of a change; absent in a correction.
    #[oai(default)]
    on: Option<NaiveDate>,
    /// All of the capacity, as it is then; `since` and `until` are those of before where they are absent.
    capacity: CapacityWish,
}

impl Example for CapacityChange {
    fn example() -> Self {
        let capacity =
            CapacityWish { function: Some("1re adjointe".to_owned()), ..CapacityWish::example() };
        Self { how: How::Correction, on: None, capacity }
    }
}

/// When a capacity ends, and why.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct CapacityEnd {
    /// First day on which it no longer holds.
    on: NaiveDate,
    /// Why.
    reason: EndReasonShown,
}

impl Example for CapacityEnd {
    fn example() -> Self {
        let on = NaiveDate::from_ymd_opt(2032, 3, 21).unwrap_or_default();
        Self { on, reason: EndReasonShown::MandateEnded }
    }
}

#[derive(ApiResponse)]
enum Held {
    /// As it stands.
    #[oai(status = 200)]
    Stands(Json<Capacity>, #[oai(header = "ETag")] String),
    /// Recorded.
    #[oai(status = 201)]
    Recorded(Json<Capacity>, #[oai(header = "ETag")] String, #[oai(header = "Location")] String),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::People")]
impl CapacitiesApi {
    /// The capacities that a person has had in an organisation, the latest first; reading is journalled
    #[oai(
        path = "/organisations/:ref/people/:person/capacities",
        method = "get",
        operation_id = "list_capacities"
    )]
    async fn list(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] person: Path<Uuid>,
    ) -> Result<Json<Capacities>, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let tx = self.app.db.begin_write().await?;
        let rows = find::in_organisation(&tx, organisation.id, person.0).await?;
        let (by, detail) = (Some(who.account_id), json!({ "person": person.0 }));
        let subject = ("organisation", organisation.id);
        journal::act(&tx, by, "capacity.read", subject, detail, now).await?;
        tx.commit().await?;
        let items = rows.into_iter().map(|row| Capacity::of(row, &named)).collect();
        Ok(Json(Capacities { items }))
    }

    /// Record a capacity of somebody whom the organisation knows
    #[oai(
        path = "/organisations/:ref/people/:person/capacities",
        method = "post",
        operation_id = "add_capacity"
    )]
    async fn add(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] person: Path<Uuid>,
        body: Json<CapacityWish>,
    ) -> Result<Held, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let (by, employer) = (who.account_id, employer(&organisation));
        let tx = begin(&self.app, now).await?;
        let added = record::add(&tx, by, &employer, person.0, body.0.into(), now).await?;
        commit(tx, added.0.person_id, now).await?;
        Ok(Held::of(added, &named))
    }

    /// One capacity, with the tag that changing it quotes
    #[oai(
        path = "/organisations/:ref/capacities/:id",
        method = "get",
        operation_id = "get_capacity"
    )]
    async fn one(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Held, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let row = find::one(self.app.db.read(), organisation.id, id.0).await?;
        Ok(Held::of((row, false), &named))
    }

    /// Change a capacity from a day on, or correct it: another row replaces it, and it stays readable
    #[oai(
        path = "/organisations/:ref/capacities/:id",
        method = "put",
        operation_id = "change_capacity"
    )]
    async fn change(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Tag of the capacity as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<CapacityChange>,
    ) -> Result<Held, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let on = body.0.day()?;
        let (by, employer) = (who.account_id, employer(&organisation));
        let tx = begin(&self.app, now).await?;
        let held = find::hold(&tx, organisation.id, id.0).await?;
        etag::demand(if_match.0.as_deref(), &tag(&held))?;
        let said = body.0.capacity.into();
        let held = match on {
            Some(on) => change::change(&tx, by, &employer, held, (on, said), now).await?,
            None => change::correct(&tx, by, &employer, held, said, now).await?,
        };
        commit(tx, held.person_id, now).await?;
        Ok(Held::of((held, true), &named))
    }

    /// End a capacity: the account, what was begun and what was proved stay
    #[oai(
        path = "/organisations/:ref/capacities/:id/end",
        method = "post",
        operation_id = "end_capacity"
    )]
    async fn end(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Tag of the capacity as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<CapacityEnd>,
    ) -> Result<Held, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let tx = begin(&self.app, now).await?;
        let held = find::hold(&tx, organisation.id, id.0).await?;
        etag::demand(if_match.0.as_deref(), &tag(&held))?;
        let ending = (body.on, body.reason.into());
        let held = change::end(&tx, who.account_id, held, ending, now).await?;
        commit(tx, held.person_id, now).await?;
        Ok(Held::of((held, false), &named))
    }

    /// What a capacity was and became: the rows that replaced one another, oldest first
    #[oai(
        path = "/organisations/:ref/capacities/:id/history",
        method = "get",
        operation_id = "capacity_history"
    )]
    async fn history(
        &self,
        who: CapacityKeeper,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<Capacities>, Problem> {
        let now = self.app.clock.now();
        let (organisation, named) = kept(&self.app, &who, &reference, now).await?;
        let conn = self.app.db.read();
        let row = find::one(conn, organisation.id, id.0).await?;
        let all = find::in_organisation(conn, organisation.id, row.person_id).await?;
        let line = capacity::line(&all, id.0).into_iter();
        Ok(Json(Capacities { items: line.map(|r| Capacity::of(r.clone(), &named)).collect() }))
    }
}

fn tag(row: &row::Model) -> String {
    etag::quoted(find::stamp(row))
}

impl Held {
    fn of((row, new): (row::Model, bool), organisation: &str) -> Self {
        let tag = tag(&row);
        let location = format!("/api/v1/organisations/{organisation}/capacities/{}", row.id);
        let shown = Json(Capacity::of(row, organisation));
        if new { Self::Recorded(shown, tag, location) } else { Self::Stands(shown, tag) }
    }
}

impl CapacityChange {
    /// The day of a change; none for a correction.
    fn day(&self) -> Result<Option<NaiveDate>> {
        let fault = match (self.how, self.on) {
            (How::Change, Some(_)) | (How::Correction, None) => return Ok(self.on),
            (How::Change, None) => Fault::new(
                "/on",
                "le premier jour du changement est attendu",
                "the first day of the change is expected",
            ),
            (How::Correction, Some(_)) => Fault::new(
                "/on",
                "une correction vaut dès le premier jour : capacity.since le dit",
                "a correction holds from the first day: capacity.since says it",
            ),
        };
        Err(Refusal::naming(Reason::InvalidValues, vec![fault]).into())
    }
}
