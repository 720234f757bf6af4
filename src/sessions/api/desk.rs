//! What the operations on sessions share: which are asked for, whose they are, how they are answered.

use chrono::{NaiveDate, NaiveTime};
use poem_openapi::payload::Json;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::Kept;
use super::bodies::NewSession;
use super::shown::{self, SessionRecord, SessionShown, Sessions};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue;
use crate::content::ModuleCode;
use crate::error::{Faults, Reason, Result};
use crate::http::etag;
use crate::http::page::Page;
use crate::providers;
use crate::sessions::book;
use crate::sessions::find::{self, Criteria, Held};
use crate::sessions::model::SessionState;
use crate::sessions::plan::Of;

/// Which sessions somebody asks for.
pub(super) struct Wanted {
    pub module: Option<String>,
    pub path: Option<String>,
    pub provider: Option<String>,
    pub from: Option<NaiveDate>,
}

impl Wanted {
    /// The same as ids; none when they name what does not exist: there is no session of it.
    pub async fn criteria(&self, app: &App) -> Result<Option<Criteria>> {
        use SessionState::{Closed, Open, Postponed};
        let conn = app.db.read();
        let from = self.from.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let mut criteria = Criteria {
            after: Some(from.unwrap_or_else(|| app.clock.now())),
            states: vec![Open, Closed, Postponed],
            ..Criteria::default()
        };
        if let Some(code) = &self.module {
            let Ok(code) = ModuleCode::parse(code) else { return Ok(None) };
            let found = crate::error::found(catalogue::find::by_code(conn, &code).await)?;
            let Some(module) = found else { return Ok(None) };
            criteria.module_id = Some(module.id);
        }
        if let Some(code) = &self.path {
            let found = catalogue::paths::find::by_code(conn, code).await;
            let Some(path) = crate::error::found(found)? else { return Ok(None) };
            criteria.path_id = Some(path.id);
        }
        if let Some(reference) = &self.provider {
            let Some(found) = providers::by_ref(conn, reference).await? else { return Ok(None) };
            criteria.provider_id = Some(found.id);
        }
        Ok(Some(criteria))
    }
}

pub(super) async fn listed(app: &App, criteria: &Criteria, page: &Page) -> Result<Sessions> {
    let conn = app.db.read();
    let rows = find::list(conn, criteria, page.limit, page.before()?).await?;
    let next = page.next(&rows, |held| held.session.id);
    Ok(Sessions { items: shown::sessions(conn, rows).await?, next })
}

/// A provider for which somebody holds sessions.
pub(super) async fn provider(app: &App, who: &Principal, reference: &str) -> Result<Uuid> {
    let found = providers::by_ref(app.db.read(), reference).await?.ok_or(Reason::NotFound)?;
    policy::allow(who, Action::KeepSessions, &Target::Provider(found.id))?;
    Ok(found.id)
}

/// What a new session is about: one module or one path that is published.
pub(super) async fn of(app: &App, who: &Principal, body: &NewSession) -> Result<Of> {
    let provider_id = provider(app, who, &body.provider).await?;
    let catalogue = app.shelf.current(app.db.read()).await?;
    let module = body.module.as_deref().and_then(|code| ModuleCode::parse(code).ok());
    let module_id = module.and_then(|code| Some(catalogue.get(&code)?.module.id));
    let path_id = body.path.as_deref().and_then(|code| Some(catalogue.path(code)?.path.id));
    let mut faults = Faults::default();
    let (fr, en) = ("un module publié, ou un parcours", "a module that is published, or a path");
    faults.check(body.module.is_some() != body.path.is_some(), "/module", fr, en);
    faults.check(body.module.is_none() || module_id.is_some(), "/module", fr, en);
    faults.check(body.path.is_none() || path_id.is_some(), "/path", fr, en);
    faults.refuse()?;
    Ok(Of { provider_id, module_id, path_id })
}

/// Refuses who does not hold a session; it does not exist for them.
pub(super) fn allow(who: &Principal, held: &Held) -> Result<()> {
    policy::allow(who, Action::KeepSessions, &Target::Provider(held.session.provider_id))
}

/// A session held for somebody who may change it.
pub(super) async fn hold(
    app: &App,
    who: &Principal,
    id: Uuid,
) -> Result<(DatabaseTransaction, Held)> {
    let tx = app.db.begin_write().await?;
    let held = find::locked(&tx, id).await?;
    allow(who, &held)?;
    Ok((tx, held))
}

pub(super) fn tag(held: &Held) -> String {
    etag::quoted(held.session.revision)
}

/// A session as those who hold it see it.
pub(super) async fn kept(app: &App, held: Held) -> Result<Kept> {
    let (conn, id) = (app.db.read(), held.session.id);
    let (tag, link) = (tag(&held), held.session.link.clone());
    let seated = book::taken(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let waiting = book::waiting(conn, &[id]).await?.remove(&id).unwrap_or_default().len();
    let session = shown_one(conn, held).await?;
    Ok(Kept::Now(Json(SessionRecord { session, link, seated, waiting }), tag))
}

/// One session as anyone sees it.
pub(super) async fn shown_one(conn: &impl ConnectionTrait, held: Held) -> Result<SessionShown> {
    shown::sessions(conn, vec![held]).await?.pop().ok_or_else(|| Reason::Internal.into())
}
