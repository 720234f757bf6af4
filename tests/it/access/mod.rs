//! Who may do what: every operation of the OpenAPI document, asked by everyone, here and elsewhere.
//!
//! `table.rs` says who may; `stage.rs` sets two places that have everything — a provider, an
//! employer, a CDG, a learner and what is theirs — and a cast for each. What somebody may do in
//! their own place does not exist for them in the other one (404), unless their role extends over
//! the nation. A person of the place itself is asked last, and must be served: a path that is merely
//! mistyped would answer 404 to everybody.

pub mod ask;
pub mod bulk;
pub mod capacities;
mod credentials;
mod ends;
pub mod feedback;
mod giving;
pub mod paths;
pub mod providers;
mod publishing;
mod quizzing;
mod references;
pub mod regrades;
pub mod requirements;
pub mod sessions;
pub mod stage;
pub mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Answer;
use ask::Ask;
use stage::{Asker, Cast, Place, Stage};
use table::{Row, Who, table};

/// What somebody must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// 401: nobody is signed in.
    SignIn,
    /// 403: the role may not.
    Forbidden,
    /// 404: absent, or outside the perimeter.
    Absent,
    /// Served, or refused for another reason than who is asking.
    Allowed,
}

/// What the table says that `asker` must be answered about something of `place`.
pub fn verdict(who: Who, asker: &Asker, place: &Place) -> Verdict {
    let here = asker.home == Some(place.name) || asker.home.is_none();
    let among = |roles: &[Cast]| roles.contains(&asker.role);
    let within = |reached: bool| if reached { Verdict::Allowed } else { Verdict::Absent };
    match who {
        Who::Anyone => Verdict::Allowed,
        _ if asker.role == Cast::Anonymous => Verdict::SignIn,
        Who::SignedIn => Verdict::Allowed,
        Who::Owner => within(here && asker.role == Cast::Learner),
        Who::Explained => within(match asker.role {
            Cast::Learner | Cast::Employer => here,
            Cast::Auditor => asker.home.is_none(),
            _ => false,
        }),
        Who::Audited => match asker.role {
            Cast::Employer => within(here),
            Cast::Auditor => within(asker.home.is_none()),
            _ => Verdict::Forbidden,
        },
        Who::Asker(roles) => within((here && among(roles)) || asker.role == Cast::Operator),
        Who::AskerAlone(roles) => within(here && among(roles)),
        Who::Concerned(roles) => within(here && (asker.role == Cast::Learner || among(roles))),
        Who::Anywhere(roles) | Who::Here(roles) | Who::Nation(roles) if !among(roles) => {
            Verdict::Forbidden
        }
        Who::Anywhere(_) => Verdict::Allowed,
        Who::Here(_) => within(here),
        Who::Nation(_) => within(asker.home.is_none()),
    }
}

fn observed(answer: &Answer) -> Option<Verdict> {
    match answer.status {
        401 => Some(Verdict::SignIn),
        403 => Some(Verdict::Forbidden),
        404 => Some(Verdict::Absent),
        200..=299 | 400..=499 => Some(Verdict::Allowed),
        _ => None,
    }
}

/// The operations of the document that this server publishes: `operationId` → method and template.
pub async fn operations(stage: &Stage) -> BTreeMap<String, (String, String)> {
    operations_of(&stage.world.api.get("/openapi.json").await.expect(200).json())
}

/// Those of a document.
pub fn operations_of(document: &Value) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().expect("an operationId").to_owned();
            all.insert(id, (method.to_uppercase(), path.clone()));
        }
    }
    all
}

fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (expected, given): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    expected.len() == given.len()
        && expected.iter().zip(given).all(|(e, g)| *e == g || (e.starts_with('{') && !g.is_empty()))
}

/// Asks everybody about one row in one place, those who are refused first; answers what is wrong.
async fn walk(stage: &Stage, row: &Row, place: &Place) -> Vec<String> {
    let mut askers: Vec<_> =
        stage.cast.iter().map(|asker| (verdict(row.who, asker, place), asker)).collect();
    askers.sort_by_key(|(verdict, _)| *verdict);
    let (mut wrong, mut served, mut last) = (Vec::new(), 0, String::new());
    for (expected, asker) in askers {
        let answer = (row.ask)(place).send(stage, place, asker).await;
        served += usize::from(answer.status < 300);
        last.clone_from(&answer.body);
        if observed(&answer) != Some(expected) {
            let (operation, place, who) = (row.operation, place.name, &asker.name);
            let (status, body) = (answer.status, &answer.body);
            wrong.push(format!(
                "{operation} in {place}, {who}: {expected:?} expected, {status} {body}"
            ));
        }
    }
    if served == 0 {
        wrong.push(format!("{} in {}: nobody was served: {last}", row.operation, place.name));
    }
    wrong
}

#[tokio::test]
async fn every_operation_answers_every_role_as_the_table_says_inside_and_outside() {
    let stage = Stage::set().await;
    let (operations, table) = (operations(&stage).await, table());
    let rows: BTreeSet<&str> = table.iter().map(|row| row.operation).collect();
    assert_eq!(rows.len(), table.len(), "an operation has two rows in tests/it/access/table.rs");
    for operation in operations.keys() {
        assert!(
            rows.contains(operation.as_str()),
            "who may call `{operation}`? Add its row to tests/it/access/table.rs"
        );
    }
    let mut wrong = Vec::new();
    for row in &table {
        let Some((method, template)) = operations.get(row.operation) else {
            panic!(
                "`{}` is no operation any more: take its row out of tests/it/access/table.rs",
                row.operation
            )
        };
        for place in &stage.places {
            let Ask { method: asked, path, .. } = (row.ask)(place);
            assert!(
                asked == method && fits(template, &path),
                "the row of `{}` asks {asked} {path}: it must ask {method} {template}",
                row.operation
            );
            wrong.extend(walk(&stage, row, place).await);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} answers are not what the table says:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn what_is_refused_says_nothing_of_what_exists() {
    let stage = Stage::set().await;
    let [here, there] = &stage.places;
    let learner = stage.asker(Cast::Learner, here);
    let of = |path: String| {
        stage.world.api.get(&path).bearer(learner.token.as_deref().expect("a token"))
    };
    let strip = |mut body: Value| {
        body["instance"].take();
        body
    };
    let foreign = of(format!("/api/v1/enrolments/{}", there.enrolment)).await.expect(404).json();
    let absent =
        of(format!("/api/v1/enrolments/{}", maitrise::clock::new_id())).await.expect(404).json();
    assert_eq!(strip(foreign), strip(absent), "what is another's reads like what does not exist");
}
