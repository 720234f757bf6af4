//! Asking somebody of another provider to review a draft: a provider with one trainer has nobody else.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ColumnTrait as _, Condition, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::model::account;
use crate::accounts::policy::Action;
use crate::accounts::{Principal, grants};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::find;
use crate::catalogue::model::{ReviewKind, review_request};
use crate::catalogue::workbench;
use crate::clock;
use crate::content::ModuleCode;
use crate::error::{Reason, Refusal, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::mail::{self, Message};
use crate::text;

/// How long the message that asks is worth sending.
const WORTH: Duration = Duration::days(30);

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// An account.
    Account(Uuid),
    /// The account of a person.
    Person(Uuid),
    /// The account that signs in under exactly that name.
    Login(String),
}

/// Asks an account that reviews at another provider to review the open draft of a module; it is told by
/// mail, once. Idempotent: an account already asked stays asked as it was. Answers whether it is new.
///
/// # Errors
/// `not-found` for a draft out of reach; `not-a-reviewer` for an account that reviews at no other
/// provider, or that there is not; `author-cannot-review` for one that wrote in the draft.
pub async fn ask(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    (asked, kind): (Asked, ReviewKind),
    now: DateTime<Utc>,
) -> Result<(review_request::Model, bool)> {
    let desk = draft::lock(tx, who, Action::AskReview, code).await?;
    let provider = desk.module.provider_id;
    let reviewer = grants::reviewer_elsewhere(tx, by(asked), provider, now).await?;
    let reviewer = reviewer.ok_or_else(nobody)?;
    let account_id = reviewer.id;
    if draft::authors(tx, &desk.draft).await?.contains(&account_id) {
        return Err(Reason::AuthorCannotReview.into());
    }
    if let Some(asked) = standing(tx, desk.draft.id, account_id).await? {
        return Ok((asked, false));
    }
    let row = review_request::ActiveModel {
        id: Set(clock::new_id()),
        draft_id: Set(desk.draft.id),
        account_id: Set(account_id),
        kind: Set(kind),
        asked_by: Set(who.account_id),
        asked_at: Set(now),
        withdrawn_at: Set(None),
        withdrawn_by: Set(None),
    };
    let row = row.insert(tx).await?;
    let (actor, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({ "account": account_id, "kind": kind.to_value() });
    journal::act(tx, actor, "draft.ask_review", subject, detail, now).await?;
    tell(tx, &desk, reviewer.person_id, &row, now).await?;
    Ok((row, true))
}

/// The requests of an open draft, latest first, withdrawn ones included, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn of_draft(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
) -> Result<Vec<review_request::Model>> {
    Ok(review_request::Entity::find()
        .filter(review_request::COLUMN.draft_id.eq(draft_id))
        .order_by_desc(review_request::Column::Id)
        .limit(200)
        .all(conn)
        .await?)
}

/// Withdraws what was asked of an account; the draft does not exist for it any more. Idempotent.
///
/// # Errors
/// `not-found` for a draft out of reach, or an account that was never asked.
pub async fn withdraw(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let desk = draft::lock(tx, who, Action::AskReview, code).await?;
    let Some(asked) = standing(tx, desk.draft.id, account_id).await? else {
        let ever = of_draft(tx, desk.draft.id).await?;
        let known = ever.iter().any(|request| request.account_id == account_id);
        return if known { Ok(()) } else { Err(Reason::NotFound.into()) };
    };
    let mut row: review_request::ActiveModel = asked.into();
    row.withdrawn_at = Set(Some(now));
    row.withdrawn_by = Set(Some(who.account_id));
    row.update(tx).await?;
    let (actor, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({ "account": account_id });
    journal::act(tx, actor, "draft.withdraw_review_request", subject, detail, now).await
}

/// What is asked of an account about a draft now.
async fn standing(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
    account_id: Uuid,
) -> Result<Option<review_request::Model>> {
    Ok(review_request::Entity::find()
        .filter(review_request::COLUMN.draft_id.eq(draft_id))
        .filter(review_request::COLUMN.account_id.eq(account_id))
        .filter(review_request::COLUMN.withdrawn_at.is_null())
        .one(conn)
        .await?)
}

async fn tell(
    tx: &DatabaseTransaction,
    desk: &Desk,
    person_id: Uuid,
    asked: &review_request::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let names = find::names(tx, [desk.module.id]).await?;
    let written = workbench::titles(tx, vec![desk.draft.id]).await?.remove(&desk.draft.id);
    let published = names.get(&desk.module.id).map_or("", |name| name.title.as_str());
    let title = written.as_deref().unwrap_or(published);
    let message = Message {
        template: Template::ReviewAsked,
        person_id,
        subject_id: Some(asked.id),
        context: json!({
            "module_code": desk.module.code, "module_title": title, "kind": asked.kind.to_value(),
        }),
        not_before: now,
        expires_at: now + WORTH,
    };
    mail::enqueue(tx, message, now).await?;
    Ok(())
}

fn by(asked: Asked) -> Condition {
    match asked {
        Asked::Account(id) => Condition::all().add(account::Column::Id.eq(id)),
        Asked::Person(id) => Condition::all().add(account::Column::PersonId.eq(id)),
        Asked::Login(name) => {
            Condition::all().add(account::COLUMN.sign_in_name.eq(text::sign_in_name(&name)))
        }
    }
}

/// The same for an account that there is not: who has one is not told here.
fn nobody() -> crate::error::Error {
    Refusal::new(Reason::NotAReviewer)
        .because(
            "Demandez à un compte qui a le rôle de relecteur chez un autre fournisseur ; le vôtre relit sans qu’on le lui demande.",
            "Ask an account that holds the role of reviewer at another provider; one of yours reviews without being asked.",
        )
        .into()
}
