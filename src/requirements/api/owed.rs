//! Why somebody owes something, and exempting them.

use chrono::{DateTime, NaiveDate, Utc};
use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::context::{Context, Language};
use crate::http::guards::{Exempter, SignedIn};
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::obligations::Status;
use crate::obligations::model::{EventKind, obligation_event};
use crate::requirements::exempt::{self, Exemption, Ground};
use crate::requirements::explain::{Explained, explain};

/// What people owe because of requirements.
pub struct OwedApi {
    /// The application.
    pub app: App,
}

shown! {
    /// Why somebody is exempted.
    #[oai(rename = "ExemptionGround")]
    GroundShown of Ground {
        /// They followed something equivalent elsewhere.
        Equivalence,
        /// They are away for long.
        Absence,
        /// They are about to leave.
        Departure,
        /// The territorial authority decided so.
        Decision,
    }
}

shown! {
    /// Where an obligation stands.
    #[oai(rename = "OwedStatus")]
    StatusShown of Status {
        /// Owed, with time left.
        Open,
        /// Owed, past its date.
        Overdue,
        /// Completed.
        Satisfied,
        /// Exempted.
        Exempted,
        /// Another took its place.
        Superseded,
        /// Nothing is asked any more.
        Closed,
    }
}

shown! {
    /// What happened to an obligation.
    #[oai(rename = "OwedEventKind")]
    EventKindShown of EventKind {
        /// The employer exempted the person.
        Exempted,
        /// That was lifted.
        Lifted,
        /// Another obligation took its place.
        Superseded,
        /// The requirement no longer concerned the person.
        LeftAudience,
        /// It did again.
        Reentered,
        /// It was owed under another capacity from then on.
        Moved,
        /// The requirement was disabled.
        Disabled,
    }
}

/// An exemption.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ExemptionIn {
    /// Why. Nothing is said of anybody's health.
    reason: GroundShown,
    /// The last day on which it holds; until it is lifted if absent.
    until: Option<NaiveDate>,
    /// SHA-256 of the document that decides it, in lower-case hexadecimal; the document stays with the
    /// employer.
    #[oai(validator(max_length = 64))]
    document_digest: String,
}

impl Example for ExemptionIn {
    fn example() -> Self {
        Self {
            reason: GroundShown::Equivalence,
            until: NaiveDate::from_ymd_opt(2030, 12, 31),
            document_digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                .to_owned(),
        }
    }
}

/// Where an obligation stands now.
#[derive(Object)]
struct OwedNow {
    /// The obligation.
    id: Uuid,
    /// Where it stands.
    status: StatusShown,
}

/// Something that happened to an obligation.
#[derive(Object)]
struct OwedEvent {
    /// What.
    kind: EventKindShown,
    /// When.
    at: DateTime<Utc>,
    /// Why: the ground of an exemption, or `returned`, `earlier`, `changed` of what took its place.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The last day of an exemption.
    #[oai(skip_serializing_if_is_none)]
    until: Option<NaiveDate>,
    /// SHA-256 of the document that decided it.
    #[oai(skip_serializing_if_is_none)]
    document_digest: Option<String>,
    /// The obligation that took its place.
    #[oai(skip_serializing_if_is_none)]
    successor_id: Option<Uuid>,
}

/// The text that an obligation rests on, as it was known when it opened.
#[derive(Object)]
struct OwedBasis {
    /// Its id in the register.
    id: String,
    /// The citation.
    text: String,
    /// First day on which it is in force.
    #[oai(skip_serializing_if_is_none)]
    in_force_from: Option<NaiveDate>,
    /// Last day on which it is.
    #[oai(skip_serializing_if_is_none)]
    in_force_to: Option<NaiveDate>,
}

