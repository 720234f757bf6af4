//! Quiz files: questions, their choices, and on what text each rests.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::fields::{Fields, read_toml};
use super::finding::Sheet;
use super::manifest::Grade;
use super::shapes::is_question_id;
use super::value::Value;
use super::words::words;

words! {
    /// How a question is answered.
    Kind {
        /// Exactly one choice is correct.
        Single = "single",
        /// One or several choices are correct; all of them, and no other, must be ticked.
        Multiple = "multiple",
        /// Two choices, one of them correct.
        TrueFalse = "true_false",
    }
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// One lower-case letter, unique in the question.
    pub id: String,
    /// What the learner reads.
    pub text: String,
    /// Whether ticking it is right.
    pub correct: bool,
}

/// One question of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// `[A-Za-z0-9-]{1,40}`, unique in the module.
    pub id: String,
    /// How it is answered.
    pub kind: Kind,
    /// The question.
    pub text: String,
    /// Why the answer is what it is, shown afterwards.
    pub explanation: String,
    /// The text of law or other source, for people.
    pub reference: String,
    /// How well the reference was checked.
    pub grade: Grade,
    /// Date on which it was checked.
    pub verified_on: NaiveDate,
    /// Further sources.
    pub sources: Vec<String>,
    /// 2 to 8 choices, in the author's order.
    pub choices: Vec<Choice>,
}

/// What could be read of one quiz file.
#[derive(Debug, Default)]
pub(super) struct QuizReading {
    pub(super) questions: Vec<Question>,
    /// Questions written, sound or not: each counts for a minute.
    pub(super) written: u32,
}

/// Reads one quiz file, noting every problem; `None` when its syntax is wrong. `taken` are the
/// question ids of the files before it.
pub(super) fn read_quiz(
    text: &str,
    taken: &mut BTreeSet<String>,
    sheet: &mut Sheet,
) -> Option<QuizReading> {
    read_toml(text, 0, sheet, |fields| {
        // The title is for those who edit the file; learners see the module's.
        fields.required("title").and_then(|value| value.line_of_text(150));
        let mut reading = QuizReading::default();
        for mut table in fields.tables("question") {
            reading.written += 1;
            reading.questions.extend(read_question(&mut table, taken));
        }
        if reading.written == 0 {
            fields.complain("le quiz n’a aucune question", "ajoutez une table [[question]]");
        }
        Some(reading)
    })
}

fn read_question(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> Option<Question> {
    let id = read_id(table, taken);
    let kind = table.required("kind").and_then(|value| value.word(Kind::WORDS));
    let mut prose = |key, max| table.required(key).and_then(|value| value.prose(max));
    let (text, explanation) = (prose("text", 1000), prose("explanation", 2000));
    let reference = prose("reference", 600);
    let grade = table.required("grade").and_then(grade);
    let verified_on = table.required("verified_on").and_then(Value::date);
    let sources = table
        .optional("sources")
        .map_or(Some(Vec::new()), |list| list.distinct(0..=20, |item| item.prose(600)));
    let choices = read_choices(table);
    table.refuse_unknown();
    if let (Some(kind), Some(choices)) = (kind, &choices) {
        check_correct(kind, choices, table);
    }
    Some(Question {
        id: id?,
        kind: kind?,
        text: text?,
        explanation: explanation?,
        reference: reference?,
        grade: grade?,
        verified_on: verified_on?,
        sources: sources?,
        choices: choices?,
    })
}

fn read_id(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> Option<String> {
    let value = table.required("id")?;
    let shape = "1 à 40 lettres, chiffres ou tirets";
    let id = value.shaped(40, is_question_id, shape)?;
    if !taken.insert(id.clone()) {
        return value.refuse(
            format!("« {id} » est déjà pris par une autre question du module"),
            "donnez à chaque question un identifiant différent",
        );
    }
    Some(id)
}

/// `?` marks what nobody checked: it may be written in a notebook, not taught.
fn grade(value: Value<'_>) -> Option<Grade> {
    if value.is_text("?") {
        return value.refuse(
            "vaut « ? » : la référence n’a pas été vérifiée",
            "vérifiez-la, puis écrivez V (lue), S (sources concordantes) ou M (de mémoire)",
        );
    }
    value.word(Grade::WORDS)
}

fn read_choices(question: &mut Fields<'_>) -> Option<Vec<Choice>> {
    let tables = question.tables("choice");
    let written = tables.len();
    if !(2..=8).contains(&written) {
        question.complain(
            format!("la question a {written} choix"),
            "donnez-en de 2 à 8, chacun dans une table [[question.choice]]",
        );
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut texts = BTreeSet::new();
    for mut table in tables {
        let Some(choice) = read_choice(&mut table) else {
            continue;
        };
        if choices.iter().any(|known| known.id == choice.id) {
            table.complain(
                format!("le choix « {} » est écrit deux fois", choice.id),
                "donnez à chaque choix une lettre différente",
            );
        } else if !texts.insert(folded(&choice.text)) {
            table.complain(
                format!("le choix « {} » dit la même chose qu’un autre", choice.id),
                "retirez-le ou changez son texte",
            );
        } else {
            choices.push(choice);
        }
    }
    (choices.len() == written).then_some(choices)
}

fn read_choice(table: &mut Fields<'_>) -> Option<Choice> {
    let letter = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase());
    let id = table.required("id").and_then(|value| value.shaped(1, letter, "une lettre minuscule"));
    let text = table.required("text").and_then(|value| value.prose(600));
    let correct = table.optional("correct").map_or(Some(false), Value::flag);
    table.refuse_unknown();
    Some(Choice { id: id?, text: text?, correct: correct? })
}

fn check_correct(kind: Kind, choices: &[Choice], table: &Fields<'_>) {
    let correct = choices.iter().filter(|choice| choice.correct).count();
    if kind != Kind::Multiple && correct != 1 {
        table.complain(
            format!("{correct} choix sont marqués justes, un seul est attendu"),
            "mettez « correct = true » à un seul choix, ou « kind = \"multiple\" »",
        );
    }
    if kind == Kind::Multiple && correct == 0 {
        table.complain(
            "aucun choix n’est marqué juste",
            "mettez « correct = true » aux choix justes",
        );
    }
    if kind == Kind::TrueFalse && choices.len() != 2 {
        table.complain(
            format!("un vrai ou faux a {} choix", choices.len()),
            "donnez-en deux, ou « kind = \"single\" »",
        );
    }
}

/// A text without what a reader would not tell apart: case, accents, spaces.
fn folded(text: &str) -> String {
    let bare: String = text.nfkd().filter(|&c| !is_combining_mark(c)).collect();
    let words: Vec<String> = bare.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
