//! The status lists: which attestations are revoked, which are superseded, one bit each, signed
//! (W3C, Bitstring Status List v1.0). Whoever reads one learns nothing of the attestation they ask about
//! but its bit, and we do not learn which one they asked about.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::entry::{PLACES, Place};
use super::jws::{self, Flaw};
use super::model::{attestation, status_entry};
use super::standing;
use crate::db::MOST_BOUND;
use crate::error::{Error, Reason, Result};
use crate::keys::{Algorithm, KeyEntry, KeyRing};

/// The type of a list's header.
const TYPE: &str = "vc+jwt";
/// How long a list may be kept before it is asked for again, in seconds.
pub const FRESH_SECONDS: u64 = 300;
/// Bytes of a list.
const BYTES: usize = PLACES as usize / 8;

/// What a list tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// No longer valid.
    Revocation,
    /// Valid, and replaced: by a correction, or because the law changed and a later version was followed.
    /// A word of ours: the standard leaves the list of purposes open.
    Supersession,
}

impl Purpose {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Revocation, Self::Supersession];

    /// Its word, in addresses and in lists.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Supersession => "supersession",
        }
    }

    /// The address of a list.
    pub fn address(self, issuer: &str, list: u32) -> String {
        format!("{issuer}/credentials/status/{}-{list}", self.word())
    }

    /// The purpose and the number in the name of a list, such as `revocation-0`.
    pub fn of_name(name: &str) -> Option<(Self, u32)> {
        let (word, number) = name.rsplit_once('-')?;
        let purpose = Self::ALL.into_iter().find(|purpose| purpose.word() == word)?;
        // One way to write a number, and none with a sign.
        let list: u32 = number.parse().ok().filter(|n: &u32| n.to_string() == number)?;
        Some((purpose, list))
    }
}

/// A list, signed as it stands.
///
/// # Errors
/// `not-found` for a list that was not begun.
pub async fn signed(
    conn: &impl ConnectionTrait,
    keys: &KeyRing,
    issuer: &str,
    (purpose, list): (Purpose, u32),
    now: DateTime<Utc>,
) -> Result<String> {
    let number = i32::try_from(list).map_err(|_| Reason::NotFound)?;
    let entries =
        status_entry::Entity::find().filter(status_entry::COLUMN.list.eq(number)).all(conn).await?;
    // The first list is there before anything stands in it.
    if entries.is_empty() && list > 0 {
        return Err(Reason::NotFound.into());
    }
    let mut bits = vec![0_u8; BYTES];
    for some in entries.chunks(MOST_BOUND) {
        let ids = some.iter().map(|entry| entry.attestation_id);
        let rows =
            attestation::Entity::find().filter(attestation::COLUMN.id.is_in(ids)).all(conn).await?;
        let standings = standing::of(conn, &rows).await?;
        for entry in some {
            let told = standings.get(&entry.attestation_id);
            if told.is_some_and(|told| told.is(purpose)) {
                set(&mut bits, entry.position)?;
            }
        }
    }
    let payload = payload(issuer, (purpose, list), &bits, now)?;
    let fill = |header: &mut jsonwebtoken::Header, _: &str| header.typ = Some(TYPE.to_owned());
    Ok(jws::sign(keys, Algorithm::EdDsa, fill, &payload)?.1)
}

fn set(bits: &mut [u8], position: i32) -> Result<()> {
    let at = usize::try_from(position).map_err(|_| Reason::Internal)?;
    // Index 0 is the leftmost bit.
    *bits.get_mut(at / 8).ok_or(Reason::Internal)? |= 0x80 >> (at % 8);
    Ok(())
}

fn payload(
    issuer: &str,
    (purpose, list): (Purpose, u32),
    bits: &[u8],
    now: DateTime<Utc>,
) -> Result<Value> {
    let id = purpose.address(issuer, list);
    Ok(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose.word(),
            "encodedList": encode(bits)?,
            "ttl": FRESH_SECONDS * 1_000,
        },
        "iss": issuer,
        "nbf": now.timestamp(),
    }))
}

