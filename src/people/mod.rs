//! Persons, how they are named, where they are reached, and in what capacity they learn.
//!
//! A person is an id. Names and addresses live in rows that can be erased without moving a single
//! fact; capacities are dated, several at once, `declared` by the person or `confirmed` by someone
//! who knows. A person is not an e-mail address: an address may be shared by a whole mairie.

pub mod capacity;
pub mod detail;
pub mod identity;
pub mod model;
pub mod personal;
pub mod roster;
