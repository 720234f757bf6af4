//! Breaking text into lines that fit.

use super::fonts::Weight;
use super::ruler::Ruler;

/// What shaping a whole text rather than one of its lines may change in the width of the line, in ems:
/// far more than the kerning of its ends.
const DOUBT: f32 = 0.25;

/// The lines of a text in a width, broken at spaces, or within a word that is wider than a line.
/// No-break spaces hold. The text is shaped once, and a line again where that leaves a doubt.
pub fn wrap(ruler: &Ruler, (weight, size): (Weight, f32), text: &str, width: f32) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    let offsets = ruler.offsets(weight, &text);
    let measure = |text: &str| ruler.width(weight, size, text);
    let fits = |from: usize, to: usize| {
        let spare = width - (offsets[to] - offsets[from]) * size;
        if spare.abs() < DOUBT * size { measure(&text[from..to]) <= width } else { spare > 0.0 }
    };
    let (mut lines, mut from, mut end, mut start) = (Vec::new(), 0, 0, 0);
    for word in words {
        let to = start + word.len();
        if from == end {
            from = start;
        }
        if !fits(from, to) {
            if from < end {
                lines.push(text[from..end].to_owned());
                from = start;
            }
            while !fits(from, to) {
                let at = from + cut(&text[from..to], width, measure);
                lines.push(text[from..at].to_owned());
                from = at;
            }
        }
        (end, start) = (to, to + 1);
    }
    if from < end || lines.is_empty() {
        lines.push(text[from..end].to_owned());
    }
    lines
}

/// Where a word that is too wide is cut: after the last hyphen or slash that fits, else after the last
/// letter that does; never before a mark that belongs to a letter.
fn cut(word: &str, width: f32, measure: impl Fn(&str) -> f32) -> usize {
    let ends = word.char_indices().map(|(at, _)| at).skip(1);
    let breakable = |at: &usize| !word[*at..].starts_with(is_mark);
    let fitting: Vec<usize> =
        ends.filter(breakable).take_while(|at| measure(&word[..*at]) <= width).collect();
    let soft = fitting.iter().rev().find(|at| word[..**at].ends_with(['-', '/', '_', '@']));
    let first = word.chars().next().map_or(word.len(), char::len_utf8);
    soft.or(fitting.last()).copied().unwrap_or(first)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The largest of some sizes at which a text fits on one line, or the last of them.
pub fn fitting(ruler: &Ruler, weight: Weight, sizes: &[f32], text: &str, width: f32) -> f32 {
    let fits = |size: &&f32| ruler.width(weight, **size, text) <= width;
    sizes.iter().find(fits).or(sizes.last()).copied().unwrap_or(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::typeset::fonts::Fonts;
    use proptest::prelude::*;

    const TEXT: (Weight, f32) = (Weight::Regular, 11.0);

    fn ruler() -> Ruler {
        Ruler::new(Fonts::embedded().expect("the embedded font"))
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_nothing_is_lost(
            text in "[a-zA-Zéèçœāʻ’«»\u{301}\u{a0} -]{0,160}",
            width in 30.0f32..400.0,
        ) {
            let ruler = ruler();
            let text = ruler.fonts().writable(&text);
            let lines = wrap(&ruler, TEXT, &text, width);
            for line in &lines {
                prop_assert!(ruler.width(TEXT.0, TEXT.1, line) <= width + 0.01, "{line:?}");
            }
            let kept: String = lines.concat().split(' ').collect();
            prop_assert_eq!(kept, text.split(' ').collect::<String>());
        }
    }

    #[test]
    fn a_long_word_is_cut_at_a_hyphen_where_it_has_one() {
        let lines = wrap(&ruler(), TEXT, "Saint-Barthélemy-d’Anjou-le-Grand", 110.0);
        assert!(lines.len() > 1 && lines[0].ends_with('-'), "{lines:?}");
    }
}
