//! Where an attestation stands in the status lists: a place drawn at random, so that neighbours in a list
//! have nothing in common, and kept for ever.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel as _,
    QueryOrder as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::lists::Purpose;
use super::model::status_entry;
use crate::clock;
use crate::error::{Reason, Result};

/// Places of a list: the least that the standard allows, so that a list says little by its length
/// (Bitstring Status List v1.0, 6.1).
pub const PLACES: u32 = 131_072;
/// Draws before another list is begun: the last one is then about half full.
const DRAWS: usize = 8;

/// A place in the status lists: the same in that of revocations and in that of supersessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the list, from 0.
    pub list: u32,
    /// Position in it, from 0.
    pub position: u32,
}

impl Place {
    /// As one number.
    pub fn number(self) -> u32 {
        self.list * PLACES + self.position
    }

    /// The place of that number.
    pub fn numbered(number: u32) -> Self {
        Self { list: number / PLACES, position: number % PLACES }
    }

    /// As a credential tells it: the list of revocations. What is superseded stays valid, and is told in
    /// the other list at the same position.
    pub fn entry(self, issuer: &str) -> Value {
        let list = Purpose::Revocation.address(issuer, self.list);
        json!({
            "id": format!("{list}#{}", self.position),
            "type": "BitstringStatusListEntry",
            "statusPurpose": Purpose::Revocation.word(),
            "statusListIndex": self.position.to_string(),
            "statusListCredential": list,
        })
    }

    /// The place that [`Place::entry`] tells.
    pub fn of_entry(entry: &Value) -> Option<Self> {
        let position: u32 = entry["statusListIndex"].as_str()?.parse().ok()?;
        let name = entry["statusListCredential"].as_str()?.rsplit('/').next()?;
        let (purpose, list) = Purpose::of_name(name)?;
        (purpose == Purpose::Revocation && position < PLACES).then_some(Self { list, position })
    }

    fn of(row: &status_entry::Model) -> Result<Self> {
        let count = |n: i32| u32::try_from(n).map_err(|_| Reason::Internal);
        Ok(Self { list: count(row.list)?, position: count(row.position)? })
    }
}

/// The place of an attestation, given now if it had none.
///
/// # Errors
/// When the database fails.
pub async fn ensure(tx: &DatabaseTransaction, attestation_id: Uuid) -> Result<Place> {
    if let Some(place) = known(tx, attestation_id).await? {
        return Ok(place);
    }
    let last = status_entry::Entity::find().order_by_desc(status_entry::Column::List).one(tx);
    let mut list = last.await?.map_or(0, |row| row.list);
    for draw in 0.. {
        list += i32::from(draw == DRAWS);
        let position = u32::from_le_bytes(clock::random()) % PLACES;
        let position = i32::try_from(position).map_err(|_| Reason::Internal)?;
        let row = status_entry::Model { attestation_id, list, position };
        let taken = OnConflict::new().do_nothing().to_owned();
        let added = status_entry::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(taken)
            .exec_without_returning(tx)
            .await?;
        // Nothing is added when the place is taken, or when somebody else gave one meanwhile.
        if added > 0 || draw > DRAWS {
            break;
        }
        if let Some(place) = known(tx, attestation_id).await? {
            return Ok(place);
        }
    }
    known(tx, attestation_id).await?.ok_or_else(|| Reason::Internal.into())
}

/// The place of an attestation, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn known(conn: &impl ConnectionTrait, attestation_id: Uuid) -> Result<Option<Place>> {
    let row = status_entry::Entity::find_by_id(attestation_id).one(conn).await?;
    row.as_ref().map(Place::of).transpose()
}
