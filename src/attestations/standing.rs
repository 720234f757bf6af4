//! Whether attestations still stand: read from facts each time, so that nothing kept can disagree.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::lists::Purpose;
use super::model::attestation;
use crate::catalogue::model::{ChangeKind, module_version};
use crate::db::MOST_BOUND;
use crate::error::Result;
use crate::records::model::{FactKind, fact};
use crate::records::read;

/// Since when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The instant of the fact that says so.
    pub at: DateTime<Utc>,
    /// A word: why it was revoked, or what replaces it (`correction`, `later_version`).
    pub reason: String,
    /// The fact.
    pub fact_id: Uuid,
}

/// Where an attestation stands; nothing marked is genuine and current.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// No longer valid.
    pub revoked: Option<Mark>,
    /// Valid, and replaced.
    pub superseded: Option<Mark>,
}

impl Standing {
    /// The word for it: `genuine`, `superseded` or `revoked`.
    pub fn word(&self) -> &'static str {
        match (&self.revoked, &self.superseded) {
            (Some(_), _) => "revoked",
            (None, Some(_)) => "superseded",
            (None, None) => "genuine",
        }
    }

    /// What is marked first: that it is revoked, or else that it is superseded.
    pub fn mark(&self) -> Option<&Mark> {
        self.revoked.as_ref().or(self.superseded.as_ref())
    }

    /// Since when it is no longer merely genuine.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.mark().map(|mark| mark.at)
    }

    /// Whether a list of that purpose marks it.
    pub fn is(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Revocation => self.revoked.is_some(),
            Purpose::Supersession => self.superseded.is_some(),
        }
    }
}

/// Where those attestations stand: of the others nothing is marked. Three statements, whatever their
/// number.
///
/// * *Revoked* by a fact that says so and that nothing answered since, or because the completion was
///   annulled.
/// * *Superseded* because another fact corrects the completion, or because the holder has completed
///   another version since, published by a change of the law or after one.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &impl ConnectionTrait,
    rows: &[attestation::Model],
) -> Result<HashMap<Uuid, Standing>> {
    let mut all: HashMap<Uuid, Standing> = HashMap::new();
    for some in rows.chunks(MOST_BOUND) {
        for (id, mark) in followed_by_law(conn, some).await? {
            keep(&mut all.entry(id).or_default().superseded, mark);
        }
        for (id, mark, annulled) in corrected(conn, some).await? {
            let standing = all.entry(id).or_default();
            keep(if annulled { &mut standing.revoked } else { &mut standing.superseded }, mark);
        }
        for (id, mark) in revoked(conn, some).await? {
            keep(&mut all.entry(id).or_default().revoked, mark);
        }
    }
    Ok(all)
}

/// Where one attestation stands.
///
/// # Errors
/// When the database fails.
pub async fn of_one(conn: &impl ConnectionTrait, row: &attestation::Model) -> Result<Standing> {
    let mut found = of(conn, std::slice::from_ref(row)).await?;
    Ok(found.remove(&row.id).unwrap_or_default())
}

/// The earliest of two marks.
fn keep(kept: &mut Option<Mark>, mark: Mark) {
    if kept.as_ref().is_none_or(|known| mark.at < known.at) {
        *kept = Some(mark);
    }
}

/// Those that a fact says are revoked.
async fn revoked(
    conn: &impl ConnectionTrait,
    rows: &[attestation::Model],
) -> Result<Vec<(Uuid, Mark)>> {
    let facts = fact::Entity::find()
        .filter(fact::Column::PersonId.is_in(rows.iter().map(|row| row.person_id)))
        .filter(fact::Column::Kind.eq(FactKind::AttestationRevoked))
        .filter(read::standing(None))
        .all(conn)
        .await?;
    let named = |fact: fact::Model| {
        let id = fact.payload["attestation_id"].as_str()?.parse().ok()?;
        let reason = fact.payload["reason"].as_str().unwrap_or_default().to_owned();
        Some((id, Mark { at: fact.occurred_at, reason, fact_id: fact.id }))
    };
    let ours: HashMap<Uuid, ()> = rows.iter().map(|row| (row.id, ())).collect();
    Ok(facts.into_iter().filter_map(named).filter(|(id, _)| ours.contains_key(id)).collect())
}

