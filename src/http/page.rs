//! Lists: bounded pages with an opaque keyset cursor.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::error::{Faults, Reason, Result};

/// The page asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows at most, 1 to 200.
    pub limit: u64,
    /// The key of the last row already seen.
    pub after: Option<String>,
}

impl Page {
    /// Reads `?limit=` and `?after=`.
    ///
    /// # Errors
    /// `invalid-values` for a limit out of bounds, `invalid-parameter` for a cursor not of ours.
    pub fn of(limit: Option<u64>, after: Option<&str>) -> Result<Self> {
        let limit = limit.unwrap_or(50);
        let mut faults = Faults::default();
        faults.check((1..=200).contains(&limit), "limit", "entre 1 et 200", "1 to 200");
        faults.refuse()?;
        let after = after.map(decode).transpose()?;
        Ok(Self { limit, after })
    }
}

impl Page {
    /// The cursor as the id that it stands for, in lists whose key is an id.
    ///
    /// # Errors
    /// `invalid-parameter` for a cursor of another list.
    pub fn before(&self) -> Result<Option<Uuid>> {
        let id = self.after.as_deref().map(Uuid::try_parse).transpose();
        Ok(id.map_err(|_| Reason::InvalidParameter)?)
    }

    /// The cursor of the next page of such a list: none after a page that is not full.
    pub fn next<T>(&self, rows: &[T], id: impl Fn(&T) -> Uuid) -> Option<String> {
        self.next_by(rows, |row| id(row).to_string())
    }

    /// The same in a list whose key is another.
    pub fn next_by<T>(&self, rows: &[T], key: impl Fn(&T) -> String) -> Option<String> {
        let full = u64::try_from(rows.len()).is_ok_and(|n| n == self.limit);
        rows.last().filter(|_| full).map(|row| cursor(&key(row)))
    }

    /// This page of a list short enough to be read whole, in the order of its keys.
    pub fn cut<T>(&self, mut all: Vec<T>, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        all.sort_by_key(|item| key(item));
        all.retain(|item| self.after.as_ref().is_none_or(|after| key(item) > *after));
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = all.len() > limit;
        all.truncate(limit);
        let next = all.last().filter(|_| more).map(|last| cursor(&key(last)));
        (all, next)
    }
}

/// The cursor that stands for a key.
pub fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

fn decode(cursor: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Reason::InvalidParameter)?;
    Ok(String::from_utf8(bytes).map_err(|_| Reason::InvalidParameter)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_cut_in_pages_is_read_whole_once_and_in_order() {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = Page::of(Some(2), after.as_deref()).expect("a page");
            let (items, next) = page.cut(vec!["d", "a", "c", "b"], |s| (*s).to_owned());
            assert_eq!(items.len(), 2);
            seen.extend(items);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["a", "b", "c", "d"], "and no empty page after a full last one");
    }

    #[test]
    fn a_page_that_is_not_full_is_the_last() {
        let page = Page::of(Some(2), None).expect("a page");
        let key = |s: &&str| (*s).to_owned();
        assert_eq!(page.next_by(&["a"], key), None);
        assert_eq!(page.next_by(&["a", "b"], key), Some(cursor("b")));
    }
}
