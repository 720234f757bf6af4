//! Everybody at once: eight clients who do every kind of write, and all that they were told.

use std::sync::Arc;

use maitrise::demo::cast::CAST;
use serde_json::json;
use tokio::task::JoinHandle;

use super::chance::Chance;
use super::evidence::{Tables, is_sound};
use super::learner::{Classroom, Keys, MODULES, Told};
use super::load::{Client, Tally};
use super::site::Site;
use super::staff::{Desk, Desks, Office, Offices};
use crate::deeds::published;

/// Clients who play learners; a desk and an office come beside them.
const CLASSROOMS: usize = 6;

/// People with their tokens, ready to begin.
pub struct Crowd {
    classrooms: Vec<(Classroom, Vec<String>)>,
    desks: Desks,
    offices: Offices,
    tally: Arc<Tally>,
    trainer: String,
}

/// People who are at it.
pub struct Busy {
    pub tally: Arc<Tally>,
    classrooms: Vec<JoinHandle<Vec<Told>>>,
    desks: JoinHandle<Desk>,
    offices: JoinHandle<Office>,
    trainer: String,
}

/// All that they were told.
pub struct AllTold {
    enrolments: Vec<Told>,
    desk: Desk,
    office: Office,
    trainer: String,
}

impl Crowd {
    /// Gathers `learners` new ones and the staff of the demonstration, before the site is closed.
    pub async fn gather(site: &Site, learners: u64, mut chance: Chance) -> Self {
        let (api, tally) = (&site.api, Arc::<Tally>::default());
        let mut keys = Keys::new();
        for module in MODULES {
            keys.insert(module, published(&site.world, module).await);
        }
        let (keys, tokens) = (Arc::new(keys), site.learners(learners).await);
        let today = site.world.app.clock.now().date_naive();
        let classroom = |number| {
            let tokens = tokens.iter().skip(number).step_by(CLASSROOMS).cloned().collect();
            let (api, tally, keys) = (api.clone(), tally.clone(), keys.clone());
            let due_on = today + chrono::Duration::days(7);
            (Classroom { api, tally, keys, due_on, chance: chance.fork() }, tokens)
        };
        let classrooms = (0..CLASSROOMS).map(classroom).collect();
        let trainer = site.member("formatrice").await;
        let client = async |word| Client::new(api, &site.member(word).await, &tally);
        let desks = Desks {
            trainer: Client::new(api, &trainer, &tally),
            reviewer: client("relecteur").await,
            publisher: client("editrice").await,
        };
        let elue = CAST.iter().find(|part| part.word == "elue").expect("the élue");
        let password = elue.password(&site.world.app);
        let offices = Offices {
            api: api.clone(),
            tally: tally.clone(),
            manager: client("employeur").await,
            administrator: client("national").await,
            account: site.world.known(&elue.login()).await.account_id.to_string(),
            credentials: json!({ "login": elue.login(), "password": password }),
        };
        Self { classrooms, desks, offices, tally, trainer }
    }

    /// Has them all begin.
    pub fn begin(self) -> Busy {
        let play = |(room, tokens): (Classroom, _)| tokio::spawn(room.play(tokens));
        Busy {
            classrooms: self.classrooms.into_iter().map(play).collect(),
            desks: tokio::spawn(self.desks.play()),
            offices: tokio::spawn(self.offices.play()),
            tally: self.tally,
            trainer: self.trainer,
        }
    }
}

impl Busy {
    /// Lets them end; answers what they were told. Panics if one of them met what must not be.
    pub async fn end(self) -> AllTold {
        self.tally.end();
        let mut enrolments = Vec::new();
        for room in self.classrooms {
            enrolments.extend(room.await.expect("a classroom"));
        }
        let desk = self.desks.await.expect("a desk");
        let office = self.offices.await.expect("an office");
        AllTold { enrolments, desk, office, trainer: self.trainer }
    }
}

impl AllTold {
    /// That the API still says all of it.
    pub async fn are_shown(&self, site: &Site) {
        for told in &self.enrolments {
            told.is_kept(&site.api).await;
        }
        self.desk.is_kept(&site.api, &self.trainer).await;
        self.office.is_kept(&site.api).await;
    }

    /// That the tables hold whole stories only, and those; the process has stopped.
    pub async fn are_stored(&self, site: &Site) {
        let db = site.tables().await;
        let tables = Tables::of(&db).await;
        tables.are_whole();
        tables.hold(&self.office);
        is_sound(&db).await;
        db.close().await.expect("a closed database");
        println!("{} enrolments told, {} facts stored", self.enrolments.len(), tables.facts());
    }
}
