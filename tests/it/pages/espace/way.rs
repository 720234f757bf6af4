//! From a module's page to its attestation, without a script.

use super::super::atelier::{said, send};
use super::{Browser, answer_all, attempt, begin, enrol, fields, read_all, reply};
use crate::deeds::{answer, published};
use crate::pages::copies::publish_whole;
use crate::pages::html::elements;
use crate::world::World;

#[tokio::test]
async fn one_enrols_reads_answers_and_is_attested_by_forms_alone() {
    let world = World::new().await;
    publish_whole(&world.app, "ENTIER").await;
    let mut elue = Browser::of(&world, "elue").await;
    let module = elue.get("/modules/ENTIER").await.expect(200);
    assert!(module.body.contains("href=\"/modules/ENTIER/inscription\""), "{}", module.body);
    elue.get("/modules/ENTIER/inscription").await.expect(200);
    let course = enrol(&mut elue, "ENTIER").await;
    assert_eq!(enrol(&mut elue, "ENTIER").await, course, "enrolling twice is enrolling once");
    assert_eq!(elue.get("/modules/ENTIER/inscription").await.expect(303).location(), course);
    let day = elue.get("/mon-espace").await.expect(200);
    assert!(day.body.contains(&course) && day.body.contains("Continuer : "), "{}", day.body);

    assert_eq!(read_all(&mut elue, &course).await, format!("{course}#test"));
    let at = begin(&mut elue, &course).await;
    assert_eq!(begin(&mut elue, &course).await, at, "the one that is open");
    let summary = elue.get(&at).await.expect(200);
    assert!(summary.body.contains("14 questions sont sans réponse"), "{}", summary.body);
    answer_all(&world, &mut elue, &at, "ENTIER", true).await;
    let summary = elue.get(&at).await.expect(200);
    assert!(!summary.body.contains("sans réponse"), "{}", summary.body);
    send(&mut elue, &at, &[]).await.expect(303);
    let result = elue.get(&at).await.expect(200);
    assert!(result.body.contains("Test réussi.") && result.body.contains("100\u{a0}%"));
    let module = published(&world, "ENTIER").await;
    for question in module.quiz.questions() {
        let explained = question.explanation.split('\'').next().expect("words");
        assert!(result.body.contains(explained.trim_end()), "{explained}");
    }
    let page = elue.get("/mes-attestations").await.expect(200);
    for kind in ["attestation", "certificat"] {
        let links = elements(&page.body, "a").into_iter().map(|link| link["href"].clone());
        let pdf = links.into_iter().find(|href| href.ends_with(&format!("/{kind}.pdf")));
        let pdf = elue.get(&pdf.expect("a document")).await.expect(200);
        assert!(pdf.bytes.starts_with(b"%PDF-"));
    }
    let day = elue.get("/mon-espace").await.expect(200);
    assert!(day.body.contains("achevé le"), "{}", day.body);
}

#[tokio::test]
async fn an_answer_is_changed_taken_back_and_found_again_and_going_back_keeps_it() {
    let world = World::new().await;
    publish_whole(&world.app, "ENTIER").await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "ENTIER").await;
    let at = begin(&mut elue, &course).await;
    let (module, shown) = (published(&world, "ENTIER").await, attempt(&world, &at).await);
    for (n, asked) in (1..).zip(shown["questions"].as_array().expect("questions")) {
        let page = elue.get(&format!("{at}/{n}")).await.expect(200);
        assert!(!page.body.contains("Effacer ma réponse"), "nothing was answered");
        let choices = answer(&module, asked, n % 2 == 0);
        let mut sent = fields(asked, &choices);
        sent.push(("aller".to_owned(), "precedente".to_owned()));
        let led = reply(&mut elue, &at, n, &sent).await.expect(303).location();
        assert_eq!(led, if n == 1 { at.clone() } else { format!("{at}/{}", n - 1) });
        let kept = attempt(&world, &at).await["questions"][n - 1]["answer"].clone();
        assert_eq!(kept, serde_json::json!(choices), "{asked}");
        let page = elue.get(&format!("{at}/{n}")).await.expect(200);
        assert!(page.body.contains("Effacer ma réponse"));
        let shown = page.body.matches(" checked").count() + page.body.matches(" selected").count();
        assert_eq!(shown, choices.len(), "what was answered stands in the form: {}", page.body);
        let cleared = [("aller".to_owned(), "effacer".to_owned())];
        let led = reply(&mut elue, &at, n, &cleared).await.expect(303).location();
        assert_eq!(led, format!("{at}/{n}"));
        let kept = attempt(&world, &at).await["questions"][n - 1]["answer"].clone();
        assert_eq!(kept, serde_json::json!([]));
    }
}

