//! The pages of a preview: the whole module on one, and one for each lesson.

use askama::Template;

use super::folder::Reading;
use crate::content::{Finding, Kind, Severity};
use crate::web::preview::{self, Sheet};

/// What every page of a preview has around it.
struct Around<'r> {
    name: &'r str,
    stamp: &'r str,
    nonce: &'r str,
}

/// The front page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "preview.html")]
struct Front<'r> {
    around: Around<'r>,
    findings: Vec<Line>,
    title: &'r str,
    sheet: Sheet<'r>,
}

/// The page of a lesson.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "preview_lesson.html")]
struct Lesson<'r> {
    around: Around<'r>,
    findings: Vec<Line>,
    /// How many findings the other files have.
    elsewhere: usize,
    title: String,
    html: String,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
}

/// A finding, as a line of a page.
struct Line {
    place: String,
    due: bool,
    what: String,
    remedy: String,
}

impl From<&Finding> for Line {
    fn from(finding: &Finding) -> Self {
        let line = finding.line.map(|line| format!(", ligne {line}")).unwrap_or_default();
        Self {
            place: format!("{}{line}", finding.path),
            due: finding.severity == Severity::Due,
            what: finding.what.clone(),
            remedy: finding.remedy.clone(),
        }
    }
}

/// The whole module, or what could be read of it.
pub(super) fn front(reading: &Reading, nonce: &str) -> askama::Result<String> {
    let manifest = reading.module.as_ref().map(|module| &module.manifest);
    Front {
        around: around(reading, nonce),
        findings: reading.findings.iter().map(Line::from).collect(),
        title: manifest.map_or(reading.name.as_str(), |manifest| &manifest.title),
        sheet: Sheet::of(reading.module.as_ref(), &reading.tree, "/lessons"),
    }
    .render()
}

/// One lesson; `None` when the folder has none of that name.
pub(super) fn lesson(reading: &Reading, slug: &str, nonce: &str) -> Option<askama::Result<String>> {
    let all = preview::lessons(reading.module.as_ref(), &reading.tree);
    let at = all.iter().position(|(known, _)| known == slug)?;
    let path = format!("lessons/{slug}.md");
    let (own, others): (Vec<&Finding>, Vec<&Finding>) =
        reading.findings.iter().partition(|finding| finding.path == path);
    let page = Lesson {
        around: around(reading, nonce),
        findings: own.into_iter().map(Line::from).collect(),
        elsewhere: others.len(),
        title: all[at].1.clone(),
        html: preview::html(reading.module.as_ref(), &reading.tree, slug),
        before: at.checked_sub(1).and_then(|before| all.get(before).cloned()),
        after: all.get(at + 1).cloned(),
    };
    Some(page.render())
}

fn around<'r>(reading: &'r Reading, nonce: &'r str) -> Around<'r> {
    Around { name: &reading.name, stamp: &reading.stamp, nonce }
}
