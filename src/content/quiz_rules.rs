//! What can only be seen across the questions of a module.

use std::collections::BTreeSet;

use super::finding::{Finding, Sheet};
use super::question::{Choice, Question, Task};
use super::quiz_file::Cite;
use super::reference::Reference;
use super::shapes::is_slug;

/// Fewest single-choice questions from which a habit can be told.
const ENOUGH: usize = 6;
/// Most questions of a module; what is computed over all of them stays cheap.
pub(super) const MAX_QUESTIONS: usize = 500;
/// How rarely chance alone must give as many for it to be called a habit.
const CHANCE: f64 = 0.05;

/// Notes that the right choice is the longest more often than chance would have it: learners find
/// out soon, and pass without reading.
///
/// Over the `single` questions, the right choice of a question with n choices is strictly the
/// longest with probability 1/n at most if its author has no habit. The number of such questions
/// then follows a Poisson binomial law, whose tail is computed exactly.
pub(super) fn check_lengths<'q>(questions: impl Iterator<Item = &'q Question>, sheet: &mut Sheet) {
    let single: Vec<(&str, &[Choice])> = questions
        .filter_map(|question| match &question.task {
            Task::Single { choices } => Some((question.id.as_str(), choices.as_slice())),
            _ => None,
        })
        .collect();
    // Too many are told already; the time of the law is the square of their number.
    if !(ENOUGH..=MAX_QUESTIONS).contains(&single.len()) {
        return;
    }
    let chances: Vec<f64> = single.iter().map(|(_, choices)| 1.0 / choices.len() as f64).collect();
    let long: Vec<&str> =
        single.iter().filter(|(_, all)| gives_itself_away(all)).map(|(id, _)| *id).collect();
    if tail(&chances, long.len()) >= CHANCE {
        return;
    }
    let expected = format!("{:.1}", chances.iter().sum::<f64>()).replace('.', ",");
    sheet.add(
        None,
        format!(
            "la bonne réponse est la plus longue dans {} des {} questions à choix unique ({expected} attendues par hasard) : {}",
            long.len(),
            single.len(),
            long.join(", "),
        ),
        "raccourcissez de bonnes réponses, ou donnez aux autres choix autant de précisions",
    );
}

/// Whether the right choice is longer than every other.
fn gives_itself_away(choices: &[Choice]) -> bool {
    let longest = |correct: bool| {
        let wanted = choices.iter().filter(move |choice| choice.correct == correct);
        wanted.map(|choice| choice.text.chars().count()).max()
    };
    longest(true) > longest(false)
}

/// P(X ≥ count), X being the number of successes of independent draws with these chances.
fn tail(chances: &[f64], count: usize) -> f64 {
    // The law of the number of successes, one draw more at each turn.
    let mut law = vec![1.0];
    for chance in chances {
        law.push(0.0);
        for successes in (0..law.len()).rev() {
            let one_less = successes.checked_sub(1).map_or(0.0, |before| law[before]);
            law[successes] = law[successes] * (1.0 - chance) + one_less * chance;
        }
    }
    law.iter().skip(count).sum()
}

/// Notes the references that a question cites and that the module does not have.
pub(super) fn check_cites(cites: &[Cite], known: &[Reference], findings: &mut Vec<Finding>) {
    let known: BTreeSet<&str> = known.iter().map(|reference| reference.id.as_str()).collect();
    // What is not even an id is told where it is read.
    let unknown = |cite: &&Cite| is_slug(&cite.reference) && !known.contains(&*cite.reference);
    for file in cites.chunk_by(|one, next| one.path == next.path) {
        let mut sheet = Sheet::new(&file[0].path);
        for cite in file.iter().filter(unknown) {
            sheet.add(
                cite.line,
                format!("« cites » nomme « {} », que module.toml ne contient pas", cite.reference),
                "corrigez l’identifiant, ou ajoutez une table [[reference]] à module.toml",
            );
        }
        findings.extend(sheet.into_findings());
    }
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn the_tail_is_that_of_the_law_counted_by_hand() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        near(tail(&[0.5; 6], 6), 1.0 / 64.0);
        near(tail(&[0.5; 6], 0), 1.0);
        near(tail(&[0.5; 6], 7), 0.0);
        // Two draws at 1/2 and 1/4: both 1/8, at least one 1 − 1/2 × 3/4.
        near(tail(&[0.5, 0.25], 2), 0.125);
        near(tail(&[0.5, 0.25], 1), 0.625);
    }
}
