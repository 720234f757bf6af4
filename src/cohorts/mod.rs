//! Enrolling others, many at once: an employer its agents, a CDG those of an organisation that lets it
//! read their names.
//!
//! An agent is enrolled, and sees who did it. An élu is not: training is their right (for municipal ones CGCT L2123-12),
//! and nobody's order; they are invited, told once by mail, and answer. Each row of what was sent has an
//! outcome of its own; the same rows sent again find everything done. Who is not of the organisation is
//! like who does not exist.

pub mod accept;
pub mod api;
pub mod apply;
pub mod csv;
pub mod invitations;
pub mod model;
pub mod plan;
pub mod preview;
pub mod rows;
pub mod shown;
#[cfg(test)]
mod tests;
pub mod who;
pub mod work;
