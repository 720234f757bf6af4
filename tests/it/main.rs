//! The integration tests: one binary, so that the program is linked once. Run by `./tests/run` on
//! SQLite, then on PostgreSQL.

mod access;
mod learning;
mod newcomers;
mod schema;
mod story;
mod support;
mod tour;
mod world;
