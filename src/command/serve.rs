//! `maitrise serve`.

use anyhow::bail;

use crate::app::App;
use crate::attestations;
use crate::boot::{self, Purpose};
use crate::clock::Clock;
use crate::config::{Mode, Settings};
use crate::http::serve;
use crate::keys::{self, KeyRing};
use crate::media::MediaStore;
use crate::reminders;
use crate::service::{start_logging, until_stopped};

pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    let faults = settings.production_faults();
    if !faults.is_empty() {
        bail!(
            "production refuses these settings (or set mode = \"development\"): {}",
            faults.join("; ")
        );
    }
    start_logging(&settings.log);
    let clock = Clock::default();
    let keys = load_keys(&settings, &clock)?;
    let opened = boot::open(&settings, Purpose::Serve, clock.now()).await?;
    let media = MediaStore::in_folder(&settings.media.directory)?;
    let app = App::new(settings, opened.db, clock, keys, media);
    let tx = app.db.begin_write().await?;
    reminders::seed(&tx, app.clock.now()).await?;
    tx.commit().await?;
    let bound = serve::bind(&app).await?;
    let app = app.reachable_at(bound.address);
    tracing::info!(address = %bound.address, "serving");
    until_stopped(app, bound, serve::asked_to_stop()?).await
}

/// Keys of the settings: production takes those that an operator made, and no others.
fn load_keys(settings: &Settings, clock: &Clock) -> anyhow::Result<KeyRing> {
    let folder = &settings.keys.directory;
    if settings.mode == Mode::Development {
        keys::create_missing(folder, clock.now())?;
    }
    let algorithm = attestations::algorithm(settings.keys.credential_algorithm);
    let ring = KeyRing::load(folder)?.signing_with(algorithm, folder)?;
    if settings.mode == Mode::Production && ring.any_generated() {
        bail!(
            "{}: production refuses generated keys; make real ones with `maitrise keys new access` \
             and `maitrise keys new attestation`, then retire the generated ones",
            folder.display()
        );
    }
    Ok(ring)
}
