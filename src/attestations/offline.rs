//! Checking what somebody shows with nothing but public keys and, if at hand, status lists: no database,
//! no network.

use chrono::NaiveDate;
use serde_json::Value;

use super::entry::Place;
use super::jws::Flaw;
use super::lists::{List, Purpose};
use super::{badge, proof};
use crate::keys::KeyEntry;

/// What was shown, once its signature was found right.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The key that signed.
    pub key: KeyEntry,
    /// Verification code.
    pub code: String,
    /// Code of the module and version followed.
    pub module: (String, String),
    /// Title of the module, where it is told.
    pub title: Option<String>,
    /// Digest of the version's files, in hexadecimal.
    pub tree_digest: String,
    /// Day of the completion.
    pub completed_on: NaiveDate,
    /// Where its status is told.
    pub place: Place,
    /// What tells whether a name is the holder's.
    named: Named,
}

#[derive(Clone, Debug)]
enum Named {
    Badge(Box<Value>),
    Proof(proof::Claims),
}

impl Shown {
    /// Whether a name is that of the holder. A proof takes it however it is typed; a credential to the
    /// letter, but for spaces.
    pub fn is_of(&self, name: &str) -> bool {
        match &self.named {
            Named::Badge(credential) => badge::is_of(credential, name),
            Named::Proof(claims) => claims.is_of(name),
        }
    }

    /// What a list says of it: nothing when it is not told in that list.
    pub fn is_marked(&self, lists: &[List], purpose: Purpose) -> Option<bool> {
        let told = lists.iter().filter(|list| list.purpose == purpose);
        // Of several that hold its place, the latest.
        let told = told.filter_map(|list| Some((list.at, list.says(self.place)?)));
        told.max_by_key(|(at, _)| *at).map(|(_, marked)| marked)
    }
}

/// What a compact form shows: a credential or a proof.
///
/// # Errors
/// What is wrong with it.
pub fn open(keys: &[KeyEntry], signed: &str) -> Result<Shown, Flaw> {
    match proof::open(keys, signed) {
        Ok((key, claims)) => of_proof(key, claims).ok_or(Flaw::Content),
        Err(Flaw::Type) => {
            let (key, credential) = badge::open(keys, signed)?;
            of_badge(key, credential).ok_or(Flaw::Content)
        }
        Err(flaw) => Err(flaw),
    }
}

fn of_proof(key: &KeyEntry, claims: proof::Claims) -> Option<Shown> {
    Some(Shown {
        key: key.clone(),
        code: claims.c.clone(),
        module: (claims.m.clone(), claims.v.to_string()),
        title: None,
        tree_digest: claims.tree_digest()?,
        completed_on: claims.day()?,
        place: Place::numbered(claims.i),
        named: Named::Proof(claims),
    })
}

fn of_badge(key: &KeyEntry, credential: Value) -> Option<Shown> {
    let subject = &credential["credentialSubject"];
    let achievement = &subject["achievement"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let narrative = text(&credential["evidence"][0]["narrative"])?;
    let ended = subject["activityEndDate"].as_str()?;
    Some(Shown {
        key: key.clone(),
        code: credential["id"].as_str()?.rsplit('/').next()?.to_owned(),
        module: (text(&achievement["humanCode"])?, text(&achievement["version"])?),
        title: text(&achievement["name"]),
        tree_digest: narrative.strip_prefix("SHA-256 ")?.to_owned(),
        completed_on: ended.split('T').next()?.parse().ok()?,
        place: Place::of_entry(&credential["credentialStatus"])?,
        named: Named::Badge(Box::new(credential)),
    })
}
