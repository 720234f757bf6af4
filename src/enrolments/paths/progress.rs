//! Where somebody stands in a path. Pure: a path and the state of each module in, the state of each
//! step out.

use crate::content::{LearningPath, Minutes, ModuleCode, PathMinutes, PathOrder, PathStep};
use crate::error::{Reason, Refusal, Result};

/// Where a person stands in a module, or in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberState {
    /// Nothing read or answered; perhaps enrolled, perhaps left.
    NotStarted,
    /// Begun.
    InProgress,
    /// Completed, once and for all.
    Completed,
}

impl MemberState {
    /// The word used by the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }
}

/// Where a person stands in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepProgress {
    /// That of its most advanced module.
    pub state: MemberState,
    /// Whether the order of the path allows to begin it.
    pub open: bool,
}

/// Where a person stands in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Step by step.
    pub steps: Vec<StepProgress>,
    /// Mandatory steps completed among all of them, in whole percent, rounded down.
    pub percent: u8,
    /// The rank of the first mandatory step that is not completed; none once the path is complete.
    pub next: Option<usize>,
}

impl Progress {
    /// Whether every mandatory step is completed.
    pub const fn is_complete(&self) -> bool {
        self.next.is_none()
    }
}

/// Where a person stands in a path, when `stands` says where they stand in each module.
pub fn progress(path: &LearningPath, stands: impl Fn(&ModuleCode) -> MemberState) -> Progress {
    let of_step = |step: &PathStep| step.any_of.iter().map(&stands).max();
    let states: Vec<MemberState> =
        path.steps.iter().map(|step| of_step(step).unwrap_or(MemberState::NotStarted)).collect();
    let mandatory = || path.steps.iter().zip(&states).filter(|(step, _)| !step.optional);
    let done = mandatory().filter(|(_, state)| **state == MemberState::Completed).count();
    let percent = (100 * done).checked_div(mandatory().count()).unwrap_or(100);
    let missing = |(rank, state): (usize, &MemberState)| {
        !path.steps[rank].optional && *state != MemberState::Completed
    };
    let next = states.iter().enumerate().position(missing);
    let open = |rank| path.order == PathOrder::Free || next.is_none_or(|next| rank <= next);
    let steps = states.iter().enumerate();
    Progress {
        steps: steps
            .map(|(rank, state)| StepProgress { state: *state, open: open(rank) })
            .collect(),
        percent: u8::try_from(percent).unwrap_or(100),
        next,
    }
}

/// How long what is left of a path takes: the steps that are not completed, each counted whole; where
/// one of several modules is begun, it is the one. A module that `announced` does not know, because
/// it is not published any more, counts for nothing.
pub fn left(
    path: &LearningPath,
    announced: impl Fn(&ModuleCode) -> Option<u32>,
    stands: impl Fn(&ModuleCode) -> MemberState,
) -> PathMinutes {
    path.sum(|step| {
        let most = step.any_of.iter().map(&stands).max();
        if most == Some(MemberState::Completed) {
            return Minutes::default();
        }
        let likely = step.any_of.iter().filter(|code| Some(stands(code)) == most);
        Minutes::between(likely.filter_map(&announced))
    })
}

/// Refuses to begin a module before its turn.
///
/// # Errors
/// `not-found` for a module that is not of the path; `path-order`, naming what comes first.
pub fn check_turn(path: &LearningPath, progress: &Progress, code: &ModuleCode) -> Result<()> {
    let rank = path.steps.iter().position(|step| step.any_of.contains(code));
    let rank = rank.ok_or(Reason::NotFound)?;
    if progress.steps.get(rank).is_some_and(|step| step.open) {
        return Ok(());
    }
    let first = progress.next.and_then(|next| path.steps.get(next)).ok_or(Reason::Internal)?;
    let names = |or: &str| first.any_of.iter().map(ModuleCode::as_str).collect::<Vec<_>>().join(or);
    let (fr, en) = (names(" ou "), names(" or "));
    Err(Refusal::new(Reason::PathOrder)
        .because(format!("Achevez d'abord : {fr}."), format!("Complete first: {en}."))
        .into())
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
