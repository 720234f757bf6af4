//! The bundle: what stands behind every attestation of an employer and a period, in one zip that is
//! verified offline. Whoever holds it needs neither us nor our database: the signed credentials, what
//! stands behind each, the digests of the versions followed, the status lists of that moment, the public
//! keys, and a signed list of the digests of all of it.

pub mod check;
mod fill;
mod flow;
mod guide;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use fill::stream;

/// What to read first.
const GUIDE: &str = "LISEZ-MOI.txt";
/// The attestations as a table, names included.
const TABLE: &str = "attestations.csv";
/// The public keys, as the service publishes them.
const KEYS: &str = "cles.json";
/// The digests of all the others.
const SUMS: &str = "EMPREINTES.sha256";
/// What signs that list.
const SEAL: &str = "SIGNATURE.jwt";
/// The folder of attestations, one folder each, named by its code.
const ATTESTATIONS: &str = "attestations";
/// The folder of versions, one list of digests each.
const VERSIONS: &str = "versions";
/// The folder of status lists.
const LISTS: &str = "listes";
/// What stands behind an attestation, in its folder.
const EVIDENCE: &str = "preuve.json";
/// Its credential, in its folder.
const CREDENTIAL: &str = "credential.jwt";
/// The type of the seal's header.
const TYPE: &str = "evidence-bundle+jwt";

/// Of whom, and of when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Reference of the organisation.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// First day of the completions, where the organisation is.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// What is signed: the scope, how many attestations, and the digest of the list of digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Who made it: the public URL.
    pub iss: String,
    /// When, in seconds since 1970.
    pub iat: i64,
    /// Of whom, and of when.
    pub scope: Scope,
    /// How many attestations it holds.
    pub attestations: u64,
    /// SHA-256 of the list of digests, in hexadecimal.
    pub sums: String,
}

impl Sealed {
    /// When it was made.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.iat, 0)
    }
}
