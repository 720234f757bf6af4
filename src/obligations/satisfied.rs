//! What satisfies an obligation of a requirement. Pure: what is asked and what was completed in, the
//! completion that satisfies it out.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::obligation;

/// What an obligation asks to complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The mandatory steps: of each, a completion of any of its modules. A module is a single step.
    pub steps: Vec<Vec<Uuid>>,
    /// The least version that counts.
    pub from_version: Option<i32>,
    /// Nothing completed before counts.
    pub accepts_from: Option<DateTime<Utc>>,
    /// Whether the provider must have had an agrément that day.
    pub agreed_only: bool,
}

/// A completion, as far as obligations go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The fact.
    pub fact_id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// Of which module.
    pub module_id: Uuid,
    /// Of which version of it.
    pub number: Option<i32>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether what they had learnt before was recognised as it: nobody trained them.
    pub recognised: bool,
}

impl Asked {
    /// What the row of an obligation asks, `steps` being those of its path.
    pub fn of(row: &obligation::Model, steps: &[Vec<Uuid>]) -> Self {
        let steps = match row.module_id {
            Some(module) => vec![vec![module]],
            None => steps.to_vec(),
        };
        let (from_version, accepts_from) = (row.from_version, row.accepts_from);
        Self { steps, from_version, accepts_from, agreed_only: row.agreed_only }
    }

    /// Whether a completion counts, `agreed` saying whether a module's provider had an agrément on the
    /// day of an instant.
    fn counts(&self, done: &Completion, agreed: &impl Fn(Uuid, DateTime<Utc>) -> bool) -> bool {
        self.accepts_from.is_none_or(|from| from <= done.at)
            && self.from_version.is_none_or(|least| done.number.is_some_and(|n| least <= n))
            && (!self.agreed_only || (!done.recognised && agreed(done.module_id, done.at)))
    }

    /// Those that count for a step.
    fn of_step<'c>(
        &self,
        step: &[Uuid],
        done: &'c [Completion],
        agreed: &impl Fn(Uuid, DateTime<Utc>) -> bool,
    ) -> impl Iterator<Item = &'c Completion> {
        done.iter().filter(move |c| step.contains(&c.module_id) && self.counts(c, agreed))
    }

    /// The completion with which everything asked was first completed.
    pub fn satisfied<'c>(
        &self,
        done: &'c [Completion],
        agreed: impl Fn(Uuid, DateTime<Utc>) -> bool,
    ) -> Option<&'c Completion> {
        let first =
            |step: &Vec<Uuid>| self.of_step(step, done, &agreed).min_by_key(|c| (c.at, c.fact_id));
        let firsts: Option<Vec<&Completion>> = self.steps.iter().map(first).collect();
        firsts?.into_iter().max_by_key(|c| (c.at, c.fact_id))
    }

    /// Since when everything asked is fresh: of each step the latest completion that counts, and of
    /// those the oldest. What a renewal is reckoned from.
    pub fn fresh_since(
        &self,
        done: &[Completion],
        agreed: impl Fn(Uuid, DateTime<Utc>) -> bool,
    ) -> Option<DateTime<Utc>> {
        let last = |step: &Vec<Uuid>| self.of_step(step, done, &agreed).map(|c| c.at).max();
        let lasts: Option<Vec<DateTime<Utc>>> = self.steps.iter().map(last).collect();
        lasts?.into_iter().min()
    }

    /// Whether one more completion would count, for a step of which none does yet.
    pub fn lacks(
        &self,
        new: &Completion,
        done: &[Completion],
        agreed: impl Fn(Uuid, DateTime<Utc>) -> bool,
    ) -> bool {
        let missing = |step: &Vec<Uuid>| self.of_step(step, done, &agreed).next().is_none();
        let of_it = |step: &&Vec<Uuid>| step.contains(&new.module_id);
        self.counts(new, &agreed) && self.steps.iter().filter(of_it).any(missing)
    }
}

/// The civil day of an instant in the zone that an obligation names.
pub fn day_in(zone: &str, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&super::rules::zone(zone)).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn start() -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse().expect("an instant")
    }

    fn done(module: u128, number: i32, day: i64) -> Completion {
        Completion {
            fact_id: Uuid::from_u128(1_000 + u128::from(day.unsigned_abs())),
            person_id: Uuid::nil(),
            module_id: Uuid::from_u128(module),
            number: Some(number),
            at: start() + Duration::days(day),
            recognised: false,
        }
    }

    fn asked(steps: &[&[u128]]) -> Asked {
        let step = |step: &&[u128]| step.iter().map(|id| Uuid::from_u128(*id)).collect();
        Asked { steps: steps.iter().map(step).collect(), ..Asked::default() }
    }

    #[test]
    fn a_path_is_satisfied_by_the_last_of_its_steps_and_any_module_of_a_step_will_do() {
        let path = asked(&[&[1, 2], &[3]]);
        let all = [done(2, 1, 5), done(1, 1, 9), done(3, 1, 7), done(3, 1, 20)];
        let agreed = |_, _| true;
        assert_eq!(path.satisfied(&all[..2], agreed), None);
        assert_eq!(path.satisfied(&all, agreed).map(|c| c.at), Some(start() + Duration::days(7)));
        assert_eq!(path.fresh_since(&all, agreed), Some(start() + Duration::days(9)));
        assert!(path.lacks(&done(3, 1, 30), &all[..2], agreed));
        assert!(!path.lacks(&done(1, 1, 30), &all[..2], agreed), "that step is done");
        assert!(!path.lacks(&done(9, 1, 30), &[], agreed), "no module of it");
        let agreed_only = Asked { agreed_only: true, ..path };
        let new = done(3, 1, 30);
        assert!(!agreed_only.lacks(&new, &all[..2], |_, _| false), "it would not count");
    }

    #[test]
    fn what_is_too_old_of_an_earlier_version_or_without_agrement_does_not_count() {
        let all = [done(1, 1, 1), done(1, 2, 10), done(1, 3, 20)];
        let of = |asked: &Asked| asked.satisfied(&all, |_, at| at > all[1].at).map(|c| c.number);
        let any = asked(&[&[1]]);
        assert_eq!(of(&any), Some(Some(1)));
        assert_eq!(of(&Asked { from_version: Some(2), ..any.clone() }), Some(Some(2)));
        let since = Some(all[1].at);
        assert_eq!(
            of(&Asked { accepts_from: since, ..any.clone() }),
            Some(Some(2)),
            "that instant"
        );
        assert_eq!(of(&Asked { agreed_only: true, ..any.clone() }), Some(Some(3)));
        assert_eq!(of(&Asked { from_version: Some(4), ..any.clone() }), None);
        let recognised = [Completion { recognised: true, ..done(1, 1, 30) }];
        assert!(any.satisfied(&recognised, |_, _| true).is_some());
        let trained = Asked { agreed_only: true, ..any };
        assert_eq!(trained.satisfied(&recognised, |_, _| true), None, "nobody trained them");
    }
}
