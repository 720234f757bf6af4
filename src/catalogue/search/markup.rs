//! A line of Markdown as a reader sees it: without emphasis, addresses of links, notes and markers.

use std::borrow::Cow;

/// What marks emphasis, code and cells, and is not read.
const MARKS: [char; 3] = ['*', '`', '|'];

/// The text of a line.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    if line.starts_with("```") || line.starts_with("~~~") {
        return Cow::Borrowed("");
    }
    if !line.contains(['[', '\\', '_', '*', '`', '|', '>', '#']) {
        return Cow::Borrowed(line.trim());
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line.trim_start_matches([' ', '\t', '>', '#', '-', '*', '+']);
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '\\' => {
                let escaped = after.chars().next();
                out.extend(escaped);
                &after[escaped.map_or(0, char::len_utf8)..]
            }
            // Notes and kinds of callouts.
            '[' if after.starts_with(['^', '!']) => {
                past(after, ']').map_or(after, |rest| rest.trim_start_matches(':'))
            }
            '[' => after,
            ']' if after.starts_with('(') => past(after, ')').unwrap_or(after),
            ']' => after,
            '!' if after.starts_with('[') => after,
            '_' if !between(&out, after) => after,
            c if MARKS.contains(&c) => {
                if c == '|' && !out.ends_with([' ', '\u{a0}']) {
                    out.push(' ');
                }
                after
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    Cow::Owned(out.trim().to_owned())
}

fn past(text: &str, end: char) -> Option<&str> {
    text.split_once(end).map(|(_, rest)| rest)
}

/// Whether what stands here is inside a word.
fn between(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_addresses_are_not_read() {
        assert_eq!(plain("## Le *jeu* des **étiquettes**"), "Le jeu des étiquettes");
        assert_eq!(plain("L'[article 28](ref:rgpd-28)[^3] dit `oui`"), "L'article 28 dit oui");
        assert_eq!(plain("> [!NOTE] Attention > 3 # 4"), "Attention > 3 # 4");
        assert_eq!(plain("| a | b_c | _d_ |"), "a  b_c  d");
        assert_eq!(plain("![Une figure](figures/x.svg)"), "Une figure");
        assert_eq!(plain(r"5 \* 3"), "5 * 3");
        assert_eq!(plain("[^1]: Une note"), "Une note");
        assert_eq!(plain("```rust"), "");
        assert_eq!(plain("[sans fin"), "sans fin");
    }
}
