//! Verification codes: 128 random bits in Crockford's base 32, which survives a telephone call.

use crate::clock;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 26 of five bits hold 128 bits.
const CHARACTERS: usize = 26;

/// A new code.
pub fn new() -> String {
    encode(u128::from_be_bytes(clock::random()))
}

/// A code as typed, brought to its stored form: case, spaces and hyphens do not matter, nor do the
/// letters that look like digits. `None` when it cannot be a code.
pub fn normalise(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = code.len() == CHARACTERS && code.bytes().all(|b| ALPHABET.contains(&b));
    fits.then_some(code)
}

fn encode(bits: u128) -> String {
    let digit = |i: usize| char::from(ALPHABET[usize::from((bits >> (5 * i)) as u8 & 31)]);
    (0..CHARACTERS).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_typed_by_hand() {
        let code = new();
        let typed = code.to_lowercase().replace('0', "o").replace('1', "l");
        let (head, tail) = typed.split_at(13);
        assert_eq!(normalise(&format!(" {head}-{tail} ")), Some(code));
        assert_eq!(normalise("trop court"), None);
        assert_eq!(normalise(&"U".repeat(26)), None);
    }

    #[test]
    fn the_largest_and_smallest_codes_have_the_same_length() {
        assert_eq!(encode(0), "0".repeat(26));
        assert_eq!(encode(u128::MAX), format!("7{}", "Z".repeat(25)));
    }
}
