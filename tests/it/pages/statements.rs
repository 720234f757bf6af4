//! How many statements a page costs: as many with sixty-five modules as with fifteen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::span::{Attributes, Id};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use super::browse::Browser;
use super::copies::publish_copies;
use super::html::elements;
use crate::world::World;

/// How many statements the drivers were given on this thread: each is a span of theirs.
#[derive(Clone, Default)]
pub struct Statements(Arc<AtomicUsize>);

impl Statements {
    /// Those since the last time.
    pub fn taken(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let (target, name) = (span.metadata().target(), span.metadata().name());
        let given = ["execute", "execute_unprepared", "query_one", "query_all"].contains(&name);
        if given && target.starts_with("sea_orm::driver::sqlx") {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What a page costs once the process has read what it keeps. The shelf asks for its revision once a
/// second, whoever reads: the cheapest of a few times is the page's own price.
pub async fn price(
    world: &World,
    browser: &mut Browser,
    statements: &Statements,
    path: &str,
) -> usize {
    let mut cheapest = usize::MAX;
    for _ in 0..4 {
        let (shelf, db) = (&world.app.shelf, world.app.db.read());
        shelf.refresh_if_moved(db).await.expect("fresh");
        statements.taken();
        browser.get(path).await.expect(200);
        cheapest = cheapest.min(statements.taken());
    }
    cheapest
}

#[tokio::test]
async fn a_page_costs_as_many_statements_with_sixty_five_modules_as_with_fifteen() {
    let world = World::new().await;
    let mut anyone = Browser::new(&world);
    let mut signed = Browser::of(&world, "formatrice").await;
    let links = elements(&anyone.get("/modules/E1").await.expect(200).body, "a");
    let lesson = links.iter().find(|link| link["href"].contains("/lecons/")).expect("a lesson");
    let lesson = lesson["href"].clone();
    let paths = ["/", "/catalogue", "/catalogue?q=ia&public=elu", "/modules/E1", &lesson];

    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let (db, now) = (world.app.db.read(), world.app.clock.now());
    maitrise::accounts::web_session::find(db, "x", now).await.expect("a statement");
    assert_eq!(statements.taken(), 1, "statements are counted");

    let mut counts = Vec::new();
    for more in [0, 50] {
        if more > 0 {
            publish_copies(&world, more).await;
        }
        let mut round = Vec::new();
        for path in paths {
            for browser in [&mut anyone, &mut signed] {
                round.push(price(&world, browser, &statements, path).await);
            }
        }
        counts.push(round);
    }
    assert_eq!(counts[0], counts[1]);
    // Nothing, or the history of a module and whether it has sessions; for somebody signed in, their session and their grants.
    let expected = [0, 2, 0, 2, 0, 2, 2, 4, 0, 2];
    assert_eq!(counts[0], expected);
}
