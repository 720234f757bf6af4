//! Small modules and people for tests.

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};
use uuid::Uuid;

use crate::accounts::model::{Role, account};
use crate::accounts::{Held, Principal, Scope};
use crate::catalogue::model::ChangeKind;
use crate::catalogue::{draft, import};
use crate::clock;
use crate::content::{ModuleCode, Tree};
use crate::error::{Error, Reason, Result};
use crate::people::model::person;
use crate::providers;

/// The instant at which tests stand.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).single().expect("an instant")
}

/// A code.
pub(crate) fn code(text: &str) -> ModuleCode {
    ModuleCode::parse(text).expect("a code")
}

/// The manifest of a small sound module.
pub(crate) fn manifest(code: &str) -> String {
    let review_by = NaiveDate::from_ymd_opt(2027, 2, 22).expect("a date");
    format!(
        "code = \"{code}\"\ntitle = \"Élus et intelligence artificielle\"\nsummary = \"Un essai.\"\n\
         provider = \"local:maitrise\"\naudiences = [\"elu\"]\nlevel = \"awareness\"\nlanguage = \"fr\"\n\
         status = \"complete\"\nduration_minutes = 11\nactivity_minutes = 10\nobjectives = [\"Essayer\"]\n\
         recommendations = [1, 8]\nthemes = [\"ia\"]\nlicence = \"etalab-2.0\"\n\
         accessibility = \"Texte seul.\"\ncontact = \"contenus@maitrise.example\"\n\
         verified_on = 2026-11-22\nreview_by = {review_by}\nlegal_review = \"none\"\n"
    )
}

/// A lesson that says `text`.
pub(crate) fn lesson(text: &str) -> String {
    format!("+++\ntitle = \"Une leçon\"\n+++\n\n## Un titre\n\n{text}\n")
}

/// A quiz of one question.
pub(crate) fn quiz() -> String {
    "title = \"Quiz\"\n\n[[question]]\nid = \"Q1\"\nkind = \"single\"\ntext = \"Combien ?\"\n\
     explanation = \"Deux.\"\nreference = \"Arithmétique\"\ngrade = \"V\"\nverified_on = 2026-11-22\n\n\
     [[question.choice]]\nid = \"a\"\ntext = \"Un\"\n\n\
     [[question.choice]]\nid = \"b\"\ntext = \"Deux\"\ncorrect = true\n"
        .to_owned()
}

/// The files of a small sound module.
pub(crate) fn files(code: &str, text: &str) -> Vec<(&'static str, String)> {
    vec![
        ("module.toml", manifest(code)),
        ("lessons/01-essai.md", lesson(text)),
        ("quiz/01-quiz.toml", quiz()),
    ]
}

/// Those files as a tree.
pub(crate) fn tree(code: &str, text: &str) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files(code, text) {
        tree.insert(path, text.into_bytes()).expect("a path");
    }
    tree
}

/// Writes a file and the folders above it.
pub(crate) fn write(file: &std::path::Path, bytes: &[u8]) {
    std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
    std::fs::write(file, bytes).expect("written");
}

/// Someone with an account that holds roles over a scope.
pub(crate) async fn someone(tx: &DatabaseTransaction, roles: &[Role], scope: Scope) -> Principal {
    let (person_id, account_id) = (clock::new_id(), clock::new_id());
    person::ActiveModel { id: Set(person_id), recorded_at: Set(now()) }
        .insert(tx)
        .await
        .expect("a person");
    account::ActiveModel {
        id: Set(account_id),
        person_id: Set(person_id),
        sign_in_name: Set(format!("{account_id}@test.example")),
        password_hash: Set(None),
        generation: Set(0),
        created_at: Set(now()),
        disabled_at: Set(None),
    }
    .insert(tx)
    .await
    .expect("an account");
    let held = |role: &Role| Held { id: clock::new_id(), role: *role, scope, valid_to: None };
    Principal { account_id, person_id, grants: roles.iter().map(held).collect() }
}

/// The provider `local:maitrise`.
pub(crate) async fn maitrise(tx: &DatabaseTransaction) -> Uuid {
    providers::ensure(tx, "local:maitrise", now()).await.expect("a provider").id
}

/// A new module whose draft holds a small sound module, written by `who`.
pub(crate) async fn written(tx: &DatabaseTransaction, who: &Principal, code: &str) -> draft::Desk {
    let module = self::code(code);
    let mut desk =
        draft::create_module(tx, who, &module, "local:maitrise", now()).await.expect("a draft");
    for (path, text) in files(code, "Voici une leçon.") {
        desk = draft::put_file(tx, who, desk, path, text.into_bytes(), now()).await.expect("put");
    }
    desk
}

/// Why something was refused; none when it was not.
pub(crate) fn reason<T>(result: Result<T>) -> Option<Reason> {
    match result {
        Ok(_) => None,
        Err(Error::Refused(refusal)) => Some(refusal.reason),
        Err(error) => panic!("failed rather than refused: {error}"),
    }
}

/// Checks folders, then imports them; what stops the check is reported like the rest.
pub(super) async fn imported(
    tx: &DatabaseTransaction,
    folders: &[import::Folder],
    change: ChangeKind,
) -> import::Report {
    match import::check(folders.to_vec(), now().date_naive()) {
        Err(findings) => import::Report { findings, ..import::Report::default() },
        Ok(sound) => import::import(tx, &sound, change, now()).await.expect("an import"),
    }
}
