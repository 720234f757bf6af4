//! What the next page says, once: « Module publié. » after a form was taken and the browser sent on.
//!
//! It travels in a cookie under the link secret's authentication code: whoever can plant a cookie
//! cannot make us say anything. No name, no address: a sentence about what was done.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::keys::KeyRing;

/// The cookie.
pub(super) const COOKIE: &str = "flash";
/// Seconds that it waits for the next page.
pub(super) const SECONDS: i64 = 60;
/// Longest sentence, in bytes: a cookie is small.
const LONGEST: usize = 1_000;
/// Bytes of the code that are kept.
const CODE: usize = 16;

/// A sentence as the value of the cookie.
pub(super) fn sealed(keys: &KeyRing, sentence: &str) -> String {
    let cut = sentence.floor_char_boundary(LONGEST);
    let text = URL_SAFE_NO_PAD.encode(&sentence[..cut]);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(code(keys, &text)))
}

/// The sentence in a cookie of ours.
pub(super) fn opened(keys: &KeyRing, value: &str) -> Option<String> {
    let (text, given) = value.split_once('.')?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    bool::from(given.ct_eq(&code(keys, text))).then_some(())?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn code(keys: &KeyRing, text: &str) -> Vec<u8> {
    keys.link_code(format!("flash:v1:{text}").as_bytes())[..CODE].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_said_is_said_again() {
        let keys = KeyRing::empty();
        let said = sealed(&keys, "Module « E1 » publié.");
        assert_eq!(opened(&keys, &said).as_deref(), Some("Module « E1 » publié."));
        let (text, code) = said.split_once('.').expect("two parts");
        for forged in [
            text.to_owned(),
            format!("{text}."),
            format!("{}.{code}", URL_SAFE_NO_PAD.encode("Votre compte est bloqué.")),
            format!("{text}.{}", URL_SAFE_NO_PAD.encode([0; CODE])),
        ] {
            assert_eq!(opened(&keys, &forged), None, "{forged}");
        }
        let long = "é".repeat(LONGEST);
        assert_eq!(opened(&keys, &sealed(&keys, &long)).expect("cut").len(), LONGEST);
    }
}
