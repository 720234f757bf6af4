//! What learners say back, and what becomes of it.
//!
//! A thread is between one person and those who answer: an error reported, a question to the trainers
//! (Code du travail, D6313-3-1: assistance to the distance learner), a complaint (Qualiopi, indicator
//! 31). Its head never changes, what happens to it is appended, where it stands is what the last entry
//! says. Texts stand apart in rows that can be erased, and nowhere else: not in the mail queue, the
//! journal or the log. Satisfaction (indicator 30) is three fixed questions at the end; figures leave
//! under statistical secrecy only.

pub mod api;
pub mod find;
pub mod model;
pub mod notice;
pub mod open;
pub mod opinions;
pub mod personal;
pub mod place;
pub mod reach;
pub mod reply;
pub mod rules;
pub mod satisfaction;
mod secrecy;
pub mod shown;
mod texts;

pub use notice::still_due;
