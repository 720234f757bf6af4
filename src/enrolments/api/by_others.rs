//! Who enrolled somebody, when it was not their own doing alone.

use std::collections::{BTreeSet, HashMap};

use poem_openapi::Object;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::error::Result;
use crate::records::model::{FactKind, fact};
use crate::territory::model::organisation;

/// On whose behalf one was enrolled, or invited to.
#[derive(Object)]
pub(super) struct EnrolledFor {
    /// `employer`, or `cdg` when its CDG did it for it.
    by: String,
    /// Name of the organisation.
    organisation: String,
    /// Whether one was invited and accepted, as an élu is.
    invited: bool,
}

/// The names of the organisations that enrolled people.
#[derive(Debug, Default)]
pub(super) struct ByOthers(HashMap<Uuid, String>);

impl ByOthers {
    /// One statement for all of these facts, and none when nobody was enrolled by others.
    pub(super) async fn of<'f>(
        conn: &impl ConnectionTrait,
        facts: impl IntoIterator<Item = &'f fact::Model>,
    ) -> Result<Self> {
        let ids: BTreeSet<Uuid> = facts.into_iter().filter_map(organisation_of).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let found =
            organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(conn);
        Ok(Self(found.await?.into_iter().map(|o| (o.id, o.name)).collect()))
    }

    /// Who enrolled somebody, as the facts of the enrolment tell it.
    pub(super) fn told(&self, facts: &[fact::Model]) -> Option<EnrolledFor> {
        let fact = facts.iter().find(|f| organisation_of(f).is_some())?;
        let told = &fact.payload["enrolled_for"];
        Some(EnrolledFor {
            by: told["by"].as_str()?.to_owned(),
            organisation: self.0.get(&organisation_of(fact)?)?.clone(),
            invited: told["invitation_id"].is_string(),
        })
    }
}

fn organisation_of(fact: &fact::Model) -> Option<Uuid> {
    if fact.kind != FactKind::Enrolled {
        return None;
    }
    fact.payload["enrolled_for"]["organisation_id"].as_str()?.parse().ok()
}
