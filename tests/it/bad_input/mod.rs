//! What bad input gets: a clear problem, nothing changed, nothing leaked, and a server that goes on.

mod addresses;
pub mod answers;
mod command_line;
mod cors;
mod headers;
mod lists;
mod reasons;
mod size;
mod table;
pub mod tally;
mod tokens;
mod values;
pub mod wire;
