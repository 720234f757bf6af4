//! The two documents of a completion, as the law and its practice tell them apart: the *certificat de
//! réalisation* (what was followed, when, for how long) and the *attestation de fin de formation*
//! (objectives, results of the assessment).
//!
//! Nothing is kept: a document is drawn each time it is asked for, from what is recorded, and the same
//! record gives the same bytes. [`subject()`] reads what a document says, [`render()`] draws it and asks
//! nobody anything. Each file is an archive (PDF/A) and can be read by ear (PDF/UA).

pub mod api;
mod compose;
pub mod model;
mod presence;
mod render;
pub mod subject;
mod typeset;
mod words;

#[cfg(test)]
mod tests;

pub use model::{Attachment, Kind, Subject};
pub use render::render;
pub use subject::subject;
