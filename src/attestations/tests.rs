//! What is signed, without a database. What other programs make of it is asked in `tests/it/credentials/`.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use super::badge::{self, Ground};
use super::entry::{PLACES, Place};
use super::jws::Flaw;
use super::lists::Purpose;
use super::offline;
use super::proof::{self, Claims, LONGEST};
use super::signed::Statement;
use crate::keys::{self, Algorithm, KeyEntry, KeyRing, KeyUse};
use crate::records::told::ProviderThen;

const CODE: &str = "7K3M9P2QX4W8RT6A5BC7DEF1G2";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A ring with an attestation key of each algorithm asked for, and its public keys.
fn ring(algorithms: &[Algorithm]) -> (TempDir, KeyRing, Vec<KeyEntry>) {
    let (folder, now) = (tempfile::tempdir().expect("a folder"), at("2026-01-05T08:00:00Z"));
    keys::create_missing(folder.path(), now).expect("keys");
    for algorithm in algorithms {
        let made = keys::create_of(folder.path(), (KeyUse::Attestation, *algorithm), false, now);
        made.expect("a key");
    }
    let ring = KeyRing::load(folder.path()).expect("a ring");
    let public = keys::list(folder.path()).expect("keys");
    (folder, ring, public)
}

fn claims(module: &str, name: &str) -> Claims {
    Claims {
        c: CODE.to_owned(),
        m: module.to_owned(),
        v: 9_999,
        d: "_".repeat(42) + "8",
        t: 99_999,
        i: Place { list: 99, position: PLACES - 1 }.number(),
        h: proof::name_digest(CODE, name),
    }
}

fn badge_of(ring: &KeyRing, algorithm: Algorithm) -> (Value, String) {
    let statement = Statement {
        iss: "https://formation.example".to_owned(),
        iat: 0,
        code: CODE.to_owned(),
        module: "E1".to_owned(),
        title: "Comprendre l'IA".to_owned(),
        version: 2,
        tree_digest: "a".repeat(64),
        extract: false,
        provider: "Association".to_owned(),
        completed_at: at("2026-02-05T09:30:00Z"),
        duration_minutes: 45,
        percent: Some(92),
        pass_mark_percent: 80,
        holder: "d".to_owned(),
    };
    let provider = ProviderThen {
        name: "Association".to_owned(),
        legal_name: None,
        address: Vec::new(),
        siret: None,
        activity_number: None,
        agrement: None,
        logo: None,
    };
    let payload = badge::payload(&Ground {
        issuer: "https://formation.example",
        operator: "Formation",
        statement: &statement,
        issued_at: at("2026-02-05T09:30:00Z"),
        made_at: at("2026-02-06T10:00:00Z"),
        began_at: at("2026-02-03T09:30:00Z"),
        summary: "Un résumé.",
        objectives: &["Situer l'IA.".to_owned()],
        language: "fr",
        provider: &provider,
        holder: ("Élodie L’Hœst", "sel"),
        place: Place { list: 3, position: 7 },
    });
    let signed = badge::sign(ring, algorithm, &payload).expect("signed").1;
    (payload, signed)
}

/// Every way to alter one byte that is tried: another letter, a bit of it, nothing at all.
fn altered(signed: &str, at: usize) -> impl Iterator<Item = String> {
    let byte = signed.as_bytes()[at];
    let others = [byte ^ 1, byte ^ 0x20, if byte == b'A' { b'B' } else { b'A' }];
    let (head, tail) = (signed[..at].to_owned(), signed[at + 1..].to_owned());
    let swapped = others.into_iter().filter(move |other| *other != byte && other.is_ascii());
    let cut = format!("{head}{tail}");
    swapped.map(move |other| format!("{head}{}{tail}", char::from(other))).chain([cut])
}

#[test]
fn a_proof_is_short_whatever_it_says_and_refused_once_any_byte_is_altered() {
    let (_folder, ring, public) = ring(&[]);
    let longest = claims("ABCDEFGHIJKLMNOPQRSTUVWX", "Anne Le Goff");
    let signed = proof::sign(&ring, &longest).expect("signed");
    assert!(signed.len() <= LONGEST, "{} characters", signed.len());
    assert_eq!(proof::open(&public, &signed).expect("genuine").1, longest);
    for index in 0..signed.len() {
        for other in altered(&signed, index) {
            assert!(offline::open(&public, &other).is_err(), "byte {index}: {other}");
        }
    }
    assert!(offline::open(&[], &signed).is_err(), "nothing is genuine without keys");
}

