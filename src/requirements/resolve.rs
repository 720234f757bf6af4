//! What a draft names by code, found.

use std::str::FromStr as _;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::force::territories;
use super::rules::Draft;
use crate::catalogue::{find, paths};
use crate::content::ModuleCode;
use crate::error::{Faults, Result, found};
use crate::references::texts;

/// What a draft names, found.
pub(super) struct Resolved {
    pub(super) module_id: Option<Uuid>,
    pub(super) path_id: Option<Uuid>,
    pub(super) reference_id: Option<Uuid>,
}

/// Finds what a draft names.
///
/// # Errors
/// `invalid-values`: everything that is not there, at once.
pub(super) async fn resolve(conn: &impl ConnectionTrait, draft: &Draft) -> Result<Resolved> {
    let mut faults = Faults::default();
    let module_id = match &draft.module {
        Some(code) => module(conn, code, draft.from_number, &mut faults).await?,
        None => None,
    };
    let path_id = match &draft.path {
        Some(code) => {
            let known = found(paths::find::by_code(conn, code).await)?;
            faults.check(known.is_some(), "/path", "parcours inconnu", "unknown path");
            known.map(|path| path.id)
        }
        None => None,
    };
    let reference_id = match &draft.reference {
        Some(slug) => {
            let known = found(texts::history(conn, slug).await)?;
            let (fr, en) = ("texte absent du registre", "not in the register of texts");
            faults.check(known.is_some(), "/reference", fr, en);
            known.map(|(text, _)| text.id)
        }
        None => None,
    };
    let named = draft.audience.references();
    let known = territories(conn, &named).await?;
    for (nth, condition) in draft.audience.any_of.iter().enumerate() {
        for (place, reference) in condition.within.iter().enumerate() {
            let at = format!("/audience/any_of/{nth}/within/{place}");
            let fine = known.contains_key(reference);
            faults.check(fine, &at, "organisation inconnue", "unknown organisation");
        }
    }
    faults.refuse()?;
    Ok(Resolved { module_id, path_id, reference_id })
}

/// A module of the catalogue that has such a version.
async fn module(
    conn: &impl ConnectionTrait,
    code: &str,
    number: Option<i32>,
    faults: &mut Faults,
) -> Result<Option<Uuid>> {
    let parsed = ModuleCode::from_str(code).ok();
    let published = match &parsed {
        Some(code) => find::published_codes(conn, std::slice::from_ref(code)).await?.pop_first(),
        None => None,
    };
    let (fr, en) = ("aucun module de ce code au catalogue", "no module of the catalogue has it");
    faults.check(published.is_some(), "/module", fr, en);
    let (Some(code), true) = (parsed, published.is_some()) else { return Ok(None) };
    let id = find::by_code(conn, &code).await?.id;
    if let Some(number) = number {
        let known = found(find::version(conn, id, number).await)?;
        let (fr, en) = ("ce module n'a pas cette version", "the module has no such version");
        faults.check(known.is_some(), "/from_number", fr, en);
    }
    Ok(Some(id))
}
