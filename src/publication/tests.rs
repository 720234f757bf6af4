//! From a draft to a published version.

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

#[tokio::test]
async fn a_draft_goes_from_submission_to_publication_by_three_people() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let version = published(&tx, &team).await;
    assert_eq!((version.number, version.change_kind), (1, ChangeKind::First));
    assert_eq!(version.reviewed_by, Some(team.reviewer.account_id));
    assert_eq!(version.published_by, Some(team.publisher.account_id));
    let gone = draft::read(&tx, &team.trainer, &code("T1")).await;
    assert_eq!(reason(gone), Some(Reason::NotFound));
    let (desk, new) =
        draft::open_draft(&tx, &team.trainer, &code("T1"), now()).await.expect("the next draft");
    let reading = draft::reading(&tx, &desk, now().date_naive()).await.expect("reading");
    assert!(new && reading.tree.digest().to_string() == version.tree_digest);
}

#[tokio::test]
async fn whoever_wrote_neither_reviews_nor_publishes() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = submitted(&tx, &team.trainer).await;
    let digest = digest_of(&desk);
    let own = judge(&tx, &team.trainer, &digest, Verdict::Accepted).await;
    assert_eq!(reason(own), Some(Reason::AuthorCannotReview));
    let desk = judge(&tx, &team.reviewer, &digest, Verdict::Accepted).await.expect("accepted");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let own = publish(&tx, &team.trainer, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(own), Some(Reason::AuthorCannotPublish));
    publish(&tx, &team.reviewer, &code("T1"), request(&seen.digest), HOUSE, now())
        .await
        .expect("the reviewer may publish");
}

#[tokio::test]
async fn a_second_author_is_an_author_too() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let scope = Scope::Provider(desk.module.provider_id);
    let second = kit::someone(&tx, &[Role::Trainer, Role::Reviewer], scope).await;
    let text = kit::lesson("Une autre main.").into_bytes();
    let path = "lessons/02-suite.md";
    let desk = draft::put_file(&tx, &second, desk, path, text, now()).await.expect("put");
    let desk = draft::submit(&tx, &team.trainer, desk, now()).await.expect("submitted");
    let own = judge(&tx, &second, &digest_of(&desk), Verdict::Accepted).await;
    assert_eq!(reason(own), Some(Reason::AuthorCannotReview));
}

#[tokio::test]
async fn a_review_is_of_the_files_that_were_read() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let early = judge(&tx, &team.reviewer, "", Verdict::Accepted).await;
    assert_eq!(reason(early), Some(Reason::DraftNotSubmitted));
    let desk = draft::submit(&tx, &team.trainer, desk, now()).await.expect("submitted");
    let digest = digest_of(&desk);
    let other = judge(&tx, &team.reviewer, &"0".repeat(64), Verdict::Accepted).await;
    assert_eq!(reason(other), Some(Reason::PreviewOutdated));
    let desk = judge(&tx, &team.reviewer, &digest, Verdict::ChangesRequested).await.expect("back");
    assert_eq!(desk.draft.state, DraftState::Writing);
    let text = kit::lesson("Mieux dit.").into_bytes();
    let path = "lessons/01-essai.md";
    let desk = draft::put_file(&tx, &team.trainer, desk, path, text, now()).await.expect("thawed");
    let desk = draft::submit(&tx, &team.trainer, desk, now()).await.expect("submitted again");
    assert_ne!(digest_of(&desk), digest);
    assert_eq!(draft::reviews(&tx, desk.draft.id).await.expect("reviews").len(), 1);
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let early =
        publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(early), Some(Reason::DraftNotReviewed));
}

#[tokio::test]
async fn production_asks_for_a_legal_review() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = reviewed(&tx, &team).await;
    let house = House { production: true, ..HOUSE };
    let seen = preview(&tx, &desk, CHANGE, house, now()).await.expect("preview");
    let missing: Vec<_> = seen.checks.iter().filter(|c| c.stops()).map(|c| c.code).collect();
    assert_eq!(missing, ["legal-review"]);
    let refused =
        publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), house, now()).await;
    assert_eq!(reason(refused), Some(Reason::ContentFindings));
    assert_eq!(module_version::Entity::find().count(&tx).await.expect("count"), 0);
}

