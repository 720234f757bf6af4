//! Access tokens, as another system checks them: with the published keys and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::{claims, credentials, me, sign_in};
use crate::world::World;

async fn access_token(world: &World) -> String {
    let (login, password) = credentials(world, "elue");
    let tokens = sign_in(world, &login, &password).await.expect(200).json();
    assert_eq!(tokens["token_type"], "Bearer");
    tokens["access_token"].as_str().expect("a token").to_owned()
}

/// The published key of that identifier.
async fn published(world: &World, set: &str, kid: &str) -> Option<Value> {
    let answer = world.api.get(&format!("/.well-known/{set}.json")).await.expect(200).json();
    let keys = answer["keys"].as_array().expect("keys").clone();
    keys.into_iter().find(|key| key["kid"] == kid)
}

#[tokio::test]
async fn a_token_verifies_with_the_published_keys_and_names_nobody() {
    let world = World::new().await;
    let token = access_token(&world).await;
    let header = jsonwebtoken::decode_header(&token).expect("a header");
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
    let kid = header.kid.expect("a kid");
    let key = published(&world, "jwks", &kid).await.expect("the key is published");
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert!(key["d"].is_null(), "the public part only: {key}");
    assert_eq!(published(&world, "attestation-keys", &kid).await, None, "two sets");

    let claims = claims(&token);
    let issuer = &world.app.settings.http.public_url;
    assert_eq!(claims["iss"], json!(issuer));
    assert_eq!(claims["exp"].as_i64(), claims["iat"].as_i64().map(|at| at + 900));
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[claims["aud"].as_str().expect("an audience")]);
    let x = key["x"].as_str().expect("x");
    let public = DecodingKey::from_ed_components(x).expect("a key");
    jsonwebtoken::decode::<Value>(&token, &public, &validation).expect("it verifies");

    let who = me(&world, &json!(token)).await.expect(200).json();
    assert_eq!(claims["sub"], who["account_id"]);
    let mut names: Vec<_> = claims.as_object().expect("claims").keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "exp", "gen", "iat", "iss", "jti", "sub"], "ids and dates only");
}

#[tokio::test]
async fn a_token_altered_or_made_otherwise_is_refused_like_none_at_all() {
    let world = World::new().await;
    let token = access_token(&world).await;
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts") };
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = jsonwebtoken::decode_header(&token).expect("a header").kid.expect("a kid");
    let key = published(&world, "jwks", &kid).await.expect("published");
    let mut raised = claims(&token);
    raised["gen"] = json!(99);
    let none = part(json!({ "alg": "none", "typ": "at+jwt", "kid": kid }));
    let attested = part(json!({ "alg": "EdDSA", "typ": "maitrise-attestation+jwt", "kid": kid }));
    let mut symmetric = jsonwebtoken::Header::new(Algorithm::HS256);
    symmetric.kid = Some(kid.clone());
    symmetric.typ = Some("at+jwt".to_owned());
    let secret = key["x"].as_str().expect("x").as_bytes();
    let secret = jsonwebtoken::EncodingKey::from_secret(secret);
    let confused = jsonwebtoken::encode(&symmetric, &claims(&token), &secret).expect("signed");
    for forged in [
        format!("{none}.{payload}."),
        format!("{none}.{payload}.{signature}"),
        format!("{attested}.{payload}.{signature}"),
        format!("{header}.{}.{signature}", part(raised)),
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        confused,
        "x".to_owned(),
    ] {
        let refused = me(&world, &json!(forged)).await.expect(401);
        assert_eq!(refused.problem_code(), "unauthenticated", "{forged}");
    }
    let bare = world.api.get("/api/v1/me").header("authorization", &token).await.expect(401);
    assert_eq!(bare.problem_code(), "unauthenticated");
    me(&world, &json!(token)).await.expect(200);
}

#[tokio::test]
async fn an_attestation_opens_no_door() {
    use maitrise::attestations::model::attestation;
    use sea_orm::EntityTrait as _;
    let world = World::new().await;
    let row = attestation::Entity::find().one(world.app.db.read()).await.expect("rows");
    let signed = row.expect("somebody's attestation").signed;
    let kid = jsonwebtoken::decode_header(&signed).expect("a header").kid.expect("a kid");
    assert!(published(&world, "attestation-keys", &kid).await.is_some());
    assert_eq!(published(&world, "jwks", &kid).await, None, "two sets");
    me(&world, &json!(signed)).await.expect(401);
}
