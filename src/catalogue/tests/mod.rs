//! What the catalogue promises, on a database of each engine.

pub(crate) mod kit;

mod drafts;
mod import;
mod paths;
mod search;
mod shelf;
