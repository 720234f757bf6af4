//! Percent-encoding and query strings, read strictly: what does not decode to a text without NUL is
//! refused before any engine sees it.

use crate::error::{Reason, Refusal, Result};

/// The names and values of a query string, in order.
///
/// # Errors
/// `unreadable-request` when one of them does not decode.
pub fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| decoded(&text.replace('+', " "));
        Ok((plain(name)?, plain(value)?))
    });
    pairs.collect()
}

/// What a percent-encoded text stands for.
///
/// # Errors
/// `unreadable-request` for a `%` without two digits, bytes that are not UTF-8, or NUL.
pub fn decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let byte = match byte {
            b'%' => digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()),
            plain => Some(plain),
        };
        bytes.push(byte.filter(|byte| *byte != 0).ok_or_else(unreadable)?);
    }
    String::from_utf8(bytes).map_err(|_| unreadable().into())
}

/// A text as a value of a query string: only what needs no escape anywhere stands as it is.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn unreadable() -> Refusal {
    Refusal::new(Reason::UnreadableRequest).because(
        "L'adresse contient un « % » sans deux chiffres, un caractère nul ou un texte qui n'est pas de l'UTF-8.",
        "The address has a “%” without two digits, a NUL character, or a text that is not UTF-8.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_in_order() {
        let expected = [("q", "l'élue 1+1"), ("q", ""), ("é", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs("q=l%27%C3%A9lue+1%2b1&&q=&%c3%a9").expect("valid"), expected);
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for text in ["/a?b=c&d=é", "100 % #1+1", "", "L'élue/\u{202e}"] {
            let sent = encoded(text);
            assert!(sent.bytes().all(|b| b.is_ascii_graphic() && !b"?&=+#'\"<>".contains(&b)));
            assert_eq!(decoded(&sent).expect("valid"), text);
        }
    }

    #[test]
    fn what_does_not_decode_is_unreadable() {
        for text in ["%", "%4", "%zz", "a%00b", "%ff", "%c3%28", "%+1"] {
            assert!(decoded(text).is_err(), "{text}");
            assert!(pairs(&format!("a=1&{text}=1")).is_err(), "{text}");
        }
    }
}
