//! The page at the root: what this is, a search, and where to begin.

use std::cmp::Reverse;

use askama::Template;
use poem::{Response, handler};

use super::catalogue::finds::{self, Hit};
use super::page::{Around, Section};
use super::visitor::Visitor;
use super::words;
use crate::catalogue::Catalogue;
use crate::content::Audience;
use crate::error::Result;

/// Modules shown as the latest.
const LATEST: usize = 6;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "home.html")]
struct Home {
    around: Around,
    doors: Vec<Door>,
    latest: Vec<Hit>,
    total: String,
    /// How many paths can be followed, where any can.
    paths: Option<String>,
}

/// A way into the catalogue: those for whom something is published.
struct Door {
    word: &'static str,
    label: &'static str,
    count: String,
}

/// Shows what is published, by its doors.
#[handler]
pub(super) async fn show(visitor: Visitor) -> Response {
    let shown = page(&visitor).await;
    visitor.answer(shown)
}

async fn page(visitor: &Visitor) -> Result<Response> {
    let catalogue = visitor.app.shelf.current(visitor.app.db.read()).await?;
    let state = format!("home-{}", catalogue.revision);
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let mut latest: Vec<_> = catalogue.editions().collect();
    let total = words::count(latest.len(), "module", "modules");
    latest.sort_by_key(|edition| Reverse(edition.version.published_at));
    let latest = latest.into_iter().take(LATEST).map(finds::hit).collect();
    let doors = Audience::WORDS.iter().filter_map(|known| door(&catalogue, *known)).collect();
    let paths = catalogue.paths().count();
    let paths = (paths > 0).then(|| words::count(paths, "parcours", "parcours"));
    let around = visitor.around(Section::Home);
    Ok(visitor.public(&state, &Home { around, doors, latest, total, paths }))
}

fn door(catalogue: &Catalogue, (word, audience): (&'static str, Audience)) -> Option<Door> {
    let has = |e: &&std::sync::Arc<_>| is_for(e, audience);
    let count = catalogue.editions().filter(has).count();
    let label = words::audience(audience);
    (count > 0).then(|| Door { word, label, count: words::count(count, "module", "modules") })
}

fn is_for(edition: &crate::catalogue::Edition, audience: Audience) -> bool {
    edition.content.manifest.audiences.contains(&audience)
}
