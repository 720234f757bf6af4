//! What a bad connection does: answers sent twice, late, or to a test that is over.

use maitrise::learning::model::attempt_answer;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::super::atelier::{said, send};
use super::{Browser, answer_all, attempt, begin, enrol, fields, reply};
use crate::deeds::{answer, published};
use crate::pages::copies::publish_whole;
use crate::world::World;

fn goes(to: &str) -> (String, String) {
    ("aller".to_owned(), to.to_owned())
}

/// How many answers of an attempt are kept.
async fn rows(world: &World, at: &str) -> u64 {
    let id: uuid::Uuid = at.rsplit('/').next().expect("an id").parse().expect("an id");
    let kept = attempt_answer::Entity::find().filter(attempt_answer::COLUMN.attempt_id.eq(id));
    kept.count(world.app.db.read()).await.expect("rows")
}

#[tokio::test]
async fn an_answer_sent_by_the_script_again_and_again_is_kept_once() {
    let world = World::new().await;
    publish_whole(&world.app, "ENTIER").await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "ENTIER").await;
    let at = begin(&mut elue, &course).await;
    let (module, shown) = (published(&world, "ENTIER").await, attempt(&world, &at).await);
    for (n, asked) in (1..).zip(shown["questions"].as_array().expect("questions")) {
        let mut sent = fields(asked, &answer(&module, asked, true));
        sent.push(goes("garder"));
        for _ in 0..3 {
            let kept = reply(&mut elue, &at, n, &sent).await.expect(204);
            assert!(kept.body.is_empty());
        }
        assert_eq!(rows(&world, &at).await, n as u64);
    }
    send(&mut elue, &at, &[]).await.expect(303);
    assert!(elue.get(&at).await.expect(200).body.contains("100\u{a0}%"));
}

#[tokio::test]
async fn handing_in_twice_is_once_and_what_comes_after_is_told() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "E1").await;
    let at = begin(&mut elue, &course).await;
    answer_all(&world, &mut elue, &at, "E1", false).await;
    send(&mut elue, &at, &[]).await.expect(303);
    send(&mut elue, &at, &[]).await.expect(303);
    let page = elue.get(&course).await.expect(200);
    assert_eq!(page.body.matches("Tentative 1").count(), 1);
    let late = [("choix".to_owned(), "a".to_owned()), goes("suivante")];
    let sent = reply(&mut elue, &at, 1, &late).await;
    assert!(said(&mut elue, sent).await.contains("role=\"status\">"), "it says why, once");
    let by_script = [("choix".to_owned(), "a".to_owned()), goes("garder")];
    reply(&mut elue, &at, 1, &by_script).await.expect(409);
    assert_eq!(elue.get(&format!("{at}/1")).await.expect(303).location(), at);
    let second = begin(&mut elue, &course).await;
    assert_ne!(second, at, "another attempt");
}

#[tokio::test]
async fn a_choice_that_was_not_shown_and_a_question_that_was_not_asked_are_refused() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let course = enrol(&mut elue, "E1").await;
    let at = begin(&mut elue, &course).await;
    let odd = [("choix".to_owned(), "zz".to_owned()), goes("suivante")];
    let refused = reply(&mut elue, &at, 1, &odd).await.expect(422);
    assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    for n in [0, 99] {
        elue.get(&format!("{at}/{n}")).await.expect(404);
        reply(&mut elue, &at, n, &odd).await.expect(404);
    }
    assert_eq!(rows(&world, &at).await, 0);
}
