//! Random histories through the real API and through a model of twenty lines, compared at every step
//! and, once all is over, as of every instant before.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use maitrise::clock;
use maitrise::content::Module;
use maitrise::records::{self, State};
use serde_json::json;
use uuid::Uuid;

use crate::deeds::{answers, fill_draft, publish, published};
use crate::failures::chance::Chance;
use crate::newcomers::Newcomer;
use crate::support::{Answer, dial};
use crate::world::World;

const HISTORIES: u64 = 30;
const STEPS: u64 = 14;

/// One with several lessons, one with a single one.
const CODES: [&str; 2] = ["E1", "HISTOIRE"];

/// What somebody tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Read(usize),
    Start,
    HandIn(bool),
    Withdraw,
    Enrol,
}

/// An enrolment, by the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Book {
    read: BTreeSet<usize>,
    tries: Vec<bool>,
    open: bool,
    left: bool,
    done: bool,
}

impl Book {
    /// What the deed changes; nothing when it is refused.
    fn after(&self, deed: Deed, lessons: usize) -> Self {
        let mut next = self.clone();
        match deed {
            Deed::Enrol => return if self.left && !self.done { Self::default() } else { next },
            _ if self.left => return next,
            Deed::Read(lesson) => drop(next.read.insert(lesson)),
            Deed::Start => next.open |= !self.tries.contains(&true),
            Deed::HandIn(right) if self.open => {
                next.open = false;
                next.tries.push(right);
            }
            Deed::Withdraw => next.left = !self.done,
            Deed::HandIn(_) => {}
        }
        next.done |= next.read.len() == lessons && next.tries.contains(&true);
        next
    }

    fn state(&self) -> State {
        match (self.done, self.left, self.read.is_empty() && self.tries.is_empty()) {
            (true, ..) => State::Completed,
            (_, true, _) => State::Withdrawn,
            (_, _, true) => State::Enrolled,
            _ => State::InProgress,
        }
    }
}

/// Somebody at work.
struct Learner<'w> {
    world: &'w World,
    who: Newcomer,
    code: &'static str,
    module: &'w Module,
    enrolment: String,
    attempt: Option<Answer>,
}

impl Learner<'_> {
    async fn post(&self, path: &str, body: Option<serde_json::Value>) -> Answer {
        let call = self.world.api.post(path).bearer(&self.who.token);
        match body {
            Some(body) => call.json(&body).await,
            None => call.await,
        }
    }

    async fn try_to(&mut self, deed: Deed) {
        let of = |rest: &str| format!("{}{rest}", self.enrolment);
        match deed {
            Deed::Read(n) => {
                let done = of(&format!("/lessons/{}/done", self.module.lessons[n].slug));
                self.post(&done, None).await;
            }
            Deed::Start => {
                let started = self.post(&of("/attempts"), None).await;
                if started.status < 300 {
                    self.attempt = Some(started);
                }
            }
            Deed::HandIn(right) => {
                let Some(open) = &self.attempt else { return };
                let answers = answers(self.module, &open.json(), right);
                let submit = format!("{}/submit", open.location());
                self.post(&submit, Some(json!({ "answers": answers }))).await;
            }
            Deed::Withdraw => {
                self.post(&of("/withdraw"), Some(json!({ "reason": "other" }))).await;
            }
            Deed::Enrol => self.enrol().await,
        }
    }

    async fn enrol(&mut self) {
        let enrolled =
            self.post(&format!("/api/v1/modules/{}/enrolments", self.code), Some(json!({}))).await;
        let enrolment = enrolled.location();
        if enrolment != self.enrolment {
            (self.enrolment, self.attempt) = (enrolment, None);
        }
    }

    fn id(&self) -> Uuid {
        self.enrolment.rsplit('/').next().expect("an id").parse().expect("an id")
    }
}

fn choose(chance: &mut Chance, lessons: usize) -> Deed {
    match chance.below(20) {
        0..8 => Deed::Read(usize::try_from(chance.below(lessons as u64)).expect("a lesson")),
        8..12 => Deed::Start,
        12..15 => Deed::HandIn(false),
        15..18 => Deed::HandIn(true),
        18 => Deed::Withdraw,
        _ => Deed::Enrol,
    }
}

/// One history; answers each instant, the enrolment of that time and what the book says of it.
async fn live(
    learner: &mut Learner<'_>,
    chance: &mut Chance,
) -> (Vec<Deed>, Vec<(DateTime<Utc>, Uuid, Book)>) {
    let lessons = learner.module.lessons.len();
    let (mut book, mut deeds, mut told) = (Book::default(), Vec::new(), Vec::new());
    for _ in 0..STEPS {
        let deed = choose(chance, lessons);
        // An attempt that was handed in is handed in again: the book says that nothing changes.
        learner.try_to(deed).await;
        book = book.after(deed, lessons);
        deeds.push(deed);
        told.push((learner.world.app.clock.now(), learner.id(), book.clone()));
        learner.world.app.clock.advance(Duration::milliseconds(5));
    }
    (deeds, told)
}

#[tokio::test]
async fn random_histories_mean_what_a_model_of_twenty_lines_says_at_every_instant() {
    let world = World::new().await;
    let seed = dial("MAITRISE_TEST_SEED", u64::from_be_bytes(clock::random()));
    let mut chance = Chance::of(seed);
    let trainer = world.known("formatrice@demonstration.example").await.token;
    fill_draft(&world, &trainer, CODES[1], "local:demonstration", "").await;
    publish(&world, CODES[1]).await;
    let modules = [published(&world, CODES[0]).await, published(&world, CODES[1]).await];
    let (mut completed, mut left) = (0, 0);
    for n in 0..HISTORIES {
        let who = world.admit(&format!("histoire-{n}")).await;
        world.elect(&who, "insee:35021").await;
        let turn = usize::try_from(n % 2).expect("a turn");
        let (code, module) = (CODES[turn], &*modules[turn]);
        let enrolment = String::new();
        let mut learner = Learner { world: &world, who, code, module, enrolment, attempt: None };
        learner.enrol().await;
        let (deeds, told) = live(&mut learner, &mut chance).await;
        for (at, enrolment, book) in &told {
            let facts = records::read::of_enrolment(world.app.db.read(), *enrolment).await;
            let status = records::status(&facts.expect("facts"), *at);
            let what = format!("MAITRISE_TEST_SEED={seed}, history {n}, at {at}: {deeds:?}");
            assert_eq!(status.state, book.state(), "{what}");
            assert_eq!(status.lessons_done.len(), book.read.len(), "{what}");
            assert_eq!(status.attempts, book.tries.len(), "{what}");
            assert_eq!(status.passed, book.tries.contains(&true), "{what}");
            assert_eq!(status.completed_at.is_some(), book.done, "{what}");
        }
        let last = &told.last().expect("steps").2;
        let shown = world.api.get(&learner.enrolment).bearer(&learner.who.token).await;
        assert_eq!(shown.expect(200).json()["state"], last.state().word());
        completed += usize::from(last.done);
        left += usize::from(last.left);
    }
    let ends = format!("MAITRISE_TEST_SEED={seed}: {left} left, {completed} completed");
    assert!(left > 0 && completed > 0, "{ends}");
}