async fn enrol(tx: &DatabaseTransaction, version: &module_version::Model) -> (Uuid, Uuid) {
    let scope = Scope::National;
    let learner = kit::someone(tx, &[], scope).await;
    let row = enrolment::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(learner.person_id),
        module_id: Set(version.module_id),
        version_id: Set(version.id),
        capacity_id: Set(None),
        organisation_id: Set(None),
        cycle: Set(1),
        due_on: Set(None),
        time_zone: Set("Europe/Paris".to_owned()),
        enrolled_at: Set(now()),
        enrolled_by: Set(learner.account_id),
    };
    (row.insert(tx).await.expect("an enrolment").id, learner.person_id)
}

async fn complete(tx: &DatabaseTransaction, version: &module_version::Model, who: (Uuid, Uuid)) {
    let fact = NewFact {
        kind: FactKind::Completed,
        person_id: who.1,
        enrolment_id: Some(who.0),
        module_id: Some(version.module_id),
        version_id: Some(version.id),
        organisation_id: None,
        occurred_at: now(),
        recorded_by: None,
        natural_key: format!("completed:{}", who.0),
        supersedes_id: None,
        payload: json!({}),
    };
    append(tx, fact, now()).await.expect("a fact");
}

#[tokio::test]
async fn the_preview_counts_persons_under_secrecy_and_is_outdated_when_what_it_told_moves() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let version = published(&tx, &team).await;
    let mut learners = Vec::new();
    for _ in 0..9 {
        learners.push(enrol(&tx, &version).await);
    }
    for learner in &learners[..4] {
        complete(&tx, &version, *learner).await;
    }
    let (desk, _) = draft::open_draft(&tx, &team.trainer, &code("T1"), now()).await.expect("open");
    let text = kit::lesson("Le droit a changé.").into_bytes();
    let path = "lessons/01-essai.md";
    let desk = draft::put_file(&tx, &team.trainer, desk, path, text, now()).await.expect("put");
    let desk = draft::submit(&tx, &team.trainer, desk, now()).await.expect("submitted");
    let desk = judge(&tx, &team.reviewer, &digest_of(&desk), Verdict::Accepted).await.expect("ok");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    assert_eq!((seen.current, seen.next), (Some(1), 2));
    assert_eq!((seen.in_progress, seen.completed), (Persons::Count(5), Persons::TooFew));
    complete(&tx, &version, learners[4]).await;
    let stale =
        publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(stale), Some(Reason::PreviewOutdated));
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    assert_eq!((seen.in_progress, seen.completed), (Persons::TooFew, Persons::Count(5)));
    let legal = Change { kind: ChangeKind::Legal, due_in_months: Some(6) };
    let other = Request { change: legal, ..request(&seen.digest) };
    let stale = publish(&tx, &team.publisher, &code("T1"), other, HOUSE, now()).await;
    assert_eq!(reason(stale), Some(Reason::PreviewOutdated));
    let second = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now())
        .await
        .expect("published");
    assert_eq!((second.number, second.change_kind), (2, CHANGE.kind));
}

async fn attempt(db: Db, who: Principal, digest: String) -> Option<Reason> {
    let tx = db.begin_write().await.expect("tx");
    let result = publish(&tx, &who, &code("T1"), request(&digest), HOUSE, now()).await;
    if result.is_ok() {
        tx.commit().await.expect("commit");
    }
    reason(result)
}

#[tokio::test]
async fn of_two_publishers_at_once_one_wins_and_the_other_is_told() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = reviewed(&tx, &team).await;
    tx.commit().await.expect("commit");
    let seen = preview(db.read(), &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let (one, two) = tokio::join!(
        tokio::spawn(attempt(db.clone(), team.publisher.clone(), seen.digest.clone())),
        tokio::spawn(attempt(db.clone(), team.reviewer.clone(), seen.digest.clone())),
    );
    let mut outcomes = [one.expect("no panic"), two.expect("no panic")];
    outcomes.sort_by_key(Option::is_some);
    assert_eq!(outcomes, [None, Some(Reason::PreviewOutdated)]);
    let module = find::by_code(db.read(), &code("T1")).await.expect("module");
    assert_eq!(find::versions(db.read(), module.id, 10, None).await.expect("versions").len(), 1);
}

