//! What learners say back and what is held of them: questions, complaints, opinions, obligations, data.

use serde_json::json;

use super::super::atelier::{browser_of, said, send};
use super::{Browser, ELUE, answer_all, begin, enrol, lessons, read_all};
use crate::deeds::{draft_files, fill_draft, publish, put_file};
use crate::pages::html::elements;
use crate::requirements::{enabled, entered, required};
use crate::world::World;

#[tokio::test]
async fn one_asks_is_answered_writes_again_and_complains() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "E1").await;
    let lesson = lessons(&elue.get(&course).await.expect(200), &course)[0].clone();
    let slug = lesson.rsplit('/').next().expect("a slug").to_owned();
    let ask = format!("{course}/question");
    let form = elue.get(&format!("{ask}?lecon={slug}")).await.expect(200);
    assert!(form.body.contains(&format!("value=\"{slug}\" selected")), "{}", form.body);
    let blank = [("genre", "question"), ("lecon", slug.as_str()), ("texte", "  ")];
    let refused = send(&mut elue, &ask, &blank).await.expect(422);
    assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    let asked = [("genre", "question"), ("lecon", slug.as_str()), ("texte", "Et un syndicat ?")];
    let thread = send(&mut elue, &ask, &asked).await.expect(303).location();
    let answerer = world.known("formatrice@demonstration.example").await.token;
    let api = thread.replace("/mes-questions/", "/api/v1/feedback/");
    let reply = world.api.post(&format!("{api}/replies")).bearer(&answerer);
    let answered = reply.json(&json!({ "text": "La règle est la même." })).await;
    // E1 is of another provider than the trainer's: only its own people answer.
    assert_eq!(answered.status, 404);
    let sent = send(&mut elue, &thread, &[("texte", "J’ajoute un mot.")]).await;
    let page = said(&mut elue, sent).await;
    assert!(page.contains("Et un syndicat ?") && page.contains("J’ajoute un mot."), "{page}");
    let complaint = [("module", "E1"), ("texte", "La durée annoncée est trop courte.")];
    elue.get("/mes-questions/reclamation?module=E1").await.expect(200);
    let sent = send(&mut elue, "/mes-questions/reclamation", &complaint).await.expect(303);
    let page = elue.get(&sent.location()).await.expect(200);
    assert!(page.body.contains("Réclamation") && page.body.contains("trop courte"));
    let list = elue.get("/mes-questions").await.expect(200);
    assert!(list.body.contains(&thread) && list.body.contains(&sent.location()));
}

#[tokio::test]
async fn an_opinion_is_given_once_the_training_is_over_and_may_be_changed() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "E1").await;
    let opinion = format!("{course}/avis");
    let early = elue.get(&opinion).await.expect(200);
    assert!(early.body.contains("une fois la formation finie"), "{}", early.body);
    send(&mut elue, &opinion, &[("useful", "5")]).await.expect(409);
    read_all(&mut elue, &course).await;
    let at = begin(&mut elue, &course).await;
    answer_all(&world, &mut elue, &at, "E1", true).await;
    send(&mut elue, &at, &[]).await.expect(303);
    let marks = [("useful", "5"), ("clear", "4"), ("applicable", ""), ("mot", "Très clair.")];
    send(&mut elue, &opinion, &marks).await.expect(303);
    let page = elue.get(&opinion).await.expect(200);
    assert!(page.body.contains("changer d’avis jusqu’au") && page.body.contains("Très clair."));
    assert_eq!(page.body.matches(" checked").count(), 3);
    let odd = send(&mut elue, &opinion, &[("useful", "9")]).await.expect(422);
    assert!(odd.body.contains("de 1 à 5"), "{}", odd.body);
}

