//! What a learner and a trainer do over and over: follow a module to its attestation, write a draft.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use maitrise::content::{Kind, Module, ModuleCode};
use serde_json::{Value, json};

use crate::world::World;

/// The draft that the demonstration puts on the trainer's desk: a manifest, a lesson, a quiz.
const DRAFT: [&str; 3] =
    ["module.toml", "lessons/01-trois-questions-avant-dessayer.md", "quiz/01-quiz.toml"];

/// Follows a published module to its end; answers the attestation.
pub async fn learn(world: &World, token: &str, code: &str) -> Value {
    let api = &world.api;
    let enrol = api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(token);
    let enrolled = enrol.json(&json!({})).await.expect(201);
    finish(world, token, &enrolled.location(), code).await;
    let mine = api.get("/api/v1/me/attestations").bearer(token).await.expect(200).json();
    let items = mine["items"].as_array().expect("attestations");
    let attested = items.iter().find(|a| a["statement"]["module"] == code);
    attested.expect("an attestation").clone()
}

/// Reads every lesson of an enrolment in a module, given by its address, and answers rightly; hands
/// nothing in. Answers what handing in asks.
pub async fn prepare(world: &World, token: &str, enrolment: &str, module: &str) -> (String, Value) {
    let shown = world.api.get(enrolment).bearer(token).await.expect(200).json();
    for lesson in shown["lessons"].as_array().expect("lessons") {
        let slug = lesson["slug"].as_str().expect("a slug");
        let done = format!("{enrolment}/lessons/{slug}/done");
        world.api.post(&done).bearer(token).await.expect(200);
    }
    let attempt = world.api.post(&format!("{enrolment}/attempts")).bearer(token).await.expect(201);
    let answers = answers(&*published(world, module).await, &attempt.json(), true);
    (format!("{}/submit", attempt.location()), json!({ "answers": answers }))
}

/// Follows an enrolment in a module to its end.
pub async fn finish(world: &World, token: &str, enrolment: &str, module: &str) {
    let (submit, answers) = prepare(world, token, enrolment, module).await;
    let passed = world.api.post(&submit).bearer(token).json(&answers).await.expect(200).json();
    assert_eq!(passed["result"]["progress"]["state"], "completed");
}

/// A published module as it was read.
pub async fn published(world: &World, code: &str) -> Arc<Module> {
    let catalogue = world.app.shelf.current(world.app.db.read()).await.expect("a catalogue");
    let code = ModuleCode::parse(code).expect("a code");
    catalogue.get(&code).expect("a module").content.clone()
}

/// A module of the binary.
pub fn shipped(code: &str) -> Module {
    let modules = maitrise::catalogue::import::embedded().expect("the modules in the binary");
    let (_, tree) = modules.iter().find(|(folder, _)| folder == code).expect("the module");
    maitrise::content::read(tree).expect("a sound module")
}

/// What to answer to the questions that an attempt shows.
pub fn answers(module: &Module, attempt: &Value, right: bool) -> BTreeMap<String, Vec<String>> {
    let asked = attempt["questions"].as_array().expect("questions").iter();
    let id = |question: &Value| question["id"].as_str().expect("an id").to_owned();
    asked.map(|question| (id(question), answer(module, question, right))).collect()
}

/// What to answer to a question as an attempt shows it, by its texts: the letters shown are not those
/// that its author wrote.
pub fn answer(module: &Module, asked: &Value, right: bool) -> Vec<String> {
    let question = module.quiz.questions().find(|q| asked["id"] == q.id).expect("a question of it");
    let (options, key) = (question.task.options(), question.task.key());
    let text = |id: &String| options.iter().find(|(known, _)| known == id).expect("an option").1;
    let key: Vec<&str> = key.iter().map(text).collect();
    let shown = asked["choices"].as_array().expect("choices");
    let letter = |choice: &Value| choice["id"].as_str().expect("an id").to_owned();
    let ticked = |text: &&str| letter(shown.iter().find(|c| c["text"] == **text).expect("shown"));
    let of_key = || key.iter().map(ticked);
    match (right, question.task.kind()) {
        (true, _) => of_key().collect(),
        (false, Kind::Ordering) => of_key().rev().collect(),
        (false, _) => {
            let wrong = |c: &&Value| !key.iter().any(|text| c["text"] == **text);
            shown.iter().filter(wrong).take(1).map(letter).collect()
        }
    }
}

/// Creates a module of a provider and writes its draft, ready to be submitted: the demonstration's
/// own, with `more` at the head of its manifest.
pub async fn fill_draft(world: &World, trainer: &str, code: &str, provider: &str, more: &str) {
    let new = json!({ "code": code, "provider": provider });
    let created = world.api.post("/api/v1/modules").bearer(trainer).json(&new).await.expect(201);
    let mut tag = created.etag();
    for (path, text) in draft_files(code, provider, more) {
        let put = world.api.put(&format!("/api/v1/modules/{code}/draft/files?path={path}"));
        let put = put.bearer(trainer).header("If-Match", &tag);
        let put = put.header("Content-Type", "text/plain; charset=utf-8").body(text);
        tag = put.await.expect(200).etag();
    }
}

