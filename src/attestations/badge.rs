//! An attestation as others read it: an AchievementCredential of Open Badges 3.0, which is a Verifiable
//! Credential (W3C, data model 2.0), secured as a JWT (VC-JWT).
//!
//! The payload is the credential with the registered claims `iss`, `jti` and `nbf`. The holder is a
//! salted digest of their name. The published schema of Open Badges takes plain strings for names and
//! descriptions: the description says it in French, then in English.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::entry::Place;
use super::jws::{self, Flaw};
use super::signed::Statement;
use crate::error::Result;
use crate::keys::{Algorithm, KeyEntry, KeyRing, KeyUse};
use crate::records::told::ProviderThen;
use crate::text;

/// The type that Open Badges 3.0 wants of the header.
const TYPE: &str = "JWT";
/// The media type of a credential secured as a JWT.
pub const MEDIA_TYPE: &str = "application/vc+jwt";
const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// What a credential is made of.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// The public URL of the service, which signs.
    pub issuer: &'a str,
    /// Who runs it.
    pub operator: &'a str,
    /// What the attestation says.
    pub statement: &'a Statement,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When the credential is made: from then on it is valid.
    pub made_at: DateTime<Utc>,
    /// First recorded activity.
    pub began_at: DateTime<Utc>,
    /// What the module is about.
    pub summary: &'a str,
    /// What one is able to do after it.
    pub objectives: &'a [String],
    /// Language of the module.
    pub language: &'a str,
    /// Who provided it that day.
    pub provider: &'a ProviderThen,
    /// The holder's name, and the salt of its digest.
    pub holder: (&'a str, &'a str),
    /// Where its status is told.
    pub place: Place,
}

/// The credential, unsigned.
pub fn payload(ground: &Ground<'_>) -> Value {
    let (said, issuer) = (ground.statement, ground.issuer);
    let id = format!("{issuer}/verifier/{}", said.code);
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": { "id": issuer, "type": ["Profile"], "name": ground.operator, "url": issuer },
        "validFrom": stamp(ground.made_at),
        "awardedDate": stamp(ground.issued_at),
        "name": format!("Attestation de fin de formation : {}", said.title),
        "description": format!(
            "Atteste que la formation « {0} » a été suivie jusqu'à son terme. / Attests that the \
             training “{0}” was followed to its end.",
            said.title
        ),
        "credentialSubject": subject(ground),
        "evidence": [evidence(ground, &id)],
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
        "credentialStatus": ground.place.entry(issuer),
        "iss": issuer,
        "jti": id,
        "nbf": ground.made_at.timestamp(),
    })
}

fn subject(ground: &Ground<'_>) -> Value {
    let said = ground.statement;
    let (name, salt) = ground.holder;
    let mut subject = json!({
        "type": ["AchievementSubject"],
        "identifier": [{
            "type": "IdentityObject", "hashed": true, "identityHash": identity_hash(name, salt),
            "identityType": "ext:name", "salt": salt,
        }],
        "activityStartDate": stamp(ground.began_at),
        "activityEndDate": stamp(said.completed_at),
        "achievement": achievement(ground),
    });
    if let Some(percent) = said.percent {
        subject["result"] = json!([{
            "type": ["Result"], "resultDescription": result_id(ground),
            "value": percent.to_string(), "status": "Completed",
        }]);
    }
    subject
}

fn achievement(ground: &Ground<'_>) -> Value {
    let said = ground.statement;
    let objectives = ground.objectives.iter().map(|text| format!("* {text}\n"));
    let quiz = said.percent.map(|_| {
        let mark = said.pass_mark_percent;
        format!("Quiz réussi à {mark} % au moins. / Quiz passed with {mark} % at least.\n")
    });
    let mut achievement = json!({
        "id": format!("{}/modules/{}", ground.issuer, said.module),
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": said.title,
        "description": ground.summary,
        "humanCode": said.module,
        "version": said.version.to_string(),
        "inLanguage": ground.language,
        "creator": creator(ground),
        "criteria": { "narrative": format!(
            "Toutes les leçons lues ({1} minutes annoncées). / All lessons read ({1} minutes \
             announced).\n{2}\nObjectifs :\n\n{0}",
            objectives.collect::<String>(), said.duration_minutes, quiz.unwrap_or_default(),
        ) },
    });
    if said.percent.is_some() {
        achievement["resultDescription"] = json!([{
            "id": result_id(ground), "type": ["ResultDescription"], "resultType": "Percent",
            "name": "Quiz", "valueMin": "0", "valueMax": "100",
            "requiredValue": said.pass_mark_percent.to_string(),
        }]);
    }
    achievement
}

