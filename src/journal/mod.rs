//! Who did what, append-only: every act that changes what others see or may do, and every reading of
//! names or answer keys that are not one's own. Entries name accounts and things by id, never a name or an address.

pub mod api;
pub mod model;
pub mod record;

pub use record::act;
