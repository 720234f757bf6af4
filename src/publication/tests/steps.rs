//! Submission, review, publication: by whom, and of which files.

use super::*;

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
