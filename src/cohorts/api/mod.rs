//! Enrolling others over HTTP: an order and its preview.

mod bodies;
pub mod invitations;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use sea_orm::ActiveEnum as _;
use serde_json::json;

use super::model::OnBehalf;
use super::plan::{Course, Order};
use super::rows::{Named, Terms};
use crate::accounts::grants::names;
use crate::accounts::model::Role;
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::{Principal, Scope};
use crate::app::App;
use crate::enrolments::rules;
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::http::Tag;
use crate::http::guards::PeopleEnroller;
use crate::http::problem::Problem;
use crate::jobs::api::Job;
use crate::jobs::model::JobKind;
use crate::jobs::{NewJob, queue};
use crate::journal;
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef};
use bodies::{Asked, BulkPreview, PeopleSent, Wanted};

/// Bulk enrolments.
pub struct CohortsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Accepted {
    /// Being done; each row has an outcome: `enrolled`, `invited` (an élu, who answers by themselves), `already`, `already_invited`, `declined` (within 180 days), `completed`, `prerequisite_missing`, `duplicate`, `unknown_person` (nobody of the organisation), `ambiguous`, `name_differs`.
    #[oai(status = 202)]
    Queued(
        Json<Job>,
        /// The job.
        #[oai(header = "Location")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Enrolments")]
impl CohortsApi {
    /// Enrol many people of an organisation: its agents are enrolled, its élus are invited
    ///
    /// For its managers, and for its CDG if it granted it their names. In JSON, or in `text/csv`
    /// (`email;nom;prénom` or `identifiant`; `module`, `path` and `due_on` are then in the query). A
    /// job does it, row by row; the same rows sent again find everything done.
    #[oai(path = "/organisations/:ref/enrolments", method = "post", operation_id = "enrol_people")]
    async fn enrol(
        &self,
        who: PeopleEnroller,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        /// Code of the module, with a spreadsheet.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 24))]
        module: Query<Option<String>>,
        /// Code of the path, with a spreadsheet.
        #[oai(example = "crate::http::examples::one_path", validator(max_length = 24))]
        path: Query<Option<String>>,
        /// The civil date by which to complete the module, with a spreadsheet.
        #[oai(example = "crate::http::examples::due_on")]
        due_on: Query<Option<NaiveDate>>,
        body: PeopleSent,
    ) -> Result<Accepted, Problem> {
        let now = self.app.clock.now();
        let query = (module.0, path.0, due_on.0);
        let (order, rows) = self.asked(&who, &reference, (body, query), now).await?;
        Ok(self.ask(order, &rows, now).await?)
    }

    /// What enrolling many people would do: how many of each outcome
    #[oai(
        path = "/organisations/:ref/enrolments/preview",
        method = "post",
        operation_id = "preview_enrol_people"
    )]
    async fn preview(
        &self,
        who: PeopleEnroller,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        /// Code of the module, with a spreadsheet.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 24))]
        module: Query<Option<String>>,
        /// Code of the path, with a spreadsheet.
        #[oai(example = "crate::http::examples::one_path", validator(max_length = 24))]
        path: Query<Option<String>>,
        /// The civil date by which to complete the module, with a spreadsheet.
        #[oai(example = "crate::http::examples::due_on")]
        due_on: Query<Option<NaiveDate>>,
        body: PeopleSent,
    ) -> Result<Json<BulkPreview>, Problem> {
        let now = self.app.clock.now();
        let query = (module.0, path.0, due_on.0);
        let (order, rows) = self.asked(&who, &reference, (body, query), now).await?;
        let conn = self.app.db.read();
        let preview = super::preview::preview(conn, &order, rows, now).await?;
        Ok(Json(preview.into()))
    }
}

impl CohortsApi {
    /// What is asked, once it is known who may ask it and that it makes sense.
    async fn asked(
        &self,
        who: &Principal,
        reference: &str,
        (body, query): (PeopleSent, Asked),
        now: DateTime<Utc>,
    ) -> Result<(Order, Vec<Named>)> {
        let (organisation, by) = self.enrols(who, reference, now).await?;
        let Wanted { module, path, due_on, rows } = Wanted::of(body, query)?;
        let zone = organisation.time_zone.parse().map_err(|_| Reason::Internal)?;
        rules::check_due_on(due_on, rules::today(now, zone))?;
        let terms = Terms { module, path, due_on, by: by.to_value() };
        let course = Course::of(&self.app.shelf, self.app.db.read(), &terms).await;
        let course = course.map_err(|error| unknown(error, &terms))?;
        Ok((Order { organisation, asked_by: who.account_id, by, terms, course }, rows))
    }

    /// The organisation whose people the caller may enrol, and on whose behalf.
    async fn enrols(
        &self,
        who: &Principal,
        reference: &str,
        now: DateTime<Utc>,
    ) -> Result<(organisation::Model, OnBehalf)> {
        let conn = self.app.db.read();
        let reference: OrgRef = reference.parse().map_err(|_| Reason::NotFound)?;
        let found = territory::by_ref(conn, &reference, now.date_naive()).await?;
        let cdgs = territory::cdgs_of(conn, found.id, now.date_naive()).await?;
        let target: Target = names::target(conn, found.id, &cdgs, now).await?;
        policy::allow(who, Action::EnrolPeople, &target)?;
        let mut managers = who.holding(&[Role::EmployerManager]);
        let by = match managers.any(|held| held.scope == Scope::Organisation(found.id)) {
            true => OnBehalf::Employer,
            false => OnBehalf::Cdg,
        };
        Ok((found, by))
    }

    /// Asks for a job that does it, and has it begun.
    async fn ask(&self, order: Order, rows: &[Named], now: DateTime<Utc>) -> Result<Accepted> {
        let (by, organisation) = (order.asked_by, order.organisation.id);
        let detail = json!({
            "organisation": organisation, "module": order.terms.module, "path": order.terms.path,
            "due_on": order.terms.due_on, "rows": rows.len(), "by": order.terms.by,
        });
        let new = NewJob {
            kind: JobKind::Enrolment,
            asked_by: by,
            organisation_id: organisation,
            terms: json!(order.terms),
            rows: rows.iter().map(Named::kept).collect(),
        };
        let tx = self.app.db.begin_write().await?;
        let job = queue::open(&tx, new, now).await?;
        journal::act(&tx, Some(by), "enrolment.bulk", ("job", job.id), detail, now).await?;
        tx.commit().await?;
        self.app.nudge.notify_one();
        let location = format!("/api/v1/jobs/{}", job.id);
        Ok(Accepted::Queued(Json(Job::of(job)), location))
    }
}

/// A code that names nothing published is a value to be mended: the address itself is right.
fn unknown(error: Error, terms: &Terms) -> Error {
    let Error::Refused(refusal) = &error else { return error };
    if refusal.reason != Reason::NotFound {
        return error;
    }
    let at = if terms.module.is_some() { "/module" } else { "/path" };
    let fault =
        Fault::new(at, "rien n'est publié sous ce code", "nothing is published under this code");
    Refusal::naming(Reason::InvalidValues, vec![fault]).into()
}
