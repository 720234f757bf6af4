//! What happens to people, told one by one: each is a story of dated facts.

use super::{Story, after, commune, completed, day, draft, hold, noon, statuses};
use crate::clock;
use crate::obligations::Status;
use crate::obligations::model::{Basis, EventKind};
use crate::people::capacity::Detail;
use crate::people::model::CapacityKind;
use crate::requirements::audience::{Audience, Condition};
use crate::requirements::due::{DueRule, Event, When};
use crate::requirements::rules::Draft;
use crate::requirements::{enter_person, write};

fn kinds(told: &crate::obligations::Standing) -> Vec<EventKind> {
    told.events.iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn two_capacities_make_one_obligation_due_at_the_earliest() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    let first = story.elected("2026-03-22").await;
    story.elected("2026-02-01").await;
    let told = story.on("2026-04-01").await;
    assert_eq!(statuses(&told), [Status::Open], "one, not two");
    assert_eq!(told[0].0.due_on, day("2027-02-01"), "a year after the earlier of them");
    assert_ne!(told[0].0.capacity_id, Some(first));
    assert_eq!(told[0].0.basis, Some(Basis::Office));
    assert_eq!(statuses(&story.on("2027-02-02").await), [Status::Overdue]);
}

#[tokio::test]
async fn a_further_capacity_that_makes_it_due_earlier_brings_it_forward() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    // Recorded late: they had been an élu elsewhere since the first of February.
    story.elected("2026-02-01").await;
    let told = story.on("2026-04-02").await;
    assert_eq!(statuses(&told), [Status::Superseded, Status::Open]);
    let (old, new) = (&told[0], &told[1]);
    assert_eq!(old.1.events[0].reason.as_deref(), Some("earlier"));
    assert_eq!(old.1.events[0].successor_id, Some(new.0.id), "by what");
    assert_eq!((new.0.cycle, new.0.due_on), (2, day("2027-02-01")));
}

#[tokio::test]
async fn who_changes_commune_keeps_their_obligation_and_its_day() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    let before = story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    story.ended(before, "2026-09-01").await;
    let now = story.elected("2026-09-01").await;
    let told = story.on("2026-09-01").await;
    assert_eq!(statuses(&told), [Status::Open], "moving gives no more time");
    assert_eq!(told[0].0.due_on, day("2027-03-22"));
    assert_eq!(kinds(&told[0].1), [EventKind::Moved]);
    assert_eq!(told[0].1.under.0, Some(now));
    assert_eq!(kinds(&story.on("2026-09-02").await[0].1), [EventKind::Moved], "told once");
}

#[tokio::test]
async fn who_leaves_the_audience_owes_nothing_and_who_takes_office_again_owes_anew() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    let mandate = story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    story.ended(mandate, "2026-10-01").await;
    let told = story.on("2026-10-01").await;
    assert_eq!(statuses(&told), [Status::Closed]);
    assert_eq!(kinds(&told[0].1), [EventKind::LeftAudience]);
    assert_eq!(statuses(&story.read("2026-09-30").await), [Status::Open], "that day, still owed");
    story.elected("2028-05-01").await;
    let told = story.on("2028-05-02").await;
    assert_eq!(statuses(&told), [Status::Superseded, Status::Open]);
    assert_eq!(told[0].1.events[1].reason.as_deref(), Some("returned"));
    assert_eq!(told[1].0.due_on, day("2029-05-01"), "a year from the new office");
}

#[tokio::test]
async fn who_comes_back_before_a_common_date_goes_on_with_the_same_obligation() {
    let story = Story::begin().await;
    let due = DueRule { when: When::On(day("2027-06-30")), notice_days: 0 };
    story.require(&Draft { due, ..draft() }, "2026-01-05").await;
    let mandate = story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    story.ended(mandate, "2026-10-01").await;
    assert_eq!(statuses(&story.on("2026-10-02").await), [Status::Closed]);
    story.elected("2027-01-10").await;
    let told = story.on("2027-01-11").await;
    assert_eq!(statuses(&told), [Status::Open]);
    assert_eq!(kinds(&told[0].1), [EventKind::LeftAudience, EventKind::Reentered]);
    assert_eq!(statuses(&story.on("2027-07-01").await), [Status::Overdue]);
}

