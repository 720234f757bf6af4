//! The learning paths that can be followed, as anyone reads them: the list, and the page of each.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::module::{Prerequisite, prerequisite};
use super::page::{Around, Section};
use super::visitor::Visitor;
use super::words;
use crate::catalogue::Catalogue;
use crate::catalogue::model::path_version;
use crate::catalogue::paths::{PathEdition, find};
use crate::content::{ModuleCode, PathOrder, PathStep};
use crate::error::{Error, Reason, Result};

/// Most versions that the page tells of; the API lists them all.
const VERSIONS: u64 = 20;

/// The list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "paths.html")]
struct List<'c> {
    around: Around,
    paths: Vec<Listed<'c>>,
}

/// A path of the list.
struct Listed<'c> {
    code: &'c str,
    title: &'c str,
    summary: &'c str,
    provider: &'c str,
    line: String,
}

/// A path that leads through a module.
pub(super) struct Lead {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) minutes: String,
}

/// The page of a path.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "path.html")]
struct Page<'c> {
    around: Around,
    code: &'c str,
    title: &'c str,
    summary: &'c str,
    provider: &'c str,
    line: String,
    outcomes: &'c [String],
    prerequisites: Vec<Prerequisite>,
    ordered: bool,
    order: &'static str,
    steps: Vec<Step<'c>>,
    minutes: String,
    /// How long the optional steps take, where there are any.
    optional: Option<String>,
    /// None when the database does not answer: what is published is served all the same.
    versions: Option<Vec<Version>>,
}

struct Step<'c> {
    optional: bool,
    any_of: Vec<Module<'c>>,
}

/// A module of a step; its title and its duration while it is published.
struct Module<'c> {
    code: &'c str,
    told: Option<(&'c str, String)>,
}

struct Version {
    number: i32,
    on: String,
    change: &'static str,
    note: Option<String>,
}

/// Shows the paths that can be followed.
#[handler]
pub(super) async fn list(visitor: Visitor) -> Response {
    let shown = all(&visitor).await;
    visitor.answer(shown)
}

async fn all(visitor: &Visitor) -> Result<Response> {
    let catalogue = visitor.app.shelf.current(visitor.app.db.read()).await?;
    let state = format!("paths-{}", catalogue.revision);
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let paths = catalogue.paths().map(|path| listed(path, &catalogue)).collect();
    Ok(visitor.public(&state, &List { around: visitor.around(Section::Paths), paths }))
}

fn listed<'c>(path: &'c PathEdition, catalogue: &Catalogue) -> Listed<'c> {
    Listed {
        code: &path.path.code,
        title: &path.content.title,
        summary: &path.content.summary,
        provider: &path.provider.name,
        line: line(path, catalogue),
    }
}

/// Its audiences, modules, order and duration, as one line.
fn line(path: &PathEdition, catalogue: &Catalogue) -> String {
    let content = &path.content;
    let audiences: Vec<_> = content.audiences.iter().map(|a| words::audience(*a)).collect();
    // Each step is one module to follow, whichever is chosen.
    let offered = content.steps.iter().filter(|step| step.optional).count();
    let mut modules = words::count(content.steps.len() - offered, "module", "modules");
    if offered > 0 {
        modules += &format!(" et {}", words::count(offered, "facultatif", "facultatifs"));
    }
    let minutes = words::range(catalogue.minutes_of(content).required);
    [audiences.join(", "), modules, words::order(content.order).to_owned(), minutes].join(" · ")
}

/// The paths that lead through a module.
pub(super) fn through(catalogue: &Catalogue, code: &ModuleCode) -> Vec<Lead> {
    let lead = |path: &std::sync::Arc<PathEdition>| Lead {
        code: path.path.code.clone(),
        title: path.content.title.clone(),
        minutes: words::range(catalogue.minutes_of(&path.content).required),
    };
    catalogue.paths_through(code).map(lead).collect()
}

/// Shows a path as it is published now.
#[handler]
pub(super) async fn show(visitor: Visitor, code: Path<String>) -> Response {
    let shown = one(&visitor, &code).await;
    visitor.answer(shown)
}

async fn one(visitor: &Visitor, code: &str) -> Result<Response> {
    let conn = visitor.app.db.read();
    let catalogue = visitor.app.shelf.current(conn).await?;
    let path = catalogue.path(code).ok_or(Reason::NotFound)?;
    // Titles and durations are those of the modules.
    let state = format!("{}-{}", catalogue.revision, path.version.id);
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let versions = match find::versions(conn, path.path.id, VERSIONS, None).await {
        Err(Error::Database(error)) => {
            tracing::warn!(%error, "a path is shown without its history");
            None
        }
        versions => Some(versions?),
    };
    let whole = versions.is_some();
    let page = of(visitor.around(Section::Paths), &catalogue, path, versions);
    Ok(match whole {
        true => visitor.public(&state, &page),
        false => visitor.page(StatusCode::OK, &page),
    })
}

fn of<'c>(
    around: Around,
    catalogue: &'c Catalogue,
    path: &'c PathEdition,
    versions: Option<Vec<path_version::Model>>,
) -> Page<'c> {
    let content = &path.content;
    let minutes = catalogue.minutes_of(content);
    Page {
        around,
        code: &path.path.code,
        title: &content.title,
        summary: &content.summary,
        provider: &path.provider.name,
        line: line(path, catalogue),
        outcomes: &content.outcomes,
        prerequisites: content.prerequisites.iter().map(|p| prerequisite(catalogue, p)).collect(),
        ordered: content.order == PathOrder::Ordered,
        order: words::order(content.order),
        steps: content.steps.iter().map(|s| step(catalogue, s)).collect(),
        minutes: words::range(minutes.required),
        optional: (minutes.optional.most > 0).then(|| words::range(minutes.optional)),
        versions: versions.map(|rows| rows.into_iter().map(version).collect()),
    }
}

fn step<'c>(catalogue: &'c Catalogue, step: &'c PathStep) -> Step<'c> {
    let module = |code: &'c ModuleCode| {
        let manifest = catalogue.get(code).map(|edition| &edition.content.manifest);
        let told = manifest.map(|m| (m.title.as_str(), words::minutes(m.duration_minutes)));
        Module { code: code.as_str(), told }
    };
    Step { optional: step.optional, any_of: step.any_of.iter().map(module).collect() }
}

fn version(row: path_version::Model) -> Version {
    Version {
        number: row.number,
        on: words::day(row.published_at),
        change: words::change(row.change_kind),
        note: row.change_note,
    }
}
