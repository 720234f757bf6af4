//! Quiz files: each a bank of units, and what they must be together.

use std::collections::BTreeSet;

use super::fields::{Fields, read_toml};
use super::finding::{Finding, Sheet};
use super::question_file::{read_question, read_unit_id};
use super::quiz::{Bank, Quiz, Scenario, Unit, share};
use super::quiz_rules::MAX_QUESTIONS;

/// A reference that a question says it rests on, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cite {
    /// Path of the quiz file.
    pub(super) path: String,
    /// Line of the list.
    pub(super) line: u32,
    /// Id of the reference.
    pub(super) reference: String,
}

/// What could be read of one quiz file.
#[derive(Debug)]
pub(super) struct BankReading {
    path: String,
    title: Option<String>,
    /// Units that could be read, in the order written, each with its line.
    units: Vec<(u32, Unit)>,
    /// Units to draw, when the file says so.
    draw: Option<usize>,
    /// Units and questions written, sound or not: each question counts for its time.
    written: (usize, usize),
    cites: Vec<Cite>,
}

/// What could be read of all of them.
#[derive(Debug, Default)]
pub(super) struct QuizReading {
    pub(super) quiz: Quiz,
    /// Questions that an attempt asks, those that could not be read included: a minute each.
    pub(super) asked: u32,
    /// Whether every unit written could be read: a question less would be another quiz.
    pub(super) complete: bool,
    /// Every reference cited by a question.
    pub(super) cites: Vec<Cite>,
}

/// Reads one quiz file, noting every problem; `None` when its syntax is wrong. `taken` are the
/// question and scenario ids of the files before it.
pub(super) fn read_bank(
    path: &str,
    text: &str,
    taken: &mut BTreeSet<String>,
    sheet: &mut Sheet,
) -> Option<BankReading> {
    read_toml(text, 0, sheet, |fields| {
        let title = fields.required("title").and_then(|value| value.line_of_text(150));
        let draw = fields.optional("draw");
        let mut cites = Vec::new();
        let mut questions = 0;
        let mut units = Vec::new();
        let alone = fields.tables("question");
        let scenarios = fields.tables("scenario");
        let written = alone.len() + scenarios.len();
        for mut table in alone {
            questions += 1;
            let question = read_question(&mut table, taken, &mut cites);
            units.extend(question.map(|q| (table.line(), Unit::Question(Box::new(q)))));
        }
        for mut table in scenarios {
            let (scenario, asked) = read_scenario(&mut table, taken, &mut cites);
            questions += asked;
            units.extend(scenario.map(|s| (table.line(), Unit::Scenario(s))));
        }
        // Two kinds of tables, one order: that of the lines they begin at.
        units.sort_by_key(|&(line, _)| line);
        if written == 0 {
            let remedy = "ajoutez une table [[question]] ou [[scenario]]";
            fields.complain("le quiz n’a aucune question", remedy);
        }
        let most = u32::try_from(written.max(1)).unwrap_or(u32::MAX);
        let draw = draw.and_then(|value| value.integer(1..=most)).map(|draw| draw as usize);
        let cite = |(line, reference)| Cite { path: path.to_owned(), line, reference };
        let cites = cites.into_iter().map(cite).collect();
        Some(BankReading {
            path: path.to_owned(),
            title,
            units,
            draw,
            written: (written, questions),
            cites,
        })
    })
}

/// A scenario if it is sound, and how many questions it was written with.
fn read_scenario(
    table: &mut Fields<'_>,
    taken: &mut BTreeSet<String>,
    cites: &mut Vec<(u32, String)>,
) -> (Option<Scenario>, usize) {
    let id = read_unit_id(table, taken);
    let situation = table.required("situation").and_then(|value| value.prose(2000));
    let tables = table.tables("question");
    let written = tables.len();
    table.refuse_unknown();
    if !(2..=6).contains(&written) {
        table.complain(
            format!("le scénario a {written} question(s)"),
            "donnez-en de 2 à 6, chacune dans une table [[scenario.question]]",
        );
    }
    let read = |mut table: Fields<'_>| read_question(&mut table, taken, cites);
    let questions: Vec<_> = tables.into_iter().filter_map(read).collect();
    let scenario = id.zip(situation).filter(|_| questions.len() == written);
    let scenario = scenario.map(|(id, situation)| Scenario { id, situation, questions });
    (scenario, written)
}