#[tokio::test]
async fn a_completion_that_exists_satisfies_at_once_unless_it_is_too_old() {
    for (on, expected) in [("2025-08-01", Status::Satisfied), ("2024-12-01", Status::Open)] {
        let story = Story::begin().await;
        story.completed(on).await;
        story.require(&Draft { accepts_months: Some(12), ..draft() }, "2026-01-05").await;
        story.elected("2026-01-04").await;
        let told = story.on("2026-01-06").await;
        assert_eq!(statuses(&told), [expected], "completed on {on}");
    }
}

#[tokio::test]
async fn a_renewal_opens_its_window_before_it_expires_and_learning_again_puts_it_off() {
    let story = Story::begin().await;
    story.require(&Draft { renewal: Some((24, 90)), ..draft() }, "2026-01-05").await;
    story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    story.completed("2026-12-01").await;
    assert_eq!(statuses(&story.on("2028-09-01").await), [Status::Satisfied], "not yet");
    let told = story.on("2028-09-02").await;
    assert_eq!(statuses(&told), [Status::Satisfied, Status::Open], "90 days before it expires");
    assert_eq!((told[1].0.due_on, told[1].0.basis), (day("2028-12-01"), Some(Basis::Renewal)));
    assert_eq!(told[1].0.anchor_on, Some(day("2026-12-01")));
    story.completed("2028-10-15").await;
    assert_eq!(statuses(&story.on("2028-10-16").await), [Status::Satisfied; 2]);
    story.completed("2029-12-01").await;
    assert_eq!(story.on("2030-12-01").await.len(), 2, "fresh since December 2029");
    let told = story.on("2031-09-15").await;
    assert_eq!((told.len(), told[2].0.due_on), (3, day("2031-12-01")));
}

#[tokio::test]
async fn an_elu_who_receives_a_delegation_owes_from_that_day_and_from_a_new_one_again() {
    let story = Story::begin().await;
    let delegated =
        Condition { kind: Some("elu".to_owned()), delegation: Some(true), ..Condition::default() };
    let draft = Draft {
        audience: Audience { any_of: vec![delegated] },
        due: DueRule { when: after(Event::Delegation, 12), notice_days: 0 },
        ..draft()
    };
    story.require(&draft, "2026-01-05").await;
    let mandate = story.elected("2026-03-22").await;
    assert!(story.on("2026-04-01").await.is_empty(), "no delegation yet");
    let tx = story.tx().await;
    let place = commune(&tx, "Fougères", Some(20_000)).await;
    let delegation = |on: &str| Detail {
        delegation: Some("numérique".to_owned()),
        delegation_on: Some(day(on)),
        ..Detail::default()
    };
    let elu = CapacityKind::Elu;
    hold(&tx, story.who, place, elu, "2026-05-01", delegation("2026-06-15")).await;
    enter_person(&tx, story.who, noon("2026-05-02")).await.expect("entered");
    tx.commit().await.expect("committed");
    assert!(story.read("2026-05-03").await.is_empty(), "the delegation begins in June");
    let told = story.on("2026-06-16").await;
    assert_eq!((told.len(), told[0].0.due_on), (1, day("2027-06-15")));
    story.completed("2026-09-01").await;
    story.ended(mandate, "2026-10-01").await;
    let tx = story.tx().await;
    hold(&tx, story.who, place, elu, "2032-04-01", delegation("2032-04-20")).await;
    tx.commit().await.expect("committed");
    let told = story.on("2032-04-21").await;
    assert_eq!(told.len(), 2, "a new delegation, after what they completed: {told:?}");
    assert_eq!((told[1].0.cycle, told[1].1.status), (2, Status::Satisfied), "which still counts");
}