/// Those whose completion a later fact corrects; whether it annuls it.
async fn corrected(
    conn: &impl ConnectionTrait,
    rows: &[attestation::Model],
) -> Result<Vec<(Uuid, Mark, bool)>> {
    let corrections = fact::Entity::find()
        .filter(fact::Column::SupersedesId.is_in(rows.iter().map(|row| row.completion_fact_id)))
        .all(conn)
        .await?;
    let by_completion: HashMap<Uuid, Uuid> =
        rows.iter().map(|row| (row.completion_fact_id, row.id)).collect();
    let named = |fact: fact::Model| {
        let id = *by_completion.get(&fact.supersedes_id?)?;
        let annulled = fact.kind == FactKind::Annulled;
        let told = fact.payload["reason"].as_str().filter(|_| annulled);
        let reason = told.unwrap_or("correction").to_owned();
        Some((id, Mark { at: fact.occurred_at, reason, fact_id: fact.id }, annulled))
    };
    Ok(corrections.into_iter().filter_map(named).collect())
}

/// Those whose holder completed since a version that a change of the law brought, or a later one.
async fn followed_by_law(
    conn: &impl ConnectionTrait,
    rows: &[attestation::Model],
) -> Result<Vec<(Uuid, Mark)>> {
    let found = conn.query_all(&later_completions(rows)).await?;
    let named = found.into_iter().map(|row| {
        let reason = "later_version".to_owned();
        let mark = Mark { at: row.try_get("", "at")?, reason, fact_id: row.try_get("", "fact")? };
        Ok((row.try_get("", "attestation")?, mark))
    });
    Ok(named.collect::<Result<_, sea_orm::DbErr>>()?)
}

fn later_completions(rows: &[attestation::Model]) -> SelectStatement {
    use attestation::Column as A;
    use fact::Column as F;
    use module_version::Column as V;
    let [first, followed, newer] = ["first", "followed", "newer"].map(Alias::new);
    let told = |column: F| Expr::col((fact::Entity, column));
    let version = |of: &Alias, column: V| Expr::col((of.clone(), column));
    Query::select()
        .expr_as(Expr::col((attestation::Entity, A::Id)), Alias::new("attestation"))
        .expr_as(told(F::OccurredAt), Alias::new("at"))
        .expr_as(told(F::Id), Alias::new("fact"))
        .from(attestation::Entity)
        .join_as(
            sea_orm::JoinType::InnerJoin,
            fact::Entity,
            first.clone(),
            Expr::col((first.clone(), F::Id)).equals((attestation::Entity, A::CompletionFactId)),
        )
        .inner_join(
            fact::Entity,
            told(F::PersonId)
                .equals((first.clone(), F::PersonId))
                .and(told(F::ModuleId).equals((first.clone(), F::ModuleId))),
        )
        .join_as(
            sea_orm::JoinType::InnerJoin,
            module_version::Entity,
            followed.clone(),
            version(&followed, V::Id).equals((first.clone(), F::VersionId)),
        )
        .join_as(
            sea_orm::JoinType::InnerJoin,
            module_version::Entity,
            newer.clone(),
            version(&newer, V::Id).equals((fact::Entity, F::VersionId)),
        )
        .and_where(Expr::col((attestation::Entity, A::Id)).is_in(rows.iter().map(|row| row.id)))
        .and_where(F::Kind.eq(FactKind::Completed))
        .and_where(version(&newer, V::Number).gt(version(&followed, V::Number)))
        .and_where(Expr::exists(law_between(&followed, &newer)))
        .and_where(read::standing(None))
        .to_owned()
}

/// A version of the module that a change of the law brought, after the one and up to the other.
fn law_between(followed: &Alias, newer: &Alias) -> SelectStatement {
    use module_version::Column as V;
    let legal = Alias::new("legal");
    let of = |column: V| Expr::col((legal.clone(), column));
    let changed: SimpleExpr = of(V::ChangeKind).eq(ChangeKind::Legal);
    Query::select()
        .expr(Expr::val(1))
        .from_as(module_version::Entity, legal.clone())
        .and_where(of(V::ModuleId).equals((followed.clone(), V::ModuleId)))
        .and_where(changed)
        .and_where(of(V::Number).gt(Expr::col((followed.clone(), V::Number))))
        .and_where(of(V::Number).lte(Expr::col((newer.clone(), V::Number))))
        .to_owned()
}
