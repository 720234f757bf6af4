//! Importing paths, and which of them are listed.

use sea_orm::DatabaseTransaction;

use super::kit;
use crate::accounts::Scope;
use crate::accounts::model::Role;
use crate::catalogue::model::ChangeKind;
use crate::catalogue::paths::{author, find, import};
use crate::catalogue::{Shelf, import as modules};
use crate::content::{KnownModule, KnownModules, LearningPath};
use crate::db::Db;
use crate::testing;

/// Two steps, T1 and T2 or T3, the first of which is all that is mandatory where `optional`.
fn text(title: &str, optional: bool) -> String {
    format!(
        "[[path]]\ncode = \"DUO\"\ntitle = \"{title}\"\nsummary = \"Un essai.\"\n\
         audiences = [\"elu\"]\noutcomes = [\"Essayer.\"]\norder = \"free\"\n\n\
         [[path.module]]\nmodule = \"T1\"\n\n\
         [[path.module]]\nany_of = [\"T2\", \"T3\"]\noptional = {optional}\n"
    )
}

fn folders(codes: &[&str]) -> Vec<modules::Folder> {
    codes.iter().map(|code| ((*code).to_owned(), kit::tree(code, "Texte."))).collect()
}

/// What a file says beside three modules.
fn read(text: &str) -> Vec<LearningPath> {
    let today = kit::now().date_naive();
    let checked = modules::check(folders(&["T1", "T2", "T3"]), today).expect("sound");
    import::read(Some(text.as_bytes()), &checked).expect("sound")
}

async fn imported(tx: &DatabaseTransaction, text: &str) -> import::Report {
    let (paths, change) = (read(text), ChangeKind::Substantive);
    import::import(tx, &paths, change, kit::now()).await.expect("an import")
}

async fn publish(db: &Db, codes: &[&str]) {
    let tx = db.begin_write().await.expect("tx");
    kit::imported(&tx, &folders(codes), ChangeKind::Editorial).await;
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn a_path_is_published_when_it_differs_from_its_latest_version_and_only_then() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let (one, two) = (text("Avant", false), text("Après", false));
    for (text, number) in [(&one, Some(1)), (&one, None), (&two, Some(2)), (&one, Some(3))] {
        let report = imported(&tx, text).await;
        let published = number.map(|number| ("DUO".to_owned(), number));
        assert_eq!(report.published, Vec::from_iter(published));
        assert_eq!(report.unchanged.len(), usize::from(number.is_none()));
    }
    let path = find::by_code(&tx, "DUO").await.expect("a path");
    let versions = find::versions(&tx, path.id, 10, None).await.expect("versions");
    let kinds: Vec<_> = versions.iter().map(|v| (v.number, v.change_kind)).collect();
    let later = ChangeKind::Substantive;
    assert_eq!(kinds, [(3, later), (2, later), (1, ChangeKind::First)]);
    assert_eq!(versions[0].digest, versions[2].digest);
    let first = find::numbered(&tx, path.id, 1).await.expect("the first");
    assert_eq!(first.content, read(&one)[0], "what was published is what is read");
}

#[tokio::test]
async fn a_path_is_listed_once_each_mandatory_step_has_a_published_module() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    imported(&tx, &text("Essai", false)).await;
    tx.commit().await.expect("commit");
    let shelf = Shelf::default();
    let listed = async || {
        let catalogue = shelf.refresh_if_moved(db.read()).await.expect("a catalogue");
        catalogue.path("DUO").is_some()
    };
    assert!(!listed().await, "nothing is published");
    publish(&db, &["T1"]).await;
    assert!(!listed().await, "the second step has nothing");
    publish(&db, &["T3"]).await;
    assert!(listed().await, "T3 will do");
}

#[tokio::test]
async fn an_optional_step_of_which_nothing_is_published_hides_no_path() {
    let (_folder, db) = testing::database().await;
    publish(&db, &["T1"]).await;
    let tx = db.begin_write().await.expect("tx");
    imported(&tx, &text("Essai", true)).await;
    tx.commit().await.expect("commit");
    let catalogue = Shelf::default().refresh_if_moved(db.read()).await.expect("a catalogue");
    assert!(catalogue.path("DUO").is_some());
}

#[tokio::test]
async fn a_path_written_in_the_application_is_never_overwritten() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let owner = kit::maitrise(&tx).await;
    let who = kit::someone(&tx, &[Role::Publisher], Scope::Provider(owner)).await;
    let known: KnownModules = ["T1", "T2", "T3"]
        .map(|code| {
            let audiences = Some(vec![crate::content::Audience::Elu]);
            (kit::code(code), KnownModule { audiences, provider: None, required: Vec::new() })
        })
        .into();
    let ours = read(&text("La nôtre", false)).remove(0);
    author::create(&tx, &who, &ours, &known, kit::now()).await.expect("created");
    let report = imported(&tx, &text("La nôtre", false)).await;
    assert_eq!((report.unchanged.len(), report.conflicts.len()), (1, 0), "it says the same");
    let report = imported(&tx, &text("Une autre", false)).await;
    assert_eq!((report.published.len(), report.conflicts), (0, vec!["DUO".to_owned()]));
}

#[tokio::test]
async fn a_path_takes_neither_the_code_of_a_module_nor_the_path_of_another_provider() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    kit::imported(&tx, &folders(&["T1", "T9"]), ChangeKind::Editorial).await;
    let said = |report: &import::Report| -> String {
        assert!(report.published.is_empty());
        report.findings.iter().map(ToString::to_string).collect()
    };
    let taken = imported(&tx, &text("Essai", false).replace("\"DUO\"", "\"T9\"")).await;
    assert!(said(&taken).contains("T9 : ce code est déjà celui d’un module"), "{taken:?}");
    imported(&tx, &text("Essai", false)).await;
    let other = text("Essai", false).replace("order", "provider = \"local:autre\"\norder");
    let stolen = imported(&tx, &other).await;
    assert!(said(&stolen).contains("appartient à un autre fournisseur"), "{stolen:?}");
    let unknown = other.replace("local:autre", "cdg:CDG-99");
    assert!(said(&imported(&tx, &unknown).await).contains("« cdg:CDG-99 »"));
    let module = kit::imported(&tx, &folders(&["DUO"]), ChangeKind::Editorial).await;
    let words: String = module.findings.iter().map(ToString::to_string).collect();
    assert!(words.contains("est déjà celui d’un parcours"), "{words}");
}
