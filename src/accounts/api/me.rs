//! Who is signed in, as what, and what they may do.

use chrono::NaiveDate;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use crate::app::App;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;
use crate::people::{capacity, identity};
use crate::territory;

/// Whoever asks, about themselves.
pub struct MeApi {
    /// The application.
    pub app: App,
}

/// Who is signed in.
#[derive(Object)]
struct Me {
    /// The person.
    person_id: Uuid,
    /// The account.
    account_id: Uuid,
    /// Given name.
    given_name: String,
    /// Family name.
    family_name: String,
    /// Capacities in force, confirmed ones first.
    capacities: Vec<CapacityHeld>,
    /// Grants in force.
    grants: Vec<GrantHeld>,
}

/// A capacity in force.
#[derive(Object)]
struct CapacityHeld {
    /// Identifier.
    id: Uuid,
    /// `elu` or `agent`.
    kind: String,
    /// Reference of the organisation.
    organisation: String,
    /// Mandate of an élu.
    #[oai(skip_serializing_if_is_none)]
    mandate: Option<String>,
    /// Function, such as *maire*.
    #[oai(skip_serializing_if_is_none)]
    function: Option<String>,
    /// `declared` or `confirmed`.
    standing: String,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds, where it is known.
    #[oai(skip_serializing_if_is_none)]
    valid_to: Option<NaiveDate>,
}

/// A grant in force.
#[derive(Object)]
struct GrantHeld {
    /// The role.
    role: String,
    /// `provider`, `organisation`, `perimeter`, `national` or `machine`.
    scope_kind: String,
    /// The provider, organisation or CDG.
    #[oai(skip_serializing_if_is_none)]
    scope_id: Option<Uuid>,
}

#[OpenApi(tag = "Tag::Accounts")]
impl MeApi {
    /// Who is signed in
    #[oai(path = "/api/v1/me", method = "get", operation_id = "me")]
    async fn me(&self, who: SignedIn) -> Result<Json<Me>, Problem> {
        let conn = self.app.db.read();
        let name = identity::current(conn, who.person_id).await?;
        let today = self.app.clock.now().date_naive();
        let held = capacity::in_force(conn, who.person_id, today).await?;
        let refs = territory::refs_of(conn, held.iter().map(|c| c.organisation_id)).await?;
        let capacities = held.into_iter().map(|c| CapacityHeld {
            id: c.id,
            kind: c.kind.to_value(),
            organisation: refs.get(&c.organisation_id).map(ToString::to_string).unwrap_or_default(),
            mandate: c.mandate,
            function: c.function,
            standing: c.standing.to_value(),
            valid_from: c.valid_from,
            valid_to: c.valid_to,
        });
        Ok(Json(Me {
            person_id: who.person_id,
            account_id: who.account_id,
            given_name: name.given_name,
            family_name: name.family_name,
            capacities: capacities.collect(),
            grants: who.grants.iter().map(GrantHeld::from).collect(),
        }))
    }
}

impl From<&crate::accounts::Held> for GrantHeld {
    fn from(held: &crate::accounts::Held) -> Self {
        let (kind, scope_id) = held.scope.columns();
        Self { role: held.role.to_value(), scope_kind: kind.to_value(), scope_id }
    }
}
