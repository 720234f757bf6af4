//! The bundle: what stands behind every attestation of an employer and a period, in one zip that is
//! verified offline. Whoever holds it needs neither us nor our database: the signed credentials, what
//! stands behind each, the digests of the versions followed, the status lists of that moment, the public
//! keys, and a signed list of the digests of all of it.

pub mod check;
pub(super) mod flow;
pub(super) mod guide;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What to read first.
pub(super) const GUIDE: &str = "LISEZ-MOI.txt";
/// The attestations as a table, names included.
pub(super) const TABLE: &str = "attestations.csv";
/// The public keys, as the service publishes them.
pub(super) const KEYS: &str = "cles.json";
/// The digests of all the others.
pub(super) const SUMS: &str = "EMPREINTES.sha256";
/// What signs that list.
pub(super) const SEAL: &str = "SIGNATURE.jwt";
/// The folder of attestations, one folder each, named by its code.
pub(super) const ATTESTATIONS: &str = "attestations";
/// The folder of versions, one list of digests each.
pub(super) const VERSIONS: &str = "versions";
/// The folder of status lists.
pub(super) const LISTS: &str = "listes";
/// What stands behind an attestation, in its folder.
pub(super) const EVIDENCE: &str = "preuve.json";
/// Its credential, in its folder.
pub(super) const CREDENTIAL: &str = "credential.jwt";
/// The type of the seal's header.
pub(super) const TYPE: &str = "evidence-bundle+jwt";

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
