//! Whom a publication reaches: what is told of it, and what makes a preview outdated.

use super::*;

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

/// The draft of the version to come, written and reviewed.
async fn rewritten(tx: &DatabaseTransaction, team: &Team) -> Desk {
    let (desk, _) = draft::open_draft(tx, &team.trainer, &code("T1"), now()).await.expect("open");
    let text = kit::lesson("Le droit a changé.").into_bytes();
    let path = "lessons/01-essai.md";
    let desk = draft::put_file(tx, &team.trainer, desk, path, text, now()).await.expect("put");
    let desk = draft::submit(tx, &team.trainer, desk, now()).await.expect("submitted");
    judge(tx, &team.reviewer, &digest_of(&desk), Verdict::Accepted).await.expect("accepted")
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
    let desk = rewritten(&tx, &team).await;
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

#[test]
fn a_number_of_persons_under_the_threshold_is_not_told() {
    assert_eq!(Persons::told(0, 5), Persons::TooFew);
    assert_eq!(Persons::told(4, 5), Persons::TooFew);
    assert_eq!(Persons::told(5, 5), Persons::Count(5));
    assert_eq!(Persons::told(7, 10), Persons::TooFew);
}

#[test]
fn the_size_of_a_number_of_persons_doubles_from_the_threshold_on() {
    let band = |count, min| Persons::told(count, min).band(min);
    assert!((0..5).all(|count| band(count, 5).is_none()), "what is not told has no size");
    for (band_of, counts) in [(0, 5..10), (1, 10..20), (2, 20..40), (3, 40..80), (4, 80..160)] {
        assert!(counts.into_iter().all(|count| band(count, 5) == Some(band_of)), "{band_of}");
    }
    assert_eq!((band(11, 12), band(12, 12), band(24, 12)), (None, Some(0), Some(1)));
}

#[tokio::test]
async fn one_more_of_a_hundred_leaves_a_preview_as_it_is_and_ten_times_more_does_not() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let version = published(&tx, &team).await;
    let enrolled = async |count: usize| {
        for _ in 0..count {
            enrol(&tx, &version).await;
        }
    };
    enrolled(100).await;
    let desk = rewritten(&tx, &team).await;
    let before = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    enrolled(1).await;
    let after = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    assert_eq!((before.in_progress, after.in_progress), (Persons::Count(100), Persons::Count(101)));
    assert_eq!(before.digest, after.digest);
    enrolled(899).await;
    let stale = request(&before.digest);
    let stale = publish(&tx, &team.publisher, &code("T1"), stale, HOUSE, now()).await;
    assert_eq!(reason(stale), Some(Reason::PreviewOutdated));
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    enrolled(1).await;
    let go = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(go.expect("published").number, 2);
}
