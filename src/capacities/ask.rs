//! Asking for an account. The answer, and the time that it takes, are the same whether the address is
//! known or not: what differs goes by mail, to whoever reads that mailbox.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction,
    EntityTrait, PaginatorTrait as _, QueryFilter, QuerySelect as _,
};
use serde_json::json;

use super::model::capacity_claim;
use super::tidy;
use crate::accounts::model::{LinkKind, account};
use crate::accounts::{invite, links};
use crate::clock;
use crate::config::TokenSettings;
use crate::error::{Faults, Result};
use crate::journal;
use crate::mail::model::{Template, mail_message};
use crate::mail::{self, Message};
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;
use crate::text;
use uuid::Uuid;

/// How long the same address is sent nothing more: asking again tells nothing new, and a mailbox is
/// not to be flooded by others.
const QUIET: Duration = Duration::minutes(10);

/// Longest function, in characters.
const LONGEST: usize = 120;

/// Who asks for an account, as what, where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The person.
    pub person: NewPerson,
    /// The organisation.
    pub organisation_id: Uuid,
    /// Its name, for the message.
    pub organisation: String,
    /// Élu or agent.
    pub kind: CapacityKind,
    /// Maire, secrétaire de mairie …
    pub function: Option<String>,
}

impl Request {
    /// Checks names, address and function.
    pub fn check(&self, faults: &mut Faults) {
        self.person.check(faults);
        if let Some(function) = &self.function {
            faults.check_text(function, "/function", LONGEST);
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A mail is on its way, or was just before.
    Done,
    /// Another process opens this very account: everything is to be rolled back and asked again.
    Again,
}

/// Takes a request for an account: a link to choose a password goes to an unknown address, another
/// message to whoever has an account. Of an account whose address was never proved nothing is worth
/// keeping: whoever asks last is the one whom the link names.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    tx: &DatabaseTransaction,
    request: &Request,
    tokens: &TokenSettings,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let name = text::sign_in_name(&request.person.address);
    let known = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(name))
        .lock_exclusive()
        .one(tx)
        .await?;
    match known {
        None => open(tx, request, tokens, now).await,
        Some(known) if known.disabled_at.is_some() => Ok(Asked::Done),
        Some(known) if tidy::is_unproved(tx, &known).await? => {
            if now - known.created_at < QUIET {
                return Ok(Asked::Done);
            }
            tidy::erase(tx, &known, now).await?;
            open(tx, request, tokens, now).await
        }
        Some(known) => tell_known(tx, &known, now).await,
    }
}

async fn open(
    tx: &DatabaseTransaction,
    request: &Request,
    tokens: &TokenSettings,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let Some(account) = invite::open_if_free(tx, &request.person, None, now).await? else {
        return Ok(Asked::Again);
    };
    let claim = capacity_claim::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(account.person_id),
        organisation_id: Set(request.organisation_id),
        kind: Set(request.kind),
        function: Set(request.function.as_deref().map(|text| text.trim().to_owned())),
        capacity_id: Set(None),
        claimed_at: Set(now),
    };
    let claim = claim.insert(tx).await?;
    let context = json!({ "organisation": request.organisation });
    links::send_with(tx, &account, (LinkKind::AccountRequest, context), tokens, now).await?;
    let detail = json!({
        "organisation": claim.organisation_id, "claim": claim.id, "kind": claim.kind.to_value(),
    });
    journal::act(tx, None, "account.ask", ("account", account.id), detail, now).await?;
    Ok(Asked::Done)
}

/// Tells somebody that an account was asked for with their address, unless they were just told.
async fn tell_known(
    tx: &DatabaseTransaction,
    known: &account::Model,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let told = mail_message::Entity::find()
        .filter(mail_message::COLUMN.person_id.eq(known.person_id))
        .filter(mail_message::Column::Template.eq(Template::AccountKnown))
        .filter(mail_message::COLUMN.created_at.gt(now - QUIET))
        .count(tx)
        .await?;
    if told == 0 {
        let message = Message {
            template: Template::AccountKnown,
            person_id: known.person_id,
            subject_id: None,
            context: json!({}),
            not_before: now,
            expires_at: now + Duration::days(2),
        };
        mail::enqueue(tx, message, now).await?;
    }
    Ok(Asked::Done)
}
