//! Choosing an organisation on a page, in two steps: those of a name, then the one of a reference.

use serde::Deserialize;

use super::words;
use crate::app::App;
use crate::error::{self, Result};
use crate::http::query;
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef, place};

/// Organisations shown for one search.
const SHOWN: u64 = 30;
/// Longest search, in characters.
const LONGEST: usize = 100;

/// What the address of a page asks.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// A name, or its first letters.
    pub(super) q: Option<String>,
    /// The one that was chosen.
    pub(super) organisation: Option<String>,
}

/// The organisations of a name, for `organisations.html`.
pub(super) struct Choices {
    /// What was searched.
    pub(super) q: String,
    pub(super) rows: Vec<Choice>,
    /// Whether more were found than are shown.
    pub(super) more: bool,
    /// The page that each leads to.
    pub(super) action: &'static str,
    /// Whether one was named that is not known.
    pub(super) unknown: bool,
}

/// An organisation to choose.
pub(super) struct Choice {
    pub(super) name: String,
    /// How it is named, as an address holds it.
    pub(super) reference: String,
    /// What tells it apart: its département, or what it is.
    pub(super) place: String,
}

impl Choices {
    /// The longest search, in characters.
    pub(super) const fn longest(&self) -> usize {
        LONGEST
    }
}

/// An organisation, and how it is named.
pub(super) struct Found {
    pub(super) row: organisation::Model,
    pub(super) reference: String,
}

/// The organisation of a reference; none for a text that is no reference, or of nobody.
///
/// # Errors
/// When the database fails.
pub(super) async fn known(app: &App, reference: &str) -> Result<Option<Found>> {
    let Ok(parsed) = reference.parse::<OrgRef>() else { return Ok(None) };
    let today = app.clock.now().date_naive();
    let found = territory::by_ref(app.db.read(), &parsed, today).await;
    let found = error::found(found)?;
    Ok(found.map(|row| Found { row, reference: parsed.to_string() }))
}

/// The organisations of a name, for the page `action`; none for no name.
///
/// # Errors
/// When the database fails.
pub(super) async fn search(app: &App, action: &'static str, q: &str) -> Result<Choices> {
    let q: String = q.trim().chars().take(LONGEST).collect();
    let (conn, today) = (app.db.read(), app.clock.now().date_naive());
    let mut rows = match q.is_empty() {
        true => Vec::new(),
        false => territory::search(conn, &q, None, SHOWN + 1, None).await?,
    };
    let more = rows.len() as u64 > SHOWN;
    rows.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let refs = territory::refs_of(conn, ids.iter().copied()).await?;
    let departements = place::departements_of(conn, ids, today).await?;
    let choice = |row: organisation::Model| {
        let reference = query::encoded(&refs.get(&row.id)?.to_string());
        let place = departements.get(&row.id).cloned();
        let place = place.unwrap_or_else(|| words::organisation(row.kind).to_owned());
        Some(Choice { name: row.name, reference, place })
    };
    let rows = rows.into_iter().filter_map(choice).collect();
    Ok(Choices { q, rows, more, action, unknown: false })
}
