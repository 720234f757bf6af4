//! The editor: what is saved is what was typed, what is said stands beside its line, and two people
//! at once lose nothing.

use maitrise::journal::model::journal_entry;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::{Browser, LESSON, editor, field, said, send, write};
use crate::sign_in::encoded;
use crate::world::World;

const CODE: &str = "PREMIERS-PAS";
const BANK: &str = "quiz/01-quiz.toml";

async fn stored(world: &World, path: &str) -> Option<String> {
    let who = world.known("formatrice@demonstration.example").await;
    let path = format!("/api/v1/modules/{CODE}/draft/files?path={}", encoded(path));
    let read = world.api.get(&path).bearer(&who.token).await;
    (read.status == 200).then_some(read.body)
}

#[tokio::test]
async fn a_fault_is_told_beside_its_line_and_goes_once_it_is_mended() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let sound = stored(&world, LESSON).await.expect("the lesson");
    let wrong = format!("{sound}\n<b>brut</b> & [À COMPLÉTER : la suite]\n");
    let sent = write(&mut trainer, CODE, LESSON, &wrong.replace('\n', "\r\n")).await;
    let page = said(&mut trainer, sent).await;
    assert_eq!(stored(&world, LESSON).await.as_deref(), Some(wrong.as_str()), "LF, whole");
    let line = wrong.lines().count();
    assert!(page.contains(&format!("href=\"#ligne-{line}\"")), "{page}");
    let told = page.split(&format!("id=\"ligne-{line}\"")).nth(1).expect("the line");
    let told = told.split("</li>").next().expect("its end");
    assert!(told.contains("À corriger, ligne") && told.contains("&#60;b&#62;brut"), "{told}");
    assert!(!page.contains("<b>brut"), "what is typed is shown, never run");
    let bench = trainer.get(&format!("/atelier/{CODE}")).await.expect(200).body;
    assert!(bench.contains("à corriger</strong> avant de soumettre"), "{bench}");
    let refused = send(&mut trainer, &format!("/atelier/{CODE}/soumettre"), &[]).await;
    assert!(refused.status >= 400 && refused.body.contains("role=\"alert\""), "{}", refused.body);
    let sent = write(&mut trainer, CODE, LESSON, &sound).await;
    assert!(said(&mut trainer, sent).await.contains("rien à signaler dans ce fichier"));
}

#[tokio::test]
async fn two_people_who_save_the_same_file_are_shown_both_texts() {
    let world = World::new().await;
    let mut one = Browser::of(&world, "formatrice").await;
    let mut two = Browser::of(&world, "formatrice").await;
    let sound = stored(&world, LESSON).await.expect("the lesson");
    let read = field(&one.get(&editor(CODE, LESSON)).await.expect(200), "empreinte");
    let theirs = format!("{sound}\nLa phrase de l’autre.\n");
    write(&mut two, CODE, LESSON, &theirs).await.expect(303);
    let mine = format!("{sound}\nMa phrase & la mienne.\n");
    let at = format!("/atelier/{CODE}/fichiers");
    let fields = [("path", LESSON), ("empreinte", read.as_str()), ("texte", mine.as_str())];
    let page = send(&mut one, &at, &fields).await.expect(409);
    assert!(
        page.body.contains("La phrase de l’autre.")
            && page.body.contains("Ma phrase &#38; la mienne."),
        "{}",
        page.body
    );
    assert_eq!(stored(&world, LESSON).await.as_deref(), Some(theirs.as_str()), "nothing is lost");
    // As the page offers: mine, now that I have read theirs.
    let read = field(&page, "empreinte");
    let fields = [("path", LESSON), ("empreinte", read.as_str()), ("texte", mine.as_str())];
    send(&mut one, &at, &fields).await.expect(303);
    assert_eq!(stored(&world, LESSON).await.as_deref(), Some(mine.as_str()));
    // Two files at once are no conflict.
    let manifest = stored(&world, "module.toml").await.expect("the manifest");
    let read = field(&one.get(&editor(CODE, "module.toml")).await.expect(200), "empreinte");
    write(&mut two, CODE, LESSON, &theirs).await.expect(303);
    let fields = [("path", "module.toml"), ("empreinte", read.as_str()), ("texte", &manifest)];
    send(&mut one, &at, &fields).await.expect(303);
}

#[tokio::test]
async fn a_bank_shown_because_somebody_else_saved_it_is_read_in_the_journals_sight() {
    let world = World::new().await;
    let told = async || {
        let acts = journal_entry::Entity::find();
        let acts = acts.filter(journal_entry::COLUMN.action.eq("questions.read"));
        acts.count(world.app.db.read()).await.expect("the journal")
    };
    let mut trainer = Browser::of(&world, "formatrice").await;
    let at = format!("/atelier/{CODE}/fichiers");
    for (path, shown) in [(LESSON, false), (BANK, true), ("quiz/99-neuve.toml", false)] {
        let before = told().await;
        let fields = [("path", path), ("empreinte", "0"), ("texte", "title = \"Mien\"")];
        let page = send(&mut trainer, &at, &fields).await.expect(409);
        assert_eq!(page.body.contains("correct = true"), shown, "{path}: {}", page.body);
        assert_eq!(told().await - before, u64::from(shown), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_given_back() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let at = format!("/atelier/{CODE}/fichiers");
    let typed = "Ce que j’ai écrit.";
    for path in ["../ailleurs.md", "lessons/É.md", "media/photo.png", ""] {
        let fields = [("path", path), ("empreinte", ""), ("texte", typed)];
        let page = send(&mut trainer, &at, &fields).await;
        assert!(page.status >= 400 && page.body.contains(typed), "{path}: {}", page.body);
        assert_eq!(stored(&world, path).await, None);
    }
    let read = field(&trainer.get(&editor(CODE, LESSON)).await.expect(200), "empreinte");
    send(&mut trainer, &format!("/atelier/{CODE}/soumettre"), &[]).await.expect(303);
    let fields = [("path", LESSON), ("empreinte", read.as_str()), ("texte", typed)];
    let page = send(&mut trainer, &at, &fields).await.expect(409);
    assert!(page.body.contains(typed) && page.body.contains("copiez-le"), "{}", page.body);
    let frozen = trainer.get(&editor(CODE, LESSON)).await.expect(200);
    assert!(!frozen.body.contains("<textarea"), "{}", frozen.body);
    // A form whose token is not right changes nothing, and loses nothing either.
    let fields = [("path", LESSON), ("empreinte", read.as_str()), ("texte", typed), ("jeton", "x")];
    let page = trainer.post(&at, &fields).await.expect(403);
    assert!(page.body.contains(typed), "{}", page.body);
}
