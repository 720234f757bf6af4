//! Inviting élus, and what they answer: they are told once, and answer once.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition,
    ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel as _, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::model::enrolment_invitation::{Column, Entity, Model};
use super::model::{InvitationAnswer, OnBehalf};
use super::plan::Order;
use crate::accounts::Principal;
use crate::clock;
use crate::enrolments::Learner;
use crate::error::{Reason, Result};
use crate::mail::model::{Template, mail_message};
use crate::mail::{Message, queue};
use crate::records::told::EnrolledFor;

/// How long nobody is asked again who has declined.
const STANDS: Duration = Duration::days(180);

/// How long an invitation is worth a message.
const USEFUL: Duration = Duration::days(30);

/// What was asked of somebody before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// They have not answered.
    Waits(Uuid),
    /// They have lately declined.
    Declined(Uuid),
    /// So many times, each answered.
    Before(usize),
}

/// What an organisation asked of these people before, about a module or a path; the others are not in
/// it.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    conn: &impl ConnectionTrait,
    (module_id, path_id): (Option<Uuid>, Option<Uuid>),
    organisation_id: Uuid,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Asked>> {
    let about = Condition::any()
        .add_option(module_id.map(|id| Column::ModuleId.eq(id)))
        .add_option(path_id.map(|id| Column::PathId.eq(id)));
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::OrganisationId.eq(organisation_id))
        .filter(about)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let mut asked: HashMap<Uuid, (usize, Model)> = HashMap::new();
    for row in rows {
        let times = asked.get(&row.person_id).map_or(0, |(times, _)| *times);
        asked.insert(row.person_id, (times + 1, row));
    }
    let stands = |(times, last): (usize, Model)| match (last.answer, last.answered_at) {
        (None, _) => Asked::Waits(last.id),
        (Some(InvitationAnswer::Declined), Some(at)) if now - at < STANDS => {
            Asked::Declined(last.id)
        }
        _ => Asked::Before(times),
    };
    Ok(asked.into_iter().map(|(person, asked)| (person, stands(asked))).collect())
}

/// An invitation to be sent; `times` were answered before.
pub(super) fn new(order: &Order, person_id: Uuid, times: usize, now: DateTime<Utc>) -> Model {
    let (module_id, path_id) = order.course.ids();
    let about = module_id.or(path_id).unwrap_or_default();
    Model {
        id: clock::new_id(),
        person_id,
        organisation_id: order.organisation.id,
        module_id,
        path_id,
        due_on: order.terms.due_on,
        invited_by: order.asked_by,
        invited_for: order.by,
        invited_at: now,
        natural_key: format!("{about}:{person_id}:{}:{times}", order.organisation.id),
        answer: None,
        answered_at: None,
        enrolment_id: None,
    }
}

/// Sends invitations, each with one mail; answers those that were sent. Who is missing has just been
/// invited by another process.
///
/// # Errors
/// When the database fails.
pub(super) async fn send(
    tx: &DatabaseTransaction,
    order: &Order,
    mut wanted: Vec<Model>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Uuid>> {
    if wanted.is_empty() {
        return Ok(BTreeSet::new());
    }
    wanted.sort_by_key(|row| row.person_id);
    let once = OnConflict::column(Column::NaturalKey).do_nothing().to_owned();
    let rows = wanted.iter().map(|row| row.clone().into_active_model().reset_all());
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    let sent: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(wanted.iter().map(|row| row.id)))
        .into_tuple()
        .all(tx)
        .await?;
    let sent: BTreeSet<Uuid> = sent.into_iter().collect();
    let messages = wanted.iter().filter(|row| sent.contains(&row.id));
    let messages = messages.map(|row| (clock::new_id(), message(order, row, now))).collect();
    queue::enqueue_many(tx, messages, now).await?;
    Ok(sent)
}

fn message(order: &Order, row: &Model, now: DateTime<Utc>) -> Message {
    let due_on = row.due_on.map(|day| day.to_string()).unwrap_or_default();
    Message {
        template: Template::EnrolmentInvitation,
        person_id: row.person_id,
        subject_id: Some(row.id),
        context: json!({
            "organisation": order.organisation.name,
            "title": order.course.title(),
            "is_path": row.path_id.is_some(),
            "by_cdg": row.invited_for == OnBehalf::Cdg,
            "due_on": due_on,
            "invitation": row.id,
        }),
        not_before: now,
        expires_at: now + USEFUL,
    }
}

/// Whether an invitation is still to be told of: nobody is invited to what they have answered.
///
/// # Errors
/// When the database fails.
pub async fn still_due(conn: &impl ConnectionTrait, message: &mail_message::Model) -> Result<bool> {
    let Some(id) = message.subject_id else { return Ok(false) };
    let row = Entity::find_by_id(id).one(conn).await?;
    Ok(row.is_some_and(|row| row.answer.is_none()))
}

/// An invitation of one's own; another's does not exist.
///
/// # Errors
/// `not-found`.
pub async fn own(conn: &impl ConnectionTrait, who: &Principal, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id(id).one(conn).await?;
    row.filter(|row| row.person_id == who.person_id).ok_or_else(|| Reason::NotFound.into())
}

/// The same, held until commit: it is answered once.
///
/// # Errors
/// `not-found`; `invitation-answered` when it was answered otherwise.
pub async fn hold(
    tx: &DatabaseTransaction,
    who: &Principal,
    id: Uuid,
    answer: InvitationAnswer,
) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let row = row.filter(|row| row.person_id == who.person_id).ok_or(Reason::NotFound)?;
    match row.answer.is_none_or(|given| given == answer) {
        true => Ok(row),
        false => Err(Reason::InvitationAnswered.into()),
    }
}

/// Answers an invitation that is held; the same answer given twice is one.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    tx: &DatabaseTransaction,
    held: Model,
    (answer, enrolment_id): (InvitationAnswer, Option<Uuid>),
    now: DateTime<Utc>,
) -> Result<Model> {
    if held.answer.is_some() {
        return Ok(held);
    }
    let mut answered = held.into_active_model();
    answered.answer = Set(Some(answer));
    answered.answered_at = Set(Some(now));
    answered.enrolment_id = Set(enrolment_id);
    Ok(answered.update(tx).await?)
}

/// Who accepts an invitation, on whose behalf they were invited.
pub fn learner(who: &Principal, row: &Model) -> Learner {
    let enrolled_for = EnrolledFor {
        by: row.invited_for.to_value(),
        organisation_id: row.organisation_id,
        invitation_id: Some(row.id),
    };
    Learner { enrolled_for: Some(enrolled_for), ..Learner::from(who) }
}

/// A page of one's own invitations, the latest first, those before `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    who: &Principal,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::PersonId.eq(who.person_id));
    if let Some(id) = before {
        query = query.filter(Column::Id.lt(id));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit).all(conn).await?)
}
