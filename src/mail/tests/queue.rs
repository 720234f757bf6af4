//! The queue against a real database: claims, leases, outcomes.

use chrono::Duration;

use super::{claimed, lease, now, person, queued, row};
use crate::mail::model::{MailState, Template};
use crate::mail::queue::{self, Depth, Outcome, claim, finish, hand_over};
use crate::testing::database;

#[tokio::test]
async fn two_workers_never_hold_the_same_message() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    for _ in 0..30 {
        queued(&db, Template::Reminder, who).await;
    }
    let claims = (0..6).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { claimed(&db, now()).await })
    });
    let mut ids = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        ids.extend(claim.await.expect("no panic").into_iter().map(|m| m.id));
    }
    ids.extend(claimed(&db, now()).await.into_iter().map(|m| m.id));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (30, 30));
}

#[tokio::test]
async fn a_claim_that_lapsed_comes_back_unless_it_was_handed_over() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    let (kept, given) =
        (queued(&db, Template::Reminder, who).await, queued(&db, Template::Reminder, who).await);
    let both = claimed(&db, now()).await;
    let given_row = both.iter().find(|m| m.id == given).expect("claimed").clone();
    let kept_row = both.iter().find(|m| m.id == kept).expect("claimed").clone();
    let handed = hand_over(&db, given_row.clone(), now(), lease()).await.expect("noted");
    let handed = handed.expect("ours");
    assert!(hand_over(&db, given_row, now(), lease()).await.expect("asked").is_none(), "once");
    assert!(claimed(&db, now() + Duration::seconds(119)).await.is_empty(), "still leased");
    let again = claimed(&db, now() + lease()).await;
    assert_eq!(again.iter().map(|m| m.id).collect::<Vec<_>>(), [kept]);
    let unknown = row(&db, given).await;
    assert_eq!((unknown.state, unknown.attempts), (MailState::Unknown, 1));
    assert!(unknown.finished_at.is_some() && unknown.last_error.is_some());
    // The first worker was late, not dead: it may not send what another holds, and it does know
    // what became of the message it had handed over.
    assert!(hand_over(&db, kept_row.clone(), now(), lease()).await.expect("asked").is_none());
    let lost = finish(&db, &kept_row, Outcome::Sent, 8, now()).await.expect("asked");
    assert_eq!(lost, None);
    let told = finish(&db, &handed, Outcome::Sent, 8, now()).await.expect("told");
    assert_eq!(told, Some(MailState::Sent));
    assert_eq!(row(&db, given).await.state, MailState::Sent);
}

#[tokio::test]
async fn transient_failures_wait_longer_each_time_then_give_up() {
    let (_dir, db) = database().await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    let mut at = now();
    for pause in [1, 2] {
        let message = claimed(&db, at).await.remove(0);
        let message = hand_over(&db, message, at, lease()).await.expect("noted").expect("ours");
        let retry = Outcome::Retry("SMTP 451".to_owned());
        let state = finish(&db, &message, retry, 3, at).await.expect("recorded");
        assert_eq!(state, Some(MailState::Queued));
        at += Duration::minutes(pause);
        assert_eq!(row(&db, id).await.not_before, at);
        assert!(claimed(&db, at - Duration::seconds(1)).await.is_empty());
    }
    let message = claimed(&db, at).await.remove(0);
    let message = hand_over(&db, message, at, lease()).await.expect("noted").expect("ours");
    let retry = Outcome::Retry("SMTP 451".to_owned());
    assert_eq!(finish(&db, &message, retry, 3, at).await.expect("told"), Some(MailState::Failed));
    assert_eq!(
        row(&db, id).await.last_error.as_deref(),
        Some("given up after 3 attempts: SMTP 451")
    );
}

#[tokio::test]
async fn a_relay_that_is_down_for_hours_costs_no_message_its_life() {
    let (_dir, db) = database().await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    let mut at = now();
    while at < now() + Duration::days(3) {
        let message = claimed(&db, at).await.remove(0);
        let message = hand_over(&db, message, at, lease()).await.expect("noted").expect("ours");
        let down = Outcome::Unreachable("the connection failed".to_owned());
        finish(&db, &message, down, 3, at).await.expect("recorded");
        at = row(&db, id).await.not_before;
    }
    let over = row(&db, id).await;
    assert_eq!(over.state, MailState::Expired, "tried for as long as it was of use");
    assert!(over.attempts > 70, "{}", over.attempts);
}

#[tokio::test]
async fn what_waited_too_long_expires_unsent() {
    let (_dir, db) = database().await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    assert!(claimed(&db, now() + Duration::days(3)).await.is_empty());
    assert_eq!(row(&db, id).await.state, MailState::Expired);
    let depth = queue::depth(db.read(), now()).await.expect("depth");
    let by_state = vec![(MailState::Expired, 1)];
    assert_eq!(depth, Depth { by_state, ..Depth::default() });
}

#[tokio::test]
async fn claims_given_back_can_be_taken_at_once_and_the_queue_tells_its_depth() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    queued(&db, Template::Reminder, who).await;
    queued(&db, Template::Reminder, who).await;
    let held = claimed(&db, now()).await;
    queue::put_back(&db, &held).await.expect("given back");
    let at = now() + Duration::seconds(90);
    assert_eq!(claim(&db, at, 1, lease()).await.expect("a claim").len(), 1);
    let depth = queue::depth(db.read(), at).await.expect("depth");
    assert_eq!(depth.by_state, [(MailState::Queued, 1), (MailState::Delivering, 1)]);
    assert_eq!((depth.waiting, depth.oldest_seconds, depth.given_up), (2, 90, 0));
}
