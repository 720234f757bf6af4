//! Legal references and the reviews that their changes cause, from what people and the calendar do to
//! what trainers find on their page of work and in their mail.

mod calendar;
mod decisions;
mod history;
mod refused;
mod register;

use chrono::NaiveDate;
use maitrise::accounts::model::Role;
use maitrise::catalogue::import;
use maitrise::catalogue::model::ChangeKind;
use maitrise::content::Tree;
use maitrise::mail::model::{Template, mail_message};
use maitrise::references::model::review_item;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::deeds::draft_files;
use crate::newcomers::Newcomer;
use crate::support::{Answer, Call};
use crate::world::World;

/// A text as a module copies it.
#[derive(Clone)]
pub struct Copy {
    pub slug: &'static str,
    pub text: &'static str,
    pub more: String,
}

impl Copy {
    pub fn of(slug: &'static str, text: &'static str) -> Self {
        Self { slug, text, more: String::new() }
    }

    /// With further keys, such as `check_by = 2027-01-01`.
    pub fn with(self, more: impl Into<String>) -> Self {
        Self { more: more.into(), ..self }
    }
}

/// A module of a provider that cites these texts, in its lesson and its first question.
pub fn citing(code: &str, provider: &str, copies: &[Copy]) -> Vec<(&'static str, String)> {
    let mut files = draft_files(code, provider, "");
    for (path, text) in &mut files {
        match *path {
            "module.toml" => text.push_str(&copies.iter().map(table).collect::<String>()),
            path if path.starts_with("lessons/") => {
                let link = |copy: &Copy| format!("\nVoyez aussi [ce texte](ref:{}).\n", copy.slug);
                text.push_str(&copies.iter().map(link).collect::<String>());
            }
            _ => {
                let slugs: Vec<&str> = copies.iter().map(|copy| copy.slug).collect();
                let (id, cites) = ("id = \"q1\"\n", format!("cites = {slugs:?}\n"));
                *text = text.replacen(id, &format!("{id}{cites}"), 1);
            }
        }
    }
    files
}

/// A copy as a manifest writes it.
fn table(Copy { slug, text, more }: &Copy) -> String {
    format!(
        "\n[[reference]]\nid = \"{slug}\"\ntext = \"{text}\"\ngrade = \"V\"\n\
         verified_on = 2026-11-01\n{more}\n"
    )
}

/// Publishes a module as an import does.
pub async fn publish(world: &World, code: &str, files: Vec<(&'static str, String)>) {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.insert(path, text.into_bytes()).expect("a path");
    }
    let now = world.app.clock.now();
    let sound = import::check(vec![(code.to_owned(), tree)], now.date_naive());
    let sound = sound.unwrap_or_else(|findings| panic!("{code}: {findings:?}"));
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let report = import::import(&tx, &sound, ChangeKind::Editorial, now).await.expect("imported");
    assert_eq!(report.published.len(), 1, "{report:?}");
    tx.commit().await.expect("a commit");
    world.app.shelf.refresh_if_moved(world.app.db.read()).await.expect("a fresh shelf");
}

/// Publishes a module of the demonstration's provider.
pub async fn publish_here(world: &World, code: &str, copies: &[Copy]) {
    publish(world, code, citing(code, "local:demonstration", copies)).await;
}

/// Somebody of the demonstration, signed in now.
pub async fn known(world: &World, word: &str) -> String {
    world.known(&format!("{word}@demonstration.example")).await.token
}

/// Somebody of another provider.
pub async fn stranger(world: &World, word: &str, role: Role) -> Newcomer {
    let elsewhere = world.provider("local:ailleurs").await;
    world.admit_as(word, role, elsewhere).await
}

/// What a text says, as it is recorded, with further fields.
pub fn telling(text: &str, more: &Value) -> Value {
    let mut body = json!({ "text": text, "grade": "V", "verified_on": "2026-11-01" });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body
}

/// Records a text that was not known.
pub async fn create(world: &World, token: &str, slug: &str, version: &Value) -> Answer {
    let body = json!({ "id": slug, "version": version });
    world.api.post("/api/v1/references").bearer(token).json(&body).await
}

/// A request that records what a text says from now on.
pub fn revise(world: &World, token: &str, (slug, tag): (&str, &str), version: &Value) -> Call {
    let call = world.api.post(&format!("/api/v1/references/{slug}/versions"));
    call.bearer(token).header("If-Match", tag).json(version)
}

/// The page of work of somebody.
pub async fn to_review(world: &World, token: &str, query: &str) -> Value {
    world.api.get(&format!("/api/v1/to-review{query}")).bearer(token).await.expect(200).json()
}

/// The items of a page about one module.
pub fn about<'p>(page: &'p Value, module: &str) -> Vec<&'p Value> {
    page["items"].as_array().expect("items").iter().filter(|i| i["module"] == module).collect()
}

/// The messages about reviews that were queued for somebody.
pub async fn told(world: &World, person_id: Uuid) -> Vec<Value> {
    let messages = mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::ToReview))
        .filter(mail_message::COLUMN.person_id.eq(person_id))
        .all(world.app.db.read());
    messages.await.expect("the queue").into_iter().map(|message| message.context).collect()
}

/// Days from today in Paris.
pub fn in_days(world: &World, days: u64) -> NaiveDate {
    let today = maitrise::references::rules::paris_day(world.app.clock.now());
    today.checked_add_days(chrono::Days::new(days)).expect("a day")
}

/// A module of a provider whose day of review has passed long ago: the item that says so.
pub async fn past_its_review(world: &World, provider: &str, code: &str) -> String {
    let mut files = citing(code, provider, &[]);
    let dates = files[0].1.replace("verified_on = 2026-11-22\n# ", "verified_on = 2020-01-01\n# ");
    files[0].1 = dates.replace("review_by = 2030-08-02", "review_by = 2020-06-01");
    publish(world, code, files).await;
    let (db, now) = (&world.app.db, world.app.clock.now());
    maitrise::references::flags::look(db, now).await.expect("a look");
    let code = maitrise::content::ModuleCode::parse(code).expect("a code");
    let module = maitrise::catalogue::find::by_code(db.read(), &code).await.expect("a module");
    let item = review_item::Entity::find().filter(review_item::COLUMN.module_id.eq(module.id));
    item.one(db.read()).await.expect("items").expect("an item").id.to_string()
}

/// The same once a version has moved the day.
pub async fn settled_item(world: &World, code: &str) -> String {
    let item = past_its_review(world, "local:demonstration", code).await;
    publish_here(world, code, &[]).await;
    item
}
