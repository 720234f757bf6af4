//! The catalogue over HTTP: what is published for anyone, drafts for their provider's people.

mod archives;
mod bodies;
mod detail;
mod draft_bodies;
mod drafts;
mod found;
mod media;
mod modules;
pub(crate) mod path_bodies;
mod path_bounds;
mod path_input;
mod paths;
mod questions;
mod recommendation;
mod tagged;

#[cfg(test)]
mod tests;

pub use archives::ArchivesApi;
pub(crate) use archives::{receive, zipped};
pub use drafts::DraftsApi;
pub use media::MediaApi;
pub use modules::CatalogueApi;
pub use paths::PathsApi;
pub(crate) use questions::tell_reading;

use crate::content::ModuleCode;
use crate::error::{Reason, Result};

/// The module code of a path: what cannot be one names nothing.
///
/// # Errors
/// `not-found`.
pub fn code_of(path: &str) -> Result<ModuleCode> {
    ModuleCode::parse(path).map_err(|_| Reason::NotFound.into())
}
