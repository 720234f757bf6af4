//! Learning paths: a choice of modules for somebody, versioned like a module.
//!
//! A version is a value, kept whole as JSON under its digest and never changed; it names modules by
//! code, so that a new version of a module is the path's at once. Whoever follows a path stays with the
//! version begun. What is published is read from the shelf. A path is **listed** once each of its
//! mandatory steps has a published module: what production withholds, or a provider retires, hides
//! the path until it can be followed again, and takes nothing from those who follow it.

pub mod author;
mod edition;
pub mod find;
pub mod import;
mod version;

pub use edition::PathEdition;
