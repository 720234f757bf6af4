//! Who follows which path, pinned to the version begun.
//!
//! A path asks for modules, never for a version of one: whoever completed a module, in whatever
//! version, before or after enrolling in the path, through it or not, has completed that step; a
//! validity that has passed does not undo it. Nothing is stored of a progress: it is read from the
//! facts of the modules. Only the ends are told: enrolled, left, and completed, the last in the very
//! transaction of the completion that brings it about. What one person does in paths happens one at
//! a time (their row is held), so that two last modules completed at once complete the path once.

mod complete;
mod enrol;
pub mod find;
pub mod many;
pub mod progress;
mod stand;

pub use complete::complete_due;
pub use enrol::{Application, Enrolled, apply, enrol, withdraw};
pub use progress::{MemberState, Progress, progress};
pub use stand::{Member, Standing, may_begin, standings};
