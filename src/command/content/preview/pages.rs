//! The pages of a preview: the whole module on one, and one for each lesson.

use askama::Template;

use super::folder::Reading;
use crate::content::{self, Bank, Finding, Kind, Reference, Severity, Term};

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
    /// What the manifest says, label and value.
    manifest: Vec<(&'static str, String)>,
    title: &'r str,
    summary: &'r str,
    lessons: Vec<(String, String)>,
    quiz: Vec<&'r Bank>,
    references: &'r [Reference],
    terms: &'r [Term],
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
    let module = reading.module.as_ref();
    let manifest = module.map(|module| &module.manifest);
    Front {
        around: around(reading, nonce),
        findings: reading.findings.iter().map(Line::from).collect(),
        manifest: module.map(said).unwrap_or_default(),
        title: manifest.map_or(reading.name.as_str(), |manifest| &manifest.title),
        summary: manifest.map_or("", |manifest| &manifest.summary),
        lessons: lessons(reading),
        quiz: module.map(|module| module.quiz.banks.iter().collect()).unwrap_or_default(),
        references: manifest.map_or(&[], |manifest| &manifest.references),
        terms: module.map_or(&[], |module| &module.glossary),
    }
    .render()
}

/// One lesson; `None` when the folder has none of that name.
pub(super) fn lesson(reading: &Reading, slug: &str, nonce: &str) -> Option<askama::Result<String>> {
    let all = lessons(reading);
    let at = all.iter().position(|(known, _)| known == slug)?;
    let path = format!("lessons/{slug}.md");
    let rendered = reading.module.as_ref().and_then(|module| content::render_lesson(module, slug));
    let (own, others): (Vec<&Finding>, Vec<&Finding>) =
        reading.findings.iter().partition(|finding| finding.path == path);
    let page = Lesson {
        around: around(reading, nonce),
        findings: own.into_iter().map(Line::from).collect(),
        elsewhere: others.len(),
        title: all[at].1.clone(),
        html: rendered.unwrap_or_else(|| content::render(&body(reading, &path))),
        before: at.checked_sub(1).and_then(|before| all.get(before).cloned()),
        after: all.get(at + 1).cloned(),
    };
    Some(page.render())
}

fn around<'r>(reading: &'r Reading, nonce: &'r str) -> Around<'r> {
    Around { name: &reading.name, stamp: &reading.stamp, nonce }
}

/// Slug and title of the lessons; where there is no module, of the files that look like lessons.
fn lessons(reading: &Reading) -> Vec<(String, String)> {
    if let Some(module) = &reading.module {
        let title = |lesson: &content::Lesson| (lesson.slug.clone(), lesson.title.clone());
        return module.lessons.iter().map(title).collect();
    }
    let slug = |path: &str| Some(path.strip_prefix("lessons/")?.strip_suffix(".md")?.to_owned());
    let slugs = reading.tree.files().filter_map(|(path, _)| slug(path));
    slugs.map(|slug| (slug.clone(), slug)).collect()
}

/// The Markdown of a lesson that is part of no module yet: what follows its front matter.
fn body(reading: &Reading, path: &str) -> String {
    let text = String::from_utf8_lossy(reading.tree.get(path).unwrap_or_default()).into_owned();
    let after = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    after.map(|(_, body)| body.to_owned()).unwrap_or(text)
}

fn said(module: &content::Module) -> Vec<(&'static str, String)> {
    let manifest = &module.manifest;
    let list = |items: Vec<String>| items.join(", ");
    vec![
        ("Code", manifest.code.to_string()),
        ("Fournisseur", manifest.provider.clone()),
        ("Publics", list(manifest.audiences.iter().map(ToString::to_string).collect())),
        ("Niveau", manifest.level.to_string()),
        ("État", manifest.status.to_string()),
        (
            "Durée",
            format!(
                "{} minutes annoncées, {} calculées",
                manifest.duration_minutes, module.computed_minutes
            ),
        ),
        ("Objectifs", manifest.objectives.join(" ; ")),
        ("Thèmes", list(manifest.themes.clone())),
        ("Licence", manifest.licence.clone()),
        ("Accessibilité", manifest.accessibility.clone()),
        ("Contact", manifest.contact.clone()),
        ("Sources lues le", manifest.verified_on.to_string()),
        ("À relire avant le", manifest.review_by.to_string()),
        ("Relecture juridique", manifest.legal_review.clone()),
        ("Seuil de réussite", format!("{} %", manifest.pass_mark_percent)),
    ]
}
