//! What a module is: a tree of files, and everything that can be said of it from its bytes alone.
//!
//! A published module is immutable and identified by the digest of its tree; drafts, exports and
//! imports are the same tree. So that all of them agree on what is valid, what it looks like and
//! what a score is, this room is pure: values in, values out — no database, no HTTP, no clock, no
//! chance, no settings ([`read_folder`] alone touches a disk). What it refuses, it refuses all at
//! once, in French, with the line and the remedy: its readers are trainers and jurists.
//!
//! The format is described in `content/README.md`. Reading goes `tree` → `hygiene` (bytes) →
//! `fields`/`value` (TOML with lines) and `markdown` → `manifest_file`, `lesson`, `quiz_file` →
//! `module` → `inspect` (strict, lenient, or on a given day), then `catalogue`, `copies` and `paths`
//! across modules.

mod answer;
mod begun;
mod blank;
mod calendar;
mod callout;
mod catalogue;
mod citations;
mod code;
mod copies;
mod diff;
mod digest;
mod draw;
mod dues;
mod duration;
mod fields;
mod figure;
mod finding;
mod folder;
mod french;
mod glossary;
mod grade;
mod hygiene;
mod identifiers;
mod inlined;
mod inspect;
mod leaves;
mod lesson;
mod lesson_links;
mod lesson_page;
mod lesson_rules;
mod links;
mod manifest;
mod manifest_file;
mod manifest_limits;
mod markdown;
mod media;
mod media_rules;
mod mended;
mod module;
mod passages;
mod path;
mod path_rules;
mod paths;
mod paths_beside;
mod provider_sheets;
mod question;
mod question_file;
mod quiz;
mod quiz_file;
mod quiz_rules;
mod reference;
mod reference_rules;
mod refresh;
mod render;
mod sanitise;
mod shapes;
mod sheet_fields;
mod starter;
mod surroundings;
mod svg_bounds;
mod svg_list;
mod synonyms;
mod toml_french;
mod tree;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use answer::{AnswerError, Answers, accept};
pub use begun::{Begun, begun};
pub use blank::BLANK;
pub use calendar::{BadDuration, CalendarDuration};
pub use catalogue::{check_catalogue, circle_through};
pub use citations::{Citations, citations};
pub use code::{BadModuleCode, ModuleCode};
pub use copies::{REGISTER_PATH, Shared, SharedFiles, check_copies};
pub use diff::{Difference, alike, diff, told};
pub use digest::{BadDigest, Digest, blob_digest};
pub use draw::{Drawn, draw};
pub use duration::computed_minutes;
#[cfg(test)]
use duration::is_honest;
pub use figure::Figure;
pub use finding::{Finding, Severity};
pub use folder::{
    FolderFile, NamedFolder, list_folder, module_folders, read_folder, read_folder_with,
    read_medium,
};
pub use glossary::Term;
pub use grade::{Graded, Score, grade};
pub use identifiers::{is_activity_number, is_commune, is_phone, is_postcode, is_siret};
pub use inspect::{Inspection, check, errors, inspect, read, recall};
pub use lesson::{Lesson, words};
pub use lesson_page::render_lesson;
pub use manifest::{
    Audience, DEFAULT_PASS_MARK_PERCENT, Grade, Level, Manifest, NO_LEGAL_REVIEW, Prerequisite,
    PrerequisiteKind, Status, overdue,
};
pub use media::{Media, MediaKind, MediaReader, media_kind_of_path, sniff};
pub use mended::Keys;
pub use module::{GLOSSARY_PATH, MANIFEST_PATH, Module, QUIZ_FOLDER};
pub use passages::{Passage, Piece, passages};
pub use path::{LearningPath, Minutes, PathMinutes, PathOrder, PathStep};
pub use path_rules::{KnownModule, KnownModules, PathFault, PathPart, PathSketch, path_faults};
pub use paths::{MOST_PREREQUISITES, PATHS_PATH, STEPS};
pub use paths_beside::read_paths;
pub use provider_sheets::{
    AgrementSheet, ContactSheet, ContactWord, PROVIDERS_PATH, ProviderSheet, ProviderWord,
    RegimeWord, read_providers,
};
pub use question::{Choice, Credit, Item, Kind, Question, Task};
pub use quiz::{Bank, Quiz, Scenario, Unit};
pub use reference::Reference;
pub use reference_rules::Flaw;
pub use refresh::{Refreshed, refresh};
pub use render::render;
pub use shapes::{is_email, is_https};
pub use sheet_fields::{
    SHEET_KEYS, SheetKind, SheetValues, sheet_lines, sheet_values, with_sheet_values,
};
pub use starter::{starter, starter_of};
pub use synonyms::{SYNONYMS_PATH, Synonyms, read_synonyms};
pub use tree::{
    BadPath, Body, MAX_FILE_BYTES, MAX_FILES, MAX_LEVELS, MAX_MEDIA_BYTES, MAX_MEDIA_TOTAL_BYTES,
    MAX_PATH_CHARACTERS, MAX_TOTAL_BYTES, Tree, check_place,
};