/// Gathers the banks, in path order: a bank for each file if any says how many units to draw, one
/// bank of all of them otherwise. Notes what rests too much on memory.
pub(super) fn gather(files: Vec<BankReading>, findings: &mut Vec<Finding>) -> QuizReading {
    refuse_excess(&files, findings);
    let drawn = files.iter().any(|file| file.draw.is_some());
    let mut groups: Vec<Vec<BankReading>> = Vec::new();
    for file in files {
        match groups.last_mut() {
            Some(group) if !drawn => group.push(file),
            _ => groups.push(vec![file]),
        }
    }
    let mut whole = QuizReading { complete: true, ..QuizReading::default() };
    for group in groups {
        refuse_memory(&group, findings);
        let units = group.iter().map(|file| file.written.0).sum();
        let questions = group.iter().map(|file| file.written.1).sum();
        let draw = group[0].draw.unwrap_or(units);
        whole.asked = whole.asked.saturating_add(share(draw, questions, units));
        let name = group.first().filter(|_| drawn).map(|file| stem(&file.path).to_owned());
        let mut bank = Bank { name, draw, ..Bank::default() };
        for file in group {
            bank.titles.extend(file.title.map(|title| (stem(&file.path).to_owned(), title)));
            whole.complete &= file.units.len() == file.written.0;
            whole.cites.extend(file.cites);
            bank.units.extend(file.units.into_iter().map(|(_, unit)| unit));
        }
        whole.quiz.banks.push(bank);
    }
    whole
}

/// `01-quiz` of `quiz/01-quiz.toml`.
fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Notes that a module has too many questions, once, where the first one too many stands.
fn refuse_excess(files: &[BankReading], findings: &mut Vec<Finding>) {
    let mut before = 0;
    for file in files {
        let all = before + file.written.1;
        if all <= MAX_QUESTIONS {
            before = all;
            continue;
        }
        // Questions that could not be read have no line kept: the place may then come later.
        let beyond = file.units.iter().find(|(_, unit)| {
            before += unit.questions().len();
            before > MAX_QUESTIONS
        });
        let mut sheet = Sheet::new(&file.path);
        sheet.add(
            beyond.map(|&(line, _)| line),
            format!("plus de {MAX_QUESTIONS} questions dans le module"),
            "retirez des questions, ou partagez le module",
        );
        findings.extend(sheet.into_findings());
        return;
    }
}

/// A question from memory is asked and corrected, and counts neither for nor against. They are at
/// most half of what is drawn, so that every attempt has something that counts.
fn refuse_memory(group: &[BankReading], findings: &mut Vec<Finding>) {
    let units = group.iter().map(|file| file.written.0).sum();
    let draw = group[0].draw.unwrap_or(units);
    let from_memory = group.iter().flat_map(|file| {
        let units = file.units.iter().filter(|(_, unit)| unit.is_from_memory());
        units.map(|&(line, _)| (file.path.as_str(), line))
    });
    let from_memory: Vec<(&str, u32)> = from_memory.collect();
    let Some(&(path, line)) = from_memory.get(draw / 2) else {
        return;
    };
    let (found, allowed) = (from_memory.len(), draw / 2);
    let mut sheet = Sheet::new(path);
    sheet.add(
        line,
        format!(
            "{found} question(s) ou scénario(s) de mémoire (grade M) pour {draw} posé(s) par tentative : au plus la moitié, soit {allowed}"
        ),
        "relisez le texte, puis écrivez grade = \"V\" ou \"S\", ou ajoutez des questions vérifiées",
    );
    findings.extend(sheet.into_findings());
}
