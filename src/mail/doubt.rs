//! What becomes of the queue of a restored backup: what waited when it was made may have gone since,
//! and nobody can tell, so that it is `unknown` and never sent on a guess.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};

use super::model::mail_message::{Column, Entity};
use super::model::{MailState, WITH_A_LINK};
use crate::error::Result;

/// What was doubted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubted {
    /// Messages that may have gone.
    pub unknown: u64,
    /// Messages that cannot have gone, whose link opens nothing any more.
    pub cancelled: u64,
}

/// Settles the queue of a database that does not know what was sent until `now`. What was to leave
/// later than that cannot have left: it stays, unless it carries a link.
///
/// # Errors
/// When the database fails.
pub async fn doubt(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Doubted> {
    let settle = |state: MailState, why: &'static str| {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::FinishedAt, Expr::value(now))
            .col_expr(Column::LastError, Expr::value(why))
    };
    let waited =
        Condition::all().add(Column::State.eq(MailState::Queued)).add(Column::NotBefore.lte(now));
    let may_have_gone = Condition::any().add(Column::State.eq(MailState::Delivering)).add(waited);
    let unknown = settle(MailState::Unknown, "restored from a backup: it may have gone since")
        .filter(may_have_gone)
        .exec(tx)
        .await?
        .rows_affected;
    let cancelled = settle(MailState::Cancelled, "restored from a backup: its link is spent")
        .filter(Column::State.eq(MailState::Queued))
        .filter(Column::Template.is_in(WITH_A_LINK))
        .exec(tx)
        .await?
        .rows_affected;
    Ok(Doubted { unknown, cancelled })
}
