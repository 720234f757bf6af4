//! Who has a seat: whoever asked first, and then in the order of the list. Pure.

use uuid::Uuid;

use super::model::RegistrationState;

/// Somebody on the list of a session, as a decision sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The registration.
    pub id: Uuid,
    /// Their number: the order in which they asked.
    pub number: i32,
    /// Where they stand.
    pub state: RegistrationState,
    /// Whether a seat could be given to them now.
    pub eligible: bool,
}

/// Whether a registration holds a seat.
pub const fn is_seated(state: RegistrationState) -> bool {
    use RegistrationState::{NoShow, Promoted, Seated};
    matches!(state, Seated | Promoted | NoShow)
}

/// Whether a registration counts: with a seat, or waiting for one.
pub const fn is_active(state: RegistrationState) -> bool {
    is_seated(state) || matches!(state, RegistrationState::Waiting)
}

/// How many seats are taken.
pub fn taken(lines: &[Line]) -> usize {
    lines.iter().filter(|line| is_seated(line.state)).count()
}

/// Whether there is a seat left for one more.
pub fn is_free(lines: &[Line], capacity: i32) -> bool {
    taken(lines) < usize::try_from(capacity).unwrap_or(0)
}

/// Those who wait and get the seats that are free, in the order in which they asked. Whoever cannot be
/// seated now keeps their place in the list.
pub fn to_promote(lines: &[Line], capacity: i32) -> Vec<Uuid> {
    let free = usize::try_from(capacity).unwrap_or(0).saturating_sub(taken(lines));
    let mut waiting: Vec<&Line> = lines
        .iter()
        .filter(|line| line.state == RegistrationState::Waiting && line.eligible)
        .collect();
    waiting.sort_by_key(|line| line.number);
    waiting.into_iter().take(free).map(|line| line.id).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Ask,
        Leave(usize),
        Grow,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => Just(Step::Ask),
            2 => (0_usize..30).prop_map(Step::Leave),
            1 => Just(Step::Grow),
        ]
    }

    proptest! {
        /// The twenty-line model: a queue whose head has the seats.
        #[test]
        fn the_seats_are_the_head_of_the_queue_whatever_happens(
            steps in prop::collection::vec(step(), 0..60), seats in 1_i32..5,
        ) {
            let (mut capacity, mut queue, mut lines) = (seats, Vec::<i32>::new(), Vec::<Line>::new());
            for step in steps {
                match step {
                    Step::Ask => {
                        let number = i32::try_from(lines.len()).unwrap_or(0) + 1;
                        let state = match is_free(&lines, capacity) {
                            true => RegistrationState::Seated,
                            false => RegistrationState::Waiting,
                        };
                        let id = Uuid::from_u128(u128::from(number.unsigned_abs()));
                        lines.push(Line { id, number, state, eligible: true });
                        queue.push(number);
                    }
                    Step::Leave(which) => {
                        let active = lines.iter_mut().filter(|l| is_active(l.state)).nth(which);
                        if let Some(line) = active {
                            line.state = RegistrationState::Withdrawn;
                            queue.retain(|number| *number != line.number);
                        }
                    }
                    Step::Grow => capacity += 1,
                }
                for id in to_promote(&lines, capacity) {
                    let line = lines.iter_mut().find(|line| line.id == id);
                    line.expect("a line").state = RegistrationState::Promoted;
                }
                let mut seated: Vec<i32> =
                    lines.iter().filter(|l| is_seated(l.state)).map(|l| l.number).collect();
                seated.sort_unstable();
                let head = queue.iter().take(usize::try_from(capacity).unwrap_or(0));
                prop_assert_eq!(seated, head.copied().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn whoever_cannot_be_seated_now_keeps_their_place() {
        let line = |number: i32, eligible| Line {
            id: Uuid::from_u128(u128::from(number.unsigned_abs())),
            number,
            state: RegistrationState::Waiting,
            eligible,
        };
        let lines = [line(3, true), line(1, false), line(2, true)];
        assert_eq!(to_promote(&lines, 1), [Uuid::from_u128(2)]);
        assert_eq!(to_promote(&lines, 9), [Uuid::from_u128(2), Uuid::from_u128(3)]);
    }
}
