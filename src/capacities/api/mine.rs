//! One's own capacities, and those that one declares.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::claims::{ClaimState, RefusalReasonShown, state_of};
use super::{Capacity, CapacityWish, begin, commit, employer, named};
use crate::accounts::Principal;
use crate::app::App;
use crate::capacities::record::Said;
use crate::capacities::{claim, find};
use crate::error;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;
use crate::people::capacity;
use crate::people::model::capacity as row;
use crate::territory;
use crate::territory::model::organisation;

/// Whoever asks, about their capacities.
pub struct MyCapacitiesApi {
    /// The application.
    pub app: App,
}

/// What became of a capacity that one declared.
#[derive(Object)]
struct MyClaim {
    /// Where it stands.
    state: ClaimState,
    /// Why it was refused.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<RefusalReasonShown>,
    /// What the organisation says of it.
    #[oai(skip_serializing_if_is_none)]
    sentence: Option<String>,
}

/// A capacity of one's own.
#[derive(Object)]
struct MyCapacity {
    /// The capacity.
    #[oai(flatten)]
    capacity: Capacity,
    /// What became of it, if one declared it.
    #[oai(skip_serializing_if_is_none)]
    claim: Option<MyClaim>,
}

/// One's own capacities.
#[derive(Object)]
struct MyCapacities {
    /// Capacities, past and present, the latest first.
    items: Vec<MyCapacity>,
}

/// A capacity of one's own, declared.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct Declaration {
    /// Reference of the organisation: a SIREN, or `insee:…` for a commune.
    #[oai(validator(min_length = 1, max_length = 100))]
    organisation: String,
    /// What one is there.
    capacity: CapacityWish,
}

impl Example for Declaration {
    fn example() -> Self {
        let organisation = crate::http::examples::organisation();
        Self { organisation, capacity: CapacityWish::example() }
    }
}

#[derive(ApiResponse)]
enum Declared {
    /// Declared before.
    #[oai(status = 200)]
    Stands(Json<Capacity>),
    /// Declared: one learns under it at once, counted apart until the organisation confirms it.
    #[oai(status = 201)]
    Recorded(Json<Capacity>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::People")]
impl MyCapacitiesApi {
    /// One's own capacities, past and present
    #[oai(path = "/me/capacities", method = "get", operation_id = "my_capacities")]
    async fn mine(&self, who: SignedIn) -> Result<Json<MyCapacities>, Problem> {
        let conn = self.app.db.read();
        let rows =
            capacity::of_person(who.person_id).all(conn).await.map_err(error::Error::from)?;
        let refs = territory::refs_of(conn, rows.iter().map(|row| row.organisation_id)).await?;
        let mut claims = find::claims_of(conn, who.person_id).await?;
        let items = rows.into_iter().map(|row| MyCapacity {
            claim: claims.remove(&row.id).map(|claim| MyClaim {
                state: state_of(&claim),
                reason: claim.decision.and_then(|d| d.reason).map(Into::into),
                sentence: claim.note,
            }),
            capacity: {
                let named = refs.get(&row.organisation_id).map(ToString::to_string);
                Capacity::of(row, &named.unwrap_or_default())
            },
        });
        Ok(Json(MyCapacities { items: items.collect() }))
    }

    /// Declare a capacity of one's own, which the organisation may confirm
    #[oai(path = "/me/capacities", method = "post", operation_id = "declare_capacity")]
    async fn declare(&self, who: SignedIn, body: Json<Declaration>) -> Result<Declared, Problem> {
        let now = self.app.clock.now();
        let organisation = named(&self.app, &body.organisation, now).await?;
        let said = body.0.capacity.into();
        let (row, new) = declare(&self.app, &who, &organisation, said).await?;
        let named = territory::ref_of(self.app.db.read(), organisation.id).await?.to_string();
        let shown = Json(Capacity::of(row, &named));
        Ok(if new { Declared::Recorded(shown) } else { Declared::Stands(shown) })
    }
}

/// Declares a capacity of one's own, with what it changes in what one owes; answers it, and whether it
/// is new.
///
/// # Errors
/// `claim-pending`, `invalid-values`.
pub(crate) async fn declare(
    app: &App,
    who: &Principal,
    organisation: &organisation::Model,
    said: Said,
) -> error::Result<(row::Model, bool)> {
    let now = app.clock.now();
    let tx = begin(app, now).await?;
    let declared = claim::declare(&tx, who, &employer(organisation), said, now).await?;
    commit(tx, who.person_id, now).await?;
    Ok(declared)
}
