//! Legal references and what is to be reviewed, over HTTP.

mod bodies;
mod items;
mod texts;
mod work;

pub use texts::ReferencesApi;
pub use work::ToReviewApi;
