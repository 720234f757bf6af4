//! A lesson as a reader gets it: how fresh it is, its text with its figures, the texts that it cites
//! and the terms that it explains.

use super::french;
use super::glossary::Term;
use super::inlined;
use super::manifest::{Manifest, NO_LEGAL_REVIEW};
use super::module::Module;
use super::reference::Reference;
use super::render::{Page, body};
use super::sanitise::{escaped, sanitise};
use super::shapes::is_https;

/// A lesson as sanitised HTML that asks nothing of the outside; `None` for an unknown slug.
///
/// Links between lessons are relative (`02-suite#s-titre`); media are at `/media/<sha256>` on the
/// same site. There is no script, no style, and nothing that depends on anything but the module.
#[must_use]
pub fn render_lesson(module: &Module, slug: &str) -> Option<String> {
    let lesson = module.lessons.iter().find(|lesson| lesson.slug == slug)?;
    let (text, page) = body(&lesson.markdown, Page::of(module));
    let mut html = state(&module.manifest);
    html.push_str(&text);
    html.push_str(&texts(&page.cited));
    let terms = module.glossary.iter().filter(|term| page.explained.contains(term.id.as_str()));
    html.push_str(&glossary(terms));
    Some(inlined::fill(&sanitise(&html), &page.shown, module))
}

/// How fresh the module is, and whether a jurist read it.
fn state(manifest: &Manifest) -> String {
    let review = match manifest.legal_review.as_str() {
        NO_LEGAL_REVIEW => "non relu par un juriste".to_owned(),
        body => format!("relu par {}", escaped(body)),
    };
    format!(
        "<p class=\"lesson-state\">À jour au {} · à relire avant le {} · {review}</p>\n",
        french::date(manifest.verified_on),
        french::date(manifest.review_by)
    )
}

fn texts(cited: &[&Reference]) -> String {
    if cited.is_empty() {
        return String::new();
    }
    let entries: String = cited.iter().map(|reference| text(reference)).collect();
    format!("<div class=\"cited\">\n<h2>Textes cités</h2>\n<ul>\n{entries}</ul>\n</div>\n")
}

fn text(reference: &Reference) -> String {
    let Reference { id, grade, .. } = reference;
    let meaning = french::grade(*grade);
    let mut citation = escaped(&reference.text);
    let address = reference.url.as_deref().or(reference.eli.as_deref());
    if let Some(url) = address.filter(|url| is_https(url)) {
        citation = format!("<a href=\"{}\">{citation}</a>", escaped(url));
    }
    if let Some(by) = &reference.superseded_by {
        citation.push_str(&format!(" · <strong>remplacé par {}</strong>", escaped(by)));
    }
    format!(
        "<li id=\"ref-{id}\">{citation} · <abbr class=\"grade\" title=\"{meaning}\">{grade}</abbr> {meaning}, le {} {}</li>\n",
        french::date(reference.verified_on),
        back("r", id)
    )
}

fn glossary<'t>(terms: impl Iterator<Item = &'t Term>) -> String {
    let entries: String = terms.map(definition).collect();
    if entries.is_empty() {
        return entries;
    }
    format!("<div class=\"glossary\">\n<h2>Glossaire</h2>\n<dl>\n{entries}</dl>\n</div>\n")
}

fn definition(term: &Term) -> String {
    let source = term.reference.as_deref().map(|text| format!(" ({})", escaped(text)));
    format!(
        "<dt id=\"terme-{}\">{} {}</dt>\n<dd>{}{} · <abbr class=\"grade\" title=\"{}\">{}</abbr></dd>\n",
        term.id,
        escaped(&term.term),
        back("t", &term.id),
        escaped(&term.definition),
        source.unwrap_or_default(),
        french::grade(term.grade),
        term.grade
    )
}

/// The way back to the first mention in the text.
fn back(kind: &str, id: &str) -> String {
    format!("<a class=\"back\" href=\"#{kind}-{id}\" aria-label=\"Retour au texte\">↩</a>")
}
