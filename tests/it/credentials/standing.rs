//! Revoked, reinstated, annulled: what anyone is told, what the holder is told, and what stays.

use maitrise::attestations::lists::{self, Purpose};
use maitrise::attestations::model::{revocation_note, status_entry};
use maitrise::attestations::{find, offline};
use maitrise::journal::model::journal_entry;
use maitrise::keys::{self, KeyEntry, KeyUse};
use maitrise::mail::model::{Template, mail_message};
use maitrise::records::model::{FactKind, fact};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::Attested;
use crate::support::Answer;

impl Attested {
    async fn say(&self, verb: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/attestations/{}/{verb}", self.code.to_lowercase());
        let national = self.world.token("national").await;
        self.world.api.post(&path).bearer(&national).json(body).await
    }

    async fn mails(&self, template: Template) -> u64 {
        let sent = mail_message::Entity::find().filter(mail_message::Column::Template.eq(template));
        sent.count(self.world.app.db.read()).await.expect("a count")
    }

    async fn facts(&self, kind: FactKind) -> Vec<fact::Model> {
        let told = fact::Entity::find().filter(fact::Column::Kind.eq(kind));
        let told = told.all(self.world.app.db.read()).await.expect("facts");
        told.into_iter().filter(|f| f.payload["attestation_id"] == self.id.as_str()).collect()
    }

    fn keys(&self) -> Vec<KeyEntry> {
        self.world.app.keys.public(KeyUse::Attestation).cloned().collect()
    }

    /// What a list says of it, offline.
    async fn is_marked(&self, purpose: Purpose) -> bool {
        let shown = offline::open(&self.keys(), &self.jwt().await).expect("genuine");
        let name = format!("{}-{}", purpose.word(), shown.place.list);
        let list = lists::open(&self.keys(), &self.list(&name).await).expect("a list");
        shown.is_marked(&[list], purpose).expect("its place is there")
    }
}

#[tokio::test]
async fn a_revocation_is_told_to_all_once_to_the_holder_and_another_fact_undoes_it() {
    let attested = Attested::new().await;
    assert_eq!(attested.verified().await["status"], "genuine");
    assert!(!attested.is_marked(Purpose::Revocation).await);
    let before = attested.own("/document.pdf").await.expect(200).bytes;
    let why = json!({ "reason": "another_person", "sentence": "Une collègue a passé le quiz." });
    let told = attested.say("revoke", &why).await.expect(200).json();
    assert_eq!((&told["status"], &told["reason"]), (&json!("revoked"), &json!("another_person")));
    let again = attested.say("revoke", &json!({ "reason": "error" })).await.expect(200).json();
    assert_eq!(again, told, "said twice, told once");
    let seen = attested.verified().await;
    assert_eq!((&seen["status"], &seen["since"]), (&json!("revoked"), &told["since"]));
    assert_eq!(seen["statement"]["module"], "E1", "what was attested is still said");
    assert!(!seen.to_string().contains("another_person"), "the reason is the holder's: {seen}");
    assert!(attested.is_marked(Purpose::Revocation).await);
    assert!(!attested.is_marked(Purpose::Supersession).await);
    let mine = attested.own("").await.expect(200).json();
    assert_eq!(mine["sentence"], why["sentence"]);
    assert_eq!(attested.mails(Template::AttestationRevoked).await, 1);
    assert_eq!(attested.own("/document.pdf").await.expect(200).bytes, before, "all is kept");
    let page = attested.world.api.get(&format!("/verifier/{}", attested.code)).await.expect(200);
    assert!(page.body.contains("a été révoquée le"), "{}", page.body);

    let reinstated = attested.say("reinstate", &json!({ "reason": "error" })).await.expect(200);
    assert_eq!(reinstated.json()["status"], "genuine");
    attested.say("reinstate", &json!({ "reason": "error" })).await.expect(200);
    assert_eq!(attested.verified().await["status"], "genuine");
    assert!(!attested.is_marked(Purpose::Revocation).await);
    assert_eq!(attested.mails(Template::AttestationReinstated).await, 1);
    attested.say("revoke", &json!({ "reason": "fraud" })).await.expect(200);
    assert_eq!(attested.verified().await["status"], "revoked");
    let facts = attested.facts(FactKind::AttestationRevoked).await;
    assert_eq!(facts.len(), 2, "every fact stays");
    assert!(facts.iter().all(|f| f.recorded_by.is_some() && f.supersedes_id.is_some()));
    let journal = journal_entry::Entity::find()
        .filter(journal_entry::COLUMN.subject_id.eq(attested.id.clone()))
        .count(attested.world.app.db.read());
    assert_eq!(journal.await.expect("a count"), 3);
}