/// Compressed (GZIP), then in base64url under the letter of that base (Multibase).
fn encode(bits: &[u8]) -> Result<String> {
    let wrong = |error: std::io::Error| Error::Internal(error.into());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bits).map_err(wrong)?;
    Ok(format!("u{}", URL_SAFE_NO_PAD.encode(gzip.finish().map_err(wrong)?)))
}

fn decode(encoded: &str) -> Option<Vec<u8>> {
    let gzip = URL_SAFE_NO_PAD.decode(encoded.strip_prefix('u')?).ok()?;
    let mut bits = Vec::with_capacity(BYTES);
    // Whatever is in there, no more is inflated than a list holds, and one byte to see that there is more.
    GzDecoder::new(&gzip[..]).take(BYTES as u64 + 1).read_to_end(&mut bits).ok()?;
    (bits.len() == BYTES).then_some(bits)
}

/// A list that was opened.
#[derive(Clone, Debug)]
pub struct List {
    /// What it tells.
    pub purpose: Purpose,
    /// Its number.
    pub number: u32,
    /// Who published it.
    pub issuer: String,
    /// As of when.
    pub at: DateTime<Utc>,
    bits: Vec<u8>,
}

impl List {
    /// What it says of a place; nothing of a place in another list.
    pub fn says(&self, place: Place) -> Option<bool> {
        let at = usize::try_from(place.position).ok()?;
        let byte = self.bits.get(at / 8).filter(|_| place.list == self.number)?;
        Some(byte & (0x80 >> (at % 8)) != 0)
    }
}

/// A list, if an attestation key signed it.
///
/// # Errors
/// What is wrong with it.
pub fn open(keys: &[KeyEntry], signed: &str) -> Result<List, Flaw> {
    let dated = |claims: &Value| DateTime::from_timestamp(claims["nbf"].as_i64()?, 0);
    let (_, claims) = jws::open(keys, Some(TYPE), signed, dated)?;
    read(&claims, dated(&claims)).ok_or(Flaw::Content)
}

fn read(claims: &Value, at: Option<DateTime<Utc>>) -> Option<List> {
    let subject = &claims["credentialSubject"];
    let (purpose, number) = Purpose::of_name(claims["id"].as_str()?.rsplit('/').next()?)?;
    if subject["statusPurpose"] != purpose.word() {
        return None;
    }
    let issuer = claims["iss"].as_str()?.to_owned();
    let bits = decode(subject["encodedList"].as_str()?)?;
    Some(List { purpose, number, issuer, at: at?, bits })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_places_marked_are_those_read_back(marked in prop::collection::btree_set(0..PLACES, 0..50)) {
            let mut bits = vec![0_u8; BYTES];
            for position in &marked {
                set(&mut bits, i32::try_from(*position).expect("small")).expect("a place");
            }
            let now = DateTime::<Utc>::UNIX_EPOCH;
            let which = (Purpose::Revocation, 4);
            let told = payload("https://formation.example", which, &bits, now).expect("a list");
            let list = read(&told, Some(now)).expect("the same list");
            let says = |list_number, position| list.says(Place { list: list_number, position });
            for position in marked.iter().copied().chain([0, PLACES - 1]) {
                prop_assert_eq!(says(4, position), Some(marked.contains(&position)));
                prop_assert_eq!(says(5, position), None);
            }
            prop_assert_eq!(says(4, PLACES), None);
        }
    }

    #[test]
    fn what_inflates_to_more_or_less_than_a_list_is_none() {
        for length in [0, BYTES - 1, BYTES + 1, BYTES * 64] {
            assert_eq!(decode(&encode(&vec![0; length]).expect("compressed")), None, "{length}");
        }
        assert!(decode(&encode(&vec![0xff; BYTES]).expect("compressed")).is_some());
        assert_eq!(decode("z123"), None);
    }
}
