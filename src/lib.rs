//! `maitrise`: the training catalogue and e-learning back end of French local government.
//!
//! The map of the program, from the ground up; ARCHITECTURE.md says why, `tests/architecture.rs` holds
//! it to it.
//!
//! * **Kernel** — `clock` (time, ids), `config` (settings), `db` (two engines), `error` (every refusal),
//!   `files` (written whole or not at all),
//!   `instance` (what a database is for), `keys` (signing keys), `personal` (declaring personal data),
//!   `text` (normalising).
//! * **Content** — `content`: what a module is as a tree of files; pure.
//! * **Who and where** — `territory` (organisations, affiliations, perimeters), `people` (persons,
//!   capacities), `accounts` (sign-in, grants, the one policy), `journal` (who did what), `mail` (the
//!   queue and its delivery).
//! * **What is taught** — `providers` (who teaches), `catalogue` (modules, versions, drafts),
//!   `publication` (review, publish), `references` (the texts they cite, and what is to be reviewed
//!   because of them), `exchange` (the catalogue as others read it).
//! * **What happened** — `records` (append-only facts and what they mean), `obligations` (what is owed),
//!   `enrolments`, `cohorts` (enrolling others, many at once), `jobs` (long work, row by row),
//!   `learning` (lessons, quizzes, completion), `attestations` (signed records), `sessions` (dated, with
//!   seats and attendance), `documents` (certificates and attestations as PDF).
//! * **What follows** — `reminders` (rules, planner, ledger), `statistics` (counts under secrecy),
//!   `feedback` (reports, questions, complaints, satisfaction).
//! * **Doors** — each room's `api`, `http` (what endpoints share), `web` (pages), `app` (what a request
//!   needs), `boot` and `service` (starting and stopping), `worker` (plans, delivers), `backup` (and
//!   restore), `demo`, `command`.

pub mod accounts;
pub mod app;
pub mod attestations;
pub mod backup;
pub mod boot;
pub mod capacities;
pub mod catalogue;
pub mod clock;
pub mod cohorts;
pub mod command;
pub mod config;
pub mod content;
pub mod db;
pub mod demo;
pub mod documents;
pub mod enrolments;
pub mod error;
pub mod evidence;
pub mod exchange;
pub mod feedback;
pub mod files;
pub mod http;
pub mod instance;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod learning;
pub mod mail;
pub mod media;
pub mod obligations;
pub mod people;
pub mod personal;
pub mod providers;
pub mod publication;
pub mod records;
pub mod references;
pub mod regrades;
pub mod reminders;
pub mod requirements;
pub mod service;
pub mod sessions;
pub mod statistics;
pub mod territory;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod web;
pub mod worker;
