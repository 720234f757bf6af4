//! The page that checks a proof or a dropped document, in a real browser: `scenarios/verify.mjs`.

use serde_json::json;

use super::Attested;
use crate::pages::browser::play;

#[tokio::test]
async fn the_browser_checks_the_proof_in_the_address_and_the_document_chosen() {
    let attested = Attested::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = attested.own("/document.pdf").await.expect(200).bytes;
    let jwt = attested.jwt().await;
    let qr = crate::documents::tools::Kept::new(&file).qr();
    let proof = qr.split_once('#').expect("a fragment").1;
    let mut altered = jwt.clone();
    altered.replace_range(
        jwt.len() - 20..jwt.len() - 19,
        if jwt.as_bytes()[jwt.len() - 20] == b'A' { "B" } else { "A" },
    );
    let keep = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    };
    let me = attested.world.api.get("/api/v1/me").bearer(&attested.world.token("elue").await).await;
    let me = me.expect(200).json();
    let values = json!({
        "code": attested.code, "proof": proof,
        "name": format!("{} {}", me["given_name"].as_str().expect("a name"), me["family_name"].as_str().expect("a name")),
        "pdf": keep("attestation.pdf", &file), "jwt": keep("attestation.jwt", jwt.as_bytes()),
        "altered": keep("altered.jwt", altered.as_bytes()),
    });
    play("verify", &attested.world.api.base(), values).await;
}
