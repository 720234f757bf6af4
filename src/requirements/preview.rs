//! Whom a version would concern today, said before it is enabled and quoted by the act.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::force::{self, Ready};
use super::load::{self, Places};
use super::write::Held;
use crate::error::{Reason, Result};
use crate::publication::preview::Persons;
use crate::references::rules::paris_day;
use crate::text;

/// People looked at at a time.
const BATCH: u64 = 2_000;

/// How many persons, roughly: what is confirmed of an audience that is nobody, or everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Fewer than statistical secrecy lets be told; perhaps nobody.
    Few,
    /// Fewer than a hundred.
    Tens,
    /// Fewer than a thousand.
    Hundreds,
    /// Fewer than ten thousand.
    Thousands,
    /// Fewer than a hundred thousand.
    TensOfThousands,
    /// A hundred thousand or more.
    HundredsOfThousands,
}

impl Band {
    /// That of a count.
    pub const fn of(count: u64, min_persons: u64) -> Self {
        match count {
            n if n < min_persons => Self::Few,
            ..100 => Self::Tens,
            100..1_000 => Self::Hundreds,
            1_000..10_000 => Self::Thousands,
            10_000..100_000 => Self::TensOfThousands,
            _ => Self::HundredsOfThousands,
        }
    }

    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Few => "few",
            Self::Tens => "tens",
            Self::Hundreds => "hundreds",
            Self::Thousands => "thousands",
            Self::TensOfThousands => "tens_of_thousands",
            Self::HundredsOfThousands => "hundreds_of_thousands",
        }
    }
}

/// What enabling a version would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Its number.
    pub number: i32,
    /// Persons whom it concerns today.
    pub persons: Persons,
    /// How many, roughly.
    pub band: Band,
    /// Whether a condition concerns everybody, or everybody fulfils one.
    pub everyone: bool,
    /// Whether the band is to be confirmed: hardly anybody is concerned, or everybody.
    pub to_confirm: bool,
    /// To be quoted when enabling.
    pub digest: String,
}

/// Says whom the latest version of a requirement would concern at `now`.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &impl ConnectionTrait,
    held: &Held,
    min_persons: u64,
    now: DateTime<Utc>,
) -> Result<Preview> {
    let version = vec![(held.latest.clone(), Some(paris_day(now)))];
    let ready = force::ready(conn, version).await?.pop().ok_or(Reason::Internal)?;
    let (concerned, all) = counts(conn, &ready, now).await?;
    let persons = Persons::told(concerned, min_persons);
    let band = Band::of(concerned, min_persons);
    let everyone = ready.audience.is_everyone() || (concerned == all && 0 < all);
    let to_confirm = everyone || band == Band::Few;
    // Over what is told, never over a number that is not.
    let seen = format!("{}\n{persons:?}\n{band:?}\n{everyone}\n", held.latest.id);
    let digest = text::hex(&Sha256::digest(seen));
    Ok(Preview { number: held.latest.number, persons, band, everyone, to_confirm, digest })
}

/// How many persons it concerns, and how many hold a capacity today.
async fn counts(
    conn: &impl ConnectionTrait,
    ready: &Ready,
    now: DateTime<Utc>,
) -> Result<(u64, u64)> {
    let mut places = Places::new();
    let (mut concerned, mut all, mut after) = (0, 0, None);
    loop {
        let some = load::persons_after(conn, after, BATCH).await?;
        let people = load::people(conn, &some, &mut places).await?;
        let today = now.date_naive();
        let holding: HashSet<Uuid> = people
            .values()
            .flatten()
            .filter(|c| c.valid_from <= today && c.valid_to.is_none_or(|end| today < end))
            .map(|c| c.person_id)
            .collect();
        all += holding.len() as u64;
        let held = people.values();
        concerned +=
            held.filter(|held| !load::entries(ready, held, &places, now).is_empty()).count() as u64;
        after = some.last().copied();
        if (some.len() as u64) < BATCH {
            return Ok((concerned, all));
        }
    }
}