fn result_id(ground: &Ground<'_>) -> String {
    let Statement { module, version, .. } = ground.statement;
    format!("{}/modules/{module}#version-{version}-quiz", ground.issuer)
}

fn creator(ground: &Ground<'_>) -> Value {
    let provider = ground.provider;
    let known = provider.siret.as_ref().map_or_else(
        || format!("{}/modules/{}#organisme", ground.issuer, ground.statement.module),
        |siret| format!("urn:siret:{siret}"),
    );
    let mut creator = json!({ "id": known, "type": ["Profile"], "name": provider.name });
    if let Some(siret) = &provider.siret {
        creator["otherIdentifier"] = json!([{
            "type": "IdentifierEntry", "identifier": siret, "identifierType": "ext:siret",
        }]);
    }
    creator
}

/// What stands behind it: the version followed, by the digest of its files.
fn evidence(ground: &Ground<'_>, id: &str) -> Value {
    let said = ground.statement;
    let part = if said.extract { " (extrait)" } else { "" };
    json!({
        "id": id, "type": ["Evidence"],
        "name": format!("{}, version {}{part}", said.module, said.version),
        "narrative": format!("SHA-256 {}", said.tree_digest),
        "genre": "maitrise:tree-digest",
    })
}

/// The digest of a name as Open Badges writes it.
pub fn identity_hash(name: &str, salt: &str) -> String {
    let name: String = name.nfc().collect();
    format!("sha256${}", text::hex(&Sha256::digest(format!("{name}{salt}"))))
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Signs a credential. Answers the key identifier and the JWT, whose header carries the public key too:
/// Open Badges lets a verifier without our list of keys read it there, and trust it or not.
///
/// # Errors
/// When no attestation key signs that way, or signing fails.
pub fn sign(keys: &KeyRing, algorithm: Algorithm, payload: &Value) -> Result<(String, String)> {
    let fill = |header: &mut jsonwebtoken::Header, kid: &str| {
        header.typ = Some(TYPE.to_owned());
        let public = keys.public(KeyUse::Attestation).find(|key| key.kid == kid);
        header.jwk = public.and_then(|key| serde_json::from_value(key.jwk()).ok());
    };
    jws::sign(keys, algorithm, fill, payload)
}

/// The credential that a JWT holds, if an attestation key signed it.
///
/// # Errors
/// What is wrong with it.
pub fn open<'k>(keys: &'k [KeyEntry], jwt: &str) -> Result<(&'k KeyEntry, Value), Flaw> {
    let dated = |claims: &Value| DateTime::from_timestamp(claims["nbf"].as_i64()?, 0);
    let (key, claims) = jws::open(keys, Some(TYPE), jwt, dated)?;
    let types = claims["type"].as_array().ok_or(Flaw::Content)?;
    if !types.contains(&json!("AchievementCredential")) || claims["jti"] != claims["id"] {
        return Err(Flaw::Content);
    }
    Ok((key, claims))
}

/// Whether that is the holder's name, to the letter but for how letters are composed.
pub fn is_of(credential: &Value, name: &str) -> bool {
    let identifiers = credential["credentialSubject"]["identifier"].as_array();
    let said = name.split_whitespace().collect::<Vec<_>>().join(" ");
    identifiers.into_iter().flatten().any(|identity| {
        let salt = identity["salt"].as_str().unwrap_or_default();
        identity["identityHash"] == json!(identity_hash(&said, salt))
    })
}