#[tokio::test]
async fn a_required_prerequisite_is_satisfiable_once_one_of_its_modules_is_published() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let asked = "[[prerequisite]]\nany_of = [\"P1\", \"P2\"]\nkind = \"required\"\n";
    let manifest = format!("{}{asked}", kit::manifest("T1")).into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = desk.expect("put");
    let holds = async |tx: &DatabaseTransaction| {
        let seen = preview(tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
        seen.checks.iter().find(|check| check.code == "prerequisites").expect("a line").holds
    };
    assert!(!holds(&tx).await);
    let folders = vec![("P2".to_owned(), kit::tree("P2", "Texte."))];
    let sound = import::check(folders, now().date_naive()).expect("sound");
    import::import(&tx, &sound, CHANGE.kind, now()).await.expect("imported");
    assert!(holds(&tx).await);
}

#[tokio::test]
async fn a_text_to_read_again_stops_a_publication_and_not_a_review() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let cited = "[[reference]]\nid = \"ria-4\"\ntext = \"RIA\"\ngrade = \"V\"\n\
                 verified_on = 2026-01-01\nsuperseded_by = \"Un autre\"\n";
    let manifest = format!("{}{cited}", kit::manifest("T1")).into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = draft::submit(&tx, &team.trainer, desk.expect("put"), now()).await;
    let digest = digest_of(&desk.expect("submitted"));
    let desk = judge(&tx, &team.reviewer, &digest, Verdict::Accepted).await.expect("accepted");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let broken: Vec<_> = seen.checks.iter().filter(|c| c.stops()).map(|c| c.code).collect();
    assert_eq!(broken, ["references"]);
    let go = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(go), Some(Reason::ContentFindings));
}

#[test]
fn every_line_of_the_checklist_blocks_by_itself() {
    let module = content::read(&kit::tree("T1", "Texte.")).expect("sound");
    let fine = Candidate {
        state: DraftState::Reviewed,
        findings: 0,
        dues: 0,
        reviewed_as_it_stands: true,
        legally_reviewed: false,
        module: Some(&module),
        change: CHANGE.kind,
        unknown_prerequisites: Vec::new(),
        circle: None,
        unchanged: false,
        production: false,
        declared: Declared::default(),
        today: now().date_naive(),
    };
    let refused = |c: &Candidate<'_>| reason(must_hold(c.state, &checklist(c)));
    assert_eq!(refused(&fine), None);
    let last_day = module.manifest.review_by;
    let too_late = Candidate { today: last_day, ..fine.clone() };
    assert_eq!(refused(&too_late), Some(Reason::ContentFindings));
    let text_due = Candidate { dues: 1, ..fine.clone() };
    assert_eq!(refused(&text_due), Some(Reason::ContentFindings));
    let unchanged = Candidate { unchanged: true, ..fine.clone() };
    assert_eq!(refused(&unchanged), Some(Reason::ContentFindings));
    let unknown = Candidate { unknown_prerequisites: vec![code("Z1")], ..fine.clone() };
    assert_eq!(refused(&unknown), Some(Reason::ContentFindings));
    let circle = Candidate { circle: Some(vec![code("T1"), code("Z1")]), ..fine.clone() };
    assert_eq!(refused(&circle), Some(Reason::ContentFindings));
    let law = Candidate { change: ChangeKind::Legal, ..fine.clone() };
    assert_eq!(refused(&law), Some(Reason::ContentFindings), "a change of the law is read by one");
    assert_eq!(refused(&Candidate { legally_reviewed: true, ..law }), None);
    let real = Candidate { production: true, ..fine.clone() };
    assert_eq!(refused(&real), Some(Reason::ContentFindings));
    assert_eq!(refused(&Candidate { legally_reviewed: true, ..real }), None);
    let unreviewed = Candidate { reviewed_as_it_stands: false, ..fine.clone() };
    assert_eq!(refused(&unreviewed), Some(Reason::DraftNotReviewed));
    let writing = Candidate { state: DraftState::Writing, ..fine };
    assert_eq!(refused(&writing), Some(Reason::DraftNotSubmitted));
}

