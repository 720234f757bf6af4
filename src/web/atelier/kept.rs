//! What was typed, kept where it cannot be saved: the draft was published, frozen or taken away.

use askama::Template;
use poem::Response;

use super::{Crumbs, Refused, crumbs};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/kept.html")]
struct Kept {
    around: Around,
    crumbs: Crumbs,
    code: String,
    refused: Option<Refused>,
    name: String,
    text: String,
}

/// Says why, and gives the text back.
pub(super) fn page(
    member: &Member,
    code: &str,
    refused: Refused,
    (name, text): (&str, String),
) -> Response {
    let status = refused.status;
    let page = Kept {
        around: member.around(Section::Desk),
        crumbs: crumbs(code),
        code: code.to_owned(),
        refused: Some(refused),
        name: name.to_owned(),
        text,
    };
    member.page(status, &page)
}
