//! Media: the files of modules that are too large for a database, kept under the digest of their
//! bytes.
//!
//! A file is written aside, made durable, then moved to its place; the row that names it comes after,
//! in the transaction that needs it. So a row always has its file, and whatever is cut short leaves
//! at most a file that nobody names: it costs its room on the disk and nothing else, since nothing is
//! served that no version or draft names, and the same bytes find it in place later. The store speaks
//! `object_store`, so that another place than a folder is a line of settings.

mod keep;
pub mod model;
mod store;

#[cfg(test)]
mod tests;

pub use keep::{known, record};
pub use store::{MediaStore, PutError};
