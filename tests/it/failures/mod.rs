//! Nothing acknowledged is lost: the real binary is killed, its database is cut, restarted and
//! filled, and every success that a client was told of is then looked for.
//!
//! A client that gets no answer, or is told to come back, asks again until it is answered, as a
//! browser or a person would. What it was told stands in its memory only, and is compared with what
//! the API shows and what the tables hold.

pub mod chance;
mod crowd;
mod disk_full;
mod evidence;
mod kills;
mod learner;
mod load;
mod postgres_gone;
mod site;
mod staff;
mod two_enrolments;
mod two_processes;
