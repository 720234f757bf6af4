//! The sessions for which people register, as anyone reads them, of a module or of all.

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};
use uuid::Uuid;

use super::told::{self, Told};
use crate::app::App;
use crate::catalogue;
use crate::content::ModuleCode;
use crate::error::{Error, Reason, Result, found};
use crate::http::query::encoded;
use crate::sessions::find::{self, Criteria, Held};
use crate::sessions::model::SessionState;
use crate::web::atelier::asked;
use crate::web::page::{Around, Section};
use crate::web::visitor::Visitor;

/// Sessions on a page.
const PER_PAGE: usize = 30;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sessions/list.html")]
struct List {
    around: Around,
    /// The code that was asked for, as it was typed.
    module: String,
    rows: Vec<Told>,
    next: Option<String>,
}

/// Shows them, in the order in which they begin.
#[handler]
pub(super) async fn list(visitor: Visitor) -> Response {
    let shown = page(&visitor).await;
    visitor.answer(shown)
}

async fn page(visitor: &Visitor) -> Result<Response> {
    let module = asked(visitor, "module").unwrap_or_default().trim().to_owned();
    let seen = match asked(visitor, "apres") {
        Some(text) => Some(text.parse().map_err(|_| Reason::InvalidParameter)?),
        None => None,
    };
    let mut held = match criteria(&visitor.app, &module).await? {
        Some(criteria) => rows(&visitor.app, &criteria, seen).await?,
        None => Vec::new(),
    };
    let more = held.len() > PER_PAGE;
    held.truncate(PER_PAGE);
    let last = held.last().filter(|_| more).map(|held| held.session.id);
    let next = last.map(|id| match module.as_str() {
        "" => format!("/sessions?apres={id}"),
        code => format!("/sessions?module={}&apres={id}", encoded(code)),
    });
    let rows = told::all(&visitor.app, &held).await?;
    let page = List { around: visitor.around(Section::Catalogue), module, rows, next };
    Ok(visitor.page(StatusCode::OK, &page))
}

async fn rows(app: &App, criteria: &Criteria, seen: Option<Uuid>) -> Result<Vec<Held>> {
    find::list(app.db.read(), criteria, PER_PAGE as u64 + 1, seen).await
}

/// Which sessions are listed; none for the code of no module: there is no session of it.
async fn criteria(app: &App, module: &str) -> Result<Option<Criteria>> {
    let mut criteria = open(app);
    if !module.is_empty() {
        let Ok(code) = ModuleCode::parse(module) else { return Ok(None) };
        let known = found(catalogue::find::by_code(app.db.read(), &code).await)?;
        let Some(known) = known else { return Ok(None) };
        criteria.module_id = Some(known.id);
    }
    Ok(Some(criteria))
}

/// Those to come, to which registrations are not closed by their provider.
fn open(app: &App) -> Criteria {
    Criteria {
        after: Some(app.clock.now()),
        states: vec![SessionState::Open, SessionState::Postponed],
        ..Criteria::default()
    }
}

/// Whether the list of a module has any; none when the database does not answer.
pub(in crate::web) async fn are_open(visitor: &Visitor, module_id: Uuid) -> Result<Option<bool>> {
    let criteria = Criteria { module_id: Some(module_id), ..open(&visitor.app) };
    match find::list(visitor.app.db.read(), &criteria, 1, None).await {
        Err(Error::Database(error)) => {
            tracing::warn!(%error, "a module is shown without its sessions");
            Ok(None)
        }
        found => Ok(Some(!found?.is_empty())),
    }
}
