//! Filling a bundle, page after page, while it is sent.

use std::collections::BTreeMap;
use std::io;

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use poem_openapi::types::ToJSON as _;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::json;
use tokio::sync::mpsc;

use super::bodies::EvidenceOut;
use super::period::{Attested, PAGE, Within, page};
use crate::app::App;
use crate::attestations::api::maker;
use crate::attestations::lists::{self, Purpose};
use crate::attestations::model::{attestation, status_entry};
use crate::attestations::{credential, jws};
use crate::content::blob_digest;
use crate::error::{Error, Result, found};
use crate::evidence::bundle::flow::Flow;
use crate::evidence::bundle::guide::guide;
use crate::evidence::bundle::{
    ATTESTATIONS, CREDENTIAL, EVIDENCE, GUIDE, KEYS, LISTS, SEAL, Scope, Sealed, TABLE, TYPE,
    VERSIONS,
};
use crate::evidence::gather::{Evidence, gather};
use crate::keys::{Algorithm, KeyEntry, KeyUse};
use crate::text::defused;

/// Parts that wait for a slow reader.
const WAITING: usize = 4;
/// What the table says of an attestation.
const HEADERS: [&str; 8] =
    ["code", "nom", "module", "titre", "version", "achevé le", "état", "depuis le"];

/// The bundle, as it is filled. What fails on the way cuts it short: a zip without its end opens nowhere.
pub fn stream(
    app: App,
    scope: Scope,
    within: Within,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (parts, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(error) = fill(&app, scope, within, &parts).await {
            tracing::error!(%error, "a bundle of evidence was cut short");
            let _ = parts.send(Err(io::Error::other("cut short"))).await;
        }
    });
    stream::unfold(taken, |mut taken| async move { taken.recv().await.map(|part| (part, taken)) })
}

type Parts = mpsc::Sender<io::Result<Bytes>>;

async fn fill(app: &App, scope: Scope, within: Within, parts: &Parts) -> Result<()> {
    let (mut bundle, now) = (Bundle::begin()?, app.clock.now());
    let issuer = app.settings.http.public_url.as_str();
    bundle.add(GUIDE, guide(&scope, issuer, now).as_bytes())?;
    let mut after = None;
    loop {
        let page = page(app, within, after).await?;
        for one in &page {
            bundle.attestation(app, one, now).await?;
            if !pass_on(parts, bundle.flow.sent()).await {
                return Ok(());
            }
        }
        after = page.last().map(|one| one.completion.id);
        if (page.len() as u64) < PAGE {
            break;
        }
    }
    for (name, list) in lists_now(app, now).await? {
        bundle.add(&format!("{LISTS}/{name}.jwt"), list.as_bytes())?;
    }
    let last = bundle.end(app, scope, now)?;
    pass_on(parts, last).await;
    Ok(())
}

/// Whether somebody still reads.
async fn pass_on(parts: &Parts, bytes: Bytes) -> bool {
    bytes.is_empty() || parts.send(Ok(bytes)).await.is_ok()
}

/// Every status list, signed as it stands, by its name.
async fn lists_now(app: &App, now: DateTime<Utc>) -> Result<Vec<(String, String)>> {
    let conn = app.db.read();
    let last = status_entry::Entity::find().order_by_desc(status_entry::Column::List).one(conn);
    let last = last.await?.and_then(|row| u32::try_from(row.list).ok()).unwrap_or(0);
    let issuer = app.settings.http.public_url.as_str();
    let mut all = Vec::new();
    for list in 0..=last {
        for purpose in Purpose::ALL {
            let signed = lists::signed(conn, &app.keys, issuer, (purpose, list), now).await?;
            all.push((format!("{}-{list}", purpose.word()), signed));
        }
    }
    Ok(all)
}

/// What is being written: the archive, the table, the versions named so far.
struct Bundle {
    flow: Flow,
    table: csv::Writer<Vec<u8>>,
    versions: BTreeMap<String, String>,
    attestations: u64,
}

impl Bundle {
    fn begin() -> Result<Self> {
        // The mark tells spreadsheets that this is UTF-8.
        let mut table = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        table.write_record(HEADERS).context("the table")?;
        Ok(Self { flow: Flow::begin(), table, versions: BTreeMap::new(), attestations: 0 })
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        Ok(self.flow.add(path, bytes).with_context(|| path.to_owned())?)
    }

