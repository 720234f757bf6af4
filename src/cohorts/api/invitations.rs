//! One's own invitations, and what one answers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use crate::accounts::Principal;
use crate::app::App;
use crate::cohorts::invitations;
use crate::cohorts::model::InvitationAnswer;
use crate::cohorts::model::enrolment_invitation::Model;
use crate::cohorts::shown::{Named, named};
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;

/// One's own invitations.
pub struct InvitationsApi {
    /// The application.
    pub app: App,
}

/// An invitation to enrol.
#[derive(Object)]
struct EnrolmentInvitation {
    /// Identifier.
    id: Uuid,
    /// Name of the organisation that invites.
    organisation: String,
    /// `employer`, or `cdg` when its CDG invites for it.
    by: String,
    /// Code of the module.
    #[oai(skip_serializing_if_is_none)]
    module: Option<String>,
    /// Code of the path.
    #[oai(skip_serializing_if_is_none)]
    path: Option<String>,
    /// Title of either.
    title: String,
    /// The civil date by which the module is to be completed.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    /// When it was sent.
    invited_at: DateTime<Utc>,
    /// `waiting`, `accepted` or `declined`.
    state: String,
    /// The enrolment that came of it.
    #[oai(skip_serializing_if_is_none)]
    enrolment_id: Option<Uuid>,
}

/// A page of invitations.
#[derive(Object)]
struct EnrolmentInvitations {
    /// Invitations, the latest first.
    items: Vec<EnrolmentInvitation>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Enrolments")]
impl InvitationsApi {
    /// My invitations to enrol, latest first
    #[oai(path = "/me/invitations", method = "get", operation_id = "my_invitations")]
    async fn mine(
        &self,
        who: SignedIn,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<EnrolmentInvitations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rows = invitations::list(self.app.db.read(), &who, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(EnrolmentInvitations { items: self.shown(rows).await?, next }))
    }

    /// Accept an invitation: enrols, in what is published now; asking twice answers the same
    #[oai(path = "/me/invitations/:id/accept", method = "post", operation_id = "accept_invitation")]
    async fn accept(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<EnrolmentInvitation>, Problem> {
        let row = accept(&self.app, &who, id.0).await?;
        Ok(Json(self.one(row).await?))
    }

    /// Decline an invitation: nothing is kept against anybody, and who invited sees that it was declined
    #[oai(
        path = "/me/invitations/:id/decline",
        method = "post",
        operation_id = "decline_invitation"
    )]
    async fn decline(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<EnrolmentInvitation>, Problem> {
        let row = decline(&self.app, &who, id.0).await?;
        Ok(Json(self.one(row).await?))
    }
}

/// Accepts an invitation of one's own.
///
/// # Errors
/// `not-found`, `invitation-answered`, those of enrolling.
pub(crate) async fn accept(app: &App, who: &Principal, id: Uuid) -> Result<Model> {
    let row = invitations::own(app.db.read(), who, id).await?;
    if row.answer == Some(InvitationAnswer::Accepted) {
        return Ok(row);
    }
    let now = app.clock.now();
    let applied = crate::cohorts::accept::apply(app.db.read(), &app.shelf, who, &row, now).await?;
    let tx = app.db.begin_write().await?;
    let held = invitations::hold(&tx, who, id, InvitationAnswer::Accepted).await?;
    let row = crate::cohorts::accept::accept(&tx, who, held, applied, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// Declines an invitation of one's own.
///
/// # Errors
/// `not-found`, `invitation-answered`.
pub(crate) async fn decline(app: &App, who: &Principal, id: Uuid) -> Result<Model> {
    let tx = app.db.begin_write().await?;
    let declined = InvitationAnswer::Declined;
    let held = invitations::hold(&tx, who, id, declined).await?;
    let row = invitations::answer(&tx, held, (declined, None), app.clock.now()).await?;
    tx.commit().await?;
    Ok(row)
}

impl InvitationsApi {
    async fn one(&self, row: Model) -> Result<EnrolmentInvitation> {
        let shown = self.shown(vec![row]).await?;
        shown.into_iter().next().ok_or_else(|| Reason::Internal.into())
    }

    async fn shown(&self, rows: Vec<Model>) -> Result<Vec<EnrolmentInvitation>> {
        let mut named: HashMap<Uuid, Named> = named(self.app.db.read(), &rows).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let named = named.remove(&row.id).unwrap_or_default();
                EnrolmentInvitation {
                    id: row.id,
                    organisation: named.organisation,
                    by: row.invited_for.to_value(),
                    module: named.module,
                    path: named.path,
                    title: named.title,
                    due_on: row.due_on,
                    invited_at: row.invited_at,
                    state: row.answer.map_or("waiting".to_owned(), |answer| answer.to_value()),
                    enrolment_id: row.enrolment_id,
                }
            })
            .collect())
    }
}
