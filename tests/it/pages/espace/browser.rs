//! The story « enrol to attestation » in a real browser: with and without a script, by keyboard, on a
//! phone, on a connection that goes away.

use maitrise::learning::model::attempt_answer;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Map, Value, json};

use crate::operator::Machine;
use crate::pages::browser::{beside, person, play};
use crate::pages::copies::publish_whole;

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

#[tokio::test]
async fn one_goes_from_enrolling_to_an_attestation_in_a_browser() {
    let machine = Machine::peopled().await;
    let app = beside(&machine).await;
    publish_whole(&app, "ENTIER").await;
    let values = json!({
        "learner": person(&app, "elue"),
        "code": "ENTIER",
        "key": key(&app, "ENTIER").await,
        "others": ["E1", "E2", "E3"],
        "keys": { "E1": key(&app, "E1").await, "E2": key(&app, "E2").await },
    });
    let (_server, api) = machine.serve().await;
    play("learner", &api.base(), values).await;
    let answers = attempt_answer::Entity::find().count(app.db.read()).await.expect("rows");
    assert!(answers > 0, "what was answered was kept");
}
