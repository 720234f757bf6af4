//! Shapes of the identifiers that French administration gives: checked wherever they are written.

/// A SIRET: fourteen digits of which the Luhn sum is a multiple of ten (ISO/IEC 7812-1, annex B), the
/// first nine being a SIREN that satisfies it too. The exception made for La Poste is not needed here.
#[must_use]
pub fn is_siret(text: &str) -> bool {
    text.len() == 14 && luhn(text) && luhn(&text[..9])
}

/// A *numéro de déclaration d'activité* of a training body (Code du travail, R6351-6): eleven digits,
/// or a Corsican département's `2A` or `2B` in third place.
#[must_use]
pub fn is_activity_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    bytes.len() == 11
        && digits(&bytes[..3])
        && matches!(bytes[3], b'0'..=b'9' | b'A' | b'B')
        && digits(&bytes[4..])
}

/// A post code: five digits.
#[must_use]
pub fn is_postcode(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The INSEE code of a commune: five digits, or `2A` or `2B` and three.
#[must_use]
pub fn is_commune(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    bytes.len() == 5
        && digits(&bytes[..1])
        && matches!(bytes[1], b'0'..=b'9' | b'A' | b'B')
        && digits(&bytes[2..])
}

/// A telephone number as one writes it: digits, with a leading `+` and separators.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_digit() || " .()-".contains(c);
    let rest = text.strip_prefix('+').unwrap_or(text);
    rest.chars().all(inner)
        && (3..=15).contains(&rest.chars().filter(char::is_ascii_digit).count())
        && text.len() <= 25
}

fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (nth, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0') * if nth % 2 == 0 { 1 } else { 2 };
        sum += digit / 10 + digit % 10;
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_has_fourteen_digits_that_add_up_as_does_its_siren() {
        assert!(is_siret("99999999800001"), "fictional: 999 999 998 is given to nobody");
        for wrong in [
            "",
            "99999999800002",
            "9999999980000",
            "999999998000010",
            "9999999980000A",
            "99999999900000",
            "９９９９９９９９８０００",
        ] {
            assert!(!is_siret(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_activity_number_has_eleven_digits_or_a_corsican_letter() {
        for right in ["53351234567", "942A1234567", "942B1234567"] {
            assert!(is_activity_number(right), "{right}");
        }
        for wrong in ["", "5335123456", "533512345678", "5335123456X", "53 35 12345"] {
            assert!(!is_activity_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_telephone_number_is_digits_and_what_separates_them() {
        for right in ["01 99 00 12 34", "+33 1 99 00 12 34", "3939", "01.99.00.12.34"] {
            assert!(is_phone(right), "{right}");
        }
        for wrong in ["", "+", "12", "01 99 00 12 34 poste 3", "0000000000000000", "01+02"] {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }
}
