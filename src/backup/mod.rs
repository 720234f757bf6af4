//! Backups by the engine's own means, and a restore after which nothing that was over begins again.
//!
//! A backup is a folder: the dump, the media that it names, the public parts of the keys, and a manifest
//! that says what they are, with their digests. It is written under another name, made durable, then given its own, so
//! that an interrupted one is never mistaken for a backup. It holds no secret: private keys and the
//! link secret are files elsewhere. A restore goes into an empty place, and supposes of everything
//! that was going on when the backup was made that it has happened since: sessions and one-use links
//! are closed, mail that waited is not sent again on a guess, reminders that were due are not planned
//! a second time.

mod aftermath;
mod files;
mod make;
mod manifest;
mod media;
mod postgres;
mod progress;
mod restore;
mod rows;
mod sqlite;
mod tools;

pub use aftermath::Aftermath;
pub use make::make;
pub use manifest::{Engine, Manifest};
pub use restore::{Restored, restore};
