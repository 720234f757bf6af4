//! A range of bytes asked for (RFC 9110, § 14): one range is served, several are as none.

use std::ops::Range;

use crate::error::{Reason, Refusal, Result};

/// The bytes that `Range` asks of a representation of `length` bytes whose strong tag is `etag`; none
/// when the whole is to be sent: no range, several, one that cannot be read, or `If-Range` naming
/// something else than what is there now.
///
/// # Errors
/// `range-not-satisfiable` when none of it is there.
pub fn asked(
    range: Option<&str>,
    if_range: Option<&str>,
    etag: &str,
    length: u64,
) -> Result<Option<Range<u64>>> {
    if if_range.is_some_and(|known| known != etag) {
        return Ok(None);
    }
    let Some((first, last)) = range.and_then(read) else { return Ok(None) };
    let found = match (first, last) {
        (Some(first), Some(last)) if first > last => return Ok(None),
        (Some(first), last) => {
            first..last.map_or(length, |last| last.saturating_add(1).min(length))
        }
        (None, Some(suffix)) => length.saturating_sub(suffix)..length,
        (None, None) => return Ok(None),
    };
    if found.start < found.end {
        return Ok(Some(found));
    }
    Err(Refusal { length: Some(length), ..Refusal::new(Reason::RangeNotSatisfiable) }.into())
}

/// The two numbers of `bytes=first-last`, either of which may be absent.
fn read(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, range) = header.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // More digits than fit are beyond any file.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let part = |text: &str| if text.is_empty() { Some(None) } else { number(text).map(Some) };
    unit.trim().eq_ignore_ascii_case("bytes").then_some(())?;
    Some((part(first)?, part(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn of_ten(range: &str) -> Option<Range<u64>> {
        asked(Some(range), None, "\"t\"", 10).expect("satisfiable")
    }

    #[test]
    fn one_range_is_cut_to_what_is_there() {
        assert_eq!(of_ten("bytes=0-0"), Some(0..1));
        assert_eq!(of_ten("bytes=2-4"), Some(2..5));
        assert_eq!(of_ten("bytes=7-"), Some(7..10));
        assert_eq!(of_ten("bytes=-3"), Some(7..10));
        assert_eq!(of_ten("bytes=-99"), Some(0..10));
        assert_eq!(of_ten("Bytes=5-99999999999999999999999"), Some(5..10));
    }

    #[test]
    fn what_cannot_be_read_or_is_several_ranges_is_as_no_range() {
        for odd in ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=0-1,3-4"] {
            assert_eq!(of_ten(odd), None, "{odd}");
        }
        for odd in ["items=0-1", "bytes=+1-2", "bytes=1-2-3", "bytes=--1"] {
            assert_eq!(of_ten(odd), None, "{odd}");
        }
        assert_eq!(asked(None, None, "\"t\"", 10).expect("nothing asked"), None);
    }

    #[test]
    fn a_range_of_what_is_not_there_is_refused_with_the_length() {
        for beyond in ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=99999999999999999999-"] {
            let refused = asked(Some(beyond), None, "\"t\"", 10);
            let Err(Error::Refused(refusal)) = refused else { panic!("{beyond}: {refused:?}") };
            assert_eq!((refusal.reason, refusal.length), (Reason::RangeNotSatisfiable, Some(10)));
        }
    }

    #[test]
    fn a_range_of_another_representation_is_the_whole() {
        let of = |known| asked(Some("bytes=0-1"), Some(known), "\"t\"", 10).expect("served");
        assert_eq!((of("\"t\""), of("\"u\""), of("W/\"t\"")), (Some(0..2), None, None));
    }
}
