//! `maitrise verify --bundle`: the evidence of an employer and a period, offline.

use std::io::{Cursor, Read as _, Write as _};

use maitrise::accounts::model::Role;
use maitrise::journal::model::journal_entry::{COLUMN, Entity};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Machine;
use crate::deeds::learn;
use crate::world::World;

/// A bundle, with the bytes of one file changed.
fn altered(bundle: &[u8], path: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bundle)).expect("a zip");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for nth in 0..from.len() {
        let mut file = from.by_index(nth).expect("a file");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("read");
        let bytes = if name == path { change(bytes) } else { bytes };
        to.start_file(name, SimpleFileOptions::default()).expect("begun");
        to.write_all(&bytes).expect("written");
    }
    to.finish().expect("a zip").into_inner()
}

fn read(bundle: &[u8], path: &str) -> String {
    let mut zip = ZipArchive::new(Cursor::new(bundle)).expect("a zip");
    let mut text = String::new();
    zip.by_name(path).expect(path).read_to_string(&mut text).expect("text");
    text
}

/// A world where two have learnt in one commune, of whom one attestation was revoked: the token of an
/// auditor there, and the codes.
async fn audited() -> (World, String, [String; 2]) {
    let world = World::new().await;
    let mut codes = Vec::new();
    for login in ["elue-preuve", "elu-preuve"] {
        let elu = world.admit(login).await;
        world.elect(&elu, "insee:35021").await;
        let attested = learn(&world, &elu.token, "E1").await;
        codes.push(attested["code"].as_str().expect("a code").to_owned());
    }
    let why = json!({ "reason": "error" });
    let revoke = world.api.post(&format!("/api/v1/attestations/{}/revoke", codes[1]));
    revoke.bearer(&world.token("national").await).json(&why).await.expect(200);
    let here = world.organisation("insee:35021").await;
    let auditor = world.admit_as("auditeur-ici", Role::Auditor, here).await;
    (world, auditor.token, codes.try_into().expect("two"))
}

const YEAR: &str = "/api/v1/organisations/insee:35021/evidence.zip?from=2026-01-01&to=2026-12-31";

#[tokio::test]
async fn an_auditor_verifies_the_evidence_of_an_employer_and_a_year_offline() {
    let ((world, auditor, codes), machine) = (audited().await, Machine::new());
    let answer = world.api.get(YEAR).bearer(&auditor).await.expect(200);
    let named = answer.header("content-disposition").expect("a name").to_owned();
    assert!(named.contains("preuves-insee-35021-2026-01-01-2026-12-31.zip"), "{named}");
    let bundle = answer.bytes;
    let keys = world.api.get("/.well-known/attestation-keys.json").await.expect(200).body;
    let keys = machine.file("keys.json", &keys);
    let keep = |name: &str, bytes: &[u8]| {
        let path = machine.file(name, "");
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let sound = keep("a.zip", &bundle);
    let said = machine.ok(&["verify", "--bundle", &sound, "--keys", &keys]).await;
    assert!(said.contains("attestations: 2 (1 revoked, 0 superseded)"), "{said}");
    assert!(said.contains("completions from 2026-01-01 to 2026-12-31"), "{said}");

    // Another keeps the same sums with the tool of every Linux.
    let folder = tempfile::tempdir().expect("a folder");
    ZipArchive::new(Cursor::new(&bundle)).expect("a zip").extract(&folder).expect("extracted");
    let summed = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "EMPREINTES.sha256"])
        .current_dir(folder.path())
        .status();
    assert!(summed.expect("sha256sum").success());
    let guide = read(&bundle, "LISEZ-MOI.txt");
    assert!(guide.contains("maitrise verify --bundle"), "{guide}");
    let table = read(&bundle, "attestations.csv");
    assert!(table.contains("valable") && table.contains("révoquée"), "{table}");
    let evidence = read(&bundle, &format!("attestations/{}/preuve.json", codes[0]));
    assert!(!evidence.contains("right"), "{evidence}");

    let credential = format!("attestations/{}/credential.jwt", codes[0]);
    let other = read(&bundle, &format!("attestations/{}/credential.jwt", codes[1]));
    let flip = |mut bytes: Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    for (path, fault) in [
        (credential.as_str(), "altered"),
        ("attestations.csv", "altered"),
        ("listes/revocation-0.jwt", "altered"),
        ("EMPREINTES.sha256", "it is not the one sealed"),
        ("SIGNATURE.jwt", "SIGNATURE.jwt"),
    ] {
        let broken = keep("broken.zip", &altered(&bundle, path, flip));
        let said = machine.run(&["verify", "--bundle", &broken, "--keys", &keys]).await;
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(!said.status.success() && all.contains(fault), "{path}: {all}");
    }
    let swapped = altered(&bundle, &credential, |_| other.clone().into_bytes());
    let swapped = keep("swapped.zip", &swapped);
    let said = machine.run(&["verify", "--bundle", &swapped, "--keys", &keys]).await;
    assert!(!said.status.success() && said.stdout.contains("is another's"), "{said:?}");
    let cut = keep("cut.zip", &bundle[..bundle.len() - 30]);
    machine.refused_saying(&["verify", "--bundle", &cut, "--keys", &keys], &["cut short"]).await;
    let strange = Machine::new();
    machine.refused_saying(&["verify", "--bundle", &sound], &["SIGNATURE.jwt"]).await;
    drop(strange);
}

#[tokio::test]
async fn the_evidence_of_an_organisation_is_for_its_auditor_and_its_employer_and_journalled() {
    let (world, auditor, _) = audited().await;
    let there = YEAR.replace("35021", "33522");
    world.api.get(&there).bearer(&auditor).await.expect(404);
    let backwards = YEAR.replace("2026-01-01", "2027-01-01");
    let refused = world.api.get(&backwards).bearer(&auditor).await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "to", "{refused}");
    world.api.get(YEAR).bearer(&auditor).await.expect(200);
    let entries = Entity::find().filter(COLUMN.action.eq("evidence.export"));
    let entries = entries.all(world.app.db.read()).await.expect("the journal");
    assert_eq!(entries.len(), 1, "the one that was answered");
    let before = YEAR.replace("2026", "2025");
    let none = world.api.get(&before).bearer(&auditor).await.expect(200).bytes;
    assert_eq!(read(&none, "attestations.csv").lines().count(), 1, "the headers alone");
}
