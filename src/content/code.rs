//! The code that names a module everywhere: folder, address, attestation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A module's code: `[A-Z][A-Z0-9-]{0,23}`, for example `E1` or `PREMIERS-PAS`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModuleCode(String);

/// The text is not a module code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "un code de module compte 1 à 24 caractères : une majuscule, puis des majuscules, des chiffres ou des tirets"
)]
pub struct BadModuleCode;

impl ModuleCode {
    /// Reads a code exactly as written: no trimming, no change of case.
    ///
    /// # Errors
    /// [`BadModuleCode`] when the text is not of the shape above.
    pub fn parse(text: &str) -> Result<Self, BadModuleCode> {
        let inner = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        let starts_well = text.starts_with(|c: char| c.is_ascii_uppercase());
        if starts_well && text.len() <= 24 && text.bytes().all(inner) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadModuleCode)
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ModuleCode {
    type Err = BadModuleCode;

    fn from_str(text: &str) -> Result<Self, BadModuleCode> {
        Self::parse(text)
    }
}

impl TryFrom<String> for ModuleCode {
    type Error = BadModuleCode;

    fn try_from(text: String) -> Result<Self, BadModuleCode> {
        Self::parse(&text)
    }
}

impl From<ModuleCode> for String {
    fn from(code: ModuleCode) -> Self {
        code.0
    }
}