#[tokio::test]
async fn what_is_due_says_why_and_where_to_go() {
    let world = World::new().await;
    let national = world.known("national@demonstration.example").await.token;
    enabled(&world, &national, "ia-tous", &required(json!({}))).await;
    entered(&world).await;
    let mut elue = Browser::of(&world, "elue").await;
    let day = elue.get("/mon-espace").await.expect(200);
    let links = elements(&day.body, "a").into_iter().map(|link| link["href"].clone());
    let why = links.into_iter().find(|href| href.starts_with("/mes-obligations/")).expect("why");
    assert!(day.body.contains("href=\"/modules/E1/inscription\""), "{}", day.body);
    let page = elue.get(&why).await.expect(200);
    assert!(page.body.contains("Vous devez achever le module E1"), "{}", page.body);
    let stranger = world.admit("voisin").await;
    browser_of(&world, &stranger).await.get(&why).await.expect(404);
    Browser::of(&world, "auditeur").await.get(&why).await.expect(404);
    let course = enrol(&mut elue, "E1").await;
    let day = elue.get("/mon-espace").await.expect(200);
    assert!(day.body.contains(&format!("{course}/lecons/")), "{}", day.body);
}

#[tokio::test]
async fn a_due_date_that_is_past_and_a_missing_capacity_are_explained() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    for typed in ["2001-01-01", "demain", "2999-01-01"] {
        let form = "/modules/E1/inscription";
        let refused = send(&mut elue, form, &[("echeance", typed)]).await.expect(422);
        assert!(refused.body.contains(&format!("value=\"{typed}\"")), "{}", refused.body);
        assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    }
    let nobody = world.admit("sans-qualite").await;
    let mut nobody = browser_of(&world, &nobody).await;
    let shown = nobody.get("/modules/E1/inscription").await.expect(200);
    assert!(
        shown.body.contains("Déclarez d&#39;abord votre qualité") || shown.body.contains("qualité")
    );
    assert!(!shown.body.contains("M’inscrire"), "{}", shown.body);
    send(&mut nobody, "/modules/E1/inscription", &[]).await.expect(409);
    nobody.get("/mon-espace").await.expect(200);
}

#[tokio::test]
async fn what_comes_first_is_named_where_one_enrols() {
    let world = World::new().await;
    let trainer = world.known("formatrice@demonstration.example").await.token;
    let first = "[[prerequisite]]\nmodule = \"E1\"\nkind = \"required\"\n";
    let provider = "local:demonstration";
    fill_draft(&world, &trainer, "SUITE", provider, "").await;
    let manifest = draft_files("SUITE", provider, "").remove(0).1;
    let whole = format!("{manifest}\n{first}");
    put_file(&world, &trainer, "SUITE", "module.toml", ("text/plain; charset=utf-8", whole.into()))
        .await;
    publish(&world, "SUITE").await;
    let mut elue = Browser::of(&world, "elue").await;
    let refused = elue.get("/modules/SUITE/inscription").await.expect(200);
    assert!(refused.body.contains("Achevez d&#39;abord : E1."), "{}", refused.body);
    assert!(refused.body.contains("href=\"/modules/E1/inscription\""), "{}", refused.body);
    send(&mut elue, "/modules/SUITE/inscription", &[]).await.expect(409);
}

#[tokio::test]
async fn the_copy_of_ones_data_holds_what_was_done_and_no_key_of_an_open_test() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "E1").await;
    read_all(&mut elue, &course).await;
    let open = begin(&mut elue, &course).await;
    let early = elue.get("/mes-donnees/export.json").await.expect(200);
    assert!(!early.body.contains("explanation") && !early.body.contains("correct"));
    assert!(!early.body.contains(open.rsplit('/').next().expect("an id")), "it is not a fact yet");
    answer_all(&world, &mut elue, &open, "E1", true).await;
    send(&mut elue, &open, &[]).await.expect(303);
    let copy = elue.get("/mes-donnees/export.json").await.expect(200);
    assert_eq!(copy.header("cache-control"), Some("no-store"));
    let copy = copy.json();
    assert_eq!(copy["identity"]["sign_in_name"], ELUE);
    let kinds: Vec<_> = copy["facts"].as_array().expect("facts").iter().collect();
    for kind in ["enrolled", "lesson_done", "attempt_submitted", "completed"] {
        assert!(kinds.iter().any(|fact| fact["kind"] == kind), "{kind}");
    }
    let attested = copy["attestations"].as_array().expect("attestations");
    assert_eq!(attested.len(), 1);
    let other = world.admit("voisin").await;
    let theirs = browser_of(&world, &other).await.get("/mes-donnees/export.json").await.expect(200);
    assert!(!theirs.body.contains("Camille") && theirs.json()["facts"] == json!([]));
}
