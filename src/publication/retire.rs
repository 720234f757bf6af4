//! Taking a module out of the catalogue.
//!
//! Nothing is deleted: its versions stay, are read by number, and go on being learnt by those who have
//! begun. Publishing another version brings it back.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, Set};
use serde_json::json;

use super::schedule;
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::model::module_retirement;
use crate::catalogue::{draft, find, revision, version};
use crate::clock;
use crate::content::ModuleCode;
use crate::error::{self, Faults, Reason, Result};
use crate::journal;

/// Longest reason, in characters.
const REASON: usize = 1_000;

/// Retires a module after the version published now. Idempotent: a module that was retired stays so,
/// for the reason first given. The caller commits, then refreshes the shelf.
///
/// # Errors
/// `not-found` for a module out of reach, or of which nothing is published; `publication-scheduled`;
/// `invalid-values` for the reason.
pub async fn retire(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<module_retirement::Model> {
    let mut faults = Faults::default();
    faults.check_text(reason, "/reason", REASON);
    let module = find::by_code(tx, code).await?;
    policy::allow(who, Action::Publish, &Target::Provider(module.provider_id))?;
    faults.refuse()?;
    let module = version::lock_module(tx, module.id).await?;
    let latest = find::latest(tx, module.id).await?.ok_or(Reason::NotFound)?;
    // What is to come would bring it back without a word.
    if let Some(desk) = error::found(draft::lock(tx, who, Action::Publish, code).await)? {
        schedule::must_be_free(tx, desk.draft.id).await?;
    }
    let row = module_retirement::ActiveModel {
        id: Set(clock::new_id()),
        module_id: Set(module.id),
        after_number: Set(latest.number),
        reason: Set(reason.to_owned()),
        retired_by: Set(who.account_id),
        retired_at: Set(now),
    };
    use module_retirement::Column::{AfterNumber, ModuleId};
    let added = module_retirement::Entity::insert(row)
        .on_conflict(OnConflict::columns([ModuleId, AfterNumber]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if added > 0 {
        let (actor, detail) = (Some(who.account_id), json!({ "after": latest.number }));
        journal::act(tx, actor, "module.retire", ("module", module.id), detail, now).await?;
        revision::bump(tx).await?;
    }
    find::retirement(tx, &latest).await?.ok_or_else(|| Reason::Internal.into())
}
