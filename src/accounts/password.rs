//! Passwords: argon2id, the same time for an unknown account as for a known one, and never more
//! hashing at once than the machine has cores, so that sign-ins cannot starve other requests.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;

use crate::clock;
use crate::error::{Faults, Result};

/// Fewest characters of a password (ANSSI and CNIL 2022: length first, no composition rule).
pub const MIN_CHARACTERS: usize = 12;
/// Most characters of a password: beyond it hashing would be a way to tire the server.
pub const MAX_CHARACTERS: usize = 256;

static HASHING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores))
});

/// What an unknown account is compared with.
static DECOY: LazyLock<String> = LazyLock::new(|| hash_now("decoy, never a password"));

/// Hashes a password (argon2id, RFC 9106, with the crate's recommended parameters).
///
/// # Errors
/// When hashing fails.
pub async fn hash(password: String) -> Result<String> {
    in_turn(&HASHING, move || hash_now(&password)).await
}

/// Whether a password is the one hashed; against no hash at all, takes as long and says no.
///
/// # Errors
/// When verifying fails for a reason other than a wrong password.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    in_turn(&HASHING, move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DECOY.clone());
        let genuine = PasswordHash::new(&hash)
            .is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        known && genuine
    })
    .await
}

/// Works on a blocking thread once a turn is free. The turn goes with the work, which nobody can
/// interrupt: a client that hangs up frees no place for another hash beside the one under way.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let turn = turns.clone().acquire_owned().await.map_err(anyhow::Error::from)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    Ok(done.await.map_err(anyhow::Error::from)?)
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

fn hash_now(password: &str) -> String {
    let salt = SaltString::encode_b64(&clock::random::<16>()).expect("16 bytes make a salt");
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .expect("the default parameters are valid and passwords are bounded")
        .to_string()
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

    #[tokio::test]
    async fn a_client_that_hangs_up_frees_no_turn_before_its_hash_is_done() {
        let turns = Arc::new(Semaphore::new(1));
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let work = in_turn(&turns, move || ended.recv().is_ok());
        let hangs_up = std::time::Duration::from_millis(50);
        tokio::time::timeout(hangs_up, work).await.expect_err("still at work");
        assert_eq!(turns.available_permits(), 0, "the work goes on, and its turn with it");
        end.send(()).expect("the work is there");
        let next = in_turn(&turns, || ()).await;
        next.expect("the turn is free once the work is done");
    }

    #[test]
    fn a_password_is_twelve_characters_at_least_and_not_the_sign_in_name() {
        assert!(check("court", "x", "/password").is_err());
        assert!(check("Camille@mairie.example", "camille@mairie.example", "/password").is_err());
        assert!(check("été à la mairie", "x", "/password").is_ok());
    }
}
