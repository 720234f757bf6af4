//! Entity tags (RFC 9110, § 8.8.3 and § 13.1): what has not changed is not sent again, what has
//! changed is not overwritten.

use crate::error::{Reason, Result};

/// The `Cache-Control` of public answers that carry a tag: kept by anyone, asked for again each time.
pub const REVALIDATE: &str = "public, no-cache";

/// A strong tag as it stands in a header.
pub fn quoted(tag: impl std::fmt::Display) -> String {
    format!("\"{tag}\"")
}

/// The tag of a representation that this version of the program makes of some state.
pub fn representation(state: impl std::fmt::Display) -> String {
    quoted(format_args!("{}-{state}", env!("CARGO_PKG_VERSION")))
}

/// Whether `If-None-Match` already has this tag.
pub fn is_known(if_none_match: Option<&str>, etag: &str) -> bool {
    if_none_match.is_some_and(|header| {
        header
            .split(',')
            .map(|item| item.trim().trim_start_matches("W/"))
            .any(|item| item == "*" || item == etag)
    })
}

/// Lets an edit through when `If-Match` names what is edited as it stands. `*` names nothing in
/// particular and so protects nobody: it is refused as stale.
///
/// # Errors
/// `precondition-required` without the header, `stale` when it names something else.
pub fn demand(if_match: Option<&str>, etag: &str) -> Result<()> {
    let header = if_match.ok_or(Reason::PreconditionRequired)?;
    if header.split(',').any(|item| item.trim() == etag) {
        return Ok(());
    }
    Err(Reason::Stale.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_tag_is_known_weakly_among_several_or_by_the_wildcard() {
        let tag = quoted(7);
        assert!(is_known(Some("\"6\", W/\"7\""), &tag));
        assert!(is_known(Some("*"), &tag));
        assert!(!is_known(Some("7"), &tag));
        assert!(!is_known(None, &tag));
    }

    #[test]
    fn an_edit_names_exactly_what_it_edits() {
        let tag = quoted("draft-7");
        let reason = |header| match demand(header, &tag) {
            Err(Error::Refused(refusal)) => Some(refusal.reason),
            _ => None,
        };
        assert_eq!(reason(Some("\"draft-7\"")), None);
        assert_eq!(reason(None), Some(Reason::PreconditionRequired));
        assert_eq!(reason(Some("\"draft-6\"")), Some(Reason::Stale));
        assert_eq!(reason(Some("W/\"draft-7\"")), Some(Reason::Stale));
        assert_eq!(reason(Some("*")), Some(Reason::Stale));
    }
}
