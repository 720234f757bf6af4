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
//! * The questions are shuffled from the order given, the first `count` are kept, then the choices
//!   of each kept question are shuffled in turn from the same stream. The two choices of a
//!   true-or-false question keep the author's order and take nothing from the stream.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::quiz::{Kind, Question};

/// One question as shown in an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Id of the question.
    pub question: String,
    /// Ids of its choices in the order shown.
    pub choices: Vec<String>,
}

/// Draws `count` questions (all of them when `None` or too large) in a shuffled order.
///
/// The same questions in the same order with the same seed give the same draw, for ever.
#[must_use]
pub fn draw(questions: &[Question], seed: u64, count: Option<usize>) -> Vec<Drawn> {
    let mut stream = Stream::new(seed);
    let mut order: Vec<&Question> = questions.iter().collect();
    stream.shuffle(&mut order);
    order.truncate(count.unwrap_or(questions.len()));
    order
        .into_iter()
        .map(|question| {
            let ids = question.choices.iter().map(|choice| choice.id.clone());
            let mut choices: Vec<String> = ids.collect();
            if question.kind != Kind::TrueFalse {
                stream.shuffle(&mut choices);
            }
            Drawn { question: question.id.clone(), choices }
        })
        .collect()
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
