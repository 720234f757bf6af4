//! Seats over HTTP: asked for and given up by learners, seen and refused by those who hold the session,
//! who also record who was there.

use std::collections::HashMap;

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use super::desk::hold;
use super::seat_bodies::{AttendanceIn, RefusalIn, RegistrationIn};
use super::shown::{
    self, MarkShown, MyRegistration, MyRegistrations, RegistrationShown, Registrations,
    SessionShown,
};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::{SessionKeeper, SignedIn};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::journal;
use crate::people::identity;
use crate::people::model::capacity;
use crate::sessions::book::{self, Registered};
use crate::sessions::find::{self, Held};
use crate::sessions::model::attendance;
use crate::sessions::{attendance as sheets, register, rules, seats};
use crate::territory;

/// Seats.
pub struct SeatsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Asked {
    /// Registered now: with a seat, or on the waiting list.
    #[oai(status = 201)]
    Now(Json<MyRegistration>),
    /// On the list already.
    #[oai(status = 200)]
    Already(Json<MyRegistration>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Sessions")]
impl SeatsApi {
    /// Ask for a seat in a session: a seat, or a place on the waiting list
    #[oai(path = "/sessions/:id/registrations", method = "post", operation_id = "register")]
    async fn register(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<RegistrationIn>,
    ) -> Result<Asked, Problem> {
        let tx = self.app.db.begin_write().await?;
        let held = find::locked(&tx, id.0).await?;
        let now = self.app.clock.now();
        let asked = register::register(&tx, &who, held, body.0.capacity_id, now).await?;
        tx.commit().await?;
        let (_, mine, new) = asked;
        let mine = Json(self.one(mine).await?);
        Ok(if new { Asked::Now(mine) } else { Asked::Already(mine) })
    }

    /// Give up one's seat, or one's place on the waiting list
    #[oai(
        path = "/sessions/:id/registrations/withdraw",
        method = "post",
        operation_id = "withdraw_registration"
    )]
    async fn withdraw_registration(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<MyRegistration>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let held = find::locked(&tx, id.0).await?;
        let (_, mine) = register::withdraw(&tx, &who, held, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(self.one(mine).await?))
    }

    /// The sessions for which I registered, the latest asked first
    #[oai(path = "/me/sessions", method = "get", operation_id = "my_sessions")]
    async fn my_sessions(
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
    ) -> Result<Json<MyRegistrations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let (conn, before) = (self.app.db.read(), page.before()?);
        let rows = book::of_person(conn, who.person_id, page.limit, before).await?;
        let next = page.next(&rows, |one| one.row.id);
        Ok(Json(MyRegistrations { items: mine(conn, rows).await?, next }))
    }

    /// Who registered for a session, by name; each reading is journalled
    #[oai(
        path = "/sessions/:id/registrations",
        method = "get",
        operation_id = "list_registrations"
    )]
    async fn list_registrations(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Registrations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let book = book::of_session(&tx, held.session.id).await?;
        let (book, next) = page.cut(book, |one| format!("{:010}", one.row.number));
        let items = named(&tx, &held, book).await?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let subject = ("session", held.session.id);
        let detail = json!({ "names": items.len() });
        journal::act(&tx, by, "session.read_names", subject, detail, now).await?;
        tx.commit().await?;
        Ok(Json(Registrations { items, next }))
    }

    /// Refuse somebody who registered, for a reason that they are told; a seat goes to the next
    #[oai(
        path = "/sessions/:id/registrations/:registration/refuse",
        method = "post",
        operation_id = "refuse_registration"
    )]
    async fn refuse_registration(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// The registration.
        #[oai(example = "crate::http::examples::id")]
        registration: Path<Uuid>,
        body: Json<RefusalIn>,
    ) -> Result<Json<RegistrationShown>, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let (said, now) = (body.reason.said(), self.app.clock.now());
        let refused = register::refuse(&tx, &who, held.clone(), registration.0, said, now).await?;
        let shown = named(&tx, &held, vec![refused]).await?.pop().ok_or(Reason::Internal)?;
        tx.commit().await?;
        Ok(Json(shown))
    }

    /// Record who was at a half-day that is over, in minutes; what differs supersedes
    #[oai(path = "/sessions/:id/attendance", method = "put", operation_id = "record_attendance")]
    async fn record_attendance(
        &self,
        who: SessionKeeper,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<AttendanceIn>,
    ) -> Result<Json<Registrations>, Problem> {
        let (tx, held) = hold(&self.app, &who, id.0).await?;
        let (marks, now) = (body.marks(), self.app.clock.now());
        sheets::record(&tx, &who, &held, (body.half_day_id, &marks), now).await?;
        let mut book = book::of_session(&tx, held.session.id).await?;
        book.retain(|one| marks.iter().any(|mark| mark.registration_id == one.row.id));
        let items = named(&tx, &held, book).await?;
        tx.commit().await?;
        Ok(Json(Registrations { items, next: None }))
    }
}

