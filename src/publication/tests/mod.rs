//! From a draft to a published version.

mod checks;
mod reach;
mod steps;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::checklist::{Candidate, checklist, must_hold};
use super::preview::{Change, House, Persons, Preview, consider};
use super::publish::{Request, publish};
use super::regimes::Declared;
use super::review::{Opinion, review};
use crate::accounts::model::Role;
use crate::accounts::{Principal, Scope};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{ChangeKind, DraftState, ReviewKind, Verdict, module_version};
use crate::catalogue::tests::kit::{self, code, now, reason};
use crate::catalogue::{find, import};
use crate::clock;
use crate::db::Db;
use crate::enrolments::model::enrolment;
use crate::error::{Reason, Result};
use crate::providers::model::{ContactKind, Regime};
use crate::records::model::FactKind;
use crate::records::{NewFact, append};
use crate::{content, testing};

const HOUSE: House = House { production: false, min_persons: 5 };
const CHANGE: Change = Change { kind: ChangeKind::Substantive, due_in_months: None };

async fn preview(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    change: Change,
    house: House,
    now: DateTime<Utc>,
) -> Result<Preview> {
    Ok(consider(conn, desk, change, house, now).await?.preview)
}

struct Team {
    trainer: Principal,
    reviewer: Principal,
    publisher: Principal,
}

async fn team(tx: &DatabaseTransaction) -> Team {
    let scope = Scope::Provider(kit::maitrise(tx).await);
    Team {
        trainer: kit::someone(tx, &[Role::Trainer, Role::Reviewer, Role::Publisher], scope).await,
        reviewer: kit::someone(tx, &[Role::Reviewer, Role::Publisher], scope).await,
        publisher: kit::someone(tx, &[Role::Publisher], scope).await,
    }
}

async fn submitted(tx: &DatabaseTransaction, who: &Principal) -> Desk {
    let desk = kit::written(tx, who, "T1").await;
    draft::submit(tx, who, desk, now()).await.expect("submitted")
}

async fn judge(
    tx: &DatabaseTransaction,
    who: &Principal,
    digest: &str,
    verdict: Verdict,
) -> Result<Desk> {
    let opinion = Opinion {
        digest: digest.to_owned(),
        kind: ReviewKind::Pedagogical,
        verdict,
        comment: "Lu.".to_owned(),
        remarks: Vec::new(),
    };
    review(tx, who, &code("T1"), opinion, now()).await
}

fn digest_of(desk: &Desk) -> String {
    desk.draft.submitted_digest.clone().expect("submitted")
}

async fn reviewed(tx: &DatabaseTransaction, team: &Team) -> Desk {
    let desk = submitted(tx, &team.trainer).await;
    judge(tx, &team.reviewer, &digest_of(&desk), Verdict::Accepted).await.expect("accepted")
}

fn request(digest: &str) -> Request {
    Request { change: CHANGE, digest: digest.to_owned(), note: None }
}

async fn published(tx: &DatabaseTransaction, team: &Team) -> module_version::Model {
    let desk = reviewed(tx, team).await;
    let seen = preview(tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let request = request(&seen.digest);
    publish(tx, &team.publisher, &code("T1"), request, HOUSE, now()).await.expect("published")
}
