//! From a folder to the application: a module that was imported is edited there from now on.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};
use serde_json::json;

use super::model::{Origin, module};
use super::{find, version};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::content::ModuleCode;
use crate::error::Result;
use crate::journal;

/// Adopts a module: drafts may be opened, and an import leaves it alone from now on. Once is enough;
/// there is no way back, since files would overwrite what was written here.
///
/// # Errors
/// `forbidden`, or `not-found` for a module that is unknown or another provider's.
pub async fn adopt(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    now: DateTime<Utc>,
) -> Result<module::Model> {
    let module = find::by_code(tx, code).await?;
    policy::allow(who, Action::Publish, &Target::Provider(module.provider_id))?;
    let module = version::lock_module(tx, module.id).await?;
    if module.origin == Origin::Api {
        return Ok(module);
    }
    let (author, subject) = (Some(who.account_id), ("module", module.id));
    journal::act(tx, author, "module.adopt", subject, json!({ "code": code }), now).await?;
    let mut row: module::ActiveModel = module.into();
    row.origin = Set(Origin::Api);
    Ok(row.update(tx).await?)
}
