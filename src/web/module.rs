//! A module's own page: what it teaches, to whom, for how long, from which texts, and its lessons.

use askama::Template;
use chrono::NaiveDate;
use poem::web::Path;
use poem::{Response, handler};

use super::catalogue::finds::{self, Hit};
use super::page::{Around, Section};
use super::paths::{self, Lead};
use super::visitor::Visitor;
use super::{sessions, words};
use crate::catalogue::model::module_version;
use crate::catalogue::{Catalogue, Edition, find};
use crate::content::{self, ModuleCode, NO_LEGAL_REVIEW, Status, computed_minutes};
use crate::error::{Error, Reason, Result};

/// Most versions that the page tells of; the API lists them all.
const VERSIONS: u64 = 20;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "module.html")]
struct Page<'m> {
    around: Around,
    code: &'m str,
    title: &'m str,
    summary: &'m str,
    line: String,
    extract: bool,
    unreviewed: bool,
    objectives: &'m [String],
    lessons: Vec<Lesson<'m>>,
    questions: u32,
    pass_mark: u8,
    prerequisites: Vec<Prerequisite>,
    facts: Vec<(&'static str, String)>,
    contact: &'m str,
    themes: Vec<(String, &'m str)>,
    references: Vec<Reference<'m>>,
    /// None when the database does not answer: what is published is served all the same.
    versions: Option<Vec<Version>>,
    /// The paths that lead through it.
    paths: Vec<Lead>,
    /// Whether people may register for sessions about it.
    sessions: bool,
    related: Vec<Hit>,
}

struct Lesson<'m> {
    slug: &'m str,
    title: &'m str,
    minutes: String,
}

/// What comes before: any of these modules, each with its title if it is published.
pub(super) struct Prerequisite {
    pub(super) kind: &'static str,
    pub(super) any_of: Vec<(String, Option<String>)>,
}

struct Reference<'m> {
    text: &'m str,
    article: Option<&'m str>,
    url: Option<&'m str>,
    grade: &'static str,
    /// « lu le … », « en vigueur depuis le … »: what dates say of it.
    dates: String,
    superseded_by: Option<&'m str>,
}

struct Version {
    number: i32,
    on: String,
    change: &'static str,
    note: Option<String>,
}

/// Shows a module as it is published now.
#[handler]
pub(super) async fn show(visitor: Visitor, code: Path<String>) -> Response {
    let shown = page(&visitor, &code).await;
    visitor.answer(shown)
}

async fn page(visitor: &Visitor, code: &str) -> Result<Response> {
    let code = ModuleCode::parse(code).map_err(|_| Reason::NotFound)?;
    let catalogue = visitor.app.shelf.current(visitor.app.db.read()).await?;
    let edition = catalogue.get(&code).ok_or(Reason::NotFound)?;
    let dated = sessions::are_open(visitor, edition.module.id).await?;
    let sessions = dated.unwrap_or_default();
    // What is related depends on the others.
    let state = format!("{}-{}-{sessions}", catalogue.revision, edition.version.id);
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let versions = find::versions(visitor.app.db.read(), edition.module.id, VERSIONS, None).await;
    let versions = match versions {
        Err(Error::Database(error)) => {
            tracing::warn!(%error, "a module is shown without its history");
            None
        }
        versions => Some(versions?),
    };
    let whole = versions.is_some() && dated.is_some();
    let page =
        Page { sessions, ..of(visitor.around(Section::Catalogue), &catalogue, edition, versions) };
    Ok(match whole {
        true => visitor.public(&state, &page),
        false => visitor.page(poem::http::StatusCode::OK, &page),
    })
}

