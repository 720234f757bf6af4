//! A duration of the calendar, in years, months and days, as ISO 8601 writes it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest duration, in years.
const MAX_YEARS: u32 = 10;

/// Years, months and days (`P2Y`, `P18M`, `P1Y6M`, `P90D`); never zero, at most ten years.
///
/// It reads, displays and serialises in ISO 8601, without a time part. Two spellings of about the
/// same length (`P1Y`, `P12M`) are two values: what was written is what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CalendarDuration {
    years: u32,
    months: u32,
    days: u32,
}

/// The text is not such a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "une durée s’écrit comme « P2Y » (deux ans), « P18M » (dix-huit mois) ou « P90D » (quatre-vingt-dix jours), de un jour à {MAX_YEARS} ans"
)]
pub struct BadDuration;

impl FromStr for CalendarDuration {
    type Err = BadDuration;

    fn from_str(text: &str) -> Result<Self, BadDuration> {
        let mut rest = text.strip_prefix('P').ok_or(BadDuration)?;
        let mut part = |unit: char| -> Result<u32, BadDuration> {
            let Some((number, after)) = rest.split_once(unit) else { return Ok(0) };
            rest = after;
            // Four digits are more than ten years of days; a sign or an empty number is no number.
            let digits = (1..=4).contains(&number.len());
            if !digits || !number.bytes().all(|b| b.is_ascii_digit()) {
                return Err(BadDuration);
            }
            number.parse().map_err(|_| BadDuration)
        };
        let read = Self { years: part('Y')?, months: part('M')?, days: part('D')? };
        let most = u64::from(MAX_YEARS);
        let months = u64::from(read.years) * 12 + u64::from(read.months);
        // A month of days is counted as 30: nobody writes ten years in days to the day.
        let within = months * 30 + u64::from(read.days) <= most * 366 && months <= most * 12;
        let zero = months == 0 && read.days == 0;
        if rest.is_empty() && within && !zero { Ok(read) } else { Err(BadDuration) }
    }
}

impl fmt::Display for CalendarDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let parts = [(self.years, 'Y'), (self.months, 'M'), (self.days, 'D')];
        parts.into_iter().filter(|(n, _)| *n > 0).try_for_each(|(n, unit)| write!(f, "{n}{unit}"))
    }
}

impl TryFrom<String> for CalendarDuration {
    type Error = BadDuration;

    fn try_from(text: String) -> Result<Self, BadDuration> {
        text.parse()
    }
}

impl From<CalendarDuration> for String {
    fn from(duration: CalendarDuration) -> Self {
        duration.to_string()
    }
}
