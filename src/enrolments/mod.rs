//! Who learns what, pinned to the version started.
//!
//! Enrolling twice is enrolling once. The version published at that moment is the one that will be
//! read, examined and attested, whatever is published later. After a withdrawal, enrolling again opens
//! another cycle: nothing is reset.

pub mod again;
pub mod api;
pub mod application;
pub mod enrol;
pub mod find;
pub mod many;
pub mod model;
pub mod paths;
pub mod rules;

pub use application::{Application, Learner, Wish, apply};
pub use enrol::{Enrolled, enrol, withdraw};
