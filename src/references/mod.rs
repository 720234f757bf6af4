//! Legal references: the texts that modules cite, as objects with versions and dates, and the work
//! that their changes cause.
//!
//! A module carries copies of what it cites, so that a version says for ever what it said. What the
//! law says *now* is here: one text for all providers, told version after version, filled from the
//! register of `content/` and by those who read the law. When a text changes, or a day passes on which
//! something was to be read again, every module that cites it is *to review*: an item, told once, that
//! a reviewer decides and the next version of the module closes. Whether a question stands is computed
//! (`rules::due`), never updated: an item says that it was asked, a decision what was answered.

pub mod agenda;
pub mod api;
pub mod citing;
pub mod decide;
pub mod flags;
mod live;
pub mod model;
pub mod personal;
pub mod record;
pub mod register;
pub mod rules;
mod tell;
pub mod texts;
pub mod work;

#[cfg(test)]
mod tests;
