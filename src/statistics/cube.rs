//! The protected table of one perimeter at one date, and the lines that a question reads in it.

use super::rules::{Count, Showing, protect};

/// Minutes in a *journée formation stagiaire*: six hours (CNFPT's unit).
pub const MINUTES_PER_JFS: i64 = 360;

/// Counts of unique persons before secrecy, for a module and an audience, either being `None` for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Code of the module.
    pub module: Option<String>,
    /// `elu` or `agent`.
    pub audience: Option<String>,
    /// Persons of confirmed capacity who are or were enrolled: the denominator.
    pub enrolled: i64,
    /// Of whom, enrolled and neither done nor gone.
    pub in_progress: i64,
    /// Of whom, those who completed.
    pub completed: i64,
    /// Of whom, those who left before completion.
    pub withdrawn: i64,
    /// Persons whose capacity was only declared at enrolment: counted nowhere else.
    pub declared: i64,
    /// Minutes of the modules completed.
    pub minutes: i64,
}

/// What a line may say: persons, or `None` where secrecy hides the count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Code of the module; `None` for all.
    pub module: Option<String>,
    /// `elu` or `agent`; `None` for both.
    pub audience: Option<String>,
    /// Persons of confirmed capacity enrolled.
    pub enrolled: Option<i64>,
    /// Persons in progress.
    pub in_progress: Option<i64>,
    /// Persons who completed.
    pub completed: Option<i64>,
    /// Persons who left.
    pub withdrawn: Option<i64>,
    /// Persons of declared capacity.
    pub declared_persons: Option<i64>,
    /// Minutes of the modules completed.
    pub minutes_completed: Option<i64>,
}

impl Line {
    /// Whether secrecy hides any of its figures.
    pub fn suppressed(&self) -> bool {
        self.completed.is_none() || self.declared_persons.is_none()
    }
}

/// What the lines stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One line per module.
    Module,
    /// One line per audience.
    Audience,
}

/// The protected table.
#[derive(Clone, Debug)]
pub struct Cube(Vec<Line>);

impl Cube {
    /// Applies the rules of secrecy to a whole table, margins included.
    pub fn protected(tallies: &[Tally], k: i64) -> Self {
        let confirmed = showing(tallies, k, |t| (t.enrolled, t.completed));
        let declared = showing(tallies, k, |t| (t.declared, t.declared));
        let lines = tallies.iter().zip(confirmed).zip(declared).map(|((tally, main), declared)| {
            let outcome = |n: i64| (main == Showing::Everything).then_some(n);
            Line {
                module: tally.module.clone(),
                audience: tally.audience.clone(),
                enrolled: (main >= Showing::Persons).then_some(tally.enrolled),
                in_progress: outcome(tally.in_progress),
                completed: outcome(tally.completed),
                withdrawn: outcome(tally.withdrawn),
                minutes_completed: outcome(tally.minutes),
                // None declared is a known nothing, as an absent line is.
                declared_persons: (declared > Showing::Nothing || tally.declared == 0)
                    .then_some(tally.declared),
            }
        });
        Self(lines.collect())
    }

    /// One line of the table; where nobody is, a line that hides everything.
    pub fn line(&self, module: Option<&str>, audience: Option<&str>) -> Line {
        let found = self
            .0
            .iter()
            .find(|line| line.module.as_deref() == module && line.audience.as_deref() == audience);
        found.cloned().unwrap_or_else(|| Line {
            module: module.map(str::to_owned),
            audience: audience.map(str::to_owned),
            ..Line::default()
        })
    }

    /// The lines of a question, in the order of their values, within the filters.
    pub fn lines(&self, by: By, module: Option<&str>, audience: Option<&str>) -> Vec<Line> {
        let within = |asked: Option<&str>, value: &Option<String>, split: bool| match asked {
            Some(asked) => value.as_deref() == Some(asked),
            None => value.is_some() == split,
        };
        let mut lines: Vec<Line> = self
            .0
            .iter()
            .filter(|line| within(module, &line.module, by == By::Module))
            .filter(|line| within(audience, &line.audience, by == By::Audience))
            .cloned()
            .collect();
        lines.sort_by(|a, b| (&a.module, &a.audience).cmp(&(&b.module, &b.audience)));
        lines
    }
}

/// What may be shown of one measure of each tally. An empty cell is a known nothing, and takes no
/// part in the rules, but for the total: nobody at all is fewer than `k`.
fn showing(tallies: &[Tally], k: i64, measure: impl Fn(&Tally) -> (i64, i64)) -> Vec<Showing> {
    let (counts, at): (Vec<Count>, Vec<usize>) = tallies
        .iter()
        .enumerate()
        .filter_map(|(at, tally)| {
            let (persons, completed) = measure(tally);
            let (row, column) = (tally.module.clone(), tally.audience.clone());
            (persons > 0).then_some((Count { row, column, persons, completed }, at))
        })
        .unzip();
    let mut all = vec![Showing::Nothing; tallies.len()];
    for (showing, at) in protect(&counts, k).into_iter().zip(at) {
        all[at] = showing;
    }
    all
}
