//! The secret of a one-use link: an authentication code of the link's id under a key that no database
//! holds, so that no table, queue, kept message or backup lets anyone open it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::keys::KeyRing;

/// Keeps these codes apart from any other use of the same key.
const LABEL: &str = "one-use-link:v1:";

/// The address to be mailed: `{public_url}/liens/{link_id}.{code}`.
pub fn url(public_url: &str, keys: &KeyRing, link_id: Uuid) -> String {
    format!("{public_url}/liens/{}", token(keys, link_id))
}

/// The last segment of that address: what the page receives and [`verify`] reads.
pub fn token(keys: &KeyRing, link_id: Uuid) -> String {
    format!("{link_id}.{}", URL_SAFE_NO_PAD.encode(code(keys, link_id)))
}

/// The link that a token opens, if it is genuine. Whether it is spent or expired is for `accounts`.
pub fn verify(keys: &KeyRing, token: &str) -> Option<Uuid> {
    let (id, given) = token.split_once('.')?;
    let link_id = Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id)?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    bool::from(code(keys, link_id).as_slice().ct_eq(&given)).then_some(link_id)
}

fn code(keys: &KeyRing, link_id: Uuid) -> [u8; 32] {
    keys.link_code(format!("{LABEL}{link_id}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock, keys};

    fn ring() -> KeyRing {
        let dir = tempfile::tempdir().expect("a folder");
        keys::create_missing(dir.path(), clock::Clock::default().now()).expect("keys");
        KeyRing::load(dir.path()).expect("a ring")
    }

    #[test]
    fn a_link_opens_only_as_it_was_mailed() {
        let (ours, theirs) = (ring(), ring());
        let id = clock::new_id();
        let token = token(&ours, id);
        assert_eq!(url("https://f.example", &ours, id), format!("https://f.example/liens/{token}"));
        assert_eq!(verify(&ours, &token), Some(id));
        assert_eq!(verify(&theirs, &token), None, "another installation's key");
        assert_eq!(verify(&ours, &token.to_uppercase()), None);
        assert_eq!(verify(&ours, &token[..token.len() - 1]), None, "cut short");
        assert_eq!(verify(&ours, &format!("{}.{}", clock::new_id(), &token[37..])), None);
        for bad in ["", ".", "x.y", &id.to_string(), &format!("{id}."), &format!("{{{id}}}.AA")] {
            assert_eq!(verify(&ours, bad), None, "{bad:?}");
        }
    }
}
