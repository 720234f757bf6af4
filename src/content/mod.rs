//! What a module is: a tree of files, and everything that can be said of it from its bytes alone.
//!
//! A published module is immutable and identified by the digest of its tree; drafts, exports and
//! imports are the same tree. So that all of them agree on what is valid, what it looks like and
//! what a score is, this room is pure: values in, values out — no database, no HTTP, no clock, no
//! chance, no settings ([`read_folder`] alone touches a disk). What it refuses, it refuses all at
//! once, in French, with the line and the remedy: its readers are trainers and jurists.
//!
//! The format is described in `content/README.md`. Reading goes `tree` → `hygiene` (bytes) →
//! `fields`/`value` (TOML with lines) and `markdown` → `manifest_file`, `lesson`, `quiz` →
//! `module`, then `catalogue` across modules.

mod catalogue;
mod code;
mod digest;
mod draw;
mod duration;
mod fields;
mod figure;
mod finding;
mod folder;
mod glossary;
mod grade;
mod hygiene;
mod lesson;
mod lesson_rules;
mod manifest;
mod manifest_file;
mod markdown;
mod media;
mod module;
mod quiz;
mod render;
mod sanitise;
mod shapes;
mod toml_french;
mod tree;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use catalogue::check_catalogue;
pub use code::{BadModuleCode, ModuleCode};
pub use digest::{BadDigest, Digest, blob_digest};
pub use draw::{Drawn, draw};
pub use duration::computed_minutes;
#[cfg(test)]
use duration::is_honest;
pub use figure::Figure;
pub use finding::{Finding, Severity};
pub use folder::{module_folders, read_folder};
pub use glossary::Term;
pub use grade::{AnswerError, Answers, Graded, Score, check_answers, grade};
pub use lesson::{Lesson, words};
pub use manifest::{
    Audience, DEFAULT_PASS_MARK_PERCENT, Grade, Level, Manifest, Prerequisite, PrerequisiteKind,
    Reference, Status, overdue,
};
pub use media::{Media, MediaKind, MediaReader, media_kind_of_path, sniff};
pub use module::{GLOSSARY_PATH, MANIFEST_PATH, Module, read};
pub use quiz::{Choice, Kind, Question};
pub use render::render;
#[cfg(test)]
use render::render_with;
pub use tree::{
    BadPath, Body, MAX_FILE_BYTES, MAX_FILES, MAX_LEVELS, MAX_MEDIA_BYTES, MAX_MEDIA_TOTAL_BYTES,
    MAX_PATH_CHARACTERS, MAX_TOTAL_BYTES, Tree, check_place,
};
