//! Who may read or review a draft without being of its provider: whom that provider asked, until it
//! is published or the request is withdrawn.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};

use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::model::{ReviewKind, draft, module, review_request};
use crate::error::{Reason, Result, found};

/// Asks the policy about the open draft of a module; looks for a request only where the scope alone
/// does not extend.
///
/// # Errors
/// `forbidden`, or `not-found` for a draft of another provider that asked nothing.
pub(super) async fn allow(
    conn: &impl ConnectionTrait,
    who: &Principal,
    action: Action,
    module: &module::Model,
) -> Result<()> {
    let own = policy::allow(who, action, &Target::Provider(module.provider_id));
    if found(own)?.is_some() {
        return Ok(());
    }
    if asked(conn, who, module).await?.is_none() {
        return Err(Reason::NotFound.into());
    }
    policy::allow(who, action, &Target::LentDraft(module.provider_id))
}

/// The review that somebody of another provider was asked for; none for those whose own scope extends
/// there, who review as they see fit.
///
/// # Errors
/// When the database fails.
pub async fn asked_for(
    conn: &impl ConnectionTrait,
    who: &Principal,
    module: &module::Model,
) -> Result<Option<ReviewKind>> {
    let own = policy::allow(who, Action::ReviewDraft, &Target::Provider(module.provider_id));
    if own.is_ok() {
        return Ok(None);
    }
    asked(conn, who, module).await
}

async fn asked(
    conn: &impl ConnectionTrait,
    who: &Principal,
    module: &module::Model,
) -> Result<Option<ReviewKind>> {
    let open = draft::Entity::find()
        .select_only()
        .column(draft::Column::Id)
        .filter(draft::COLUMN.module_id.eq(module.id))
        .filter(draft::COLUMN.closed_at.is_null())
        .into_query();
    let asked = review_request::Entity::find()
        .filter(review_request::COLUMN.account_id.eq(who.account_id))
        .filter(review_request::COLUMN.withdrawn_at.is_null())
        .filter(review_request::Column::DraftId.in_subquery(open));
    Ok(asked.one(conn).await?.map(|request| request.kind))
}