impl SeatsApi {
    async fn one(&self, one: Registered) -> Result<MyRegistration> {
        mine(self.app.db.read(), vec![one]).await?.pop().ok_or_else(|| Reason::Internal.into())
    }
}

/// One's registrations with their sessions: as many statements, however many.
async fn mine(conn: &impl ConnectionTrait, rows: Vec<Registered>) -> Result<Vec<MyRegistration>> {
    let ids: Vec<Uuid> = rows.iter().map(|one| one.row.session_id).collect();
    let held = find::by_ids(conn, &ids).await?;
    let on: HashMap<Uuid, (bool, Option<String>)> = held
        .iter()
        .map(|h| (h.session.id, (rules::is_on(h.state()), h.session.link.clone())))
        .collect();
    let sessions: HashMap<Uuid, Held> = held.into_iter().map(|h| (h.session.id, h)).collect();
    let waiting = book::waiting(conn, &ids).await?;
    let marks = marks_of(conn, rows.iter().map(|one| one.row.id)).await?;
    let wanted = rows.iter().filter_map(|one| sessions.get(&one.row.session_id).cloned());
    let shown: Vec<SessionShown> = shown::sessions(conn, wanted.collect()).await?;
    let with_session = |(one, session): (Registered, SessionShown)| {
        let (id, number) = (one.row.session_id, one.row.number);
        let ahead = || waiting.get(&id).map(|all| all.iter().filter(|n| **n <= number).count());
        let is_waiting = one.state() == crate::sessions::model::RegistrationState::Waiting;
        let (is_on, link) = on.get(&id).cloned().unwrap_or_default();
        MyRegistration {
            id: one.row.id,
            state: one.state().into(),
            rank: if is_waiting { ahead() } else { None },
            asked_at: one.row.asked_at,
            link: link.filter(|_| is_on && seats::is_seated(one.state())),
            attended: marks.get(&one.row.id).map(|rows| shown_marks(rows)).unwrap_or_default(),
            reason: one.event.reason,
            session,
        }
    };
    Ok(rows.into_iter().zip(shown).map(with_session).collect())
}

/// Registrations by name.
async fn named(
    conn: &impl ConnectionTrait,
    held: &Held,
    book: Vec<Registered>,
) -> Result<Vec<RegistrationShown>> {
    let mut names = identity::current_of(conn, book.iter().map(|one| one.row.person_id)).await?;
    let capacities = capacity::Entity::find()
        .filter(capacity::Column::Id.is_in(book.iter().map(|one| one.row.capacity_id)))
        .all(conn)
        .await?;
    let kinds: HashMap<Uuid, String> =
        capacities.into_iter().map(|row| (row.id, row.kind.to_value())).collect();
    let of = book.iter().map(|one| one.row.organisation_id);
    let organisations = territory::refs_of(conn, of).await?;
    let marks = sheets::latest(conn, held.session.id).await?;
    let named = |one: Registered| {
        let state = one.state().into();
        let row = one.row;
        let name = names.remove(&row.person_id);
        let (given_name, family_name) = name.map(|n| (n.given_name, n.family_name)).unzip();
        let organisation = organisations.get(&row.organisation_id).ok_or(Reason::Internal)?;
        let attended = held.half_days.iter().filter_map(|half| marks.get(&(row.id, half.id)));
        Ok(RegistrationShown {
            id: row.id,
            number: row.number,
            state,
            asked_at: row.asked_at,
            person_id: row.person_id,
            given_name,
            family_name,
            capacity: kinds.get(&row.capacity_id).cloned().ok_or(Reason::Internal)?,
            organisation: organisation.to_string(),
            attended: attended.map(MarkShown::from).collect(),
        })
    };
    book.into_iter().map(named).collect()
}

/// What counts of the attendance of these registrations.
async fn marks_of(
    conn: &impl ConnectionTrait,
    registrations: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<attendance::Model>>> {
    let rows = attendance::Entity::find()
        .filter(attendance::Column::RegistrationId.is_in(registrations))
        .order_by_asc(attendance::Column::Number)
        .all(conn)
        .await?;
    let mut marks: HashMap<Uuid, Vec<attendance::Model>> = HashMap::new();
    for row in rows {
        let of = marks.entry(row.registration_id).or_default();
        // In the order of their numbers: the last of each half-day stays.
        of.retain(|known| known.half_day_id != row.half_day_id);
        of.push(row);
    }
    Ok(marks)
}

fn shown_marks(rows: &[attendance::Model]) -> Vec<MarkShown> {
    rows.iter().map(MarkShown::from).collect()
}
