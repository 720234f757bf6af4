//! Deciding of an item: what the next version of the module changes because of it, if anything.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{Consequence, review_decision, review_item};
use super::rules::{State, paris_day};
use super::{citing, work};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::version;
use crate::clock;
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// What a reviewer decides, and why.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// What the next version changes.
    pub consequence: Consequence,
    /// Why, for the authors.
    pub note: String,
}

/// Longest note, in characters.
const NOTE: usize = 2_000;

/// Records a decision, the last of which counts, and answers where the item stands then. The same said
/// twice by the same person is one decision.
///
/// # Errors
/// `not-found` outside the provider; `review-closed` once a version answers it, or nothing is left to
/// be reviewed; `invalid-values` for the note.
pub async fn decide(
    tx: &DatabaseTransaction,
    who: &Principal,
    item_id: Uuid,
    ruling: Ruling,
    now: DateTime<Utc>,
) -> Result<State> {
    let item = review_item::Entity::find_by_id(item_id).one(tx).await?.ok_or(Reason::NotFound)?;
    // Held like a publication holds it: what is decided is decided of the latest version.
    let module = version::lock_module(tx, item.module_id).await?;
    policy::allow(who, Action::ReviewDraft, &Target::Provider(module.provider_id))?;
    let mut faults = Faults::default();
    faults.check_text(&ruling.note, "/note", NOTE);
    faults.refuse()?;
    let last = last(tx, item_id).await?;
    let current = citing::of_module(tx, &module).await?;
    let (current_number, today) = (current.as_ref().map(|m| m.number), paris_day(now));
    let state = work::stand_of(tx, &item, last.as_ref(), current.as_ref(), today).await?;
    let unsettled = last.as_ref().is_some_and(|last| {
        last.consequence == Consequence::None && current_number == Some(last.module_number)
    });
    // « Nothing to change » may be thought over while the version that it was said of is the latest.
    if state == State::Closed && !unsettled {
        return Err(Reason::ReviewClosed.into());
    }
    let repeated = last.as_ref().is_some_and(|last| {
        last.consequence == ruling.consequence
            && last.note == ruling.note
            && last.reviewer_id == who.account_id
    });
    if !repeated {
        let number = last.map_or(1, |last| last.number + 1);
        let of = current_number.unwrap_or(item.module_number);
        write(tx, who, (&item, number, of), ruling, now).await?;
    }
    let last = self::last(tx, item_id).await?;
    work::stand_of(tx, &item, last.as_ref(), current.as_ref(), today).await
}

async fn write(
    tx: &DatabaseTransaction,
    who: &Principal,
    (item, number, module_number): (&review_item::Model, i32, i32),
    ruling: Ruling,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = review_decision::ActiveModel {
        id: Set(clock::new_id()),
        item_id: Set(item.id),
        number: Set(number),
        consequence: Set(ruling.consequence),
        note: Set(ruling.note),
        reviewer_id: Set(who.account_id),
        module_number: Set(module_number),
        at: Set(now),
    };
    let row = row.insert(tx).await?;
    let detail = json!({
        "decision": row.id, "consequence": row.consequence.to_value(), "module": item.module_id,
    });
    let (by, subject) = (Some(who.account_id), ("review_item", item.id));
    journal::act(tx, by, "review.decide", subject, detail, now).await
}

async fn last(tx: &DatabaseTransaction, item_id: Uuid) -> Result<Option<review_decision::Model>> {
    Ok(review_decision::Entity::find()
        .filter(review_decision::COLUMN.item_id.eq(item_id))
        .order_by_desc(review_decision::Column::Number)
        .limit(1)
        .one(tx)
        .await?)
}
