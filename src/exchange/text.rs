//! Texts as a format bears them: of characters that it knows, no longer than it takes.

use std::borrow::Cow;

use crate::content::{Audience, Level, Prerequisite, PrerequisiteKind};

/// A text without the characters that XML 1.0 (§ 2.2) has no way to write, its blank ends taken off.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.chars().all(is_xml) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect::<String>().trim().to_owned())
}

fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A clean text of at most `max` characters, cut after a word and ended by an ellipsis where it was
/// longer; none of a text that has nothing to say.
pub(super) fn cut(text: &str, max: usize) -> Option<String> {
    let text = clean(text);
    if text.is_empty() {
        return None;
    }
    if text.chars().count() <= max {
        return Some(text.into_owned());
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    // The word that the limit falls in goes, unless it is all there is.
    let whole = text.chars().nth(kept.chars().count()).is_some_and(char::is_whitespace);
    let end =
        if whole { kept.len() } else { kept.rfind(char::is_whitespace).unwrap_or(kept.len()) };
    let kept = kept[..end].trim_end();
    let kept = if kept.is_empty() { text.chars().take(max - 1).collect() } else { kept.to_owned() };
    Some(format!("{kept}…"))
}

/// A duration in minutes, as ISO 8601 writes it: `PT22M`, `PT1H30M`.
pub(super) fn iso_duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

/// For whom, in the plural.
pub(super) fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Elu => "élus locaux",
        Audience::Agent => "agents territoriaux",
        Audience::Cadre => "cadres territoriaux",
    }
}

/// The French term of a level.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Awareness => "sensibilisation",
        Level::Training => "formation",
    }
}

/// What comes before, as one says it: « E1 ou A1 (exigé) ».
pub(super) fn prerequisite(prerequisite: &Prerequisite) -> String {
    let codes: Vec<&str> = prerequisite.any_of.iter().map(|code| code.as_str()).collect();
    let kind = match prerequisite.kind {
        PrerequisiteKind::Advised => "conseillé",
        PrerequisiteKind::Required => "exigé",
    };
    format!("{} ({kind})", codes.join(" ou "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_xml_cannot_write_is_left_out() {
        assert_eq!(clean(" a\u{0}b\u{7}c\u{b}\u{fffe}\u{ffff}é😀\n "), "abcé😀");
        assert_eq!(clean("a\tb\nc"), "a\tb\nc");
        assert_eq!(cut("\u{1}\u{2}", 10), None);
    }

    #[test]
    fn a_text_is_cut_after_a_word() {
        assert_eq!(cut("un deux trois", 13).as_deref(), Some("un deux trois"));
        assert_eq!(cut("un deux trois", 12).as_deref(), Some("un deux…"));
        assert_eq!(cut("un deux trois", 8).as_deref(), Some("un deux…"));
        assert_eq!(cut("anticonstitutionnellement", 5).as_deref(), Some("anti…"));
        let objectives = "Savoir reconnaître ".repeat(264);
        let told = cut(&objectives, 3000).expect("a text");
        assert!(told.chars().count() <= 3000 && told.ends_with("Savoir…"), "{told}");
    }

    #[test]
    fn a_duration_is_in_hours_and_minutes() {
        assert_eq!([22, 60, 90].map(iso_duration), ["PT22M", "PT1H", "PT1H30M"]);
    }

    proptest! {
        #[test]
        fn whatever_is_cut_fits_and_can_be_written(text in any::<String>(), max in 2_usize..60) {
            if let Some(told) = cut(&text, max) {
                prop_assert!((1..=max).contains(&told.chars().count()), "{told:?}");
                prop_assert!(told.chars().all(is_xml));
            }
        }
    }
}
