//! What was decided about some rows, written in one transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::model::enrolment_invitation;
use super::plan::{Act, Course, Order, Planned};
use super::{invitations, plan};
use crate::catalogue::Edition;
use crate::enrolments::{self, Application, Enrolled, many, paths};
use crate::error::{Reason, Result};
use crate::jobs::RowDone;
use crate::records::{self, State};

/// Rows that are written together, in one transaction: some tens of milliseconds.
const TOGETHER: usize = 250;

/// Rows that take statements of their own, in one transaction.
const BY_ONE: usize = 25;

/// Rows cut so that each transaction is short: what is written together first, then what is written one
/// by one.
pub fn in_turns(planned: Vec<Planned>) -> Vec<Vec<Planned>> {
    let (mut together, mut by_one) = (Vec::new(), Vec::new());
    for row in planned {
        match row.act {
            Act::Again(_) | Act::Follow(_) => by_one.push(row),
            Act::Nothing(..) | Act::First(_) | Act::Invite(_) => together.push(row),
        }
    }
    let mut turns = Vec::new();
    for (mut rows, most) in [(together, TOGETHER), (by_one, BY_ONE)] {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(most));
            turns.push(std::mem::replace(&mut rows, rest));
        }
    }
    // A part without a row is done all the same: the cursor moves on.
    if turns.is_empty() {
        turns.push(Vec::new());
    }
    turns
}

/// Does what was decided about some rows; answers what became of each.
///
/// # Errors
/// When the database fails.
pub async fn apply(
    tx: &DatabaseTransaction,
    order: &Order,
    planned: Vec<Planned>,
    now: DateTime<Utc>,
) -> Result<Vec<RowDone>> {
    let mut done = Vec::with_capacity(planned.len());
    let (mut firsts, mut invited) = (BTreeMap::new(), BTreeMap::new());
    for Planned { number, person_id, act } in planned {
        let (outcome, detail, thing_id) = match act {
            Act::Nothing(outcome, detail, thing) => (outcome, detail, thing),
            Act::First(application) => {
                firsts.insert(number, *application);
                continue;
            }
            Act::Invite(invitation) => {
                invited.insert(number, *invitation);
                continue;
            }
            Act::Again(application) => {
                let (outcome, id) = again(tx, order, *application, now).await?;
                (outcome, None, Some(id))
            }
            Act::Follow(application) => {
                let (outcome, id) = follow(tx, order, person_id, *application, now).await?;
                (outcome, None, Some(id))
            }
        };
        done.push(RowDone { number, outcome, detail, person_id, thing_id });
    }
    done.extend(enrol_firsts(tx, order, firsts, now).await?);
    done.extend(invite(tx, order, invited, now).await?);
    Ok(done)
}

/// Those who enrol for the first time, together; who has enrolled meanwhile is told so.
async fn enrol_firsts(
    tx: &DatabaseTransaction,
    order: &Order,
    firsts: BTreeMap<i32, Application>,
    now: DateTime<Utc>,
) -> Result<Vec<RowDone>> {
    if firsts.is_empty() {
        return Ok(Vec::new());
    }
    let edition = module(order)?;
    let applications = firsts.values().cloned().collect();
    let opened = many::enrol_first(tx, edition, applications, now).await?;
    let mut done = Vec::with_capacity(firsts.len());
    for (number, application) in firsts {
        let (person_id, id) = (application.person_id(), application.id());
        let (outcome, id) = match opened.contains(&id) {
            true => ("enrolled", id),
            false => again(tx, order, application, now).await?,
        };
        let (person_id, thing_id) = (Some(person_id), Some(id));
        done.push(RowDone { number, outcome, detail: None, person_id, thing_id });
    }
    Ok(done)
}

/// One who has begun the module before: by the verb of those who enrol themselves.
async fn again(
    tx: &DatabaseTransaction,
    order: &Order,
    application: Application,
    now: DateTime<Utc>,
) -> Result<(&'static str, Uuid)> {
    let learner = order.learner(application.person_id());
    let enrolled = enrolments::enrol(tx, learner, module(order)?, Ok(application), now).await?;
    let Enrolled { row, facts, new } = enrolled;
    let outcome = match (new, records::recorded(&facts).state) {
        (true, _) => "enrolled",
        (false, State::Completed) => "completed",
        (false, _) => "already",
    };
    Ok((outcome, row.id))
}

async fn follow(
    tx: &DatabaseTransaction,
    order: &Order,
    person_id: Option<Uuid>,
    application: paths::Application,
    now: DateTime<Utc>,
) -> Result<(&'static str, Uuid)> {
    let Course::Path(edition) = &order.course else { return Err(Reason::Internal.into()) };
    let learner = order.learner(person_id.ok_or(Reason::Internal)?);
    let enrolled = paths::enrol(tx, learner, edition, Ok(application), now).await?;
    Ok((if enrolled.new { "enrolled" } else { "already" }, enrolled.row.id))
}

async fn invite(
    tx: &DatabaseTransaction,
    order: &Order,
    invited: BTreeMap<i32, enrolment_invitation::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<RowDone>> {
    let sent = invitations::send(tx, order, invited.values().cloned().collect(), now).await?;
    let done = invited.into_iter().map(|(number, row)| {
        let (outcome, thing_id) = match sent.contains(&row.id) {
            true => ("invited", Some(row.id)),
            false => ("already_invited", None),
        };
        RowDone { number, outcome, detail: None, person_id: Some(row.person_id), thing_id }
    });
    Ok(done.collect())
}

fn module(order: &Order) -> Result<&Edition> {
    match &order.course {
        plan::Course::Module(edition) => Ok(edition),
        plan::Course::Path(_) => Err(Reason::Internal.into()),
    }
}
