//! Reading a question: every slip noted with its line and remedy.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::fields::Fields;
use super::manifest::Grade;
use super::question::{Choice, Credit, Item, Kind, Question, Task};
use super::shapes::{is_question_id, is_slug};
use super::value::Value;

/// Reads a question; `taken` are the ids before it, `cites` gathers the references it names, each
/// with the line of its list.
pub(super) fn read_question(
    table: &mut Fields<'_>,
    taken: &mut BTreeSet<String>,
    cites: &mut Vec<(u32, String)>,
) -> Option<Question> {
    let id = read_unit_id(table, taken);
    let kind = table.required("kind").and_then(|value| value.word(Kind::WORDS));
    let mut prose = |key, max| table.required(key).and_then(|value| value.prose(max));
    let (text, explanation) = (prose("text", 1000), prose("explanation", 2000));
    let reference = prose("reference", 600);
    let grade = table.required("grade").and_then(grade);
    let verified_on = table.required("verified_on").and_then(Value::date);
    let sources = table
        .optional("sources")
        .map_or(Some(Vec::new()), |list| list.distinct(0..=20, |item| item.prose(600)));
    let cited = read_cites(table, cites);
    let task = read_task(kind, table);
    table.refuse_unknown();
    Some(Question {
        id: id?,
        text: text?,
        task: task?,
        explanation: explanation?,
        reference: reference?,
        grade: grade?,
        verified_on: verified_on?,
        sources: sources?,
        cites: cited?,
    })
}

/// The id of a question or of a scenario.
pub(super) fn read_unit_id(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> Option<String> {
    let value = table.required("id")?;
    let shape = "1 à 40 lettres, chiffres ou tirets";
    let id = value.shaped(40, is_question_id, shape)?;
    if !taken.insert(id.clone()) {
        return value.refuse(
            format!("« {id} » est déjà pris par une autre question ou un scénario du module"),
            "donnez à chacun un identifiant différent",
        );
    }
    Some(id)
}

fn read_cites(table: &mut Fields<'_>, cites: &mut Vec<(u32, String)>) -> Option<Vec<String>> {
    let Some(list) = table.optional("cites") else {
        return Some(Vec::new());
    };
    let shape = "l’« id » d’une référence de module.toml";
    let cited = list.distinct(0..=20, |item| item.shaped(60, is_slug, shape))?;
    cites.extend(cited.iter().map(|reference| (list.line(), reference.clone())));
    Some(cited)
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

/// What depends on the kind. Without a kind, what can be read is checked all the same.
fn read_task(kind: Option<Kind>, table: &mut Fields<'_>) -> Option<Task> {
    let credit = read_credit(kind, table);
    let choices = read_choices(kind, table)?;
    match kind? {
        Kind::Ordering => {
            let item = |choice: Choice| Item { id: choice.id, text: choice.text };
            Some(Task::Ordering { items: choices.into_iter().map(item).collect(), credit: credit? })
        }
        kind => {
            check_correct(kind, &choices, table);
            Some(match kind {
                Kind::Multiple => Task::Multiple { choices, credit: credit? },
                Kind::TrueFalse => Task::TrueFalse { choices },
                _ => Task::Single { choices },
            })
        }
    }
}

fn read_credit(kind: Option<Kind>, table: &mut Fields<'_>) -> Option<Credit> {
    let Some(value) = table.optional("credit") else {
        return Some(Credit::Exact);
    };
    let credit = value.word(Credit::WORDS)?;
    if credit == Credit::Partial && matches!(kind, Some(Kind::Single | Kind::TrueFalse)) {
        return value.refuse(
            "vaut « partial » : un choix unique est juste ou ne l’est pas",
            "retirez « credit » ; le crédit partiel vaut pour « multiple » et « ordering »",
        );
    }
    Some(credit)
}

fn read_choices(kind: Option<Kind>, question: &mut Fields<'_>) -> Option<Vec<Choice>> {
    let tables = question.tables("choice");
    let written = tables.len();
    let ordering = kind == Some(Kind::Ordering);
    let fewest = if ordering { 3 } else { 2 };
    if !(fewest..=8).contains(&written) {
        let what = if ordering { "éléments à remettre en ordre" } else { "choix" };
        question.complain(
            format!("la question a {written} {what}"),
            format!("donnez-en de {fewest} à 8, chacun dans une table [[question.choice]]"),
        );
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut texts = BTreeSet::new();
    for mut table in tables {
        let Some(choice) = read_choice(ordering, &mut table) else {
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

fn read_choice(ordering: bool, table: &mut Fields<'_>) -> Option<Choice> {
    let letter = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase());
    let id = table.required("id").and_then(|value| value.shaped(1, letter, "une lettre minuscule"));
    let text = table.required("text").and_then(|value| value.prose(600));
    let correct = match table.optional("correct") {
        Some(value) if ordering => value.refuse(
            "ne s’écrit pas dans une question à remettre en ordre",
            "retirez la ligne ; écrivez les éléments dans le bon ordre",
        ),
        Some(value) => value.flag(),
        None => Some(false),
    };
    table.refuse_unknown();
    Some(Choice { id: id?, text: text?, correct: correct? })
}

/// The answer must be among the choices, and as many times as the kind allows.
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
