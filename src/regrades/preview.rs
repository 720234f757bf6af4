//! Whom new keys would touch, said before it happens and quoted by the act.

use sea_orm::{
    ConnectionTrait, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::rules::{Numbers, Outcome, Touched, outcome};
use crate::catalogue::Edition;
use crate::error::Result;
use crate::learning::mended::{Corrections, worth};
use crate::learning::model::key_correction;
use crate::publication::preview::Persons;
use crate::records;
use crate::records::graded::{self, ResultTold};
use crate::records::model::{FactKind, fact};
use crate::text;

/// Results looked at between two statements.
const PAGE: u64 = 500;

/// What new keys would do, as far as it may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Persons one of whose results would change.
    pub concerned: Persons,
    /// Persons who would pass thereby.
    pub passing: Persons,
    /// Persons who passed, and one of whose passed results would be lower: it is, by decision only.
    pub lowered: Persons,
    /// Persons who passed and would not have.
    pub failing: Persons,
    /// To be quoted when regrading.
    pub digest: String,
}

/// Marks the results of a version again.
#[derive(Debug)]
pub struct Marker<'e> {
    edition: &'e Edition,
    corrections: &'e Corrections,
    number: i32,
    lower: bool,
}

impl<'e> Marker<'e> {
    /// Under the keys of a regrade, passed results being lowered or not.
    pub const fn new(
        edition: &'e Edition,
        corrections: &'e Corrections,
        number: i32,
        lower: bool,
    ) -> Self {
        Self { edition, corrections, number, lower }
    }

    /// What was told by a fact, and what becomes of it; `None` for a fact that cannot be marked again.
    pub fn outcome(&self, fact: &fact::Model) -> Option<(ResultTold, Outcome)> {
        let told = graded::told(fact)?;
        if told.keys >= Some(self.number) {
            return Some((told, Outcome::Unchanged));
        }
        let under = |number| {
            let quiz = self.corrections.quiz(self.edition, number);
            worth(self.edition, &quiz, fact, &told)
        };
        let (before, after) = (under(told.keys)?, under(Some(self.number))?);
        Some((told, outcome(&told, before, after, self.lower)))
    }
}

/// The results of a version that hold, in the order of their ids, after one of them.
///
/// # Errors
/// When the database fails.
pub async fn results(
    conn: &impl ConnectionTrait,
    edition: &Edition,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<fact::Model>> {
    let mut found = told_of(edition, &FactKind::RESULTS).filter(records::read::standing(None));
    if let Some(after) = after {
        found = found.filter(fact::COLUMN.id.gt(after));
    }
    Ok(found.order_by_asc(fact::Column::Id).limit(limit).all(conn).await?)
}

/// How much was ever told of the results of a version: what only grows, and tells that something moved.
///
/// # Errors
/// When the database fails.
pub async fn told(conn: &impl ConnectionTrait, edition: &Edition) -> Result<u64> {
    let kinds = [FactKind::AttemptSubmitted, FactKind::AttemptRegraded, FactKind::Annulled];
    Ok(told_of(edition, &kinds).count(conn).await?)
}

fn told_of(edition: &Edition, kinds: &[FactKind]) -> sea_orm::Select<fact::Entity> {
    use sea_orm::ColumnTrait as _;
    fact::Entity::find()
        .filter(fact::COLUMN.module_id.eq(edition.module.id))
        .filter(fact::Column::Kind.is_in(kinds.iter().copied()))
        .filter(fact::COLUMN.version_id.eq(edition.version.id))
}

/// Counts whom the keys of a regrade to come would touch.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &impl ConnectionTrait, marker: &Marker<'_>) -> Result<Numbers> {
    let (mut touched, mut after) = (Touched::default(), None);
    loop {
        let some = results(conn, marker.edition, after, PAGE).await?;
        for fact in &some {
            if let Some((told, outcome)) = marker.outcome(fact) {
                touched.add(fact.person_id, &told, outcome);
            }
        }
        after = some.last().map(|fact| fact.id);
        if (some.len() as u64) < PAGE {
            return Ok(touched.numbers());
        }
    }
}

/// What may be told of numbers, and the digest over it: never over a number that is not told.
pub fn tell(
    numbers: Numbers,
    edition: &Edition,
    rows: &[key_correction::Model],
    min_persons: u64,
) -> Preview {
    let persons = |count| Persons::told(count, min_persons);
    let [concerned, passing, lowered, failing] =
        [numbers.concerned, numbers.passing, numbers.lowered, numbers.failing].map(persons);
    let bands = [concerned, passing, lowered].map(|persons| persons.band(min_persons));
    let keys: Vec<_> = rows.iter().map(|row| (&row.question_id, &row.right_answers)).collect();
    let number = rows.first().map(|row| row.number);
    let seen = format!("{}\n{number:?}\n{keys:?}\n{bands:?}\n{failing:?}\n", edition.version.id);
    let digest = text::hex(&Sha256::digest(seen));
    Preview { concerned, passing, lowered, failing, digest }
}