#[tokio::test]
async fn what_is_disabled_is_closed_at_once_and_enabled_again_opens_afresh() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    story.elected("2026-03-22").await;
    story.on("2026-04-01").await;
    story.disable("2026-05-01").await;
    assert_eq!(statuses(&story.read("2026-05-01").await), [Status::Closed], "without a walk");
    assert_eq!(statuses(&story.read("2026-04-30").await), [Status::Open], "the day before, owed");
    story.completed("2026-06-01").await;
    assert_eq!(statuses(&story.on("2026-06-02").await), [Status::Closed], "nothing was asked");
    story.enable("2026-07-01").await;
    let told = story.on("2026-07-02").await;
    assert_eq!(statuses(&told), [Status::Closed, Status::Satisfied]);
    assert_eq!(told[1].0.cycle, 2);
}

#[tokio::test]
async fn the_audience_is_asked_again_and_a_narrower_one_lets_people_go() {
    let story = Story::begin().await;
    story.require(&draft(), "2026-01-05").await;
    story.elected("2026-03-22").await;
    assert_eq!(statuses(&story.on("2026-04-01").await), [Status::Open]);
    let large = Condition { population_min: Some(3_500), ..Condition::default() };
    let narrower = Draft { audience: Audience { any_of: vec![large] }, ..draft() };
    let tx = story.tx().await;
    let held = write::locked(&tx, "essai").await.expect("held");
    write::revise(&tx, clock::new_id(), held, &narrower, noon("2026-05-01"))
        .await
        .expect("written");
    tx.commit().await.expect("committed");
    assert_eq!(statuses(&story.on("2026-05-02").await), [Status::Open], "written, not in force");
    story.enable("2026-05-03").await;
    let told = story.on("2026-05-04").await;
    assert_eq!(statuses(&told), [Status::Closed]);
    assert_eq!(kinds(&told[0].1), [EventKind::LeftAudience]);
}

#[tokio::test]
async fn only_what_is_followed_where_an_agrement_is_valid_that_day_counts() {
    use crate::providers::model::provider_agrement;
    use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};
    let story = Story::begin().await;
    story.require(&Draft { agreed_only: true, ..draft() }, "2026-01-05").await;
    story.elected("2026-01-10").await;
    story.completed("2026-02-01").await;
    assert_eq!(statuses(&story.on("2026-02-02").await), [Status::Open], "no agrément");
    let module = crate::catalogue::model::module::Entity::find_by_id(story.module);
    let provider = module.one(story.db.read()).await.expect("read").expect("it").provider_id;
    let tx = story.tx().await;
    let row = provider_agrement::ActiveModel {
        id: Set(clock::new_id()),
        provider_id: Set(provider),
        number: Set("2026-35".to_owned()),
        granted_on: Set(day("2026-02-15")),
        valid_from: Set(day("2026-03-01")),
        valid_to: Set(day("2028-03-01")),
        withdraws: Set(None),
        reason: Set(None),
        recorded_at: Set(noon("2026-02-15")),
    };
    row.insert(&tx).await.expect("an agrément");
    completed(&tx, story.who, story.module, noon("2026-02-28")).await;
    tx.commit().await.expect("committed");
    assert_eq!(statuses(&story.on("2026-03-02").await), [Status::Open], "the day before it began");
    story.completed("2026-03-01").await;
    let told = story.on("2026-03-02").await;
    assert_eq!(statuses(&told), [Status::Satisfied], "its first day");
    assert_eq!(told[0].1.satisfied.as_ref().map(|done| done.at), Some(noon("2026-03-01")));
}

#[tokio::test]
async fn nobody_is_late_the_day_they_are_told() {
    let story = Story::begin().await;
    story.elected("2020-03-22").await;
    let due = DueRule { when: after(Event::Office, 12), notice_days: 30 };
    story.require(&Draft { due, ..draft() }, "2026-01-05").await;
    let told = story.on("2026-01-06").await;
    assert_eq!(told[0].0.due_on, day("2026-02-05"), "thirty days from the opening");
    assert_eq!(told[0].0.anchor_on, Some(day("2020-03-22")), "what it is reckoned from is told");
    assert_eq!(story.on("2026-01-20").await[0].0.due_on, day("2026-02-05"), "and does not move");
}
