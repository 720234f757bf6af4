//! The story « enrol to attestation » in a real browser: with and without a script, by keyboard, on a
//! phone, on a connection that goes away.

use maitrise::learning::model::attempt_answer;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Map, Value, json};

use crate::operator::Machine;
use crate::pages::browser::{beside, person, play};
use crate::pages::copies::{publish_variant, publish_whole};
use crate::requirements::required;
use crate::sessions::{HERE, new_session, plan_on};
use crate::support::Api;

/// The right answers to every question of a module, by its text: the texts of the choices, in order.
async fn key(app: &maitrise::app::App, code: &str) -> Value {
    let code = maitrise::content::ModuleCode::parse(code).expect("a code");
    let catalogue = app.shelf.current(app.db.read()).await.expect("a catalogue");
    let quiz = &catalogue.get(&code).expect("the module").content.quiz;
    let right = |question: &maitrise::content::Question| {
        let options = question.task.options();
        let text = |id: &String| {
            let option = options.iter().find(|(known, _)| known == id).expect("an option");
            json!(option.1)
        };
        let key = question.task.key().iter().map(text).collect::<Vec<_>>();
        (question.text.clone(), json!(key))
    };
    Value::Object(quiz.questions().map(right).collect::<Map<_, _>>())
}

/// A test that is bounded in every way.
const BOUNDED: &str = "attempt_limit = 3\nattempt_pause_minutes = 5\nattempt_time_minutes = 60\n";

/// An access token, as signing in with this name and password gives it.
async fn token(api: &Api, who: &Value) -> String {
    let answer = api.post("/api/v1/sign-in").json(who).await.expect(200);
    answer.json()["access_token"].as_str().expect("a token").to_owned()
}

/// Begins a training of which a newer version is published; answers its page.
async fn superseded(app: &maitrise::app::App, api: &Api, learner: &Value) -> String {
    let token = token(api, learner).await;
    let enrol = api.post("/api/v1/modules/BORNE/enrolments").bearer(&token);
    let enrolled = enrol.json(&json!({})).await.expect(201).location();
    publish_variant(app, "BORNE", BOUNDED, "\nUne phrase de plus.\n").await;
    enrolled.replace("/api/v1/enrolments/", "/mes-formations/")
}

/// Requires E1 of everybody, at once.
async fn require(app: &maitrise::app::App, api: &Api, national: &Value) {
    let token = token(api, national).await;
    let body = json!({ "code": "ia-pour-tous", "version": required(json!({})) });
    api.post("/api/v1/requirements").bearer(&token).json(&body).await.expect(201);
    let path = "/api/v1/requirements/ia-pour-tous";
    let seen = api.post(&format!("{path}/preview")).bearer(&token).await.expect(200).json();
    let quoted = json!({ "digest": seen["digest"], "confirmed_persons": seen["band"] });
    api.post(&format!("{path}/enable")).bearer(&token).json(&quoted).await.expect(200);
    while maitrise::requirements::enter(&app.db, app.clock.now()).await.expect("entered").more {}
}

/// Announces a session about E1 that has one seat; answers its title.
async fn announce(app: &maitrise::app::App, api: &Api, trainer: &Value) -> String {
    let token = token(api, trainer).await;
    let on = (app.clock.now() + chrono::Duration::days(20)).date_naive();
    let planned = new_session(HERE, plan_on(on, 1));
    let made = api.post("/api/v1/sessions").bearer(&token).json(&planned).await.expect(201).json();
    let session = &made["session"];
    let id = session["id"].as_str().expect("an id");
    api.post(&format!("/api/v1/sessions/{id}/open")).bearer(&token).await.expect(200);
    session["title"].as_str().expect("a title").to_owned()
}

#[tokio::test]
async fn one_goes_from_enrolling_to_an_attestation_in_a_browser() {
    let machine = Machine::peopled().await;
    let app = beside(&machine).await;
    publish_whole(&app, "ENTIER").await;
    publish_variant(&app, "BORNE", BOUNDED, "").await;
    let (_server, api) = machine.serve().await;
    let (learner, national) = (person(&app, "elue"), person(&app, "national"));
    require(&app, &api, &national).await;
    let superseded = superseded(&app, &api, &learner).await;
    let trainer = person(&app, "formatrice");
    let session = announce(&app, &api, &trainer).await;
    let values = json!({
        "learner": learner,
        "stranger": trainer,
        "superseded": superseded,
        "session": session,
        "code": "ENTIER",
        "key": key(&app, "ENTIER").await,
        "others": ["E1", "E2", "E3"],
        "keys": { "E1": key(&app, "E1").await, "E2": key(&app, "E2").await },
    });
    play("learner", &api.base(), values).await;
    let answers = attempt_answer::Entity::find().count(app.db.read()).await.expect("rows");
    assert!(answers > 0, "what was answered was kept");
}
