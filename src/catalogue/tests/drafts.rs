//! Writing drafts.

use super::kit::{self, code, now, reason};
use crate::accounts::model::Role;
use crate::accounts::policy::Action;
use crate::accounts::{Principal, Scope};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{ChangeKind, DraftState};
use crate::db::Db;
use crate::error::{Error, Reason};
use crate::testing;
use sea_orm::DatabaseTransaction;

async fn begin(db: &Db) -> (DatabaseTransaction, Principal) {
    let tx = db.begin_write().await.expect("tx");
    let provider = kit::maitrise(&tx).await;
    let trainer = kit::someone(&tx, &[Role::Trainer], Scope::Provider(provider)).await;
    (tx, trainer)
}

async fn put(tx: &DatabaseTransaction, who: &Principal, desk: Desk, path: &str) -> Option<Reason> {
    reason(draft::put_file(tx, who, desk, path, b"x".to_vec(), now()).await)
}

#[tokio::test]
async fn a_draft_is_written_read_and_submitted_under_its_digest() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    assert_eq!(desk.draft.revision, 4);
    let bytes = draft::read_file(&tx, &desk.draft, "quiz/01-quiz.toml").await.expect("a file");
    assert_eq!(bytes, draft::DraftFile::Text(kit::quiz().into_bytes()));
    let before = desk.stamp();
    let desk = draft::submit(&tx, &trainer, desk, now()).await.expect("submitted");
    assert_ne!(before, desk.stamp());
    assert_eq!(desk.draft.state, DraftState::Submitted);
    let digest = kit::tree("T1", "Voici une leçon.").digest().to_string();
    assert_eq!(desk.draft.submitted_digest, Some(digest));
    let frozen = put(&tx, &trainer, desk.clone(), "lessons/02-suite.md").await;
    assert_eq!(frozen, Some(Reason::DraftFrozen));
    let again = draft::submit(&tx, &trainer, desk, now()).await;
    assert_eq!(reason(again), Some(Reason::DraftFrozen));
}

#[tokio::test]
async fn a_draft_with_findings_is_not_submitted_and_each_is_listed() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    let broken = kit::lesson("<script>alert(1)</script>\n\n#### Trop profond");
    let path = "lessons/01-essai.md";
    let desk = draft::put_file(&tx, &trainer, desk, path, broken.into_bytes(), now()).await;
    let refused = draft::submit(&tx, &trainer, desk.expect("a draft may be wrong"), now()).await;
    let Err(Error::Refused(refusal)) = refused else { panic!("submitted") };
    assert_eq!(refusal.reason, Reason::ContentFindings);
    assert!(refusal.faults.iter().any(|f| f.at == "lessons/01-essai.md:7"), "{refusal:?}");
}

#[tokio::test]
async fn a_draft_speaks_for_its_own_module_only() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    let other = kit::manifest("T2").into_bytes();
    let desk = draft::put_file(&tx, &trainer, desk, "module.toml", other, now()).await;
    let refused = draft::submit(&tx, &trainer, desk.expect("put"), now()).await;
    assert_eq!(reason(refused), Some(Reason::ContentFindings));
}

#[tokio::test]
async fn paths_that_no_tree_may_hold_are_refused() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    for path in ["../../etc/passwd", "/etc/passwd", "", "a//b", "MODULE.toml", "a\0b", "é.md"] {
        let refused = put(&tx, &trainer, desk.clone(), path).await;
        assert_eq!(refused, Some(Reason::InvalidValues), "{path:?}");
    }
    for path in ["lessons/99-absent.md", "a\0b", "' OR 1=1 --"] {
        let read = draft::read_file(&tx, &desk.draft, path).await;
        assert_eq!(reason(read), Some(Reason::NotFound), "{path:?}");
        let deleted = draft::delete_file(&tx, &trainer, desk.clone(), path, now()).await;
        assert_eq!(reason(deleted), Some(Reason::NotFound), "{path:?}");
    }
}

#[tokio::test]
async fn another_provider_s_drafts_do_not_exist_and_a_learner_may_not_look() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    kit::written(&tx, &trainer, "T1").await;
    let elsewhere = Scope::Provider(crate::clock::new_id());
    for role in [Role::Trainer, Role::Reviewer, Role::Publisher, Role::Auditor] {
        let other = kit::someone(&tx, &[role], elsewhere).await;
        let read = draft::read(&tx, &other, &code("T1")).await;
        assert_eq!(reason(read), Some(Reason::NotFound), "{role:?}");
    }
    let other = kit::someone(&tx, &[Role::Trainer], elsewhere).await;
    let locked = draft::lock(&tx, &other, Action::WriteDraft, &code("T1")).await;
    assert_eq!(reason(locked), Some(Reason::NotFound));
    let taken = draft::create_module(&tx, &other, &code("T9"), "local:maitrise", now()).await;
    assert_eq!(reason(taken), Some(Reason::NotFound));
    let unknown = draft::create_module(&tx, &other, &code("T9"), "local:a\0", now()).await;
    assert_eq!(reason(unknown), Some(Reason::NotFound));
    let learner = kit::someone(&tx, &[], elsewhere).await;
    let read = draft::read(&tx, &learner, &code("T1")).await;
    assert_eq!(reason(read), Some(Reason::Forbidden));
    let auditor = kit::someone(&tx, &[Role::Auditor], Scope::National).await;
    assert!(draft::read(&tx, &auditor, &code("T1")).await.is_ok());
}

#[tokio::test]
async fn a_code_is_taken_once_and_files_are_edited_in_their_folder() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    let again = draft::create_module(&tx, &trainer, &code("T1"), "local:maitrise", now()).await;
    assert_eq!(reason(again), Some(Reason::ModuleCodeTaken));
    let (same, new) = draft::open_draft(&tx, &trainer, &code("T1"), now()).await.expect("open");
    assert_eq!((same.draft.id, new), (desk.draft.id, false));
    let folders = [("T2".to_owned(), kit::tree("T2", "Texte."))];
    kit::imported(&tx, &folders, ChangeKind::Editorial).await;
    let refused = draft::open_draft(&tx, &trainer, &code("T2"), now()).await;
    assert_eq!(reason(refused), Some(Reason::ModuleFromFiles));
}

#[tokio::test]
async fn what_is_due_is_shown_on_a_draft_and_does_not_stop_its_submission() {
    let (_folder, db) = testing::database().await;
    let (tx, trainer) = begin(&db).await;
    let desk = kit::written(&tx, &trainer, "T1").await;
    let late = now() + chrono::Duration::days(200);
    let reading = draft::reading(&tx, &desk, late.date_naive()).await.expect("read");
    assert!(reading.content.is_some());
    assert_eq!(reading.findings.len(), 1);
    assert_eq!(reading.findings[0].severity, crate::content::Severity::Due);
    assert!(draft::submit(&tx, &trainer, desk, late).await.is_ok());
}
