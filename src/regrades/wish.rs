//! What a publisher asks for: which questions have other right answers, and why.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::catalogue::Edition;
use crate::content::Question;
use crate::error::{Faults, Result};
use crate::learning::mended::Corrections;
use crate::learning::model::key_correction;

/// Longest reason, in characters.
const REASON: usize = 1_000;

/// Another right answer to a question of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// Its id.
    pub question: String,
    /// The choices to tick, or all items in order, under the author's ids.
    pub right: Vec<String>,
    /// Why, for learners.
    pub reason: String,
}

/// The decision to lower results that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lower {
    /// How many persons would fail, as the preview told it; none where it withheld the number.
    pub persons: Option<u64>,
    /// Why.
    pub reason: String,
}

/// All that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The questions, one at least.
    pub keys: Vec<KeyWish>,
    /// Whether passed results are lowered too.
    pub lower: Option<Lower>,
}

impl KeyWish {
    /// The key as it is written, of the n-th wish, what is wrong in it being added to `faults`.
    fn checked(
        &self,
        n: usize,
        question: Option<&Question>,
        once: bool,
        faults: &mut Faults,
    ) -> Option<Vec<String>> {
        let at = |field: &str| format!("/corrections/{n}/{field}");
        faults.check(
            once,
            &at("question"),
            "une question de cette version, nommée une seule fois",
            "a question of this version, named once",
        );
        faults.check_text(&self.reason, &at("reason"), REASON);
        let question = question?;
        let key = question.key_of(&self.right);
        faults.check(
            key.is_some(),
            &at("right_answers"),
            "une réponse juste possible à cette question : un choix, plusieurs, ou tous les éléments dans l'ordre",
            "a possible right answer to this question: one choice, several, or all items in order",
        );
        key
    }
}

impl Wish {
    /// The corrections as they would be written under a number, by `who` at `now`.
    ///
    /// # Errors
    /// `invalid-values`, everything at once: a question that the version does not have or that is named
    /// twice, answers that cannot be its key, a reason that says nothing.
    pub fn rows(
        &self,
        edition: &Edition,
        known: &Corrections,
        number: i32,
        who: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Vec<key_correction::Model>> {
        let quiz = known.quiz(edition, known.number());
        let (mut faults, mut seen, mut rows) = (Faults::default(), HashSet::new(), Vec::new());
        for (n, wish) in self.keys.iter().enumerate() {
            let question = quiz.questions().find(|q| q.id == wish.question);
            let once = question.is_some() && seen.insert(&wish.question);
            let key = wish.checked(n, question, once, &mut faults);
            rows.push(key_correction::Model {
                version_id: edition.version.id,
                number,
                question_id: wish.question.clone(),
                right_answers: json!(key),
                reason: wish.reason.trim().to_owned(),
                recorded_by: who,
                recorded_at: now,
            });
        }
        if let Some(lower) = &self.lower {
            faults.check_text(&lower.reason, "/lower/reason", REASON);
        }
        faults.refuse()?;
        Ok(rows)
    }
}
