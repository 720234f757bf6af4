//! `maitrise verify`: offline, with public keys alone.

use super::Machine;
use crate::deeds::learn;
use crate::documents::tools::Kept;
use crate::world::World;

#[tokio::test]
async fn what_somebody_shows_is_checked_offline_with_the_published_keys() {
    let (world, machine) = (World::new().await, Machine::new());
    let elue = world.token("elue").await;
    let attested = learn(&world, &elue, "E1").await;
    let (id, code) = (&attested["id"], attested["code"].as_str().expect("a code"));
    let own = async |form: &str| {
        let path = format!("/api/v1/attestations/{}{form}", id.as_str().expect("an id"));
        world.api.get(&path).bearer(&elue).await.expect(200)
    };
    let pdf = own("/document.pdf").await.bytes;
    let (jwt, envelope) = (own("/credential.jwt").await.body, own("/credential.json").await.body);
    let keys = world.api.get("/.well-known/attestation-keys.json").await.expect(200).body;
    let listed = world.api.get("/credentials/status/revocation-0").await.expect(200).body;
    let (keys, listed) = (machine.file("keys.json", &keys), machine.file("list.jwt", &listed));
    let document = machine.file("document.pdf", "");
    std::fs::write(&document, &pdf).expect("a file");
    let (file, envelope) = (machine.file("a.jwt", &jwt), machine.file("a.json", &envelope));
    let qr = Kept::new(&pdf).qr();
    let me = world.api.get("/api/v1/me").bearer(&elue).await.expect(200).json();
    let part = |name: &str| me[name].as_str().expect("a name").to_owned();
    let name = format!("{} {}", part("given_name"), part("family_name"));
    for shown in [&document, &file, &envelope, &jwt, &qr] {
        let asked = ["verify", shown, "--keys", &keys, "--status", &listed, "--name", &name];
        let said = machine.ok(&asked).await;
        for line in
            ["ok    signature: EdDSA", "module: E1, version 1", "ok    name", "ok    revocation"]
        {
            assert!(said.contains(line), "{line}: {said}");
        }
        assert!(said.contains("supersession: not asked"), "{said}");
        let other = machine.run(&["verify", shown, "--keys", &keys, "--name", "Autre"]).await;
        assert!(!other.status.success() && other.stdout.contains("FAIL  name"), "{other:?}");
    }
    let moved = qr.replace(code, "00000000000000000000000000");
    let moved = machine.run(&["verify", &moved, "--keys", &keys]).await;
    assert!(!moved.status.success() && moved.stdout.contains("FAIL  code"), "{moved:?}");
    let wrong = machine.file("wrong.jwt", &jwt.replace("eyJ0", "eyJ1").replace("Q", "R"));
    machine.refused_saying(&["verify", &wrong, "--keys", &keys], &["FAIL  signature"]).await;
    let nothing = machine.file("nothing.pdf", "%PDF-1.7\n");
    machine.refused_saying(&["verify", &nothing, "--keys", &keys], &["holds no credential"]).await;
    machine.refused_saying(&["verify", "absent.pdf", "--keys", &keys], &["absent.pdf"]).await;

    let revoke = world.api.post(&format!("/api/v1/attestations/{code}/revoke"));
    let national = world.token("national").await;
    let why = serde_json::json!({ "reason": "error" });
    revoke.bearer(&national).json(&why).await.expect(200);
    let listed = world.api.get("/credentials/status/revocation-0").await.expect(200).body;
    let listed = machine.file("later.jwt", &listed);
    let said = machine.run(&["verify", &document, "--keys", &keys, "--status", &listed]).await;
    assert!(!said.status.success() && said.stdout.contains("FAIL  revocation"), "{said:?}");
}
