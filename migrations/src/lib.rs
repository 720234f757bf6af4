//! Forward-only migrations of the `maitrise` schema.
//!
//! This crate never sees an entity, so that yesterday's migration cannot break because of today's code.
//! One file per capability and change; a released migration is never edited, a mistake is mended by
//! the next one. Each runs in a transaction, on PostgreSQL under an advisory lock held by the caller.

pub use sea_orm_migration;
use sea_orm_migration::prelude::*;

mod kit;
mod m0001_instance;
mod m0002_territory;
mod m0003_people;
mod m0004_accounts;
mod m0005_journal;
mod m0006_mail;
mod m0007_catalogue;
mod m0008_records;
mod m0009_obligations;
mod m0010_enrolments;
mod m0011_learning;
mod m0012_attestations;
mod m0013_reminders;
mod m0015_leaner;
mod m0016_media;
mod m0017_publication;
mod m0018_providers;
mod m0019_references;
mod m0020_paths;
mod m0021_feedback;
mod m0022_web_session;
mod m0023_synonyms;
mod m0024_capacities;
mod m0025_renewal;
mod m0026_requirements;
mod m0027_claims;
mod m0028_learning;
mod m0029_credentials;
mod m0030_sessions;
mod m0031_jobs;
mod m0032_regrade;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_instance::Migration),
            Box::new(m0002_territory::Migration),
            Box::new(m0003_people::Migration),
            Box::new(m0004_accounts::Migration),
            Box::new(m0005_journal::Migration),
            Box::new(m0006_mail::Migration),
            Box::new(m0007_catalogue::Migration),
            Box::new(m0008_records::Migration),
            Box::new(m0009_obligations::Migration),
            Box::new(m0010_enrolments::Migration),
            Box::new(m0011_learning::Migration),
            Box::new(m0012_attestations::Migration),
            Box::new(m0013_reminders::Migration),
            Box::new(m0015_leaner::Migration),
            Box::new(m0016_media::Migration),
            Box::new(m0017_publication::Migration),
            Box::new(m0018_providers::Migration),
            Box::new(m0019_references::Migration),
            Box::new(m0020_paths::Migration),
            Box::new(m0021_feedback::Migration),
            Box::new(m0022_web_session::Migration),
            Box::new(m0023_synonyms::Migration),
            Box::new(m0024_capacities::Migration),
            Box::new(m0025_renewal::Migration),
            Box::new(m0026_requirements::Migration),
            Box::new(m0027_claims::Migration),
            Box::new(m0028_learning::Migration),
            Box::new(m0029_credentials::Migration),
            Box::new(m0030_sessions::Migration),
            Box::new(m0031_jobs::Migration),
            Box::new(m0032_regrade::Migration),
        ]
    }
}
