//! What a learner answers: lists of texts, checked against what was shown to them.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::Drawn;
use super::question::Kind;

/// Question id → what was answered: the choices ticked (a set, in the order of their letters), or
/// the items in the order given. A question left out, or with an empty list, was left blank.
pub type Answers = BTreeMap<String, Vec<String>>;

/// Answers that do not belong to the draw. Each list names what it refuses, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error(
    "réponses étrangères à ce quiz : questions [{}], choix [{}], ordres incomplets [{}] ; questions tirées mais absentes de la version [{}]",
    .questions.join(", "), shown(.choices), .orderings.join(", "), .missing.join(", ")
)]
pub struct AnswerError {
    /// Questions answered that were not drawn.
    pub questions: Vec<String>,
    /// Choices or items given that the question does not have, as (question, choice).
    pub choices: Vec<(String, String)>,
    /// Orderings whose answer leaves an item out, or gives one twice.
    pub orderings: Vec<String>,
    /// Questions drawn that the given version does not have: the caller's mistake.
    pub missing: Vec<String>,
}

fn shown(choices: &[(String, String)]) -> String {
    let pairs: Vec<String> = choices.iter().map(|(q, c)| format!("{q}/{c}")).collect();
    pairs.join(", ")
}

/// Takes answers given under the ids that the attempt shows (see [`Drawn::shown_as`]) and answers
/// them under the author's, choices as sets. This is what is kept, graded and recorded.
///
/// # Errors
/// [`AnswerError`] naming every question that was not drawn, every choice that it does not show, and
/// every ordering that is neither blank nor all of its items once.
pub fn accept(drawn: &[Drawn], given: &Answers) -> Result<Answers, AnswerError> {
    checked(drawn, given, |one, id| one.authored(id))
}

/// The same of answers that are under the author's ids already.
pub(super) fn normalised(drawn: &[Drawn], kept: &Answers) -> Result<Answers, AnswerError> {
    checked(drawn, kept, |one, id| one.choices.iter().find(|own| *own == id).map(String::as_str))
}

fn checked(
    drawn: &[Drawn],
    given: &Answers,
    authored: impl for<'a> Fn(&'a Drawn, &str) -> Option<&'a str>,
) -> Result<Answers, AnswerError> {
    let shown: BTreeMap<&str, &Drawn> =
        drawn.iter().map(|one| (one.question.as_str(), one)).collect();
    let mut error = AnswerError::default();
    let mut accepted = Answers::new();
    for (question, ids) in given {
        let Some(one) = shown.get(question.as_str()) else {
            error.questions.push(question.clone());
            continue;
        };
        let distinct: BTreeSet<&String> = ids.iter().collect();
        let foreign = distinct.iter().filter(|id| authored(one, id).is_none());
        let foreign: Vec<_> = foreign.map(|id| (question.clone(), (*id).clone())).collect();
        let whole = ids.len() == one.choices.len() && distinct.len() == ids.len();
        if foreign.is_empty() && one.kind == Kind::Ordering && !whole && !ids.is_empty() {
            error.orderings.push(question.clone());
        }
        error.choices.extend(foreign);
        let mut own: Vec<String> =
            ids.iter().filter_map(|id| authored(one, id)).map(str::to_owned).collect();
        if one.kind != Kind::Ordering {
            own.sort();
            own.dedup();
        }
        accepted.insert(question.clone(), own);
    }
    if error == AnswerError::default() { Ok(accepted) } else { Err(error) }
}