/// Why somebody owes something, and why that day.
#[derive(Object)]
struct Explanation {
    /// The obligation.
    id: Uuid,
    /// In a sentence, in the language asked for.
    sentence: String,
    /// The requirement that opened it.
    requirement: String,
    /// Its version of then.
    requirement_number: i32,
    /// 1, 2, 3 …
    cycle: i32,
    /// `elu` or `agent`: the capacity under which it is owed.
    capacity: String,
    /// Since when.
    capacity_since: NaiveDate,
    /// The organisation.
    organisation: String,
    /// When it opened.
    opened_at: DateTime<Utc>,
    /// The last day on which it is not late.
    due_on: NaiveDate,
    /// The zone of that day.
    time_zone: String,
    /// Why that day: `date`, `office`, `delegation`, `hiring`, `publication`, `legal_change` or
    /// `renewal`.
    due_because: String,
    /// The day that it is reckoned from.
    #[oai(skip_serializing_if_is_none)]
    reckoned_from: Option<NaiveDate>,
    /// The text that it rests on.
    #[oai(skip_serializing_if_is_none)]
    legal_basis: Option<OwedBasis>,
    /// Nothing completed before counts.
    #[oai(skip_serializing_if_is_none)]
    accepts_from: Option<DateTime<Utc>>,
    /// Where it stands.
    status: StatusShown,
    /// The completion that satisfied it.
    #[oai(skip_serializing_if_is_none)]
    satisfied_by: Option<Uuid>,
    /// When that was.
    #[oai(skip_serializing_if_is_none)]
    satisfied_at: Option<DateTime<Utc>>,
    /// What happened to it, in order.
    events: Vec<OwedEvent>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Obligations")]
impl OwedApi {
    /// Why an obligation of a requirement exists, and why it is due that day
    ///
    /// Told to the person, to their employer, and to auditors, in French, or in English where
    /// `Accept-Language` prefers it.
    #[oai(path = "/obligations/:id/explain", method = "get", operation_id = "explain_obligation")]
    async fn explain_obligation(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        request: &Request,
    ) -> Result<Json<Explanation>, Problem> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let row = exempt::by_id(conn, id.0).await?;
        let own = row.person_id == who.person_id;
        let explained = explain(conn, row, now).await?;
        if !own {
            self.may_read(&who, &explained, now).await?;
        }
        let language = request.data::<Context>().map(|context| context.language);
        let sentence = match language {
            Some(Language::English) => explained.in_english(own),
            _ => explained.in_french(own),
        };
        Ok(Json(Explanation::of(explained, sentence)))
    }

    /// Exempt somebody of the organisation from what they owe
    #[oai(path = "/obligations/:id/exempt", method = "post", operation_id = "exempt_obligation")]
    async fn exempt_obligation(
        &self,
        who: Exempter,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<ExemptionIn>,
    ) -> Result<Json<OwedNow>, Problem> {
        let ExemptionIn { reason, until, document_digest } = body.0;
        let wish = Exemption { ground: reason.into(), until, document_digest };
        let tx = self.app.db.begin_write().await?;
        let status = exempt::exempt(&tx, &who, id.0, &wish, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(OwedNow { id: id.0, status: status.into() }))
    }

    /// Lift an exemption
    #[oai(path = "/obligations/:id/lift", method = "post", operation_id = "lift_exemption")]
    async fn lift_exemption(
        &self,
        who: Exempter,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<OwedNow>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let status = exempt::lift(&tx, &who, id.0, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(OwedNow { id: id.0, status: status.into() }))
    }
}

impl OwedApi {
    /// Whoever may not read what is another's learns nothing of it.
    async fn may_read(&self, who: &Principal, told: &Explained, now: DateTime<Utc>) -> Result<()> {
        let target = Target::of(self.app.db.read(), told.standing.under.1, now).await?;
        let allowed = policy::allow(who, Action::ExplainObligations, &target);
        allowed.map_err(|_| Reason::NotFound.into())
    }
}

impl Explanation {
    fn of(told: Explained, sentence: String) -> Self {
        let Explained {
            row, standing, requirement, version, capacity, organisation, basis, ..
        } = told;
        let satisfied = standing.satisfied;
        let legal_basis = basis.map(|(id, law)| OwedBasis {
            id,
            text: law.text,
            in_force_from: law.in_force_from,
            in_force_to: law.in_force_to,
        });
        Self {
            id: row.id,
            sentence,
            requirement: requirement.code,
            requirement_number: version.number,
            cycle: row.cycle,
            capacity: capacity.kind.to_value(),
            capacity_since: capacity.valid_from,
            organisation: organisation.name,
            opened_at: row.opened_at,
            due_on: row.due_on,
            time_zone: row.time_zone,
            due_because: row.basis.map(|basis| basis.to_value()).unwrap_or_default(),
            reckoned_from: row.anchor_on,
            legal_basis,
            accepts_from: row.accepts_from,
            status: standing.status.into(),
            satisfied_by: satisfied.as_ref().map(|done| done.fact_id),
            satisfied_at: satisfied.map(|done| done.at),
            events: standing.events.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<obligation_event::Model> for OwedEvent {
    fn from(row: obligation_event::Model) -> Self {
        Self {
            kind: row.kind.into(),
            at: row.at,
            reason: row.reason,
            until: row.until,
            document_digest: row.document_digest,
            successor_id: row.successor_id,
        }
    }
}