/// The demonstration's own draft, as a module of that code and provider, with `more` in its manifest.
pub fn draft_files(code: &str, provider: &str, more: &str) -> Vec<(&'static str, String)> {
    let file = |path| {
        let text = draft_file(path)
            .replace("code = \"PREMIERS-PAS\"", &format!("code = \"{code}\"\n{more}"))
            .replace("local:demonstration", provider);
        (path, text)
    };
    DRAFT.map(file).to_vec()
}

/// A zip of some files.
pub fn zip_of(files: &[(&str, impl AsRef<[u8]>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes.as_ref()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// A small picture: the digest of its bytes, and the bytes.
pub fn picture() -> (String, Vec<u8>) {
    let bytes = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 2_000]].concat();
    (maitrise::content::blob_digest(&bytes).to_string(), bytes)
}

/// Puts a file in a draft.
pub async fn put_file(world: &World, trainer: &str, code: &str, path: &str, body: (&str, Vec<u8>)) {
    let draft = format!("/api/v1/modules/{code}/draft");
    let tag = world.api.get(&draft).bearer(trainer).await.expect(200).etag();
    let put = world.api.put(&format!("{draft}/files?path={path}")).bearer(trainer);
    put.header("If-Match", &tag).header("Content-Type", body.0).body(body.1).await.expect(200);
}

/// Puts a medium in a draft.
pub async fn put_media(world: &World, trainer: &str, code: &str, path: &str, bytes: Vec<u8>) {
    put_file(world, trainer, code, path, ("application/octet-stream", bytes)).await;
}

/// The lesson of the demonstration's draft, and what it shows at its end.
pub fn lesson_showing(media: &[&str]) -> (&'static str, String) {
    let path = DRAFT.into_iter().find(|path| path.starts_with("lessons/")).expect("a lesson");
    let shown = media.iter().map(|medium| match medium.ends_with(".pdf") {
        true => format!("\n[Une grille](../{medium})\n"),
        false => format!("\n![Un carré](../{medium})\n"),
    });
    (path, draft_file(path) + &shown.collect::<String>())
}

/// Has the lesson of a draft show these media.
pub async fn show_media(world: &World, trainer: &str, code: &str, media: &[&str]) {
    let (path, text) = lesson_showing(media);
    let body = ("text/plain; charset=utf-8", text.into_bytes());
    put_file(world, trainer, code, path, body).await;
}

/// Publishes a module of the demonstration's provider that holds the picture.
pub async fn publish_with_media(world: &World, trainer: &str, code: &str) {
    fill_draft(world, trainer, code, "local:demonstration", "").await;
    put_media(world, trainer, code, "media/carre.png", picture().1).await;
    show_media(world, trainer, code, &["media/carre.png"]).await;
    publish(world, code).await;
}

/// A file of the demonstration's draft.
pub fn draft_file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/drafts/PREMIERS-PAS");
    std::fs::read_to_string(root.join(path)).expect(path)
}

/// Leaves the demonstration's provider under no regime, so that what only a regime asks of its modules
/// blocks nothing.
pub async fn under_no_regime(world: &World) {
    let national = world.known("national@demonstration.example").await.token;
    let provider = "/api/v1/providers/local:demonstration";
    let tag = world.api.get(provider).await.expect(200).etag();
    let declare = world.api.put(&format!("{provider}/regimes")).bearer(&national);
    let declare = declare.header("If-Match", &tag).json(&json!({ "regimes": [] }));
    declare.await.expect(200);
}

/// Submits a draft of the demonstration's provider, has it reviewed, and publishes it.
pub async fn publish(world: &World, code: &str) {
    let known =
        async |word: &str| world.known(&format!("{word}@demonstration.example")).await.token;
    let (trainer, reviewer) = (known("formatrice").await, known("relecteur").await);
    publish_as(world, code, [&trainer, &reviewer, &known("editrice").await]).await;
}

/// Publishes a module again with one file written anew: a trainer, a reviewer and a publisher, by their
/// tokens.
pub async fn revise(world: &World, code: &str, team: [&str; 3], path: &str, text: &str) {
    let open = world.api.post(&format!("/api/v1/modules/{code}/draft")).bearer(team[0]);
    open.await.expect(201);
    let body = ("text/plain; charset=utf-8", text.as_bytes().to_vec());
    put_file(world, team[0], code, path, body).await;
    publish_as(world, code, team).await;
}

/// Submits a draft, has it reviewed, and publishes it: a trainer, a reviewer and a publisher, by their
/// tokens.
pub async fn publish_as(world: &World, code: &str, [trainer, reviewer, publisher]: [&str; 3]) {
    let draft = format!("/api/v1/modules/{code}/draft");
    let submitted = world.api.post(&format!("{draft}/submit")).bearer(trainer).await.expect(200);
    let digest = &submitted.json()["digest"];
    let review = json!({ "digest": digest, "verdict": "accepted", "comment": "Relu." });
    let reviewed = world.api.post(&format!("{draft}/review")).bearer(reviewer);
    reviewed.json(&review).await.expect(200);
    let preview = world.api.post(&format!("{draft}/publish/preview")).bearer(publisher);
    let preview = preview.json(&json!({ "change": "substantive" })).await.expect(200).json();
    let publish = json!({ "change": "substantive", "digest": preview["digest"] });
    let published = world.api.post(&format!("{draft}/publish")).bearer(publisher);
    published.json(&publish).await.expect(201);
}