#[test]
fn a_regime_stops_whoever_is_declared_under_it_and_advises_the_others() {
    let module = content::read(&kit::tree("T1", "Texte.")).expect("sound");
    let mut candidate = Candidate {
        state: DraftState::Reviewed,
        findings: 0,
        dues: 0,
        reviewed_as_it_stands: true,
        legally_reviewed: false,
        module: Some(&module),
        change: CHANGE.kind,
        unknown_prerequisites: Vec::new(),
        circle: None,
        unchanged: false,
        production: false,
        declared: Declared::default(),
        today: now().date_naive(),
    };
    let failing = |c: &Candidate<'_>| -> Vec<&str> {
        checklist(c).iter().filter(|check| !check.holds).map(|check| check.code).collect()
    };
    let stopping = |c: &Candidate<'_>| -> Vec<&str> {
        checklist(c).iter().filter(|check| check.stops()).map(|check| check.code).collect()
    };
    let advice = failing(&candidate);
    assert!(advice.contains(&"distance-assistance") && stopping(&candidate).is_empty());
    candidate.declared.regimes = vec![Regime::Distance];
    assert_eq!(stopping(&candidate), ["distance-assistance", "distance-durations"]);
    candidate.declared.contacts = vec![ContactKind::Distance];
    assert_eq!(stopping(&candidate), ["distance-durations"], "ten minutes are of no lesson");
    candidate.declared.regimes = vec![Regime::Qualiopi];
    assert_eq!(stopping(&candidate), ["qualiopi-1-disability"]);
    candidate.declared.regimes = vec![Regime::Lheo];
    assert_eq!(stopping(&candidate), ["lheo-activity-number", "lheo-siret", "lheo-address"]);
    candidate.declared.siret = true;
    candidate.declared.activity_number = true;
    candidate.declared.address = true;
    assert!(stopping(&candidate).is_empty());
}

#[test]
fn a_number_of_persons_under_the_threshold_is_not_told() {
    assert_eq!(Persons::told(0, 5), Persons::TooFew);
    assert_eq!(Persons::told(4, 5), Persons::TooFew);
    assert_eq!(Persons::told(5, 5), Persons::Count(5));
    assert_eq!(Persons::told(7, 10), Persons::TooFew);
}

#[tokio::test]
async fn required_prerequisites_that_would_go_round_in_a_circle_stop_a_publication() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let asking = |code: &str, other: &str| {
        format!(
            "{}[[prerequisite]]\nmodule = \"{other}\"\nkind = \"required\"\n",
            kit::manifest(code)
        )
    };
    published(&tx, &team).await;
    // P1 requires T1, and is published; T1 may not require P1 in its turn.
    let mut tree = kit::tree("P1", "Texte.");
    tree.remove("module.toml");
    tree.insert("module.toml", asking("P1", "T1").into_bytes()).expect("a path");
    let folders =
        vec![("T1".to_owned(), kit::tree("T1", "Voici une leçon.")), ("P1".to_owned(), tree)];
    let sound = import::check(folders, now().date_naive()).expect("sound");
    import::import(&tx, &sound, CHANGE.kind, now()).await.expect("imported");
    let (desk, _) = draft::open_draft(&tx, &team.trainer, &code("T1"), now()).await.expect("open");
    let manifest = asking("T1", "P1").into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = draft::submit(&tx, &team.trainer, desk.expect("put"), now()).await.expect("sent");
    let desk = judge(&tx, &team.reviewer, &digest_of(&desk), Verdict::Accepted).await.expect("ok");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let broken: Vec<_> = seen.checks.iter().filter(|c| c.stops()).collect();
    assert_eq!(broken.iter().map(|c| c.code).collect::<Vec<_>>(), ["prerequisites-circle"]);
    assert_eq!(broken[0].found.as_deref(), Some("T1 → P1 → T1"));
    let go = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(go), Some(Reason::ContentFindings));
}
