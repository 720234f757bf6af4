//! Accepting an invitation: the élu enrols, by the verb of whoever enrols themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _};

use super::invitations::{answer, learner};
use super::model::InvitationAnswer;
use super::model::enrolment_invitation::Model;
use super::plan::Course;
use super::rows::Terms;
use crate::accounts::Principal;
use crate::catalogue::model::{module, path};
use crate::catalogue::paths::PathEdition;
use crate::catalogue::{Edition, Shelf};
use crate::enrolments::{self, Wish, paths, rules};
use crate::error::{Reason, Result};

/// What accepting takes, before anything is held.
#[derive(Debug)]
pub enum Applied {
    /// In a module.
    Module(Arc<Edition>, Result<Box<enrolments::Application>>),
    /// In a path.
    Path(Arc<PathEdition>, Result<Box<paths::Application>>),
}

/// Looks at what accepting takes. A due date that has passed meanwhile is asked of nobody.
///
/// # Errors
/// `not-found` or `module-retired` once it is no longer published.
pub async fn apply(
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    who: &Principal,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<Applied> {
    let learner = learner(who, row);
    match Course::of(shelf, conn, &terms(conn, row).await?).await? {
        Course::Module(edition) => {
            let today = rules::today(now, chrono_tz::UTC);
            let due_on = row.due_on.filter(|due_on| today < *due_on);
            let wish = Wish { due_on, through: None };
            let applied = enrolments::apply(conn, learner, &edition, wish, now).await;
            Ok(Applied::Module(edition, applied.map(Box::new)))
        }
        Course::Path(edition) => {
            let applied = paths::apply(conn, learner, &edition, now).await;
            Ok(Applied::Path(edition, applied.map(Box::new)))
        }
    }
}

/// Accepts an invitation that is held, as applied for.
///
/// # Errors
/// Those of the application.
pub async fn accept(
    tx: &DatabaseTransaction,
    who: &Principal,
    held: Model,
    applied: Applied,
    now: DateTime<Utc>,
) -> Result<Model> {
    if held.answer.is_some() {
        return Ok(held);
    }
    let learner = learner(who, &held);
    let enrolment_id = match applied {
        Applied::Module(edition, applied) => {
            let applied = applied.map(|application| *application);
            enrolments::enrol(tx, learner, &edition, applied, now).await?.row.id
        }
        Applied::Path(edition, applied) => {
            let applied = applied.map(|application| *application);
            paths::enrol(tx, learner, &edition, applied, now).await?.row.id
        }
    };
    answer(tx, held, (InvitationAnswer::Accepted, Some(enrolment_id)), now).await
}

/// What an invitation is about, by its code.
async fn terms(conn: &impl ConnectionTrait, row: &Model) -> Result<Terms> {
    let mut terms = Terms { module: None, path: None, due_on: None, by: String::new() };
    if let Some(id) = row.module_id {
        let found = module::Entity::find_by_id(id).one(conn).await?;
        terms.module = Some(found.ok_or(Reason::Internal)?.code);
    } else if let Some(id) = row.path_id {
        let found = path::Entity::find_by_id(id).one(conn).await?;
        terms.path = Some(found.ok_or(Reason::Internal)?.code);
    }
    Ok(terms)
}
