//! The catalogue as others read it: schema.org, LHEO, a spreadsheet.
//!
//! Each format is a pure function of what is published and of what is known of those who provide it:
//! it is made once for each revision of the catalogue, and served from memory.

pub mod api;
mod jsonld;
pub mod lheo;
mod table;
mod text;

use std::sync::Arc;

use crate::catalogue::{Catalogue, Edition};

pub use jsonld::jsonld;
pub use table::csv;

/// What is told, and to whom it can be found.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    catalogue: &'a Catalogue,
    provider: Option<&'a str>,
    public_url: &'a str,
}

impl<'a> Offer<'a> {
    /// What is published, by one provider (an organisation reference, as modules state it) or by all,
    /// at an address without a final slash.
    pub fn of(catalogue: &'a Catalogue, provider: Option<&'a str>, public_url: &'a str) -> Self {
        Self { catalogue, provider, public_url: public_url.trim_end_matches('/') }
    }

    /// The modules, in the order of codes.
    fn editions(self) -> impl Iterator<Item = &'a Arc<Edition>> {
        self.catalogue
            .editions()
            .filter(move |e| self.provider.is_none_or(|p| e.content.manifest.provider == p))
    }

    /// Where a module is described.
    fn module_url(self, code: impl std::fmt::Display) -> String {
        format!("{}/modules/{code}", self.public_url)
    }

    /// Where a provider is described.
    fn provider_url(self, reference: impl std::fmt::Display) -> String {
        format!("{}/api/v1/providers/{reference}", self.public_url)
    }
}