fn of<'m>(
    around: Around,
    catalogue: &Catalogue,
    edition: &'m Edition,
    versions: Option<Vec<module_version::Model>>,
) -> Page<'m> {
    let content = &*edition.content;
    let manifest = &content.manifest;
    let audiences: Vec<_> = manifest.audiences.iter().map(|a| words::audience(*a)).collect();
    let line = [
        words::level(manifest.level).to_owned(),
        words::minutes(manifest.duration_minutes),
        audiences.join(", "),
    ];
    Page {
        around,
        code: manifest.code.as_str(),
        title: &manifest.title,
        summary: &manifest.summary,
        line: line.join(" · "),
        extract: manifest.status == Status::Extract,
        unreviewed: manifest.legal_review == NO_LEGAL_REVIEW,
        objectives: &manifest.objectives,
        lessons: content.lessons.iter().map(lesson).collect(),
        questions: content.quiz.asked(),
        pass_mark: manifest.pass_mark_percent,
        prerequisites: manifest.prerequisites.iter().map(|p| prerequisite(catalogue, p)).collect(),
        facts: facts(edition),
        contact: &manifest.contact,
        themes: manifest.themes.iter().map(|t| (words::theme(t), t.as_str())).collect(),
        references: manifest.references.iter().map(reference).collect(),
        versions: versions.map(|rows| rows.into_iter().map(version).collect()),
        paths: paths::through(catalogue, edition.code()),
        sessions: false,
        related: finds::related(catalogue, edition),
    }
}

fn lesson(lesson: &content::Lesson) -> Lesson<'_> {
    let minutes = computed_minutes(lesson.words, 0, lesson.activity_minutes);
    Lesson { slug: &lesson.slug, title: &lesson.title, minutes: words::minutes(minutes) }
}

/// What comes before a module or a path, beside what is published.
pub(super) fn prerequisite(catalogue: &Catalogue, asked: &content::Prerequisite) -> Prerequisite {
    let named = |code: &ModuleCode| {
        let title = catalogue.get(code).map(|e| e.content.manifest.title.clone());
        (code.to_string(), title)
    };
    let any_of = asked.any_of.iter().map(named).collect();
    Prerequisite { kind: words::prerequisite(asked.kind), any_of }
}

/// What is good to know of a module, label and value.
fn facts(edition: &Edition) -> Vec<(&'static str, String)> {
    let manifest = &edition.content.manifest;
    let review = match manifest.legal_review.as_str() {
        NO_LEGAL_REVIEW => "aucune à ce jour".to_owned(),
        body => body.to_owned(),
    };
    let recommendations: Vec<_> = manifest.recommendations.iter().map(u8::to_string).collect();
    let mut facts = vec![
        ("Organisme", edition.provider.name.clone()),
        ("Durée annoncée", words::minutes(manifest.duration_minutes)),
    ];
    if manifest.activity_minutes > 0 {
        facts.push(("dont activités hors écran", words::minutes(manifest.activity_minutes)));
    }
    if !recommendations.is_empty() {
        let said = format!("{} (rapport n° 447)", recommendations.join(", "));
        facts.push(("Recommandations du Sénat", said));
    }
    if let Some(validity) = &manifest.validity {
        facts.push(("Validité de l’achèvement", words::validity(validity)));
    }
    facts.extend([
        ("Sources lues le", words::date(manifest.verified_on)),
        ("À relire avant le", words::date(manifest.review_by)),
        ("Relecture juridique", review),
        ("Accessibilité", manifest.accessibility.clone()),
        ("Licence", words::licence(&manifest.licence)),
    ]);
    facts
}

fn reference(reference: &content::Reference) -> Reference<'_> {
    let on =
        |what: &str, date: Option<NaiveDate>| date.map(|d| format!("{what} {}", words::date(d)));
    let dates = [
        on("lu le", Some(reference.verified_on)),
        on("en vigueur depuis le", reference.in_force_from),
        on("en vigueur jusqu’au", reference.in_force_to),
        on("à relire avant le", reference.check_by),
    ];
    let url = reference.url.as_deref().or(reference.eli.as_deref());
    Reference {
        text: &reference.text,
        article: reference.article.as_deref(),
        // The tree was read leniently: only what is an address becomes a link.
        url: url.filter(|url| url.starts_with("https://")),
        grade: words::grade(reference.grade),
        dates: dates.into_iter().flatten().collect::<Vec<_>>().join(", "),
        superseded_by: reference.superseded_by.as_deref(),
    }
}

fn version(row: module_version::Model) -> Version {
    Version {
        number: row.number,
        on: words::day(row.published_at),
        change: words::change(row.change_kind),
        note: row.change_note,
    }
}
