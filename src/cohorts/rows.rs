//! What is asked: the module or the path, the due date, and how each person is named.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Faults, Reason, Result};
use crate::people::identity::is_address;

/// Rows of one order at most.
pub const MOST_ROWS: usize = 10_000;

/// Faults told at most.
const TOLD: usize = 50;

/// Longest names, in characters.
const LONGEST: usize = 100;

/// What holds for every row of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Code of the module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Code of the path, when it is no module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The civil date by which to complete the module, in the organisation's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// `employer` or `cdg`.
    pub by: String,
}

/// How a row names somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// By their id.
    Person(Uuid),
    /// By their sign-in name.
    Login(String),
    /// By an address, which several may share, and by their name.
    Mail {
        /// The address.
        address: String,
        /// Given name.
        given: String,
        /// Family name.
        family: String,
    },
}

impl Named {
    /// As a job keeps it.
    pub fn kept(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// As a job kept it.
    ///
    /// # Errors
    /// `internal` when it was kept otherwise.
    pub fn of(kept: Value) -> Result<Self> {
        Ok(serde_json::from_value(kept).map_err(|_| Reason::Internal)?)
    }

    /// Checks what can be checked of a row by itself; `at` says where a field of it is.
    pub fn check(&self, at: impl Fn(&str) -> String, faults: &mut Faults) {
        match self {
            Self::Person(_) => {}
            Self::Login(login) => faults.check_text(login, &at("login"), 254),
            Self::Mail { address, given, family } => {
                faults.check(
                    is_address(address),
                    &at("email"),
                    "adresse attendue, comme prenom.nom@mairie.example",
                    "an address is expected, such as prenom.nom@mairie.example",
                );
                faults.check_text(given, &at("given_name"), LONGEST);
                faults.check_text(family, &at("family_name"), LONGEST);
            }
        }
    }
}

/// Checks how many rows there are; `at` is where they stand.
pub fn check_count(count: usize, at: &str, faults: &mut Faults) {
    faults.check(
        (1..=MOST_ROWS).contains(&count),
        at,
        format!("de 1 à {MOST_ROWS} personnes ; il y en a {count} : envoyez-les en plusieurs fois"),
        format!("1 to {MOST_ROWS} people; there are {count}: send them in several times"),
    );
}

/// Whether enough faults are known for somebody to begin mending.
pub fn is_enough(faults: &Faults) -> bool {
    faults.count() >= TOLD
}