    async fn attestation(&mut self, app: &App, one: &Attested, now: DateTime<Utc>) -> Result<()> {
        let Attested { row, completion, standing, name } = one;
        let (conn, folder) = (app.db.read(), format!("{ATTESTATIONS}/{}", row.code));
        // Nothing is made any more of somebody whose name was erased.
        if let Some(made) = found(credential::of(&app.db, maker(app), row, now).await)? {
            self.add(&format!("{folder}/{CREDENTIAL}"), made.jwt.as_bytes())?;
        }
        let version = completion.version_id.context("a completion of no version")?;
        let edition = app.shelf.edition(conn, version).await?;
        let read = (row.clone(), completion.clone(), edition);
        let evidence = gather(conn, read, now).await?;
        self.name_version(&evidence);
        let since = standing.since().map(|at| at.date_naive().to_string());
        self.line(row, &evidence, name.as_deref(), (standing.word(), since))?;
        let out = EvidenceOut::from(evidence).to_json().unwrap_or_default();
        let text = serde_json::to_vec_pretty(&out).context("the evidence")?;
        self.add(&format!("{folder}/{EVIDENCE}"), &text)
    }

    fn name_version(&mut self, evidence: &Evidence) {
        let (module, version) = (&evidence.edition.module, &evidence.edition.version);
        let path = format!("{VERSIONS}/{}-v{}.sha256", module.code, version.number);
        let line = |file: &crate::catalogue::model::module_version_file::Model| {
            format!("{}  {}\n", file.blob_digest, file.path)
        };
        self.versions.entry(path).or_insert_with(|| evidence.files.iter().map(line).collect());
    }

    fn line(
        &mut self,
        row: &attestation::Model,
        evidence: &Evidence,
        name: Option<&str>,
        (state, since): (&str, Option<String>),
    ) -> Result<()> {
        let (module, version) = (&evidence.edition.module, &evidence.edition.version);
        let line = [
            row.code.clone(),
            name.unwrap_or_default().to_owned(),
            module.code.clone(),
            version.title.clone(),
            version.number.to_string(),
            evidence.completion.occurred_at.to_rfc3339(),
            french(state).to_owned(),
            since.unwrap_or_default(),
        ];
        self.attestations += 1;
        Ok(self.table.write_record(line.map(|cell| defused(&cell))).context("the table")?)
    }

    fn end(mut self, app: &App, scope: Scope, now: DateTime<Utc>) -> Result<Bytes> {
        for (path, list) in std::mem::take(&mut self.versions) {
            self.add(&path, list.as_bytes())?;
        }
        let Self { mut flow, table, attestations, .. } = self;
        let table = table.into_inner().map_err(|error| error.into_error()).context("the table")?;
        flow.add(TABLE, &table).context(TABLE)?;
        let keys = app.keys.public(KeyUse::Attestation).map(KeyEntry::dated_jwk);
        let keys = json!({ "keys": keys.collect::<Vec<_>>() });
        flow.add(KEYS, &serde_json::to_vec_pretty(&keys).context(KEYS)?).context(KEYS)?;
        let iss = app.settings.http.public_url.clone();
        flow.end(|sums| {
            let sums = blob_digest(sums).to_string();
            let sealed = Sealed { iss, iat: now.timestamp(), scope, attestations, sums };
            let typed = |header: &mut jsonwebtoken::Header, _: &str| {
                header.typ = Some(TYPE.to_owned());
            };
            let (_, signed) = jws::sign(&app.keys, Algorithm::EdDsa, typed, &sealed)?;
            Ok::<_, Cut>((SEAL, signed))
        })
        .map_err(|cut| cut.0)
    }
}

/// Why a bundle could not be ended.
struct Cut(Error);

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self(Error::Internal(error.into()))
    }
}

impl From<Error> for Cut {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// The state of an attestation, as an auditor reads it.
fn french(state: &str) -> &'static str {
    match state {
        "revoked" => "révoquée",
        "superseded" => "valable, remplacée",
        _ => "valable",
    }
}
