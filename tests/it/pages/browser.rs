//! The pages in a real browser: the real binary on a prepared database, and Debian's Chromium driven
//! by `tests/browser/run.mjs`. What is asked of every page is said there (`kit.mjs`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use maitrise::accounts::links;
use maitrise::accounts::model::{LinkKind, account};
use maitrise::app::App;
use maitrise::attestations::model::attestation;
use maitrise::clock::Clock;
use maitrise::content;
use maitrise::demo::cast::CAST;
use maitrise::keys::KeyRing;
use maitrise::mail;
use maitrise::media::MediaStore;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::operator::Machine;
use crate::support::{Engine, Settings, run};

/// Longest wait for a scenario: some ninety pages, each looked at by axe-core.
const PATIENCE: Duration = Duration::from_secs(480);

#[tokio::test]
async fn what_anyone_sees_is_accessible_small_and_stays_here() {
    let machine = Machine::peopled().await;
    let app = beside(&machine).await;
    let mut values = shown(&app).await;
    values["account"] = person(&app, "elue");
    values["trainer"] = person(&app, "formatrice");
    values["link"] = json!(format!("/liens/{}", link(&app, "elue").await));
    let row = attestation::Entity::find().one(app.db.read()).await.expect("rows");
    values["attestation"] = json!(row.expect("somebody's attestation").code);
    let (_server, api) = machine.serve().await;
    play("public", &api.base(), values).await;
}

/// Plays a scenario of `tests/browser/scenarios/` against a server; fails with all that is wrong.
/// Screenshots are left in `target/browser/`, by engine and scenario.
pub async fn play(scenario: &str, base: &str, mut values: Value) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools = root.join("tests/browser");
    assert!(
        tools.join("node_modules/playwright-core").exists(),
        "run ./tests/run once, or `npm ci` in tests/browser: it installs what drives the browser"
    );
    let engine = match Engine::of_this_run() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    values["scenario"] = json!(scenario);
    values["shots"] = json!(root.join("target/browser").join(engine).join(scenario));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("scenario.json");
    std::fs::write(&file, values.to_string()).expect("a file");
    let args = [tools.join("run.mjs"), PathBuf::from(base), file];
    let settings = Settings {
        program: "node".into(),
        args: args.iter().map(|arg| arg.display().to_string()).collect(),
        env: Vec::new(),
        dir: Some(root.to_owned()),
    };
    let played = run(&settings, "", PATIENCE).await;
    assert!(played.status.success(), "{}\n{}", played.stdout, played.stderr);
    println!("{}", played.stdout);
}

/// The application on the machine's data, beside the program: to prepare what a scenario needs.
pub async fn beside(machine: &Machine) -> App {
    let settings = machine.data_settings();
    let db = machine.database().await;
    let keys = KeyRing::load(&machine.data().join("keys")).expect("keys");
    App::new(settings, db, Clock::default(), keys, MediaStore::in_memory())
}

/// How someone of the cast signs in.
pub fn person(app: &App, word: &str) -> Value {
    let part = CAST.iter().find(|part| part.word == word).expect("someone of the cast");
    json!({ "login": part.login(), "password": part.password(app) })
}

/// The secret of a link by which someone chooses another password.
async fn link(app: &App, word: &str) -> String {
    let part = CAST.iter().find(|part| part.word == word).expect("someone of the cast");
    let tx = app.db.begin_write().await.expect("a transaction");
    let account = account::Entity::find()
        .filter(account::COLUMN.sign_in_name.eq(part.login()))
        .one(&tx)
        .await
        .expect("accounts")
        .expect("an account");
    let (tokens, now) = (&app.settings.tokens, app.clock.now());
    let kind = LinkKind::PasswordReset;
    let id = links::send(&tx, &account, kind, tokens, now).await.expect("a link");
    tx.commit().await.expect("committed");
    mail::link::token(&app.keys, id)
}

/// A module that cites many texts, and lessons that hold whatever a lesson may: the longest, one with
/// a table, one with a figure, one with notes.
async fn shown(app: &App) -> Value {
    let catalogue = app.shelf.current(app.db.read()).await.expect("a catalogue");
    let cited = |e: &&std::sync::Arc<_>| citations(e);
    let module = catalogue.editions().max_by_key(cited).expect("a module");
    let mut pages = Vec::new();
    for edition in catalogue.editions() {
        for lesson in &edition.content.lessons {
            let html = content::render_lesson(&edition.content, &lesson.slug).expect("a lesson");
            pages.push((format!("/modules/{}/lecons/{}", edition.code(), lesson.slug), html));
        }
    }
    pages.sort_by_key(|(_, html)| std::cmp::Reverse(html.len()));
    let mut lessons = vec![pages[0].0.clone()];
    for what in ["<table>", "<svg", "class=\"footnotes\"", "class=\"callout"] {
        let holds = |(_, html): &&(String, String)| html.contains(what);
        lessons.extend(pages.iter().find(holds).map(|(path, _)| path.clone()));
    }
    lessons.sort();
    lessons.dedup();
    json!({ "module": module.code().to_string(), "lessons": lessons })
}

fn citations(edition: &maitrise::catalogue::Edition) -> usize {
    edition.content.manifest.references.len()
}
