//! What can only be seen across the questions of a module.

use std::collections::BTreeSet;

use super::finding::Sheet;
use super::quiz::{Kind, Question};

/// Fewest single-choice questions from which a habit can be told.
const ENOUGH: usize = 6;
/// How rarely chance alone must give as many for it to be called a habit.
const CHANCE: f64 = 0.05;

/// Notes that the right choice is the longest more often than chance would have it: learners find
/// out soon, and pass without reading.
///
/// Over the `single` questions, the right choice of a question with n choices is strictly the
/// longest with probability 1/n at most if its author has no habit. The number of such questions
/// then follows a Poisson binomial law, whose tail is computed exactly.
pub(super) fn check_lengths<'q>(questions: impl Iterator<Item = &'q Question>, sheet: &mut Sheet) {
    let single: Vec<&Question> =
        questions.filter(|q| q.kind == Kind::Single && !q.choices.is_empty()).collect();
    if single.len() < ENOUGH {
        return;
    }
    let chances: Vec<f64> =
        single.iter().map(|question| 1.0 / question.choices.len() as f64).collect();
    let long: Vec<&str> =
        single.iter().filter(|q| gives_itself_away(q)).map(|q| q.id.as_str()).collect();
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
fn gives_itself_away(question: &Question) -> bool {
    let longest = |correct: bool| {
        let wanted = question.choices.iter().filter(move |choice| choice.correct == correct);
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
#[cfg_attr(not(test), expect(dead_code, reason = "questions do not cite references yet"))]
pub(super) fn check_cites(
    question: &str,
    cites: &[String],
    known: &BTreeSet<&str>,
    sheet: &mut Sheet,
) {
    for id in cites.iter().filter(|id| !known.contains(id.as_str())) {
        sheet.add(
            None,
            format!("la question « {question} » cite « {id} », que module.toml ne contient pas"),
            "corrigez l’identifiant, ou ajoutez une table [[reference]] à module.toml",
        );
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
