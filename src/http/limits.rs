//! Limits on sign-in attempts: per account and address, then per address, so that guessing is slow
//! and a stranger cannot lock anybody out. Counted per process (documented in SECURITY.md).
//!
//! An attempt is counted before the password is looked at, and given back if it was the right one: a
//! thousand guesses at once are not a thousand guesses, and signing in costs nobody anything.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::config::SignInSettings;
use crate::error::{Reason, Refusal, Result};

/// Keys beyond which those that are at rest again are forgotten.
const MANY: usize = 10_000;
/// Bits of an IPv6 address that one subscriber is given (RFC 6177): the rest is theirs to choose.
const SUBSCRIBER_BITS: u32 = 64;

/// The counters.
#[derive(Debug)]
pub struct SignInLimits {
    by_account: Counter<(String, IpAddr)>,
    by_address: Counter<IpAddr>,
}

impl SignInLimits {
    /// Counters with the limits of the settings, in attempts per minute.
    pub fn new(settings: &SignInSettings) -> Self {
        Self {
            by_account: Counter::new(settings.per_account_and_address),
            by_address: Counter::new(settings.per_address),
        }
    }

    /// Counts an attempt, before the password is looked at.
    ///
    /// # Errors
    /// `too-many-requests`, with the seconds to wait.
    pub fn count(&self, sign_in_name: &str, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
        let address = subscriber(address);
        let account = (sign_in_name.to_owned(), address);
        if self.by_account.take(account, now) && self.by_address.take(address, now) {
            return Ok(());
        }
        Err(Refusal::new(Reason::TooManyRequests)
            .because(
                "Trop d'essais de connexion : réessayez dans une minute.",
                "Too many sign-in attempts: try again in a minute.",
            )
            .retry_after(60)
            .into())
    }

    /// Gives back an attempt that succeeded. What failed before it stays counted.
    pub fn give_back(&self, sign_in_name: &str, address: IpAddr) {
        let address = subscriber(address);
        self.by_account.give_back(&(sign_in_name.to_owned(), address));
        self.by_address.give_back(&address);
    }
}

/// Whose address it is: one IPv6 subscriber has more addresses than could ever be counted.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::MAX << (128 - SUBSCRIBER_BITS);
            Ipv6Addr::from_bits(address.to_bits() & network).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// What each key has left, refilled at a steady pace up to a minute's worth.
#[derive(Debug)]
struct Counter<K> {
    per_minute: f64,
    left: Mutex<HashMap<K, Left>>,
}

/// Attempts left at an instant.
#[derive(Clone, Copy, Debug)]
struct Left {
    attempts: f64,
    at: DateTime<Utc>,
}

impl<K: Eq + Hash> Counter<K> {
    fn new(per_minute: u32) -> Self {
        Self { per_minute: f64::from(per_minute.max(1)), left: Mutex::default() }
    }

    /// Takes an attempt, if one is left.
    fn take(&self, key: K, now: DateTime<Utc>) -> bool {
        let mut all = self.lock();
        if all.len() > MANY {
            all.retain(|_, left| self.refilled(*left, now) < self.per_minute);
        }
        let left = all.entry(key).or_insert(Left { attempts: self.per_minute, at: now });
        let attempts = self.refilled(*left, now);
        let allowed = attempts >= 1.0;
        *left = Left { attempts: if allowed { attempts - 1.0 } else { attempts }, at: now };
        allowed
    }

    fn give_back(&self, key: &K) {
        if let Some(left) = self.lock().get_mut(key) {
            left.attempts = (left.attempts + 1.0).min(self.per_minute);
        }
    }

    fn refilled(&self, left: Left, now: DateTime<Utc>) -> f64 {
        let seconds = (now - left.at).as_seconds_f64().max(0.0);
        (left.attempts + seconds * self.per_minute / 60.0).min(self.per_minute)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Left>> {
        // Counters stay true whatever thread panicked while it held them.
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn limits(per_account_and_address: u32, per_address: u32) -> SignInLimits {
        SignInLimits::new(&SignInSettings { per_account_and_address, per_address })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("an instant")
    }

    #[test]
    fn a_stranger_elsewhere_does_not_lock_the_owner_out() {
        let limits = limits(3, 100);
        let guess = || limits.count("camille", ip("192.0.2.1"), start());
        assert_eq!((0..10).filter(|_| guess().is_err()).count(), 7);
        assert!(limits.count("camille", ip("192.0.2.2"), start()).is_ok());
    }

    #[test]
    fn attempts_come_back_one_by_one_and_never_more_than_a_minutes_worth() {
        let limits = limits(3, 100);
        let after = |seconds: i64| {
            let now = start() + Duration::seconds(seconds);
            (0..10).filter(|_| limits.count("camille", ip("192.0.2.1"), now).is_ok()).count()
        };
        assert_eq!([after(0), after(19), after(20), after(3_600), after(0)], [3, 0, 1, 3, 0]);
    }

    #[test]
    fn an_attempt_that_succeeds_is_given_back_and_those_that_failed_are_not() {
        let limits = limits(3, 4);
        let (camille, here) = ("camille", ip("192.0.2.1"));
        for _ in 0..20 {
            assert!(limits.count(camille, here, start()).is_ok());
            limits.give_back(camille, here);
        }
        assert_eq!((0..10).filter(|_| limits.count(camille, here, start()).is_ok()).count(), 3);
        limits.give_back("personne", here);
        assert_eq!(
            (0..10).filter(|n| limits.count(&n.to_string(), here, start()).is_ok()).count(),
            2
        );
    }

    #[test]
    fn the_addresses_of_one_subscriber_are_one() {
        let limits = limits(100, 2);
        let from = |address: &str, name: &str| limits.count(name, ip(address), start()).is_ok();
        assert!(from("2001:db8:1:2::1", "a") && from("2001:db8:1:2:ffff::9", "b"));
        assert!(!from("2001:db8:1:2:3:4:5:6", "c"));
        assert!(from("2001:db8:1:3::1", "c"), "the neighbour");
        assert!(from("::ffff:192.0.2.1", "a") && from("192.0.2.1", "b"));
        assert!(!from("::ffff:192.0.2.1", "c"), "an IPv4 address written as IPv6");
        assert!(from("::ffff:192.0.2.2", "c"), "and its neighbour");
    }
}
