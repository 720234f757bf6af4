//! The page at the root: where a mail leads, until learners have pages of their own.

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::page::{Around, Section};
use super::visitor::Visitor;
use crate::content::{Level, NO_LEGAL_REVIEW, Status};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "home.html")]
struct Home {
    around: Around,
    modules: Vec<Published>,
}

/// A published module.
struct Published {
    code: String,
    title: String,
    summary: String,
    minutes: i32,
    training: bool,
    extract: bool,
    unreviewed: bool,
}

/// Shows what is published.
#[handler]
pub(super) async fn show(visitor: Visitor) -> Response {
    let app = &visitor.app;
    let catalogue = match app.shelf.current(app.db.read()).await {
        Ok(catalogue) => catalogue,
        Err(error) => return visitor.refused(error),
    };
    let modules = catalogue.editions().map(|edition| {
        let manifest = &edition.content.manifest;
        Published {
            code: edition.module.code.clone(),
            title: manifest.title.clone(),
            summary: manifest.summary.clone(),
            minutes: edition.version.duration_minutes,
            training: manifest.level == Level::Training,
            extract: manifest.status == Status::Extract,
            unreviewed: manifest.legal_review == NO_LEGAL_REVIEW,
        }
    });
    let around = visitor.around(Section::Home);
    visitor.page(StatusCode::OK, &Home { around, modules: modules.collect() })
}
