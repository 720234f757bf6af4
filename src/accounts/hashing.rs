//! argon2id (RFC 9106), a few hashes at a time, in memory that is kept from one to the next.
//!
//! A hash takes 19 MiB. Allocated afresh on whichever thread is free, it would stay behind in the
//! allocator of every thread that ever hashed: hundreds of mebibytes after a busy morning. And a hash
//! keeps a core busy for tens of milliseconds: one core is always left to everyone else.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use crate::clock;
use crate::error::Result;

/// Hashes under way at once: as many as there are cores but one, and one at least.
pub static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)))
});

/// The memory of the hashes that are not under way: never more lots than there are turns.
static IDLE_MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Works on a blocking thread once a turn is free. The turn goes with the work, which nobody can
/// interrupt: a client that hangs up frees no place for another hash beside the one under way.
///
/// # Errors
/// When the work panics.
pub async fn in_turn<T: Send + 'static>(
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

/// Hashes a password under the crate's recommended parameters, as a PHC string.
///
/// # Errors
/// When the parameters are not valid, which they are.
pub fn hash(password: &str) -> argon2::password_hash::Result<String> {
    let salt = SaltString::encode_b64(&clock::random::<16>())?;
    let argon2 = Argon2::default();
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let mut raw = [0; 64];
    let salt = salt.as_salt();
    compute(&argon2, password, salt.decode_b64(&mut raw)?, &mut out)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(salt),
        hash: Some(Output::new(&out)?),
    };
    Ok(hash.to_string())
}

/// Whether a password is the one hashed, under the parameters that the hash states.
///
/// # Errors
/// When the hash cannot be read.
pub fn matches(password: &str, hash: &str) -> argon2::password_hash::Result<bool> {
    use argon2::password_hash::Error;
    let hash = PasswordHash::new(hash)?;
    let (salt, expected) = hash.salt.zip(hash.hash).ok_or(Error::PhcStringField)?;
    let version = hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let algorithm = Algorithm::try_from(hash.algorithm)?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash)?);
    let mut raw = [0; 64];
    let mut out = vec![0; expected.len()];
    compute(&argon2, password, salt.decode_b64(&mut raw)?, &mut out)?;
    Ok(out.ct_eq(expected.as_bytes()).into())
}

fn compute(argon2: &Argon2<'_>, password: &str, salt: &[u8], out: &mut [u8]) -> argon2::Result<()> {
    let idle = || IDLE_MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = idle().pop().unwrap_or_default();
    memory.resize(argon2.params().block_count(), Block::default());
    let done =
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory[..]);
    idle().push(memory);
    done
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[test]
    fn what_is_hashed_here_and_by_the_crate_itself_is_the_same() {
        let ours = hash("une phrase entière").expect("a hash");
        let read = PasswordHash::new(&ours).expect("a PHC string");
        Argon2::default().verify_password("une phrase entière".as_bytes(), &read).expect("right");

        let salt = SaltString::encode_b64(b"sixteen bytes of").expect("a salt");
        let theirs = Argon2::default().hash_password(b"une autre", &salt).expect("a hash");
        assert!(matches("une autre", &theirs.to_string()).expect("read"));
        assert!(!matches("une autre phrase", &theirs.to_string()).expect("read"));
        assert!(matches("une autre", "no hash at all").is_err());
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
}