#[tokio::test]
async fn an_order_that_is_none_is_told_with_what_was_typed() {
    let world = World::new().await;
    publish_whole(&world.app, "ENTIER").await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "ENTIER").await;
    let at = begin(&mut elue, &course).await;
    let shown = attempt(&world, &at).await;
    let asked = shown["questions"].as_array().expect("questions");
    let n = asked.iter().position(|one| one["kind"] == "ordering").expect("one to order") + 1;
    let ids = asked[n - 1]["choices"].as_array().expect("items").iter();
    let ids: Vec<_> = ids.map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
    let twice =
        [(format!("rang-{}", ids[0]), "1".into()), (format!("rang-{}", ids[1]), "1".into())];
    let refused = reply(&mut elue, &at, n, &twice).await.expect(422);
    assert!(refused.body.contains("un rang différent, de 1 à"), "{}", refused.body);
    assert_eq!(refused.body.matches(" selected").count(), 2, "{}", refused.body);
    assert!(refused.body.contains("<title>Erreur : "), "{}", refused.body);
    assert_eq!(attempt(&world, &at).await["questions"][n - 1]["answer"], serde_json::json!([]));
}

#[tokio::test]
async fn a_path_is_followed_begun_and_left_and_a_training_left_for_a_reason() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let path = elue.get("/parcours/ELUS").await.expect(200);
    assert!(path.body.contains("href=\"/parcours/ELUS/inscription\""));
    elue.get("/parcours/ELUS/inscription").await.expect(200);
    let followed = send(&mut elue, "/parcours/ELUS/inscription", &[]).await;
    let followed = followed.expect(303).location();
    assert_eq!(
        send(&mut elue, "/parcours/ELUS/inscription", &[]).await.expect(303).location(),
        followed
    );
    let page = elue.get(&followed).await.expect(200);
    let forms = elements(&page.body, "form").into_iter().map(|form| form["action"].clone());
    let start = forms.into_iter().find(|action| action.contains("/modules/")).expect("a step");
    let course = send(&mut elue, &start, &[]).await.expect(303).location();
    let page = elue.get(&followed).await.expect(200);
    assert!(
        page.body.contains(&course) && page.body.contains("en cours")
            || page.body.contains(&course)
    );
    assert!(elue.get("/mon-espace").await.expect(200).body.contains(&followed));

    let leave = format!("{course}/quitter");
    elue.get(&leave).await.expect(200);
    let unsaid = send(&mut elue, &leave, &[]).await.expect(422);
    assert!(unsaid.body.contains("Choisissez une raison."), "{}", unsaid.body);
    let left = send(&mut elue, &leave, &[("motif", "no_time")]).await;
    assert!(said(&mut elue, left).await.contains("Vous avez quitté cette formation"));
    let page = elue.get(&course).await.expect(200);
    assert!(page.body.contains(">quitté<") && !page.body.contains("/quitter\""), "{}", page.body);
    let over = send(&mut elue, &format!("{course}/test"), &[]).await.expect(409);
    assert!(over.body.contains("role=\"alert\""), "{}", over.body);
    let left = send(&mut elue, &format!("{followed}/quitter"), &[("motif", "other")]).await;
    assert!(said(&mut elue, left).await.contains("Vous avez quitté ce parcours"));
}
