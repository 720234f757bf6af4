//! Passwords: what one must be, and whether one is right, in the same time for an unknown account as
//! for a known one.

use std::sync::LazyLock;

use super::hashing::{self, TURNS, in_turn};
use crate::error::{Faults, Result};

/// Fewest characters of a password (ANSSI and CNIL 2022: length first, no composition rule).
pub const MIN_CHARACTERS: usize = 12;
/// Most characters of a password: beyond it hashing would be a way to tire the server.
pub const MAX_CHARACTERS: usize = 256;

/// What an unknown account is compared with.
static DECOY: LazyLock<String> =
    LazyLock::new(|| hashing::hash("decoy, never a password").unwrap_or_default());

/// Hashes a password.
///
/// # Errors
/// When hashing fails.
pub async fn hash(password: String) -> Result<String> {
    let hashed = in_turn(&TURNS, move || hashing::hash(&password)).await?;
    Ok(hashed.map_err(anyhow::Error::from)?)
}

/// Whether a password is the one hashed; against no hash at all, takes as long and says no.
///
/// # Errors
/// When hashing fails; a hash that cannot be read is that of nobody's password.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    in_turn(&TURNS, move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DECOY.clone());
        let genuine = hashing::matches(&password, &hash).unwrap_or(false);
        known && genuine
    })
    .await
}

/// Refuses a password that is too short, too long, or the sign-in name itself.
///
/// # Errors
/// `invalid-values`, naming `at`.
pub fn check(password: &str, sign_in_name: &str, at: &str) -> Result<()> {
    let mut faults = Faults::default();
    let length = password.chars().count();
    faults.check(
        (MIN_CHARACTERS..=MAX_CHARACTERS).contains(&length),
        at,
        format!("entre {MIN_CHARACTERS} et {MAX_CHARACTERS} caractères"),
        format!("{MIN_CHARACTERS} to {MAX_CHARACTERS} characters"),
    );
    faults.check(
        crate::text::sign_in_name(password) != sign_in_name,
        at,
        "différent de l'identifiant",
        "other than the sign-in name",
    );
    faults.refuse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_passes_and_an_unknown_account_never_does() {
        let hashed = hash("un mot de passe long".to_owned()).await.expect("hash");
        assert!(hashed.starts_with("$argon2id$"));
        assert!(verify("un mot de passe long".to_owned(), Some(hashed.clone())).await.expect("ok"));
        assert!(!verify("un autre".to_owned(), Some(hashed)).await.expect("ok"));
        assert!(!verify("decoy, never a password".to_owned(), None).await.expect("ok"));
    }

    #[test]
    fn a_password_is_twelve_characters_at_least_and_not_the_sign_in_name() {
        assert!(check("court", "x", "/password").is_err());
        assert!(check("Camille@mairie.example", "camille@mairie.example", "/password").is_err());
        assert!(check("été à la mairie", "x", "/password").is_ok());
    }
}
