//! What is taught: modules, their immutable versions, and the drafts they are written in.
//!
//! A version is a file tree, kept by the digest of its bytes and never changed; a draft is the same
//! tree, still moving. What is published is read from the [`Shelf`], in memory, so that the public
//! catalogue and every lesson cost no query; the database alone decides what is on it.

pub mod adopt;
pub mod api;
pub mod archive;
pub mod draft;
mod edition;
pub mod export;
pub mod find;
pub mod import;
pub mod model;
mod pages;
pub mod paths;
pub mod personal;
mod published;
pub mod revision;
pub mod search;
pub mod shelf;
pub mod shown;
pub mod sources;
pub mod store;
pub mod synonyms;
pub mod version;
pub mod withheld;
pub mod workbench;

#[cfg(test)]
pub(crate) mod tests;

pub use edition::Edition;
pub use published::Catalogue;
pub use shelf::Shelf;