#[test]
fn a_credential_is_refused_once_any_byte_is_altered_whichever_algorithm_signed_it() {
    let algorithms = [Algorithm::Es256, Algorithm::EdDsa];
    let (_folder, ring, public) = ring(&algorithms);
    for algorithm in algorithms {
        let (payload, signed) = badge_of(&ring, algorithm);
        let (key, read) = badge::open(&public, &signed).expect("genuine");
        assert_eq!((key.algorithm, &read), (algorithm, &payload));
        for index in 0..signed.len() {
            let other = altered(&signed, index).nth(index % 3).expect("another");
            assert!(offline::open(&public, &other).is_err(), "byte {index}: {other}");
        }
        let shown = offline::open(&public, &signed).expect("genuine");
        assert_eq!(shown.place, Place { list: 3, position: 7 });
        assert!(shown.is_of(" Élodie  L’Hœst ") && !shown.is_of("Elodie L'Hoest"));
    }
}

#[test]
fn one_signed_form_is_never_taken_for_another() {
    let (_folder, ring, public) = ring(&[]);
    let (_, badge) = badge_of(&ring, Algorithm::EdDsa);
    let short = proof::sign(&ring, &claims("E1", "A")).expect("signed");
    assert_eq!(badge::open(&public, &short).err(), Some(Flaw::Type));
    assert_eq!(proof::open(&public, &badge).err(), Some(Flaw::Type));
    assert_eq!(super::lists::open(&public, &badge).err(), Some(Flaw::Type));
    let access: Vec<_> = public.iter().filter(|key| key.usage == KeyUse::Access).cloned().collect();
    assert_eq!(badge::open(&access, &badge).err(), Some(Flaw::UnknownKey));
    let strangers = super::tests::ring(&[]).2;
    assert_eq!(badge::open(&strangers, &badge).err(), Some(Flaw::UnknownKey));
}

#[test]
fn a_name_is_the_same_however_it_is_typed_and_no_other() {
    for typed in
        ["Anne-Élise L'Hœst", "L’HOEST Anne Elise", " anne  élise l hœst", "ʻLHœst Anne-Elise"]
    {
        let same = proof::name_key(typed) == proof::name_key("Anne-Élise L’Hœst");
        assert_eq!(same, !typed.starts_with('ʻ'), "{typed}");
    }
    assert_eq!(proof::name_key("Te ʻura"), proof::name_key("TE 'URA"));
    let theirs = claims("E1", "Anne Le Goff");
    assert!(theirs.is_of("Le Goff Anne") && !theirs.is_of("Anna Le Goff") && !theirs.is_of(""));
    let elsewhere = Claims { c: "0".repeat(26), ..theirs };
    assert!(!elsewhere.is_of("Anne Le Goff"), "the code is the salt");
}

#[test]
fn lists_are_named_in_one_way() {
    for (name, known) in [
        ("revocation-0", Some((Purpose::Revocation, 0))),
        ("supersession-12", Some((Purpose::Supersession, 12))),
        ("revocation-01", None),
        ("revocation-+1", None),
        ("revocation--1", None),
        ("refresh-0", None),
        ("revocation", None),
        ("revocation-4294967296", None),
    ] {
        assert_eq!(Purpose::of_name(name), known, "{name}");
    }
}

proptest! {
    #[test]
    fn a_place_is_told_and_read_back(list in 0_u32..30_000, position in 0..PLACES) {
        let place = Place { list, position };
        prop_assert_eq!(Place::numbered(place.number()), place);
        let entry = place.entry("https://formation.example");
        prop_assert_eq!(Place::of_entry(&entry), Some(place));
    }

    /// Whatever is handed over, nothing breaks, and nothing is genuine.
    #[test]
    fn what_is_no_signed_form_is_refused(text in "\\PC{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (_folder, _, public) = ring(&[]);
        prop_assert!(offline::open(&public, &text).is_err());
        let mut file = b"%PDF-1.7 1 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length 200>>stream\n".to_vec();
        file.extend(&bytes);
        prop_assert_eq!(super::attached::credential_in(&file), None);
    }
}
