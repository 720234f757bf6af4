//! What every test stands on, and nothing about training.
//!
//! The suite speaks to the real thing: a real PostgreSQL that it starts and removes itself, a real
//! SMTP conversation, the real binary as a process, HTTP over a real socket. Each of these is one
//! file here, knows nothing of the others' subjects, and is proven by a test in `selftest.rs`, so
//! that a failure elsewhere can be trusted to be the program's. Nothing started here outlives the
//! test process, not even when it is killed (`leash.rs`).
//!
//! Waiting is always `async`: a test usually shares its only thread with the server it tests, and
//! a wait that blocks would stop both.

#![expect(
    clippy::disallowed_methods,
    reason = "a run is told its engine, and where PostgreSQL is, by the environment; so is a process that is to be killed"
)]

mod capture;
mod dial;
mod disk;
mod engine;
mod http;
pub mod leash;
mod log;
mod postgres;
mod process;
mod received;
mod selftest;
mod smtp;

pub use dial::{dial, told};
pub use disk::SmallDisk;
pub use engine::Engine;
pub use http::{Answer, Api, Call};
pub use log::{capture_log, capture_whole_log};
pub use postgres::{Cluster, Database, Durability, Stop};
pub use process::{Output, Server, Settings, run};
pub use received::Received;
pub use smtp::Sink;
