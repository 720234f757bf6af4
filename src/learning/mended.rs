//! Under which keys attempts are marked: those published, but for the questions whose key was found to
//! be wrong. A published version is never edited; what corrects it stands beside it, dated and signed.

use std::borrow::Cow;

use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::model::key_correction;
use crate::catalogue::{Edition, version};
use crate::content::{self, Answers, Keys, Quiz, Score};
use crate::error::Result;
use crate::records::graded::ResultTold;
use crate::records::model::fact;

/// The corrections of one version's keys, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Corrections(Vec<key_correction::Model>);

impl Corrections {
    /// Those of a version; one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(conn: &impl ConnectionTrait, version_id: Uuid) -> Result<Self> {
        let rows = key_correction::Entity::find()
            .filter(key_correction::COLUMN.version_id.eq(version_id))
            .order_by_asc(key_correction::Column::Number)
            .all(conn)
            .await?;
        Ok(Self(rows))
    }

    /// The same for marking in this transaction: none is added until it ends, so that whoever mends a
    /// key sees what was marked before it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held(tx: &DatabaseTransaction, edition: &Edition) -> Result<Self> {
        version::keep_still(tx, edition.module.id).await?;
        Self::of(tx, edition.version.id).await
    }

    /// The same, and others that come after them.
    #[must_use]
    pub fn and(mut self, rows: &[key_correction::Model]) -> Self {
        self.0.extend_from_slice(rows);
        self
    }

    /// The number of the last regrade; none when every key is as published.
    pub fn number(&self) -> Option<i32> {
        self.0.last().map(|row| row.number)
    }

    /// The quiz under the keys that held after a regrade; as published after none.
    pub fn quiz<'e>(&self, edition: &'e Edition, number: Option<i32>) -> Cow<'e, Quiz> {
        let published = &edition.content.quiz;
        let known = self.0.iter().filter(|row| Some(row.number) <= number);
        // Later ones take the place of earlier ones.
        let keys: Keys = known.map(|row| (row.question_id.clone(), right(row))).collect();
        if keys.is_empty() { Cow::Borrowed(published) } else { Cow::Owned(published.mended(&keys)) }
    }

    /// Why the key of a question was corrected, the last time that it was.
    pub fn reason(&self, question: &str) -> Option<&str> {
        self.0.iter().rfind(|row| row.question_id == question).map(|row| row.reason.as_str())
    }
}

/// The right answers that a correction states.
fn right(row: &key_correction::Model) -> Vec<String> {
    serde_json::from_value(row.right_answers.clone()).unwrap_or_default()
}

/// What an attempt is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Credit won, in hundredths of a question.
    pub hundredths: u32,
    /// Questions that count.
    pub out_of: u32,
    /// Whole percent, rounded down.
    pub percent: u8,
    /// Whether the pass mark is reached.
    pub passed: bool,
}

impl Worth {
    /// What a score says; `all` when every question counts, whatever its grade, as it was before
    /// credit had hundredths.
    pub fn of(score: &Score, all: bool, pass_mark_percent: u8) -> Self {
        let counted = || score.questions.iter().filter(|mark| all || mark.counted);
        let hundredths: u32 = counted().map(|mark| mark.credit).sum();
        let most = u32::try_from(counted().count()).unwrap_or(u32::MAX).saturating_mul(100);
        let percent = (u64::from(hundredths) * 100).checked_div(u64::from(most)).unwrap_or(0);
        let reached = u64::from(hundredths) * 100 >= u64::from(pass_mark_percent) * u64::from(most);
        Self {
            hundredths,
            out_of: most / 100,
            percent: u8::try_from(percent).unwrap_or(100),
            passed: most > 0 && reached,
        }
    }
}

/// What the attempt that a fact tells is worth under another key: its questions drawn again from its
/// seed, its answers as they were given. `None` when the fact does not say them.
pub fn worth(
    edition: &Edition,
    quiz: &Quiz,
    fact: &fact::Model,
    told: &ResultTold,
) -> Option<Worth> {
    let seed: i64 = fact.payload["seed"].as_str()?.parse().ok()?;
    let given: Answers = serde_json::from_value(fact.payload["answers"].clone()).ok()?;
    let drawn = content::draw(&edition.content.quiz, seed.cast_unsigned());
    let score = content::grade(&drawn, quiz, &given, told.pass_mark_percent).ok()?;
    Some(Worth::of(&score, told.all_counted, told.pass_mark_percent))
}
