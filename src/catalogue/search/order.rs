//! In which order what was found is told, and from where a list goes on.

use super::Hit;
use crate::error::{Reason, Result};

/// An order. Ties are always in the order of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The best answers first.
    Relevance,
    /// The latest published first.
    Date,
    /// The shortest first.
    Duration,
    /// By code.
    Code,
}

/// The place of a hit in an order: what is told first is smaller.
pub type Key = (i64, String);

impl Sort {
    /// The place of a hit.
    pub fn key(self, hit: &Hit<'_>) -> Key {
        (self.rank(hit), hit.edition.code().to_string())
    }

    /// What hits are sorted by: their rank among modules is the order of codes.
    pub(super) fn place(self, hit: &Hit<'_>) -> (i64, usize) {
        (self.rank(hit), hit.doc)
    }

    fn rank(self, hit: &Hit<'_>) -> i64 {
        match self {
            Self::Relevance => -i64::from(hit.score),
            Self::Date => -hit.edition.version.published_at.timestamp_micros(),
            Self::Duration => hit.edition.content.manifest.duration_minutes.into(),
            Self::Code => 0,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Relevance => 'r',
            Self::Date => 'd',
            Self::Duration => 'm',
            Self::Code => 'c',
        }
    }

    /// What a cursor says of a place: a code alone in the order of codes.
    pub fn written(self, (rank, code): &Key) -> String {
        match self {
            Self::Code => code.clone(),
            _ => format!("{}:{rank}:{code}", self.letter()),
        }
    }

    /// The place that a cursor of this order stands for.
    ///
    /// # Errors
    /// `invalid-parameter` for a cursor of another order.
    pub fn read(self, cursor: &str) -> Result<Key> {
        let mut parts = cursor.splitn(3, ':');
        let keyed = (|| {
            let letter = parts.next().filter(|letter| matches!(*letter, "r" | "d" | "m"))?;
            let rank = parts.next()?.parse::<i64>().ok()?;
            Some((letter, rank, parts.next()?))
        })();
        match (self, keyed) {
            (Self::Code, None) => Ok((0, cursor.to_owned())),
            (Self::Code, Some(_)) | (_, None) => Err(Reason::InvalidParameter.into()),
            (_, Some((letter, rank, code))) if letter.starts_with(self.letter()) => {
                Ok((rank, code.to_owned()))
            }
            _ => Err(Reason::InvalidParameter.into()),
        }
    }
}
