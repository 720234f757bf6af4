//! What the policy is asked about.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::error::Result;
use crate::territory;

/// Over what something is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing in particular: holding the role is enough.
    Anywhere,
    /// A provider.
    Provider(Uuid),
    /// A draft of a provider that asked the one who is asking, of another provider, to review it.
    LentDraft(Uuid),
    /// An organisation, with the CDGs that it is affiliated to at the date considered.
    Organisation {
        /// The organisation.
        id: Uuid,
        /// The CDGs it is affiliated to.
        cdgs: Vec<Uuid>,
    },
    /// The names of an organisation's people, with the CDGs that it lets read them now.
    Names {
        /// The organisation.
        id: Uuid,
        /// Those CDGs.
        cdgs: Vec<Uuid>,
    },
    /// A CDG's perimeter.
    Perimeter(Uuid),
    /// The nation.
    National,
    /// The installation.
    Machine,
}

impl Target {
    /// An organisation of today, with its CDGs; the nation where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        conn: &impl ConnectionTrait,
        organisation: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let Some(id) = organisation else { return Ok(Self::National) };
        Ok(Self::Organisation { id, cdgs: territory::cdgs_of(conn, id, now.date_naive()).await? })
    }
}
