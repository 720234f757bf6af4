//! Questions with their keys, for those who write, review or audit them.

use chrono::NaiveDate;
use poem_openapi::Object;
use uuid::Uuid;

use crate::accounts::Principal;
use crate::app::App;
use crate::content;
use crate::error::Result;
use crate::journal;

/// A choice and whether it is right, or an item to put in order.
#[derive(Object)]
struct KeyedChoice {
    /// Its id in the question.
    id: String,
    /// What the learner reads.
    text: String,
    /// Whether ticking it is right; absent in an ordering.
    #[oai(skip_serializing_if_is_none)]
    correct: Option<bool>,
}

/// A situation on which several questions are asked, one after the other.
#[derive(Object)]
struct KeyedScenario {
    /// Its id in the module.
    id: String,
    /// What has happened.
    situation: String,
}

/// A question with its key.
#[derive(Object)]
struct KeyedQuestion {
    /// Its id in the module.
    id: String,
    /// `single`, `multiple`, `true_false` or `ordering`.
    kind: String,
    /// The situation that it is asked about.
    #[oai(skip_serializing_if_is_none)]
    scenario: Option<KeyedScenario>,
    /// The question.
    text: String,
    /// `exact`: all or nothing; `partial`: an answer that is nearly right wins its share.
    credit: String,
    /// Its choices, in the author's order; the items of an ordering in the right order.
    choices: Vec<KeyedChoice>,
    /// Why the answer is what it is.
    explanation: String,
    /// The text that it rests on.
    reference: String,
    /// How well the reference was checked: `V`, `S` or `M`.
    grade: String,
    /// When it was checked.
    verified_on: NaiveDate,
    /// Further sources.
    sources: Vec<String>,
    /// Ids of the module's references that it rests on.
    cites: Vec<String>,
}

/// The questions of a version, with their keys.
#[derive(Object)]
pub(super) struct KeyedQuestions {
    /// Questions, in the order of the files.
    items: Vec<KeyedQuestion>,
    /// Always null: a module's questions are one page.
    next: Option<String>,
}

impl From<&content::Module> for KeyedQuestions {
    fn from(module: &content::Module) -> Self {
        let of_unit = |unit: &content::Unit| -> Vec<KeyedQuestion> {
            unit.questions().iter().map(|question| keyed(question, unit.scenario())).collect()
        };
        Self { items: module.quiz.units().flat_map(of_unit).collect(), next: None }
    }
}

fn keyed(question: &content::Question, scenario: Option<&content::Scenario>) -> KeyedQuestion {
    let key = question.task.key();
    let ordering = question.task.kind() == content::Kind::Ordering;
    let choice = |(id, text): (&str, &str)| KeyedChoice {
        id: id.to_owned(),
        text: text.to_owned(),
        correct: (!ordering).then(|| key.iter().any(|right| right == id)),
    };
    let q = question.clone();
    KeyedQuestion {
        kind: q.task.kind().to_string(),
        scenario: scenario.map(|scenario| KeyedScenario {
            id: scenario.id.clone(),
            situation: scenario.situation.clone(),
        }),
        credit: q.task.credit().to_string(),
        choices: q.task.options().into_iter().map(choice).collect(),
        id: q.id,
        text: q.text,
        explanation: q.explanation,
        reference: q.reference,
        grade: q.grade.to_string(),
        verified_on: q.verified_on,
        sources: q.sources,
        cites: q.cites,
    }
}

/// Writes down that somebody reads questions with their keys, before they do.
pub(crate) async fn tell_reading(
    app: &App,
    who: &Principal,
    act: &str,
    subject: (&str, Uuid),
    detail: serde_json::Value,
) -> Result<()> {
    let tx = app.db.begin_write().await?;
    let reader = Some(who.account_id);
    journal::act(&tx, reader, act, subject, detail, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
