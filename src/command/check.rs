//! `maitrise check`: the self-test of an installation. It changes nothing.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::accounts::token;
use crate::attestations;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::keys::KeyRing;
use crate::mail::Office;

/// How far the clocks of this machine and of the database may be apart.
const DRIFT: Duration = Duration::seconds(5);

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let now = Clock::default().now();
    let mut failures = 0;
    let mut say = |what: &str, verdict: Result<String, String>| match verdict {
        Ok(detail) => println!("ok    {what}: {detail}"),
        Err(detail) => {
            failures += 1;
            println!("FAIL  {what}: {detail}");
        }
    };
    let faults = settings.production_faults();
    say(
        "settings",
        if faults.is_empty() { Ok("usable".to_owned()) } else { Err(faults.join("; ")) },
    );
    say("keys", keys(settings, now));
    say(
        "mail",
        Office::new(&settings.mail, &settings.data.dir, &settings.http.public_url)
            .map(|_| format!("{:?}, from {}", settings.mail.transport, settings.mail.from_address))
            .map_err(|e| e.to_string()),
    );
    if settings.sqlite_path().is_some_and(|path| !path.exists()) {
        say("database", Err("no file yet: `maitrise migrate` makes it".to_owned()));
    } else {
        match Db::connect(&settings.database).await {
            Err(error) => say("database", Err(error.to_string())),
            Ok(db) => {
                say("database", Ok(format!("{:?}", db.backend())));
                say("migrations", migrations(&db).await);
                say("clock", drift(&db, now).await);
            }
        }
    }
    anyhow::ensure!(failures == 0, "{failures} of the checks failed");
    Ok(())
}

/// Signs and verifies a token, which a wrongly built crypto provider would not survive.
fn keys(settings: &Settings, now: DateTime<Utc>) -> Result<String, String> {
    let folder = &settings.keys.directory;
    let algorithm = attestations::algorithm(settings.keys.credential_algorithm);
    let ring = KeyRing::load(folder).and_then(|ring| ring.signing_with(algorithm, folder));
    let ring = ring.map_err(|e| e.to_string())?;
    let issuer = &settings.http.public_url;
    let id = crate::clock::new_id();
    let signed = token::issue(&ring, issuer, (id, 1), 1, now).map_err(|e| e.to_string())?;
    token::verify(&ring, issuer, &signed, now).map_err(|e| e.to_string())?;
    Ok(format!("{} signs and verifies", settings.keys.directory.display()))
}

async fn migrations(db: &Db) -> Result<String, String> {
    let unknown = db.unknown_migrations().await.map_err(|e| e.to_string())?;
    if let Some(name) = unknown.first() {
        return Err(format!("the database is from a newer version (it has {name})"));
    }
    let pending = db.pending_migrations().await.map_err(|e| e.to_string())?;
    if pending.is_empty() {
        Ok("up to date".to_owned())
    } else {
        Err(format!("{} pending: `maitrise migrate`", pending.len()))
    }
}

async fn drift(db: &Db, now: DateTime<Utc>) -> Result<String, String> {
    if db.backend() != DbBackend::Postgres {
        return Ok(format!("{now} (the database's is this machine's)"));
    }
    let statement = Statement::from_string(DbBackend::Postgres, "SELECT now() AS now");
    let row = db.read().query_one_raw(statement).await.map_err(|e| e.to_string())?;
    let theirs: DateTime<Utc> =
        row.and_then(|r| r.try_get("", "now").ok()).ok_or("no answer from the database")?;
    let apart = (theirs - now).abs();
    if apart > DRIFT {
        return Err(format!(
            "{} s apart from the database's: set both by NTP",
            apart.num_seconds()
        ));
    }
    Ok(format!("{now}, within {} ms of the database's", apart.num_milliseconds()))
}
