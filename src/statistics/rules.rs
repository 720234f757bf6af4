//! Statistical secrecy: which counts of persons may be shown. Pure.
//!
//! Sources: loi n° 51-711 (statistical secrecy); INSEE's practice for persons, at least 5 to 11 in a
//! cell, with secondary suppression; décret 2020-1493 (no person identifiable in the BDS).
//!
//! A table of counts has rows (modules), columns (audiences) and margins. A hidden cell must not be
//! recomputed from the shown ones. Seen as a graph (rows and columns are nodes, cells are edges, the
//! margins being one row and one column more), a hidden cell follows from the shown ones by additions
//! and subtractions if and only if it lies on no cycle of hidden cells. So each hidden cell is closed
//! into a cycle by the cheapest path of further cells, cost being the persons hidden: the totals go
//! last. Beyond that, hidden cells that add up to something shown must leave doubt about each (four
//! hidden lines whose sum is four are one person each).
//!
//! Persons in several modules make the sums inexact, which can only mislead an attacker: the rules
//! reason as though every sum were exact.

use std::collections::BTreeMap;

/// Under this many persons, what a group did is shown only with [`BOTH_SIDES`] on each side.
const SMALL: i64 = 11;
/// In a small group, at least so many completed and so many did not: "none", "all", and "all but one"
/// (who knows it is them) would say what each person did. A bound of one would leave "hidden means
/// none or all", which yesterday's figure settles; two leaves a doubt.
const BOTH_SIDES: i64 = 2;

/// A count before secrecy. `None` is a margin: all rows, or all columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Row, such as a module's code.
    pub row: Option<String>,
    /// Column, such as an audience.
    pub column: Option<String>,
    /// Unique persons it stands for.
    pub persons: i64,
    /// Of whom, those who completed.
    pub completed: i64,
}

/// What may be shown of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Showing {
    /// Nothing.
    Nothing,
    /// How many persons, not what they did.
    Persons,
    /// Everything.
    Everything,
}

/// Decides what may be shown of each count of a table with its margins; `k` is the least number of
/// persons that a shown count stands for.
pub fn protect(counts: &[Count], k: i64) -> Vec<Showing> {
    let table = Table::of(counts);
    let mut hidden: Vec<bool> = counts.iter().map(|c| c.persons < k).collect();
    table.close(&mut hidden, |among| {
        let sum: i64 = among.iter().map(|c| c.persons).sum();
        let lines = i64::try_from(among.len()).unwrap_or(i64::MAX);
        sum < k || sum == lines || sum == lines.saturating_mul(k - 1)
    });
    let mut silent: Vec<bool> =
        counts.iter().zip(&hidden).map(|(c, hidden)| *hidden || tells_all(c)).collect();
    table.close(&mut silent, |among| {
        let completed: i64 = among.iter().map(|c| c.completed).sum();
        completed == 0 || completed == among.iter().map(|c| c.persons).sum::<i64>()
    });
    hidden
        .into_iter()
        .zip(silent)
        .map(|shown| match shown {
            (true, _) => Showing::Nothing,
            (false, true) => Showing::Persons,
            (false, false) => Showing::Everything,
        })
        .collect()
}

fn tells_all(count: &Count) -> bool {
    let others = count.persons - count.completed;
    count.persons < SMALL && count.completed.min(others) < BOTH_SIDES
}

/// The counts as a graph: each is an edge between its row and its column.
struct Table<'a> {
    counts: &'a [Count],
    /// The two nodes of each count.
    ends: Vec<(usize, usize)>,
    /// The counts of each node, and which of them is the sum of the others.
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    whole: Option<usize>,
    parts: Vec<usize>,
}

impl<'a> Table<'a> {
    fn of(counts: &'a [Count]) -> Self {
        let mut names = BTreeMap::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut ends = Vec::with_capacity(counts.len());
        for (edge, count) in counts.iter().enumerate() {
            let mut end = |is_row: bool, name: &'a Option<String>, is_whole: bool| {
                let fresh = names.len();
                let node = *names.entry((is_row, name)).or_insert(fresh);
                if node == nodes.len() {
                    nodes.push(Node::default());
                }
                if is_whole {
                    nodes[node].whole = Some(edge);
                } else {
                    nodes[node].parts.push(edge);
                }
                node
            };
            let row = end(true, &count.row, count.column.is_none());
            let column = end(false, &count.column, count.row.is_none());
            ends.push((row, column));
        }
        Self { counts, ends, nodes }
    }

    /// Hides more until nothing hidden can be found again; `certain` says whether hidden parts of a
    /// known sum leave no doubt.
    fn close(&self, hidden: &mut [bool], certain: impl Fn(&[&Count]) -> bool) {
        // Cycles first: what they hide often leaves the doubt that the sums ask for.
        while let Some(more) = self.bridge(hidden).or_else(|| self.doubtless(hidden, &certain)) {
            for edge in more {
                hidden[edge] = true;
            }
        }
    }

    /// What to hide besides the hidden parts of a known sum that says too much about them: the
    /// smallest shown part, or else the sum.
    fn doubtless(
        &self,
        hidden: &[bool],
        certain: &impl Fn(&[&Count]) -> bool,
    ) -> Option<Vec<usize>> {
        self.nodes.iter().find_map(|node| {
            let whole = node.whole.filter(|whole| !hidden[*whole])?;
            let (among, shown): (Vec<usize>, Vec<usize>) =
                node.parts.iter().partition(|part| hidden[**part]);
            let among: Vec<&Count> = among.into_iter().map(|part| &self.counts[part]).collect();
            if among.is_empty() || !certain(&among) {
                return None;
            }
            let smallest = shown.into_iter().min_by_key(|part| self.counts[*part].persons);
            Some(vec![smallest.unwrap_or(whole)])
        })
    }

    /// What to hide besides a hidden count that follows from the shown ones.
    fn bridge(&self, hidden: &[bool]) -> Option<Vec<usize>> {
        let alone = (0..hidden.len()).filter(|edge| hidden[*edge]);
        alone.map(|edge| self.cheapest_cycle(edge, hidden)).find(|more| !more.is_empty())
    }

    /// The shown counts of the cheapest cycle through an edge: empty when hidden ones already close
    /// one (or when none exists, which margins forbid). Bellman–Ford: the graphs are small.
    fn cheapest_cycle(&self, through: usize, hidden: &[bool]) -> Vec<usize> {
        let (from, to) = self.ends[through];
        let mut best: Vec<Option<(i64, usize)>> = vec![None; self.nodes.len()];
        best[from] = Some((0, through));
        let mut moved = true;
        while moved {
            moved = false;
            for (edge, (a, b)) in self.ends.iter().enumerate().filter(|(edge, _)| *edge != through)
            {
                let cost = if hidden[edge] { 0 } else { self.counts[edge].persons.max(1) };
                for (a, b) in [(*a, *b), (*b, *a)] {
                    let Some((so_far, _)) = best[a] else { continue };
                    if best[b].is_none_or(|(held, _)| so_far + cost < held) {
                        best[b] = Some((so_far + cost, edge));
                        moved = true;
                    }
                }
            }
        }
        let (mut at, mut more) = (to, Vec::new());
        while at != from {
            let Some((_, edge)) = best[at] else { return Vec::new() };
            if !hidden[edge] {
                more.push(edge);
            }
            let (a, b) = self.ends[edge];
            at = if a == at { b } else { a };
        }
        more
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
