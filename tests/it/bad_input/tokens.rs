//! Access tokens that are not ours, not for us, or not any more: the same 401 for every flaw.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use maitrise::keys::{self, KeyRing, KeyUse};
use serde_json::{Value, json};

use super::answers::refused;
use super::tally::Tally;
use crate::deeds::learn;
use crate::newcomers::Newcomer;
use crate::support::Answer;
use crate::world::World;

/// What forges tokens: an account, and what a genuine token of it says.
struct Forge {
    world: World,
    kid: String,
    claims: Value,
}

impl Forge {
    async fn light() -> (Self, Newcomer) {
        let world = World::new().await;
        let elue = world.known("elue@demonstration.example").await;
        let now = world.app.clock.now().timestamp();
        let claims = json!({
            "iss": world.app.settings.http.public_url, "aud": "maitrise-api",
            "sub": elue.account_id, "gen": 1, "jti": maitrise::clock::new_id(),
            "iat": now, "exp": now + 600,
        });
        let kid = world.app.keys.signer(KeyUse::Access).0.to_owned();
        (Self { world, kid, claims }, elue)
    }

    /// The genuine header.
    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.kid.clone());
        header
    }

    /// Signed as the server would.
    fn signed(&self, header: &Header, claims: &Value) -> String {
        signed(header, claims, self.world.app.keys.signer(KeyUse::Access).1)
    }

    /// With one claim changed, or taken away.
    fn claiming(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[claim] = value;
        if claims[claim].is_null() {
            claims.as_object_mut().expect("claims").remove(claim);
        }
        self.signed(&self.header(), &claims)
    }

    async fn me(&self, token: &str) -> Answer {
        self.world.api.get("/api/v1/me").bearer(token).await
    }
}

fn signed(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(header, claims, key).expect("a token")
}

/// A token put together by hand.
fn by_hand(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

#[tokio::test]
async fn a_token_with_any_flaw_is_nobody() {
    let (forge, _) = Forge::light().await;
    let genuine = forge.signed(&forge.header(), &forge.claims);
    forge.me(&genuine).await.expect(200);
    let signature = genuine.rsplit('.').next().expect("a signature");
    let alg = |alg: &str| json!({ "alg": alg, "typ": "at+jwt", "kid": forge.kid });
    let mut flawed: Vec<(String, String)> = Vec::new();
    for none in ["none", "None", "NONE", ""] {
        flawed.push((format!("alg {none:?}"), by_hand(&alg(none), &forge.claims, "")));
        flawed
            .push((format!("alg {none:?}, signed"), by_hand(&alg(none), &forge.claims, signature)));
    }
    let mut other = forge.claims.clone();
    other["sub"] = json!(maitrise::clock::new_id());
    let eddsa = alg("EdDSA");
    flawed.push(("another payload".to_owned(), by_hand(&eddsa, &other, signature)));
    flawed.push(("no signature".to_owned(), by_hand(&eddsa, &forge.claims, "")));
    let header = |change: &dyn Fn(&mut Header)| {
        let mut header = forge.header();
        change(&mut header);
        forge.signed(&header, &forge.claims)
    };
    flawed.push(("no typ".to_owned(), header(&|h| h.typ = None)));
    flawed.push(("typ JWT".to_owned(), header(&|h| h.typ = Some("JWT".to_owned()))));
    flawed.push(("no kid".to_owned(), header(&|h| h.kid = None)));
    flawed.push(("an unknown kid".to_owned(), header(&|h| h.kid = Some("../../etc".to_owned()))));
    for (claim, value) in [
        ("aud", json!("another-api")),
        ("aud", json!(null)),
        ("iss", json!("https://ailleurs.example")),
        ("iss", json!(null)),
        ("exp", json!(null)),
        ("exp", json!(0)),
        ("exp", json!(-1)),
        ("exp", json!("demain")),
        ("sub", json!(maitrise::clock::new_id())),
        ("sub", json!("1' OR '1'='1")),
        ("sub", json!(null)),
        ("gen", json!(0)),
        ("gen", json!(2)),
        ("gen", json!(null)),
    ] {
        flawed.push((format!("{claim} {value}"), forge.claiming(claim, value)));
    }
    for garbage in ["", "x", "..", "a.b.c", &genuine[..genuine.len() - 4], &format!("{genuine}x")] {
        flawed.push((format!("{garbage:.10}"), garbage.to_owned()));
    }
    let before = Tally::of(&forge.world).await;
    for (what, token) in &flawed {
        let answer = forge.me(token).await;
        refused(&answer, 401, "unauthenticated", what);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
    }
    forge.world.is_as_before(&before).await;
}

#[tokio::test]
async fn a_token_signed_by_anything_but_an_access_key_is_nobody() {
    let (forge, elue) = Forge::light().await;
    let folder = tempfile::tempdir().expect("a folder");
    keys::create_missing(folder.path(), forge.world.app.clock.now()).expect("keys");
    let stranger = KeyRing::load(folder.path()).expect("a ring");
    let (kid, key) = stranger.signer(KeyUse::Access);
    let mut theirs = forge.header();
    theirs.kid = Some(kid.to_owned());
    let (attestation_kid, attestation) = forge.world.app.keys.signer(KeyUse::Attestation);
    let mut as_attestation = forge.header();
    as_attestation.kid = Some(attestation_kid.to_owned());
    // The public key is no secret: a server that lets the token choose HS256 would be fooled by it.
    let jwks = forge.world.api.get("/.well-known/jwks.json").await.expect(200).json();
    let public = jwks["keys"][0]["x"].as_str().expect("a public key").to_owned();
    let secret = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(&public).expect("bytes"));
    let mut confused = forge.header();
    confused.alg = Algorithm::HS256;
    let attested = learn(&forge.world, &elue.token, "A1").await;
    let credential = attested["id"].as_str().expect("an id");
    let credential =
        forge.world.api.get(&format!("/api/v1/attestations/{credential}/credential.json"));
    let credential = credential.bearer(&elue.token).await.expect(200).json();
    for (what, token) in [
        ("another key under our kid", signed(&forge.header(), &forge.claims, key)),
        ("another key under its own kid", signed(&theirs, &forge.claims, key)),
        ("the attestation key", signed(&as_attestation, &forge.claims, attestation)),
        (
            "the attestation key under an access kid",
            signed(&forge.header(), &forge.claims, attestation),
        ),
        ("the public key as a secret", signed(&confused, &forge.claims, &secret)),
        (
            "an attestation",
            credential["id"]
                .as_str()
                .and_then(|id| id.split(',').nth(1))
                .expect("a JWS")
                .to_owned(),
        ),
    ] {
        refused(&forge.me(&token).await, 401, "unauthenticated", what);
    }
    let unknown = forge.world.api.get(&format!("/api/v1/verify/{}", elue.token)).await.expect(200);
    assert_eq!(unknown.json()["status"], "unknown", "an access token attests nothing");
}

