//! What a temporary PostgreSQL is started with.

/// Names the socket only; nothing listens on this port.
pub const PORT: &str = "5432";

/// Listens on its socket only; as many connections as two hundred tests at once may want.
#[rustfmt::skip]
const ALWAYS: &[&str] = &["-c", "listen_addresses=", "-p", PORT, "-c", "max_connections=200"];

/// Speed: what is written may be lost with the machine, and the log is as thin as it can be.
#[rustfmt::skip]
const OFF: &[&str] = &[
    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off",
];

/// As PostgreSQL is installed; said, so that nobody has to know its defaults.
#[rustfmt::skip]
const ON: &[&str] = &[
    "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on",
    "-c", "autovacuum=on",
];

/// Whether a cluster keeps what it acknowledged when it, or the machine, is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It dies with the test, which runs several times faster.
    Off,
    /// As in production: what failures and measures are about.
    On,
}

impl Durability {
    /// The arguments of `postgres`; `options` are `name=value`, and hold over the others.
    pub fn arguments(self, options: &[&str]) -> Vec<String> {
        let mode = match self {
            Self::Off => OFF,
            Self::On => ON,
        };
        let given = options.iter().flat_map(|option| ["-c", option]);
        ALWAYS.iter().chain(mode).copied().chain(given).map(str::to_owned).collect()
    }
}

/// How a server is made to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Sessions are cut, what is committed is written down: what an operator does.
    Fast,
    /// At once, as in a crash: the next start replays the log.
    Immediate,
}

impl Stop {
    /// The signal that asks `postgres` for it.
    pub fn signal(self) -> &'static str {
        match self {
            Self::Fast => "INT",
            Self::Immediate => "QUIT",
        }
    }
}
