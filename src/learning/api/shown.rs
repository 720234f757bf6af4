//! How the questions of an attempt are shown: with their corrections once submitted, never before.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::attempts;
use super::super::mended::Corrections;
use super::super::model::attempt;
use super::bodies::{AskedChoice, AskedQuestion, AskedScenario, Correction};
use crate::catalogue::Edition;
use crate::content::{Answers, Drawn, Graded, Question, Quiz, Scenario};
use crate::error::Result;
use crate::records::graded::ResultTold;

/// What each question of a submitted attempt won, by id, and why the keys of some were corrected.
pub(super) struct Marks {
    won: BTreeMap<String, Graded>,
    corrections: Corrections,
}

impl Marks {
    /// The quiz under the keys by which it was marked.
    pub(super) fn quiz<'e>(&self, edition: &'e Edition) -> Cow<'e, Quiz> {
        self.corrections.quiz(edition, self.corrections.number())
    }

    /// The marks question by question, under the keys that hold. They explain the result that was told, which stands.
    pub(super) fn of(
        corrections: Corrections,
        attempt: &attempt::Model,
        edition: &Edition,
        kept: &Answers,
        told: &ResultTold,
    ) -> Result<Self> {
        let quiz = &*corrections.quiz(edition, corrections.number());
        let score = attempts::score(attempt, edition, quiz, kept)?;
        let marks = score.questions.into_iter().map(|mark| {
            let counted = mark.counted || told.all_counted;
            (mark.question.clone(), Graded { counted, ..mark })
        });
        Ok(Self { won: marks.collect(), corrections })
    }
}

/// The questions of an attempt, in the order drawn; with corrections when there are marks.
pub(super) fn asked(
    drawn: &[Drawn],
    quiz: &Quiz,
    kept: &Answers,
    marks: Option<&Marks>,
) -> Vec<AskedQuestion> {
    let by_id: BTreeMap<&str, (&Question, Option<&Scenario>)> = quiz
        .units()
        .flat_map(|unit| unit.questions().iter().map(|q| (q.id.as_str(), (q, unit.scenario()))))
        .collect();
    let shown = |one: &Drawn| {
        let (question, scenario) = by_id.get(one.question.as_str())?;
        let mark = marks.and_then(|marks| marks.won.get(&one.question));
        let mended = marks.and_then(|marks| marks.corrections.reason(&one.question));
        let answer = kept.get(&one.question).map_or(&[][..], Vec::as_slice);
        Some(asked_one(one, question, *scenario, answer, mark.map(|mark| (mark, mended))))
    };
    drawn.iter().filter_map(shown).collect()
}

fn asked_one(
    one: &Drawn,
    question: &Question,
    scenario: Option<&Scenario>,
    answer: &[String],
    mark: Option<(&Graded, Option<&str>)>,
) -> AskedQuestion {
    let as_shown = |ids: &[String]| -> Vec<String> {
        ids.iter().filter_map(|id| one.shown_as(id)).map(str::to_owned).collect()
    };
    let options = question.task.options();
    let choice = |own: &String| {
        let (_, text) = options.iter().find(|(id, _)| id == own)?;
        Some(AskedChoice { id: one.shown_as(own)?.to_owned(), text: (*text).to_owned() })
    };
    AskedQuestion {
        id: question.id.clone(),
        kind: question.task.kind().to_string(),
        scenario: scenario.map(|scenario| AskedScenario {
            id: scenario.id.clone(),
            situation: scenario.situation.clone(),
        }),
        text: question.text.clone(),
        credit: question.task.credit().to_string(),
        choices: one.choices.iter().filter_map(choice).collect(),
        answer: as_shown(answer),
        correction: mark.map(|(mark, mended)| Correction {
            right: mark.correct,
            credit: mark.credit,
            counted: mark.counted,
            correct: as_shown(&question.task.key()),
            explanation: question.explanation.clone(),
            reference: question.reference.clone(),
            grade: question.grade.to_string(),
            mended: mended.map(str::to_owned),
        }),
    }
}
