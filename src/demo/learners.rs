//! Fictional learners, at every stage, in communes of two CDG: enough for a figure to be shown.
//!
//! They go through the same verbs as anybody, at earlier dates.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;

use super::cast::add_capacity;
use crate::accounts::{Principal, invite};
use crate::app::App;
use crate::catalogue::Edition;
use crate::content::ModuleCode;
use crate::enrolments::{self, Wish};
use crate::error::{Reason, Result};
use crate::learning::study::{Attester, Study};
use crate::learning::{attempts, hand_in, lessons};
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;

/// Communes of the story's CDG: Beaucé, Redon, Saint-Malo, Fougères, Vitré, Betton.
const NEAR: [&str; 6] =
    ["insee:35021", "insee:35236", "insee:35288", "insee:35115", "insee:35360", "insee:35024"];
/// Communes of the CDG next door: Talence, Mérignac.
const FAR: [&str; 2] = ["insee:33522", "insee:33281"];
/// Learners near and far.
const HOW_MANY: [usize; 2] = [36, 12];

const GIVEN_NAMES: [&str; 22] = [
    "Aël",
    "Béatrice",
    "Côme",
    "Daphné",
    "Éloïse",
    "François",
    "Gaëlle",
    "Hervé",
    "Inès",
    "Joël",
    "Kévin",
    "Léa",
    "Maël",
    "Noémie",
    "Océane",
    "Paul-Henri",
    "Quentin",
    "Réjane",
    "Solène",
    "Théo",
    "Ursule",
    "Zoé",
];

/// Admits the learners; answers how many.
///
/// # Errors
/// When the database fails.
pub async fn admit(app: &App, tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<usize> {
    let code = |text: &str| ModuleCode::parse(text).map_err(|_| Reason::Internal);
    let catalogue = app.shelf.current(tx).await?;
    let for_elus = catalogue.get(&code("E1")?).ok_or(Reason::NotFound)?.clone();
    let for_agents = catalogue.get(&code("A1")?).ok_or(Reason::NotFound)?.clone();
    for n in 0..HOW_MANY[0] + HOW_MANY[1] {
        let commune = if n < HOW_MANY[0] { NEAR[n % NEAR.len()] } else { FAR[n % FAR.len()] };
        let (kind, edition) = match n % 2 {
            0 => (CapacityKind::Elu, &for_elus),
            _ => (CapacityKind::Agent, &for_agents),
        };
        let who = person(tx, n, commune, kind, now).await?;
        let began = now - Duration::days(60) + Duration::hours(i64::try_from(n).unwrap_or(0) * 7);
        learn(app, tx, &who, edition, n, began).await?;
    }
    Ok(HOW_MANY.iter().sum())
}

async fn person(
    tx: &DatabaseTransaction,
    n: usize,
    commune: &str,
    kind: CapacityKind,
    now: DateTime<Utc>,
) -> Result<Principal> {
    let new = NewPerson {
        given_name: GIVEN_NAMES[n % GIVEN_NAMES.len()].to_owned(),
        family_name: format!("Fictif-{:02}", n + 1),
        address: format!("apprenant-{:02}@demonstration.example", n + 1),
        shared: false,
    };
    let account = invite::open(tx, &new, None, now).await?;
    add_capacity(tx, account.person_id, commune, kind, now).await?;
    Principal::load(tx, account.id, account.generation, now).await
}

/// A third have only enrolled, a third have begun, a third have completed.
async fn learn(
    app: &App,
    tx: &DatabaseTransaction,
    who: &Principal,
    edition: &Arc<Edition>,
    n: usize,
    began: DateTime<Utc>,
) -> Result<()> {
    let applied = enrolments::apply(tx, who, edition, Wish::default(), began).await;
    let enrolled = enrolments::enrol(tx, who, edition, applied, began).await?;
    let attester = Attester { keys: &app.keys, issuer: &app.settings.http.public_url };
    let (enrolment, edition) = (enrolled.row, edition.clone());
    let mut study =
        Study { recorded_by: Some(who.account_id), attester, enrolment, edition, now: began };
    let stage = (n / 2) % 3;
    if stage == 0 {
        return Ok(());
    }
    let lessons = &study.edition.clone().content.lessons;
    let read = if stage == 1 { lessons.len().div_ceil(2) } else { lessons.len() };
    for (lesson, minute) in lessons[..read].iter().zip(1..) {
        study.now = began + Duration::minutes(minute * 6);
        lessons::done(tx, &study, &lesson.slug).await?;
    }
    if stage == 2 {
        study.now = began + Duration::days(1);
        let (attempt, _) = attempts::start(tx, &study).await?;
        study.now += Duration::minutes(9);
        let key = attempts::key(&attempt, &study.edition);
        hand_in::submit(tx, &study, attempt, &key).await?;
    }
    Ok(())
}
