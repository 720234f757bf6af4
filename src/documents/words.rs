//! French as it is printed: dates, durations, numbers, and the spaces that keep words together.

use chrono::NaiveDate;

use crate::text::french_date;

/// Never a line break.
const NBSP: char = '\u{a0}';
/// The same, narrow: before `;`, `!`, `?`.
const NARROW: char = '\u{202f}';

/// A day without its name: « 1er décembre 2026 ».
pub fn day(date: NaiveDate) -> String {
    let whole = french_date(date);
    whole.split_once(' ').map_or(whole.as_str(), |(_, day)| day).replace(' ', "\u{a0}")
}

/// When it took place: one day, or from one to another.
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    if from == to { format!("Le {}", day(to)) } else { format!("Du {} au {}", day(from), day(to)) }
}

/// Minutes in hours and minutes: « 45 minutes », « 1 heure 30 minutes ».
pub fn duration(minutes: i32) -> String {
    let counted = |count: i32, one: &str| {
        let plural = if count > 1 { "s" } else { "" };
        format!("{count}{NBSP}{one}{plural}")
    };
    match (minutes / 60, minutes % 60) {
        (0, minutes) => counted(minutes, "minute"),
        (hours, 0) => counted(hours, "heure"),
        (hours, minutes) => {
            format!("{}{NBSP}{}", counted(hours, "heure"), counted(minutes, "minute"))
        }
    }
}

/// A SIRET as it is printed: « 123 456 789 00012 ».
pub fn siret(digits: &str) -> String {
    grouped(digits, &[3, 3, 3, 5])
}

/// A declaration of activity as it is printed: « 11 75 12345 67 ».
pub fn activity_number(digits: &str) -> String {
    grouped(digits, &[2, 2, 5, 2])
}

/// A verification code by fours, as it is read out.
pub fn code(code: &str) -> String {
    grouped(code, &[4, 4, 4, 4, 4, 4, 2])
}

fn grouped(text: &str, groups: &[usize]) -> String {
    if text.chars().count() != groups.iter().sum::<usize>() {
        return text.to_owned();
    }
    let mut rest = text.chars();
    let parts = groups.iter().map(|length| rest.by_ref().take(*length).collect::<String>());
    parts.collect::<Vec<_>>().join(&NBSP.to_string())
}

/// A sentence with the apostrophes and the spaces of French print. Not for names: what looks like an
/// apostrophe there may be a letter.
pub fn printed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let before = out.chars().next_back();
        match (c, next) {
            ('\'', Some(after))
                if after.is_alphabetic() && before.is_some_and(char::is_alphabetic) =>
            {
                out.push('’');
            }
            (' ', Some(':' | '»')) => out.push(NBSP),
            (' ', Some(';' | '!' | '?')) => out.push(NARROW),
            (' ', Some('%')) => out.push(NBSP),
            (' ', _) if before == Some('«') => out.push(NBSP),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn days_periods_and_durations_read_as_one_says_them() {
        assert_eq!(day(date("2026-12-01")), "1er\u{a0}décembre\u{a0}2026");
        let (from, to) = (date("2026-02-03"), date("2026-02-05"));
        assert_eq!(period(from, to), "Du 3\u{a0}février\u{a0}2026 au 5\u{a0}février\u{a0}2026");
        assert_eq!(period(to, to), "Le 5\u{a0}février\u{a0}2026");
        for (minutes, said) in [
            (1, "1 minute"),
            (45, "45 minutes"),
            (60, "1 heure"),
            (61, "1 heure 1 minute"),
            (150, "2 heures 30 minutes"),
        ] {
            assert_eq!(duration(minutes).replace(NBSP, " "), said);
        }
    }

    #[test]
    fn numbers_are_grouped_and_what_is_no_such_number_stays() {
        assert_eq!(siret("12345678900012").replace(NBSP, " "), "123 456 789 00012");
        assert_eq!(activity_number("11751234567").replace(NBSP, " "), "11 75 12345 67");
        assert_eq!(siret("123"), "123");
        let shown = code("7K3M9P2QX4W8RT6A5BC7DEF1G2").replace(NBSP, " ");
        assert_eq!(shown, "7K3M 9P2Q X4W8 RT6A 5BC7 DEF1 G2");
    }

    #[test]
    fn signs_stay_with_the_word_before_them() {
        assert_eq!(
            printed("L'IA : pour « décider » ?"),
            "L’IA\u{a0}: pour «\u{a0}décider\u{a0}»\u{202f}?"
        );
        assert_eq!(printed("80 % d'avis"), "80\u{a0}% d’avis");
        assert_eq!(printed("http://x.example/'a"), "http://x.example/'a");
    }
}
