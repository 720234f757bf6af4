//! `maitrise`: the training catalogue and e-learning back end of French local government.

pub mod accounts;
pub mod app;
pub mod attestations;
pub mod boot;
pub mod catalogue;
pub mod clock;
pub mod command;
pub mod config;
pub mod content;
pub mod db;
pub mod demo;
pub mod enrolments;
pub mod error;
pub mod http;
pub mod instance;
pub mod journal;
pub mod keys;
pub mod learning;
pub mod mail;
pub mod obligations;
pub mod people;
pub mod personal;
pub mod publication;
pub mod records;
pub mod reminders;
pub mod service;
pub mod statistics;
pub mod territory;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod web;
pub mod worker;