#[tokio::test]
async fn two_who_revoke_at_once_do_it_once_and_other_says_why() {
    let attested = Attested::new().await;
    let silent = attested.say("revoke", &json!({ "reason": "other" })).await.expect(422);
    assert_eq!(silent.json()["errors"][0]["pointer"], "/sentence");
    let why = json!({ "reason": "decision" });
    let answers =
        futures_util::future::join_all((0..6).map(|_| attested.say("revoke", &why))).await;
    assert!(answers.iter().all(|a| a.status == 200), "{answers:?}");
    assert_eq!(attested.facts(FactKind::AttestationRevoked).await.len(), 1);
    assert_eq!(attested.mails(Template::AttestationRevoked).await, 1);
    let notes = revocation_note::Entity::find().count(attested.world.app.db.read()).await;
    assert_eq!(notes.expect("a count"), 0);
    let unknown = "/api/v1/attestations/00000000000000000000000000/revoke";
    let national = attested.world.token("national").await;
    attested.world.api.post(unknown).bearer(&national).json(&why).await.expect(404);
}

#[tokio::test]
async fn an_annulled_completion_revokes_what_attested_it() {
    let attested = Attested::new().await;
    let db = attested.world.app.db.read();
    let row = find::any(db, &attested.id).await.expect("a row");
    let done = fact::Entity::find_by_id(row.completion_fact_id).one(db).await.expect("facts");
    let done = done.expect("a completion");
    let wish = json!({ "fact_id": done.id, "kind": "annul", "reason": "malfunction" });
    let path = format!("/api/v1/enrolments/{}/corrections", done.enrolment_id.expect("one"));
    let national = attested.world.token("national").await;
    attested.world.api.post(&path).bearer(&national).json(&wish).await.expect(200);
    assert_eq!(attested.verified().await["status"], "revoked");
    assert!(attested.is_marked(Purpose::Revocation).await);
    let back = attested.say("reinstate", &json!({ "reason": "error" })).await.expect(200);
    assert_eq!(back.json()["status"], "revoked", "it is earned again, not given back");
}

#[tokio::test]
async fn ten_who_ask_at_once_for_a_first_credential_get_the_same_and_one_place() {
    let attested = Attested::new().await;
    let asked = futures_util::future::join_all((0..10).map(|_| attested.jwt())).await;
    assert!(asked.iter().all(|jwt| *jwt == asked[0]));
    let places = status_entry::Entity::find().all(attested.world.app.db.read()).await;
    assert_eq!(places.expect("places").len(), 1);
    for unknown in ["revocation-1", "revocation-01", "revocation--1", "revocation", "refresh-0"] {
        let path = format!("/credentials/status/{unknown}");
        attested.world.api.get(&path).await.expect(404);
    }
}

/// A key of 2016, long retired, and the credential that it signed then.
#[tokio::test]
async fn what_a_key_retired_ten_years_ago_signed_is_still_genuine_and_nothing_it_signs_since() {
    use maitrise::attestations::proof::{self, Claims};
    let folder = tempfile::tempdir().expect("a folder");
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
    keys::create_missing(folder.path(), at("2016-01-04T08:00:00Z")).expect("keys");
    let ring = keys::KeyRing::load(folder.path()).expect("a ring");
    let old = ring.signer(KeyUse::Attestation).0.to_owned();
    let claims = |day: u32| Claims {
        c: "7K3M9P2QX4W8RT6A5BC7DEF1G2".to_owned(),
        m: "E1".to_owned(),
        v: 1,
        d: "A".repeat(43),
        t: day,
        i: 7,
        h: proof::name_digest("7K3M9P2QX4W8RT6A5BC7DEF1G2", "Anne Le Goff"),
    };
    // 2016-06-01 and 2017-06-01.
    let (then, since) = (proof::sign(&ring, &claims(16_953)), proof::sign(&ring, &claims(17_318)));
    keys::create(folder.path(), KeyUse::Attestation, false, at("2016-12-01T08:00:00Z"))
        .expect("one");
    keys::retire(folder.path(), &old, at("2016-12-31T08:00:00Z")).expect("retired");
    let known = keys::list(folder.path()).expect("keys");
    let shown = offline::open(&known, &then.expect("signed")).expect("genuine, ten years later");
    assert!(shown.is_of("LE GOFF Anne") && !shown.is_of("Anne Le Gof"));
    let flaw = offline::open(&known, &since.expect("signed")).expect_err("dated after");
    assert_eq!(flaw, maitrise::attestations::jws::Flaw::Outlived);
}
