//! Setting text on A4 pages and tagging it: fonts, widths, lines, pages, and the file.
//!
//! [`layout`] decides what is where, with the structure that a screen reader follows; [`file`] writes
//! it. Measures are in points, from the top left corner of the page.

pub mod file;
pub mod fonts;
pub mod layout;
mod lines;
pub mod picture;
mod ruler;
pub mod sheet;
