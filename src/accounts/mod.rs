//! Who signs in and who may do what.
//!
//! An account is a sign-in name and a password; a person is someone else's room. What an account may
//! do is a list of dated grants, read afresh on each request into a [`Principal`], and decided by one
//! function, [`policy::allow`]: a route that forgot to ask cannot exist, because its first parameter
//! is a guard that asks.

pub mod api;
pub mod grants;
mod hashing;
pub mod invite;
pub mod links;
pub mod model;
pub mod password;
pub mod personal;
pub mod policy;
pub mod principal;
pub mod reviewers;
pub mod rules;
pub mod session;
mod target;
pub mod token;
pub mod web_session;

pub use principal::{Held, Principal, Scope};
