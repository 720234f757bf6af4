//! Finding threads: one's own, or those that one answers for; and what has happened in them.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::{ThreadKind, ThreadState, feedback_entry, feedback_thread};
use super::reach::{self, Desk, Stand};
use super::texts;
use crate::accounts::Principal;
use crate::error::{Reason, Result};

/// Which threads of a list are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Of one module.
    pub module: Option<Uuid>,
    /// Of one kind.
    pub kind: Option<ThreadKind>,
    /// In one state now.
    pub state: Option<ThreadState>,
}

/// A thread of a list: how it began, where it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its head.
    pub thread: feedback_thread::Model,
    /// What it began with; `None` once the text was erased.
    pub text: Option<String>,
    /// The last thing that happened.
    pub last: feedback_entry::Model,
}

/// An entry with its words, where it has some that were not erased.
pub type Entry = (feedback_entry::Model, Option<String>);

/// The threads of a desk that `who` answers for, latest first.
///
/// # Errors
/// When the database fails.
pub async fn at_desk(
    conn: &impl ConnectionTrait,
    who: &Principal,
    desk: Desk,
    wanted: Wanted,
    (limit, before): (u64, Option<Uuid>),
) -> Result<Vec<Line>> {
    list(conn, desk.within_reach(who), wanted, limit, before).await
}

/// The threads of a desk that `who` opened, latest first.
///
/// # Errors
/// When the database fails.
pub async fn own(
    conn: &impl ConnectionTrait,
    who: &Principal,
    desk: Desk,
    (limit, before): (u64, Option<Uuid>),
) -> Result<Vec<Line>> {
    let own = desk.lies_here().add(feedback_thread::COLUMN.person_id.eq(who.person_id));
    list(conn, own, Wanted::default(), limit, before).await
}

async fn list(
    conn: &impl ConnectionTrait,
    among: Condition,
    wanted: Wanted,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Line>> {
    let before = before.map(|id| feedback_thread::COLUMN.id.lt(id));
    let module = wanted.module.map(|id| feedback_thread::Column::ModuleId.eq(id));
    let kind = wanted.kind.map(|kind| feedback_thread::Column::Kind.eq(kind));
    let threads = feedback_thread::Entity::find()
        .filter(among)
        .filter(Condition::all().add_option(before).add_option(module).add_option(kind))
        .filter(Condition::all().add_option(wanted.state.map(|state| stands(&[state]))))
        .order_by_desc(feedback_thread::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    lines(conn, threads).await
}

/// Adds to threads how they began and where they stand, in two statements.
async fn lines(
    conn: &impl ConnectionTrait,
    threads: Vec<feedback_thread::Model>,
) -> Result<Vec<Line>> {
    let is_first = feedback_entry::COLUMN.number.eq(1);
    let entries = feedback_entry::Entity::find()
        .filter(feedback_entry::Column::ThreadId.is_in(threads.iter().map(|one| one.id)))
        .filter(Condition::any().add(is_first).add(is_last(feedback_entry::Entity)))
        .order_by_asc(feedback_entry::Column::Number)
        .all(conn)
        .await?;
    let firsts = entries.iter().filter(|entry| entry.number == 1);
    let begun: HashMap<Uuid, Uuid> =
        firsts.filter_map(|entry| Some((entry.thread_id, entry.text_id?))).collect();
    let mut texts = texts::of(conn, begun.values().copied()).await?;
    // In the order of their numbers: of two, the last is the one that stays.
    let mut last: HashMap<Uuid, feedback_entry::Model> =
        entries.into_iter().map(|entry| (entry.thread_id, entry)).collect();
    let line = |thread: feedback_thread::Model| {
        let text = begun.get(&thread.id).and_then(|id| texts.remove(id));
        Some(Line { text, last: last.remove(&thread.id)?, thread })
    };
    Ok(threads.into_iter().filter_map(line).collect())
}

/// A thread of a desk, and what it is to `who`.
///
/// # Errors
/// `not-found` for anybody else's.
pub async fn one(
    conn: &impl ConnectionTrait,
    who: &Principal,
    desk: Desk,
    id: Uuid,
) -> Result<(feedback_thread::Model, Stand)> {
    let found = feedback_thread::Entity::find_by_id(id).filter(desk.lies_here()).one(conn).await?;
    let thread = found.ok_or(Reason::NotFound)?;
    let stand = reach::stand(who, &thread, desk.reading())?;
    Ok((thread, stand))
}

/// What has happened in a thread, in its order.
///
/// # Errors
/// When the database fails.
pub async fn entries(conn: &impl ConnectionTrait, thread_id: Uuid) -> Result<Vec<Entry>> {
    let entries = feedback_entry::Entity::find()
        .filter(feedback_entry::COLUMN.thread_id.eq(thread_id))
        .order_by_asc(feedback_entry::Column::Number)
        .all(conn)
        .await?;
    let mut texts = texts::of(conn, entries.iter().filter_map(|entry| entry.text_id)).await?;
    let with_text = |entry: feedback_entry::Model| {
        let text = entry.text_id.and_then(|id| texts.remove(&id));
        (entry, text)
    };
    Ok(entries.into_iter().map(with_text).collect())
}

/// Whether something waits for those who were told of a thread: in its module, or at its desk.
///
/// # Errors
/// When the database fails.
pub(super) async fn waits_beside(
    conn: &impl ConnectionTrait,
    thread: &feedback_thread::Model,
) -> Result<bool> {
    let beside = match (thread.kind, thread.provider_id) {
        (ThreadKind::Complaint, Some(id)) => {
            Desk::Complaints.lies_here().add(feedback_thread::Column::ProviderId.eq(id))
        }
        (ThreadKind::Complaint, None) => {
            Desk::Complaints.lies_here().add(feedback_thread::Column::ProviderId.is_null())
        }
        _ => Desk::Feedback.lies_here().add(feedback_thread::Column::ModuleId.eq(thread.module_id)),
    };
    let waiting = [ThreadState::Open, ThreadState::Received, ThreadState::InProgress];
    let found = feedback_thread::Entity::find().filter(beside).filter(stands(&waiting));
    Ok(found.one(conn).await?.is_some())
}

/// That a thread stands in one of these states: so says its last entry.
fn stands(states: &[ThreadState]) -> SimpleExpr {
    use feedback_entry::Column::{State, ThreadId};
    let now = Alias::new("now_standing");
    let mut last = Query::select();
    last.expr(Expr::val(1))
        .from_as(feedback_entry::Entity, now.clone())
        .and_where(
            Expr::col((now.clone(), ThreadId))
                .equals((feedback_thread::Entity, feedback_thread::Column::Id)),
        )
        .and_where(
            Expr::col((now.clone(), State)).is_in(states.iter().map(|state| state.to_value())),
        )
        .and_where(is_last(now));
    Expr::exists(last)
}

/// That no entry of the same thread comes after the one at hand.
fn is_last(of: impl sea_orm::sea_query::IntoIden) -> SimpleExpr {
    use feedback_entry::Column::{Number, ThreadId};
    let (of, later) = (of.into_iden(), Alias::new("later"));
    let mut after: SelectStatement = Query::select();
    after
        .expr(Expr::val(1))
        .from_as(feedback_entry::Entity, later.clone())
        .and_where(Expr::col((later.clone(), ThreadId)).equals((of.clone(), ThreadId)))
        .and_where(Expr::col((later, Number)).gt(Expr::col((of, Number))));
    Expr::exists(after).not()
}
