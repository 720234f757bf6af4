//! Statistical secrecy under attack: nothing hidden follows from what is shown.

use proptest::prelude::*;

use super::*;

const K: i64 = 5;

/// A table with exact margins, from `(persons, completed)` by row and column.
fn table(cells: &[Vec<(i64, i64)>]) -> Vec<Count> {
    let name = |i: usize| Some(format!("{i:02}"));
    let mut counts = Vec::new();
    let mut add = |row: Option<String>, column: Option<String>, cells: Vec<(i64, i64)>| {
        let persons = cells.iter().map(|c| c.0).sum();
        if persons > 0 {
            let completed = cells.iter().map(|c| c.1).sum();
            counts.push(Count { row, column, persons, completed });
        }
    };
    let columns = cells.first().map_or(0, Vec::len);
    for (r, row) in cells.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            add(name(r), name(c), vec![*cell]);
        }
        add(name(r), None, row.clone());
    }
    for c in 0..columns {
        add(None, name(c), cells.iter().map(|row| row[c]).collect());
    }
    add(None, None, cells.iter().flatten().copied().collect());
    counts
}

fn lines(persons: &[i64]) -> Vec<Count> {
    table(&persons.iter().map(|p| vec![(*p, p / 2)]).collect::<Vec<_>>())
}

/// What is shown of the lines of a one-column table, then of its total.
fn shown(persons: &[i64]) -> Vec<bool> {
    let counts = lines(persons);
    let showing = protect(&counts, K);
    counts
        .iter()
        .zip(showing)
        .filter(|(count, _)| count.column.is_none())
        .map(|(_, showing)| showing > Showing::Nothing)
        .collect()
}

#[test]
fn a_line_under_k_is_hidden_with_the_next_smallest() {
    assert_eq!(shown(&[30, 12, 8, 3]), [true, true, false, false, true]);
}

#[test]
fn two_hidden_lines_of_k_together_need_no_third() {
    assert_eq!(shown(&[30, 12, 4, 3]), [true, true, false, false, true]);
}

#[test]
fn lines_of_one_person_each_whose_sum_would_say_so_get_company() {
    assert_eq!(
        shown(&[30, 9, 1, 1, 1, 1, 1]),
        [true, false, false, false, false, false, false, true]
    );
}

#[test]
fn a_total_under_k_is_hidden_with_everything() {
    assert_eq!(shown(&[3]), [false, false]);
    assert_eq!(shown(&[2, 2]), [false, false, false]);
}

#[test]
fn a_lone_line_of_k_or_more_is_shown_with_its_total() {
    assert_eq!(shown(&[30]), [true, true]);
}

#[test]
fn when_no_line_can_keep_it_company_the_total_goes() {
    // A column alone: the line and the total of the other columns are the same number.
    let counts = table(&[vec![(30, 15), (3, 1)]]);
    let showing = protect(&counts, K);
    let of = |row: Option<&str>, column: Option<&str>| {
        let at = counts
            .iter()
            .position(|c| c.row.as_deref() == row && c.column.as_deref() == column)
            .expect("a cell");
        showing[at]
    };
    assert_eq!(of(None, None), Showing::Everything);
    assert_eq!(of(Some("00"), Some("01")), Showing::Nothing);
    assert_eq!(of(Some("00"), Some("00")), Showing::Nothing, "30 = 33 − 3 would say it");
}

#[test]
fn a_small_group_in_which_all_did_the_same_says_only_its_size() {
    for (persons, completed, showing) in [
        (6, 0, Showing::Persons),
        (6, 1, Showing::Persons),
        (6, 2, Showing::Everything),
        (6, 5, Showing::Persons),
        (6, 6, Showing::Persons),
        (11, 11, Showing::Everything),
        (40, 0, Showing::Everything),
    ] {
        let counts = table(&[vec![(persons, completed)]]);
        assert!(protect(&counts, K).iter().all(|s| *s == showing), "{completed} of {persons}");
    }
}

#[test]
fn what_a_small_group_did_is_not_the_difference_of_two_shown_lines() {
    let counts = table(&[vec![(30, 12)], vec![(20, 10)], vec![(6, 6)]]);
    let showing = protect(&counts, K);
    let outcomes: Vec<bool> = counts
        .iter()
        .zip(&showing)
        .filter(|(c, _)| c.column.is_none())
        .map(|(_, s)| *s == Showing::Everything)
        .collect();
    assert_eq!(outcomes, [true, false, false, true]);
    assert!(showing.iter().all(|s| *s >= Showing::Persons));
}

