//! How well each module answers a question.
//!
//! A unit counts for as much as it is rare, in the fields where it stands: the title more than the
//! summary and the objectives, these more than the titles of lessons, and the text least, however often
//! it says so. The same word counts more than another of its stem, than a synonym, than what a slip of
//! the keyboard was corrected into. Words that follow each other where a module says what it is about
//! count again.

use super::index::Index;
use super::lexicon::Form;
use super::question::Question;

/// What standing in a field is worth, by [`Field`](super::reading::Field); in the text, when it stands
/// there very often.
const WORTH: [f32; 4] = [8.0, 4.0, 2.0, 3.0];
/// The field of lessons, and times in it that are worth half.
const TEXT: usize = 3;
const HALF: f32 = 4.0;
/// What two units that follow each other add, as a share of what a unit is worth.
const PAIR: f32 = 0.75;
/// What a module gains outside the text that others build upon, and that builds upon none: one begins
/// with it.
const FIRST: f32 = 0.25;
/// What a second form of a unit adds to the best one.
const BESIDE: f32 = 0.2;
/// What a unit that stands everywhere is still worth.
const COMMON: f32 = 0.08;

/// A module that answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ranked {
    /// Its rank in the order of codes.
    pub doc: usize,
    /// How well, in thousandths.
    pub score: u32,
}

/// Whether what was found has every unit of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    /// Every word.
    All,
    /// Most of them: nothing has them all.
    Some,
}

/// The modules that answer, in the order of codes.
pub(super) fn rank(index: &Index, question: &Question) -> (Vec<Ranked>, Matched) {
    let count = index.docs.len();
    let mut scores = vec![0.0_f32; count];
    let mut found = vec![0_u8; count];
    let lead_of = |doc: usize| if index.first[doc] { 1.0 + FIRST } else { 1.0 };
    let mut of_unit = vec![[0.0_f32; 4]; count];
    for unit in &question.units {
        stand(index, &unit.forms, &mut of_unit);
        settle(&mut of_unit, lead_of, |doc, score| {
            scores[doc] += unit.worth * score;
            found[doc] += 1;
        });
    }
    for &pair in &question.pairs {
        stand(index, &[(pair, PAIR)], &mut of_unit);
        settle(&mut of_unit, lead_of, |doc, score| scores[doc] += score);
    }
    let all = u8::try_from(question.units.len()).unwrap_or(u8::MAX);
    let most = found.iter().copied().max().unwrap_or(0);
    let matched = if most == all && all > 0 { Matched::All } else { Matched::Some };
    // Without any that has them all: half of the words at least, or as many as any has.
    let least = if matched == Matched::All { all } else { most.min(all.div_ceil(2)).max(1) };
    let kept = (0..count).filter(|&doc| found[doc] >= least);
    let ranked = kept.map(|doc| {
        let share = f32::from(found[doc]) / f32::from(all.max(1));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small and positive"
        )]
        let score = (scores[doc] * share * 1_000.0).round() as u32;
        Ranked { doc, score }
    });
    (ranked.collect(), matched)
}

/// Where the forms of a unit stand: in each field of each module, the best of them; in the text, how
/// often.
fn stand(index: &Index, forms: &[(Form, f32)], of_unit: &mut [[f32; 4]]) {
    for &(form, worth) in forms {
        for posting in index.postings(form) {
            let known = &mut of_unit[posting.doc as usize];
            for (field, &count) in
                posting.counts.iter().enumerate().filter(|(_, count)| **count > 0)
            {
                known[field] = match field {
                    TEXT => known[field] + worth * f32::from(count),
                    _ => known[field].max(worth) + BESIDE * known[field].min(worth),
                };
            }
        }
    }
}

/// Tells what a unit is worth in each module in which it stands, and forgets it.
fn settle(
    of_unit: &mut [[f32; 4]],
    lead_of: impl Fn(usize) -> f32,
    mut tell: impl FnMut(usize, f32),
) {
    let standing = of_unit.iter().filter(|fields| fields.iter().any(|worth| *worth > 0.0)).count();
    let rarity = rarity(of_unit.len(), standing);
    for (doc, fields) in of_unit.iter_mut().enumerate() {
        let often = fields[TEXT] / (fields[TEXT] + HALF);
        let [title, head, heading, _] = *fields;
        let lead = title * WORTH[0] + head * WORTH[1] + heading * WORTH[2];
        let score = lead * lead_of(doc) + often * WORTH[TEXT];
        if score > 0.0 {
            tell(doc, rarity * score);
            *fields = [0.0; 4];
        }
    }
}

/// How much a unit tells modules apart: the logarithm of how few have it.
fn rarity(count: usize, standing: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of modules")]
    let (count, standing) = (count as f32, standing.max(1) as f32);
    (1.0 + (count - standing + 0.5) / (standing + 0.5)).ln().max(COMMON)
}