#[tokio::test]
async fn a_token_is_good_for_fifteen_minutes_and_not_one_more() {
    let (forge, elue) = Forge::light().await;
    forge.world.app.clock.advance(Duration::minutes(14));
    forge.me(&elue.token).await.expect(200);
    forge.world.app.clock.advance(Duration::minutes(1));
    refused(&forge.me(&elue.token).await, 401, "unauthenticated", "expired");
}

#[tokio::test]
async fn a_token_comes_in_one_authorization_header_as_bearer() {
    let (forge, elue) = Forge::light().await;
    let me = || forge.world.api.get("/api/v1/me");
    for value in ["Bearer", "Bearer ", "Basic YTpi", &format!("Basic {}", elue.token), &elue.token]
    {
        refused(&me().header("Authorization", value).await, 401, "unauthenticated", value);
    }
    let query = forge.world.api.get(&format!("/api/v1/me?access_token={}", elue.token)).await;
    refused(&query, 401, "unauthenticated", "never in an address, which logs keep");
    me().header("Authorization", &format!("bearer {}", elue.token)).await.expect(200);
}

#[tokio::test]
async fn a_record_that_no_attestation_key_signed_attests_nothing() {
    use maitrise::attestations::model::attestation;
    use maitrise::records::model::fact;
    use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
    let (forge, _) = Forge::light().await;
    let app = &forge.world.app;
    let genuine = attestation::Entity::find().one(app.db.read()).await.expect("rows");
    let genuine = genuine.expect("somebody's attestation");
    let (attesting, attestation_key) = app.keys.signer(KeyUse::Attestation);
    let (_, access_key) = app.keys.signer(KeyUse::Access);
    let header = |typ: &str, kid: &str| {
        let mut header = Header::new(Algorithm::EdDSA);
        (header.typ, header.kid) = (Some(typ.to_owned()), Some(kid.to_owned()));
        header
    };
    let typ = "maitrise-attestation+jwt";
    // Each record stands for a fact of its own.
    let attested = attestation::Entity::find().all(app.db.read()).await.expect("rows");
    let facts = fact::Entity::find().all(app.db.read()).await.expect("facts").into_iter();
    let mut facts = facts.filter(|fact| attested.iter().all(|a| a.completion_fact_id != fact.id));
    let forgeries = [
        ("as it should be", Some("genuine"), header(typ, attesting), attestation_key),
        ("an access key under its own kid", None, header(typ, &forge.kid), access_key),
        ("an access key under an attestation kid", None, header(typ, attesting), access_key),
        ("the type of an access token", None, header("at+jwt", attesting), attestation_key),
        ("an unknown kid", None, header(typ, "inconnu"), attestation_key),
    ];
    for (number, (what, expected, header, key)) in forgeries.into_iter().enumerate() {
        // No code of ours begins so: 128 bits leave the first character under 8.
        let code = format!("{}{}", ["8", "9", "A", "B", "C"][number], &genuine.code[1..]);
        let mut statement = crate::sign_in::claims(&genuine.signed);
        statement["code"] = json!(code);
        let mut row = genuine.clone().into_active_model().reset_all();
        row.id = Set(maitrise::clock::new_id());
        row.code = Set(code.clone());
        row.completion_fact_id = Set(facts.next().expect("a fact").id);
        row.signed = Set(signed(&header, &statement, key));
        let tx = app.db.begin_write().await.expect("a transaction");
        row.insert(&tx).await.expect("a record");
        tx.commit().await.expect("a commit");
        let told = forge.world.api.get(&format!("/api/v1/verify/{code}")).await.expect(200);
        assert_eq!(told.json()["status"], expected.unwrap_or("unknown"), "{what}: {}", told.body);
    }
}
