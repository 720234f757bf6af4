//! What becomes of a result when its keys change. Pure.

use std::collections::HashSet;

use uuid::Uuid;

use crate::learning::mended::Worth;
use crate::records::graded::ResultTold;

/// What becomes of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The new keys change nothing in it.
    Unchanged,
    /// It passed and would be worse: it stays as it was told.
    Kept(Worth),
    /// It takes this value.
    Becomes(Worth),
}

/// What becomes of a result that was `told`: its answers were worth `before` under the keys by which it
/// was marked, and are worth `after` under the new ones, both by today's program. `lower` is the decision to lower
/// passed results too.
pub fn outcome(told: &ResultTold, before: Worth, after: Worth, lower: bool) -> Outcome {
    // What today's program would mark otherwise, whatever the keys, is nobody's correction.
    let same =
        before == after || (told.hundredths, told.passed) == (after.hundredths, after.passed);
    let worse = told.passed && (!after.passed || after.hundredths < told.hundredths);
    match (same, worse && !lower) {
        (true, _) => Outcome::Unchanged,
        (false, true) => Outcome::Kept(after),
        (false, false) => Outcome::Becomes(after),
    }
}

/// Whom new keys touch, told one result after another.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    concerned: HashSet<Uuid>,
    lowered: HashSet<Uuid>,
    passed: HashSet<Uuid>,
    would_pass: HashSet<Uuid>,
}

/// How many persons new keys touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Persons one of whose results would change.
    pub concerned: u64,
    /// Persons who had not passed, and would.
    pub passing: u64,
    /// Persons who passed, and one of whose passed results would be lower.
    pub lowered: u64,
    /// Persons who passed, and would not have.
    pub failing: u64,
}

impl Touched {
    /// Adds a result of a person, told as `told`, and what the new keys make of it.
    pub fn add(&mut self, person: Uuid, told: &ResultTold, outcome: Outcome) {
        let after = match outcome {
            Outcome::Unchanged => told.passed,
            Outcome::Kept(after) | Outcome::Becomes(after) => {
                self.concerned.insert(person);
                after.passed
            }
        };
        if let Outcome::Kept(_) = outcome {
            self.lowered.insert(person);
        }
        if told.passed {
            self.passed.insert(person);
        }
        if after {
            self.would_pass.insert(person);
        }
    }

    /// The numbers.
    pub fn numbers(&self) -> Numbers {
        let wide = |n: usize| n as u64;
        Numbers {
            concerned: wide(self.concerned.len()),
            passing: wide(self.would_pass.difference(&self.passed).count()),
            lowered: wide(self.lowered.len()),
            failing: wide(self.passed.difference(&self.would_pass).count()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn worth(hundredths: u32) -> Worth {
        let percent = u8::try_from(hundredths / 10).unwrap_or(100);
        Worth { hundredths, out_of: 10, percent, passed: hundredths >= 800 }
    }

    fn told(hundredths: u32) -> ResultTold {
        let Worth { out_of, percent, passed, .. } = worth(hundredths);
        ResultTold {
            hundredths,
            out_of,
            percent,
            passed,
            pass_mark_percent: 80,
            all_counted: false,
            keys: None,
            was: None,
        }
    }

    proptest! {
        #[test]
        fn a_passed_result_is_never_lowered_unless_it_was_decided(
            was in 0_u32..=1000, before in 0_u32..=1000, after in 0_u32..=1000,
        ) {
            match outcome(&told(was), worth(before), worth(after), false) {
                Outcome::Becomes(now) => prop_assert!(!told(was).passed || (now.passed && was < now.hundredths)),
                Outcome::Kept(now) => prop_assert!(told(was).passed && now.hundredths < was),
                Outcome::Unchanged => prop_assert!(before == after || was == after),
            }
            let decided = outcome(&told(was), worth(before), worth(after), true);
            prop_assert!(!matches!(decided, Outcome::Kept(_)));
        }
    }

    #[test]
    fn whoever_passed_otherwise_neither_fails_nor_passes_by_it() {
        let (ada, bea, cem) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let mut touched = Touched::default();
        let mut add = |who, was, after| {
            touched.add(who, &told(was), outcome(&told(was), worth(was), worth(after), false));
        };
        add(ada, 900, 700);
        add(ada, 800, 800);
        add(bea, 700, 800);
        add(cem, 1000, 0);
        let expected = Numbers { concerned: 3, passing: 1, lowered: 2, failing: 1 };
        assert_eq!(touched.numbers(), expected);
    }
}
