//! What every site of the public sector owes to who reads it: who runs it, how accessible it is, and
//! what it keeps of persons.

use std::collections::BTreeMap;

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::page::{Around, Section};
use super::visitor::Visitor;
use crate::config::OperatorSettings;
use crate::personal::Column;
use crate::{accounts, attestations, catalogue, jobs, learning, mail, people, records};

/// The accessibility statement.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "accessibility.html")]
struct Accessibility {
    around: Around,
}

/// The legal notice.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "legal.html")]
struct Legal {
    around: Around,
    address: String,
    operator: OperatorSettings,
    version: &'static str,
}

/// What is kept of persons.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "personal.html")]
struct Personal {
    around: Around,
    /// Purposes, by how long what serves them is kept.
    kept: Vec<(&'static str, Vec<&'static str>)>,
    hours: i64,
}

/// How accessible the pages are, as far as is known.
#[handler]
pub(super) fn accessibility(visitor: Visitor) -> Response {
    let around = visitor.around(Section::Other);
    visitor.page(StatusCode::OK, &Accessibility { around })
}

/// Who is behind this site.
#[handler]
pub(super) fn legal(visitor: Visitor) -> Response {
    let around = visitor.around(Section::Other);
    let settings = &visitor.app.settings;
    let (address, operator) = (settings.http.public_url.clone(), settings.operator.clone());
    let version = env!("CARGO_PKG_VERSION");
    visitor.page(StatusCode::OK, &Legal { around, address, operator, version })
}

/// What the rooms declare that they keep of persons, and for how long.
#[handler]
pub(super) fn personal(visitor: Visitor) -> Response {
    let around = visitor.around(Section::Other);
    let hours = accounts::web_session::LIFE_HOURS;
    visitor.page(StatusCode::OK, &Personal { around, kept: kept(), hours })
}

/// The purposes that the rooms declare, by retention, each said once.
fn kept() -> Vec<(&'static str, Vec<&'static str>)> {
    let rooms: [&[Column]; 8] = [
        accounts::personal::PERSONAL,
        people::personal::PERSONAL,
        records::personal::PERSONAL,
        learning::personal::PERSONAL,
        attestations::personal::PERSONAL,
        mail::personal::PERSONAL,
        catalogue::personal::PERSONAL,
        jobs::personal::PERSONAL,
    ];
    let mut kept: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for column in rooms.into_iter().flatten() {
        let purposes = kept.entry(column.retention).or_default();
        if !purposes.contains(&column.purpose) {
            purposes.push(column.purpose);
        }
    }
    kept.into_iter().collect()
}
