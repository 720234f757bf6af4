//! How many statements a learner's page costs: as many with forty trainings as with four.

use tracing_subscriber::layer::SubscriberExt as _;

use super::super::atelier::send;
use super::super::statements::{Statements, price};
use super::{Browser, begin, enrol, lessons, read_all};
use crate::pages::copies::publish_copies;
use crate::world::World;

/// Enrols, asks, reads and is tested in so many copies.
async fn follow(elue: &mut Browser, copies: std::ops::Range<usize>) {
    for nth in copies {
        let course = enrol(elue, &format!("COPIE-{nth:03}")).await;
        let lesson = lessons(&elue.get(&course).await.expect(200), &course)[0].clone();
        let slug = lesson.rsplit('/').next().expect("a slug");
        let text = format!("Question {nth} ?");
        let fields = [("genre", "question"), ("lecon", slug), ("texte", text.as_str())];
        if nth < 12 {
            send(elue, &format!("{course}/question"), &fields).await.expect(303);
        }
    }
}

#[tokio::test]
async fn a_page_costs_as_many_statements_with_forty_trainings_as_with_four() {
    let world = World::new().await;
    publish_copies(&world, 40).await;
    let mut elue = Browser::of(&world, "elue").await;
    follow(&mut elue, 0..4).await;
    send(&mut elue, "/parcours/ELUS/inscription", &[]).await.expect(303);
    let course = enrol(&mut elue, "COPIE-000").await;
    read_all(&mut elue, &course).await;
    let at = begin(&mut elue, &course).await;
    let lesson = lessons(&elue.get(&course).await.expect(200), &course)[0].clone();
    let question = format!("{at}/1");
    let paths = [
        "/mon-espace",
        "/mes-attestations",
        "/mes-sessions",
        "/sessions",
        "/mes-questions",
        "/mes-donnees",
        &course,
        &lesson,
        &at,
        &question,
    ];
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut counts = Vec::new();
    for more in [0..0, 4..40] {
        follow(&mut elue, more).await;
        let mut round = Vec::new();
        for path in paths {
            round.push((path, price(&world, &mut elue, &statements, path).await));
        }
        counts.push(round);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].iter().all(|(_, count)| (1..=20).contains(count)), "{counts:?}");
}
