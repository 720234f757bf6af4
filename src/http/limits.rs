//! Limits on sign-in attempts: per account and address, then per address, so that guessing is slow
//! and a stranger cannot lock anybody out. Counted per process (documented in SECURITY.md).

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::SignInSettings;
use crate::error::{Reason, Refusal, Result};

/// Keys beyond which those that are at rest again are forgotten.
const MANY: usize = 10_000;

/// The counters.
pub struct SignInLimits {
    by_account: DefaultKeyedRateLimiter<(String, IpAddr)>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

impl std::fmt::Debug for SignInLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInLimits").finish_non_exhaustive()
    }
}

impl SignInLimits {
    /// Counters with the limits of the settings, in attempts per minute.
    pub fn new(settings: &SignInSettings) -> Self {
        let quota = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self {
            by_account: RateLimiter::keyed(quota(settings.per_account_and_address)),
            by_address: RateLimiter::keyed(quota(settings.per_address)),
        }
    }

    /// Counts an attempt, before the password is looked at.
    ///
    /// # Errors
    /// `too-many-requests`, with the seconds to wait.
    pub fn count(&self, sign_in_name: &str, address: IpAddr) -> Result<()> {
        if self.by_account.len() > MANY {
            self.by_address.retain_recent();
            self.by_account.retain_recent();
        }
        let account = (sign_in_name.to_owned(), address);
        let allowed = self.by_account.check_key(&account).is_ok()
            && self.by_address.check_key(&address).is_ok();
        if allowed {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_elsewhere_does_not_lock_the_owner_out() {
        let limits =
            SignInLimits::new(&SignInSettings { per_account_and_address: 3, per_address: 100 });
        let (stranger, owner) =
            ("192.0.2.1".parse().expect("ip"), "192.0.2.2".parse().expect("ip"));
        let refused = (0..10).filter(|_| limits.count("camille", stranger).is_err()).count();
        assert_eq!(refused, 7);
        assert!(limits.count("camille", owner).is_ok());
    }
}
