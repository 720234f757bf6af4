//! The application: what every request and every worker round needs, built once, cheap to clone.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::catalogue::Shelf;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::http::limits::SignInLimits;
use crate::http::metrics::Metrics;
use crate::keys::KeyRing;
use crate::media::MediaStore;

/// The application of one process.
#[derive(Clone, Debug)]
pub struct App {
    /// Settings in force.
    pub settings: Arc<Settings>,
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Signing keys.
    pub keys: Arc<KeyRing>,
    /// Counters for operators.
    pub metrics: Arc<Metrics>,
    /// Failed sign-ins, counted in this process.
    pub sign_in_limits: Arc<SignInLimits>,
    /// Published modules, kept in memory.
    pub shelf: Shelf,
    /// Media of modules.
    pub media: MediaStore,
    /// Wakes this process's worker, when there is something to do at once.
    pub nudge: Arc<Notify>,
    /// When this process began.
    pub started_at: DateTime<Utc>,
}

impl App {
    /// Builds the application from its parts.
    pub fn new(settings: Settings, db: Db, clock: Clock, keys: KeyRing, media: MediaStore) -> Self {
        let sign_in_limits = Arc::new(SignInLimits::new(&settings.sign_in));
        Self {
            settings: Arc::new(settings),
            started_at: clock.now(),
            db,
            clock,
            keys: Arc::new(keys),
            metrics: Arc::default(),
            sign_in_limits,
            shelf: Shelf::default(),
            media,
            nudge: Arc::default(),
        }
    }

    /// An application without database or keys: enough to describe itself.
    pub fn without_data(settings: Settings) -> Self {
        let (db, media) = (Db::disconnected(), MediaStore::in_memory());
        Self::new(settings, db, Clock::default(), KeyRing::empty(), media)
    }

    /// Whether people reach it over https: cookies are then for encrypted connections only.
    pub fn is_https(&self) -> bool {
        self.settings.http.public_url.starts_with("https://")
    }

    /// The same application, once the port that the system chose is known: with no public URL of its
    /// own, the address it listens on is its public URL.
    #[must_use]
    pub fn reachable_at(mut self, address: SocketAddr) -> Self {
        let mut settings = Settings::clone(&self.settings);
        if settings.http.public_url == format!("http://{}", settings.http.listen) {
            settings.http.public_url = format!("http://{address}");
        }
        settings.http.listen = address;
        self.settings = Arc::new(settings);
        self
    }
}
