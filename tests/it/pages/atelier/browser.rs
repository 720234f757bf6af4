//! A module goes from blank to public in a real browser.

use serde_json::{Map, Value, json};

use super::{LESSON, PROVIDER};
use crate::deeds::draft_files;
use crate::operator::Machine;
use crate::pages::browser::{beside, person, play};

#[tokio::test]
async fn a_module_goes_from_blank_to_public_in_a_browser() {
    let machine = Machine::peopled().await;
    let app = beside(&machine).await;
    let code = "NAVIGATEUR";
    let files: Map<String, Value> = draft_files(code, PROVIDER, "")
        .into_iter()
        .map(|(path, text)| (path.to_owned(), json!(text)))
        .collect();
    let values = json!({
        "trainer": person(&app, "formatrice"),
        "reviewer": person(&app, "relecteur"),
        "publisher": person(&app, "editrice"),
        "learner": person(&app, "elue"),
        "provider": PROVIDER,
        "code": code,
        "lesson": LESSON,
        "files": files,
    });
    let (_server, api) = machine.serve().await;
    play("desk", &api.base(), values).await;
}
