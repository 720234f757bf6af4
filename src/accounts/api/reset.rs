//! Asking for a link to choose another password: the same limits, the same time and the same answer
//! for the API and the page, whether the account exists or not.

use std::net::IpAddr;
use std::time::Duration;

use sea_orm::{EntityTrait as _, QueryFilter as _};

use crate::accounts::links;
use crate::accounts::model::{LinkKind, account};
use crate::app::App;
use crate::error::Result;
use crate::text;

/// What asking takes, longer than writing the mail does: only a database that struggles could tell
/// whether the account exists.
const PACE: Duration = Duration::from_millis(50);

/// Sends a link by mail to whoever signs in with this name, if anybody does.
///
/// # Errors
/// `too-many-requests` when the name or the address asked too often.
pub(crate) async fn ask(app: &App, address: IpAddr, login: &str) -> Result<()> {
    let (name, now) = (text::sign_in_name(login), app.clock.now());
    app.sign_in_limits.count(&name, address, now)?;
    // Begun before the account is looked for, so that the answer takes as long without one.
    let pace = tokio::time::sleep(PACE);
    let tx = app.db.begin_write().await?;
    let known = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(name))
        .one(&tx)
        .await?
        .filter(|a| a.disabled_at.is_none());
    if let Some(account) = known {
        links::send(&tx, &account, LinkKind::PasswordReset, &app.settings.tokens, now).await?;
    }
    tx.commit().await?;
    pace.await;
    Ok(())
}
