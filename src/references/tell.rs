//! Telling those who answer for modules that they are to be reviewed: one message for each person and
//! round, however many items it found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::model::Cause;
use super::rules::{Citing, Due};
use crate::accounts::grants;
use crate::accounts::model::Role;
use crate::clock;
use crate::error::Result;
use crate::mail::model::Template;
use crate::mail::{self, Message};

/// How long the news is of use, in days: the page of work says it for longer.
const OF_USE_DAYS: i64 = 30;

/// Modules that a message names; the page of work names them all.
const NAMED: usize = 10;

/// Queues the messages about items that have just been written, for the trainers and reviewers of their
/// providers. Answers how many.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    items: &[(&Citing, Due)],
    now: DateTime<Utc>,
) -> Result<u64> {
    let providers: BTreeSet<Uuid> = items.iter().map(|(module, _)| module.provider_id).collect();
    if providers.is_empty() {
        return Ok(0);
    }
    let roles = [Role::Trainer, Role::Reviewer];
    let people = grants::people_of_providers(tx, &roles, &providers, now).await?;
    let mut of_person: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for (provider, person) in people {
        of_person.entry(person).or_default().insert(provider);
    }
    let reachable = mail::address::reachable(tx, of_person.keys().copied(), now).await?;
    of_person.retain(|person, _| reachable.contains(person));
    let messages: Vec<(Uuid, Message)> = of_person
        .into_iter()
        .map(|(person, providers)| {
            let theirs = items.iter().filter(|(module, _)| providers.contains(&module.provider_id));
            (clock::new_id(), message(person, theirs, now))
        })
        .collect();
    let count = messages.len() as u64;
    mail::enqueue_many(tx, messages, now).await?;
    Ok(count)
}

fn message<'i>(
    person_id: Uuid,
    items: impl Iterator<Item = &'i (&'i Citing, Due)>,
    now: DateTime<Utc>,
) -> Message {
    let mut modules: BTreeMap<&str, (&str, BTreeSet<&'static str>)> = BTreeMap::new();
    let mut count = 0_usize;
    for (module, due) in items {
        count += 1;
        let causes = &mut modules.entry(&module.code).or_insert((&module.title, BTreeSet::new())).1;
        causes.insert(why(due.cause));
    }
    let lines = modules.iter().take(NAMED).map(|(code, (title, causes))| {
        let causes: Vec<&str> = causes.iter().copied().collect();
        format!("    {code} : {title}\n      ({})", causes.join(" ; "))
    });
    let lines: Vec<String> = lines.collect();
    let more = modules.len().saturating_sub(NAMED);
    Message {
        template: Template::ToReview,
        person_id,
        subject_id: None,
        context: json!({
            "count": count.to_string(),
            "several": count > 1,
            "modules": lines.join("\n"),
            "more": if more == 0 { String::new() } else { more.to_string() },
        }),
        not_before: now,
        expires_at: now + Duration::days(OF_USE_DAYS),
    }
}

fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::Amended => "un texte cité a été modifié",
        Cause::Repealed => "un texte cité est abrogé ou remplacé",
        Cause::Ended => "un texte cité n'est plus en vigueur",
        Cause::CheckDue => "un texte cité est à relire",
        Cause::ReviewDue => "la date de relecture du module est passée",
    }
}
