//! Publications to come that break off: tried again, starving nobody, then given up and said so.

use chrono::{DateTime, Duration, Utc};
use maitrise::catalogue::model::{ChangeKind, DraftState, draft, draft_file, module};
use maitrise::mail::model::{Template, mail_message};
use maitrise::publication::model::{ScheduleState, scheduled_publication};
use maitrise::publication::publish_due;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::json;

use super::{HOUSE, Press};

/// Makes a file of a draft one that is kept nowhere: reading it fails, and no one is at fault.
async fn lose_a_file(press: &Press, draft_id: sea_orm::prelude::Uuid) {
    let tx = press.world.app.db.begin_write().await.expect("a transaction");
    let lost = draft_file::Entity::update_many()
        .col_expr(draft_file::Column::BlobDigest, Expr::value("0".repeat(64)))
        .filter(draft_file::COLUMN.draft_id.eq(draft_id))
        .filter(draft_file::Column::Path.eq("module.toml"))
        .exec(&tx)
        .await;
    assert_eq!(lost.expect("an update").rows_affected, 1);
    tx.commit().await.expect("a commit");
}

/// Drafts whose publication is to come at that instant, and of which a file is lost.
async fn broken(press: &Press, count: usize, at: DateTime<Utc>) {
    for nth in 0..count {
        let code = format!("CASSE-{nth}");
        press.write(&code, "").await;
        let db = press.world.app.db.read();
        let module = module::Entity::find().filter(module::COLUMN.code.eq(code)).one(db).await;
        let module = module.expect("modules").expect("a module");
        let draft = draft::Entity::find().filter(draft::COLUMN.module_id.eq(module.id)).one(db);
        let draft = draft.await.expect("drafts").expect("a draft");
        lose_a_file(press, draft.id).await;
        let row = scheduled_publication::ActiveModel {
            id: Set(maitrise::clock::new_id()),
            draft_id: Set(draft.id),
            tree_digest: Set("0".repeat(64)),
            change_kind: Set(ChangeKind::Substantive),
            due_in_months: Set(None),
            note: Set(None),
            at: Set(at),
            state: Set(ScheduleState::Scheduled),
            scheduled_by: Set(press.publisher.account_id),
            scheduled_at: Set(at),
            settled_at: Set(None),
            failed_checks: Set(None),
            failures: Set(None),
            retry_at: Set(None),
        };
        let tx = press.world.app.db.begin_write().await.expect("a transaction");
        row.insert(&tx).await.expect("a schedule");
        tx.commit().await.expect("a commit");
    }
}

async fn states(press: &Press, state: ScheduleState) -> Vec<scheduled_publication::Model> {
    scheduled_publication::Entity::find()
        .filter(scheduled_publication::Column::State.eq(state))
        .all(press.world.app.db.read())
        .await
        .expect("schedules")
}

#[tokio::test]
async fn what_breaks_off_is_tried_again_starves_nobody_and_is_given_up_and_told() {
    let press = Press::new().await;
    // As many as one round takes, all due before the one that is sound.
    broken(&press, 20, press.world.app.clock.now() + Duration::minutes(1)).await;
    press.write("SAINE", "").await;
    press.accepted("SAINE").await;
    let mut request = press.request("SAINE", "substantive").await;
    request["at"] = json!(press.world.app.clock.now() + Duration::minutes(2));
    press.publish("SAINE", &request).await.expect(202);
    press.world.app.clock.advance(Duration::minutes(3));
    let round = async |press: &Press| {
        publish_due(&press.world.app.db, HOUSE, press.world.app.clock.now()).await
    };
    round(&press).await.expect_err("a round full of what is broken");
    assert_eq!(round(&press).await.expect("the sound one"), 1, "nothing else is tried at once");
    assert_eq!(states(&press, ScheduleState::Published).await.len(), 1);
    for pause in [1, 2, 4] {
        press.world.app.clock.advance(Duration::minutes(pause));
        round(&press).await.expect_err("broken still");
        assert_eq!(states(&press, ScheduleState::Scheduled).await.len(), 20, "{pause}");
    }
    press.world.app.clock.advance(Duration::minutes(8));
    round(&press).await.expect_err("for the last time");
    let failed = states(&press, ScheduleState::Failed).await;
    assert_eq!(failed.len(), 20);
    assert!(failed.iter().all(|row| row.failed_checks.as_deref() == Some("interrupted")));
    assert_eq!(round(&press).await.expect("nothing is left to do"), 0);
    let mail = mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::PublicationFailed))
        .all(press.world.app.db.read())
        .await
        .expect("mail");
    assert_eq!(mail.len(), 20, "each told once");
    assert!(mail.iter().all(|one| one.person_id == press.publisher.person_id));
    let drafts = failed.iter().map(|row| row.draft_id);
    let drafts = draft::Entity::find().filter(draft::COLUMN.id.is_in(drafts));
    let drafts = drafts.all(press.world.app.db.read()).await.expect("drafts");
    let writing = drafts.iter().filter(|draft| draft.state == DraftState::Writing).count();
    assert_eq!(writing, 20, "where they can be mended");
}
