//! Reading lessons, taking quizzes, completing.
//!
//! What is read and answered is a fact; what is being answered is working state that a lost network
//! or a killed server cannot lose once acknowledged. A module is completed, and attested, in the very
//! transaction of the fact that completes it: there is nothing to wait for and nothing to reconcile.

pub mod accommodation;
pub mod annul;
pub mod api;
pub mod attempts;
pub mod complete;
pub mod hand_in;
pub mod lessons;
pub mod mended;
pub mod model;
pub mod moving;
pub mod personal;
pub mod presence;
pub mod recognise;
pub mod resume;
pub mod rules;
pub mod study;
