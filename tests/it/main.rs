//! The integration tests: one binary, so that the program is linked once. Run by `./tests/run` on
//! SQLite, then on PostgreSQL.

mod access;
mod bad_input;
mod bulk;
mod capacities;
mod credentials;
mod deeds;
mod documents;
mod evidence;
mod exchange;
mod failures;
mod feedback;
mod indexes;
mod learning;
mod media;
mod newcomers;
mod operator;
mod pages;
mod paths;
mod providers;
mod publishing;
mod questions;
mod quizzing;
mod references;
mod requirements;
mod schema;
mod search;
mod sessions;
mod sign_in;
mod story;
mod support;
mod tour;
mod world;
