//! The mail queue, its templates and its delivery: the only room that knows lettre.
//!
//! Mail goes out once. A room above decides what is to be said and inserts a row of ids and dates in
//! its own transaction ([`enqueue`]); the worker claims rows for a while ([`queue::claim`]), asks the
//! room above whether each is still due, and delivers ([`deliver`]). Names, addresses and the secret
//! of a one-use link are looked up or computed at that moment and are kept nowhere.

pub mod address;
pub mod api;
pub mod calendar;
mod deliver;
mod depth;
mod doubt;
mod letter;
pub mod link;
pub mod model;
pub mod personal;
pub mod queue;
mod render;
mod settle;
mod smtp;
#[cfg(test)]
mod tests;
mod transport;

pub use deliver::{Office, deliver};
pub use doubt::{Doubted, doubt};
pub use letter::host;
pub use queue::{Message, enqueue, enqueue_many};
pub use transport::Transport;
