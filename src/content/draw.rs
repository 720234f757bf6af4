//! Which questions an attempt asks, and in what order: a shuffle that anyone can replay.
//!
//! An attempt keeps its seed; years later the same seed must show the same quiz. The algorithm is
//! therefore ours, small, and pinned for ever by a test:
//!
//! * The stream of an attempt is the concatenation, for counter 0, 1, 2 …, of SHA-256 over
//!   `"maitrise/draw/1"`, the seed and the counter, each as 8 bytes big-endian.
//! * A word is the next 8 bytes of the stream, big-endian.
//! * A number below n is a word modulo n, words at or above the largest multiple of n that fits
//!   in 64 bits being skipped (so that no number is favoured).
//! * A shuffle is Fisher–Yates: for i from the last place down to 1, swap place i with a number
//!   below i + 1.
//! * Banks are drawn one after the other, in order, from the same stream (there is one bank when no
//!   quiz file says how many units to draw). Of each bank, the units are shuffled from the order
//!   written and the first `draw` are kept; then, unit after unit, the questions of a unit in the
//!   order written, the options of each question are shuffled. The two choices of a true-or-false
//!   question keep the author's order and take nothing from the stream.
//!
//! Authors write the items of an ordering in the right order, as a, b, c …: their ids would be the
//! answer. An attempt therefore shows them under the letters of the places where it shows them: the
//! first one shown is `a`, the second `b`. What is kept, graded and recorded is the author's ids.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::question::{Kind, Question, Task};
use super::quiz::Quiz;

/// The letters of places; an ordering has at most eight items.
const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// One question as shown in an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Id of the question.
    pub question: String,
    /// How it is answered.
    pub kind: Kind,
    /// Id of the scenario that it belongs to.
    pub scenario: Option<String>,
    /// The author's ids of its choices or items, in the order shown.
    pub choices: Vec<String>,
}

impl Drawn {
    /// The id under which the attempt shows an option that the author calls `id`.
    #[must_use]
    pub fn shown_as(&self, id: &str) -> Option<&str> {
        let (place, own) = self.choices.iter().enumerate().find(|(_, own)| *own == id)?;
        self.label(place, own)
    }

    /// The author's id of the option that the attempt shows as `shown`.
    #[must_use]
    pub fn authored(&self, shown: &str) -> Option<&str> {
        let mut places = self.choices.iter().enumerate();
        let (_, own) = places.find(|(place, own)| self.label(*place, own) == Some(shown))?;
        Some(own)
    }

    fn label<'a>(&'a self, place: usize, own: &'a str) -> Option<&'a str> {
        match self.kind {
            Kind::Ordering => LETTERS.get(place).copied(),
            Kind::Single | Kind::Multiple | Kind::TrueFalse => Some(own),
        }
    }
}

/// Draws what an attempt asks.
///
/// The same quiz with the same seed gives the same draw, for ever.
#[must_use]
pub fn draw(quiz: &Quiz, seed: u64) -> Vec<Drawn> {
    let mut stream = Stream::new(seed);
    let mut drawn = Vec::new();
    for bank in &quiz.banks {
        let mut units: Vec<_> = bank.units.iter().collect();
        stream.shuffle(&mut units);
        units.truncate(bank.draw);
        for unit in units {
            let scenario = unit.scenario().map(|scenario| scenario.id.as_str());
            let questions = unit.questions().iter();
            drawn.extend(questions.map(|question| shown(question, scenario, &mut stream)));
        }
    }
    drawn
}

fn shown(question: &Question, scenario: Option<&str>, stream: &mut Stream) -> Drawn {
    let options = question.task.options();
    let mut choices: Vec<String> = options.into_iter().map(|(id, _)| id.to_owned()).collect();
    if !matches!(question.task, Task::TrueFalse { .. }) {
        stream.shuffle(&mut choices);
    }
    let (question, kind) = (question.id.clone(), question.task.kind());
    Drawn { question, kind, scenario: scenario.map(str::to_owned), choices }
}

/// The stream of numbers of one attempt.
struct Stream {
    seed: u64,
    counter: u64,
    /// Words of the current block not taken yet, the next one last.
    words: Vec<u64>,
}

impl Stream {
    fn new(seed: u64) -> Self {
        Self { seed, counter: 0, words: Vec::new() }
    }

    fn word(&mut self) -> u64 {
        loop {
            if let Some(word) = self.words.pop() {
                return word;
            }
            let mut hasher = Sha256::new();
            hasher.update(b"maitrise/draw/1");
            hasher.update(self.seed.to_be_bytes());
            hasher.update(self.counter.to_be_bytes());
            self.counter += 1;
            let block = hasher.finalize();
            let word = |bytes: &[u8]| bytes.iter().fold(0, |sum, &b| sum << 8 | u64::from(b));
            self.words = block.chunks(8).map(word).rev().collect();
        }
    }

    /// A number below `bound`, which is at least 1.
    fn below(&mut self, bound: usize) -> usize {
        let wide = bound as u64;
        // 2^64 modulo `wide`: the words at the top that would favour the small numbers.
        let surplus = (u64::MAX % wide + 1) % wide;
        loop {
            let word = self.word();
            if word <= u64::MAX - surplus {
                return usize::try_from(word % wide).expect("below a bound that is a usize");
            }
        }
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            let other = self.below(place + 1);
            items.swap(place, other);
        }
    }
}