/// Whether an attacker who knows every shown number and every sum finds a hidden one: Gaussian
/// elimination, modulo a prime, over the unknowns.
fn determined(counts: &[Count], hidden: &[bool]) -> Vec<usize> {
    const P: i64 = 1_000_003;
    let unknown: Vec<usize> = (0..counts.len()).filter(|i| hidden[*i]).collect();
    let mut rows: Vec<Vec<i64>> = Vec::new();
    for node in Table::of(counts).nodes {
        let sign = |i: usize| {
            i64::from(node.parts.contains(&i)) + i64::from(node.whole == Some(i)) * (P - 1)
        };
        rows.push(unknown.iter().map(|i| sign(*i)).collect());
    }
    let inverse = |a: i64| {
        (0..20).rev().fold(1, |acc, bit| {
            let square = acc * acc % P;
            if (P - 2) >> bit & 1 == 1 { square * a % P } else { square }
        })
    };
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..rows.len()).find(|r| rows[*r][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let scale = inverse(rows[rank][column]);
        for x in &mut rows[rank] {
            *x = *x * scale % P;
        }
        let base = rows[rank].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(r, _)| *r != rank) {
            let factor = row[column];
            for (x, y) in row.iter_mut().zip(&base) {
                *x = (*x - factor * y % P + P) % P;
            }
        }
        rank += 1;
    }
    rows.iter()
        .filter_map(|row| {
            let mut of = row.iter().enumerate().filter(|(_, x)| **x != 0);
            of.next().filter(|_| of.next().is_none()).map(|(i, _)| unknown[i])
        })
        .collect()
}

fn cells() -> impl Strategy<Value = Vec<Vec<(i64, i64)>>> {
    (1_usize..4).prop_flat_map(|columns| {
        let cell = prop_oneof![3 => 0_i64..6, 2 => 0_i64..15, 1 => 0_i64..60];
        let cell = cell.prop_flat_map(|persons| (Just(persons), 0..=persons));
        prop::collection::vec(prop::collection::vec(cell, columns), 1..8)
    })
}

proptest! {
    #[test]
    fn nothing_under_k_is_shown(cells in cells()) {
        let counts = table(&cells);
        for (count, showing) in counts.iter().zip(protect(&counts, K)) {
            prop_assert!(count.persons >= K || showing == Showing::Nothing);
        }
    }

    #[test]
    fn no_hidden_count_follows_from_the_shown_ones(cells in cells()) {
        let counts = table(&cells);
        let showing = protect(&counts, K);
        let hidden: Vec<bool> = showing.iter().map(|s| *s == Showing::Nothing).collect();
        prop_assert_eq!(determined(&counts, &hidden), Vec::<usize>::new());
        let silent: Vec<bool> = showing.iter().map(|s| *s < Showing::Everything).collect();
        prop_assert_eq!(determined(&counts, &silent), Vec::<usize>::new());
    }

    #[test]
    fn hidden_lines_of_a_shown_total_could_each_be_otherwise(persons in prop::collection::vec(1_i64..12, 1..7)) {
        let mut seen = shown(&persons);
        let total_shown = seen.pop().unwrap_or(false);
        let hidden: Vec<i64> = persons.iter().zip(&seen).filter(|(_, s)| !**s).map(|(p, _)| *p).collect();
        if total_shown && !hidden.is_empty() {
            // Every other way to make the same sum with at least one person each.
            let sum: i64 = hidden.iter().sum();
            let most = sum - (i64::try_from(hidden.len()).expect("few") - 1);
            prop_assert!(most > 1, "{:?} hidden in {:?}", hidden, persons);
            prop_assert!(sum >= K && hidden.len() > 1);
        }
    }

    #[test]
    fn a_small_group_never_shows_that_all_or_none_completed(cells in cells()) {
        let counts = table(&cells);
        for (count, showing) in counts.iter().zip(protect(&counts, K)) {
            let alike = count.completed == 0 || count.completed == count.persons;
            prop_assert!(!(alike && count.persons < 11 && showing == Showing::Everything));
        }
    }
}
