//! The PDF with its credential attached and its proof in the QR code, and the command that checks both.

use maitrise::attestations::{attached, offline, proof};
use maitrise::keys::KeyUse;

use super::Attested;
use crate::documents::tools::Kept;

#[tokio::test]
async fn a_document_carries_its_credential_and_a_telephone_reads_its_proof() {
    let attested = Attested::new().await;
    let jwt = attested.jwt().await;
    let keys: Vec<_> = attested.world.app.keys.public(KeyUse::Attestation).cloned().collect();
    for kind in ["attestation", "certificat"] {
        let file = attested.own(&format!("/document.pdf?kind={kind}")).await.expect(200).bytes;
        let kept = Kept::new(&file);
        assert!(kept.is_sound());
        assert_eq!(kept.attachment("attestation.jwt"), jwt.as_bytes());
        assert_eq!(attached::credential_in(&file).as_deref(), Some(jwt.as_str()));
        let read = kept.qr();
        let (address, signed) = read.split_once('#').expect("a fragment");
        assert!(address.ends_with(&format!("/verifier/{}", attested.code)), "{address}");
        assert!(signed.len() <= proof::LONGEST, "{} characters", signed.len());
        let shown = offline::open(&keys, signed).expect("a genuine proof");
        assert_eq!((shown.code.as_str(), shown.module.0.as_str()), (attested.code.as_str(), "E1"));
        let badge = offline::open(&keys, &jwt).expect("a genuine credential");
        assert_eq!((shown.tree_digest, shown.place), (badge.tree_digest.clone(), badge.place));
        assert!(badge.is_of(&name(&attested).await));
        let text = kept.text();
        assert!(text.contains(&name(&attested).await), "{text}");
    }
}

async fn name(attested: &Attested) -> String {
    let me = attested.world.api.get("/api/v1/me").bearer(&attested.world.token("elue").await).await;
    let me = me.expect(200).json();
    let part = |name: &str| me[name].as_str().expect("a name").to_owned();
    format!("{} {}", part("given_name"), part("family_name"))
}
