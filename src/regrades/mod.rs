//! Keys that were wrong in a published version, mended: every attempt marked under them is marked again.
//!
//! Nothing published is edited and no result erased: a correction is a row beside the version, a new
//! result a fact that supersedes the first. A passed result is never lowered unless whoever decides says
//! so, with how many persons would fail. Whoever passes thereby completes and is attested in the same
//! transaction. Each attempt is a transaction of its own, so that nothing is held for long; a walk that
//! was cut short goes on from its cursor, and what it did already it finds done.

pub mod api;
pub mod decide;
pub mod model;
pub mod preview;
pub mod rules;
pub mod run;
pub mod wish;

pub use run::advance;
