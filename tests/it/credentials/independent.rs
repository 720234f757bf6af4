//! What an independent library (`jose`, under Node) makes of our credentials and lists.

use std::path::Path;
use std::time::Duration;

use maitrise::attestations::badge::{self, Ground};
use maitrise::attestations::entry::Place;
use maitrise::attestations::signed::Statement;
use maitrise::clock::Clock;
use maitrise::config::CredentialAlgorithm;
use maitrise::keys::{self, Algorithm, KeyRing, KeyUse};
use maitrise::records::told::ProviderThen;
use serde_json::{Value, json};

use super::Attested;
use crate::support::{Settings, run};
use crate::world::World;

/// What `tests/credential/check.mjs` understands of these.
async fn checked(keys: &Value, credential: &str, list: &str) -> Result<Value, String> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/credential");
    assert!(
        tools.join("node_modules/jose").exists(),
        "run ./tests/run once, or `npm ci` in tests/credential: it installs what checks credentials"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("keys.json", keys.to_string()),
        ("credential.jwt", credential.to_owned()),
        ("list.jwt", list.to_owned()),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let args = [tools.join("check.mjs"), folder.path().to_owned()];
    let settings = Settings {
        program: "node".into(),
        args: args.iter().map(|arg| arg.display().to_string()).collect(),
        env: Vec::new(),
        dir: Some(tools),
    };
    let ran = run(&settings, "", Duration::from_secs(60)).await;
    match ran.status.success() {
        true => Ok(serde_json::from_str(&ran.stdout).expect("JSON")),
        false => Err(ran.stderr),
    }
}

#[tokio::test]
async fn a_credential_and_its_list_are_verified_by_another_library_with_the_published_keys() {
    let attested = Attested::new().await;
    let keys =
        attested.world.api.get("/.well-known/attestation-keys.json").await.expect(200).json();
    let (jwt, list) = (attested.jwt().await, attested.list("revocation-0").await);
    let seen = checked(&keys, &jwt, &list).await.expect("verified");
    let credential = &seen["credential"];
    assert_eq!(credential["type"], json!(["VerifiableCredential", "AchievementCredential"]));
    assert_eq!(credential["credentialStatus"]["statusListCredential"], seen["list"]);
    assert_eq!((&seen["places"], &seen["revoked"]), (&json!(131_072), &json!(false)));
    assert_eq!(credential["issuer"]["id"], credential["iss"]);
    assert_eq!(credential["credentialSubject"]["identifier"][0]["hashed"], true);
    assert_eq!(attested.jwt().await, jwt, "the same bytes each time");
    let envelope = attested.own("/credential.json").await.expect(200).json();
    assert_eq!(envelope["type"], "EnvelopedVerifiableCredential");
    assert_eq!(envelope["id"], json!(format!("data:application/vc+jwt,{jwt}")));

    let middle = jwt.len() / 2;
    let other = if jwt.as_bytes()[middle] == b'A' { "B" } else { "A" };
    let altered = format!("{}{other}{}", &jwt[..middle], &jwt[middle + 1..]);
    assert!(checked(&keys, &altered, &list).await.is_err(), "the library says so too");
}

fn ground<'a>(statement: &'a Statement, provider: &'a ProviderThen) -> Ground<'a> {
    let now = Clock::default().now();
    Ground {
        issuer: "https://formation.example",
        operator: "Formation",
        statement,
        issued_at: now,
        made_at: now,
        began_at: now,
        summary: "Un résumé",
        objectives: &[],
        language: "fr",
        provider,
        holder: ("Françoise L’Hœst", "sel"),
        place: Place { list: 0, position: 131_071 },
    }
}

#[tokio::test]
async fn es256_and_rs256_credentials_are_verified_by_another_library_too() {
    let attested = Attested::new().await;
    let statement =
        maitrise::attestations::signed::open(&attested.world.app.keys, &stored(&attested).await);
    let statement = statement.expect("a statement");
    let provider = ProviderThen {
        name: "Association".to_owned(),
        legal_name: None,
        address: Vec::new(),
        siret: Some("12345678900012".to_owned()),
        activity_number: None,
        agrement: None,
        logo: None,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let now = Clock::default().now();
    keys::create_missing(folder.path(), now).expect("keys");
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let usage = (KeyUse::Attestation, algorithm);
        keys::create_of(folder.path(), usage, false, now).expect("a key");
        let ring = KeyRing::load(folder.path()).expect("a ring");
        let payload = badge::payload(&ground(&statement, &provider));
        let (_, jwt) = badge::sign(&ring, algorithm, &payload).expect("signed");
        let published: Vec<Value> =
            ring.public(KeyUse::Attestation).map(keys::KeyEntry::dated_jwk).collect();
        let list = maitrise::attestations::lists::signed(
            attested.world.app.db.read(),
            &ring,
            "https://formation.example",
            (maitrise::attestations::lists::Purpose::Revocation, 0),
            now,
        );
        let list = list.await.expect("a list");
        let seen = checked(&json!({ "keys": published }), &jwt, &list).await.expect("verified");
        assert_eq!(seen["header"]["alg"], algorithm.word());
        assert_eq!(seen["header"]["jwk"]["kid"], seen["header"]["kid"]);
        assert_eq!(seen["credential"], payload);
    }
}

#[tokio::test]
async fn credentials_are_served_under_the_algorithm_of_the_setting_and_stay_as_they_were_made() {
    for (setting, algorithm) in [
        (CredentialAlgorithm::Es256, Algorithm::Es256),
        (CredentialAlgorithm::Rs256, Algorithm::Rs256),
    ] {
        let world = World::with(|settings| {
            let usage = (KeyUse::Attestation, algorithm);
            let now = Clock::default().now();
            keys::create_of(&settings.keys.directory, usage, false, now).expect("a key");
            settings.keys.credential_algorithm = setting;
        });
        let attested = Attested::of(world.await).await;
        let published = attested.world.api.get("/.well-known/attestation-keys.json");
        let published = published.await.expect(200).json();
        let (jwt, list) = (attested.jwt().await, attested.list("revocation-0").await);
        let seen = checked(&published, &jwt, &list).await.expect("verified");
        assert_eq!(seen["header"]["alg"], algorithm.word());
        assert_eq!(seen["revoked"], false);
        assert_eq!(attested.jwt().await, jwt, "made once, whatever chance is in its signature");
        assert_eq!(attested.verified().await["status"], "genuine");
    }
}

async fn stored(attested: &Attested) -> String {
    let db = attested.world.app.db.read();
    maitrise::attestations::find::any(db, &attested.id).await.expect("a row").signed
}
