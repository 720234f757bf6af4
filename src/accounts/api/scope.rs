//! What a kind of scope and a reference stand for: the one place where a grant's words become ids,
//! whoever says them: the API, the command line or the demonstration.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

use crate::accounts::model::ScopeKind;
use crate::accounts::principal::Scope;
use crate::error::{Fault, Reason, Refusal, Result};
use crate::providers;
use crate::territory::{self, OrgRef};

/// The scope of this kind that a reference names on a day.
///
/// # Errors
/// `not-found` for an organisation, CDG or provider that does not exist; `invalid-values` for a
/// reference where none belongs, or none where one does.
pub async fn resolve(
    conn: &impl ConnectionTrait,
    kind: ScopeKind,
    reference: Option<&OrgRef>,
    today: NaiveDate,
) -> Result<Scope> {
    match (kind, reference) {
        (ScopeKind::National, None) => Ok(Scope::National),
        (ScopeKind::Machine, None) => Ok(Scope::Machine),
        (ScopeKind::Organisation, Some(r)) => {
            Ok(Scope::Organisation(territory::by_ref(conn, r, today).await?.id))
        }
        (ScopeKind::Perimeter, Some(r)) => {
            Ok(Scope::Perimeter(territory::perimeter(conn, r).await?.cdg_id))
        }
        (ScopeKind::Provider, Some(r)) => {
            let provider = providers::by_ref(conn, &r.to_string()).await?;
            Ok(Scope::Provider(provider.ok_or(Reason::NotFound)?.id))
        }
        _ => Err(Refusal::naming(
            Reason::InvalidValues,
            vec![Fault::new(
                "/scope_ref",
                "référence attendue pour provider, organisation et perimeter, et pour eux seuls",
                "a reference is expected for provider, organisation and perimeter, and only them",
            )],
        )
        .into()),
    }
}
