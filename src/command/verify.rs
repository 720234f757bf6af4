//! `maitrise verify`: whether what somebody shows is genuine, with public keys alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::Value;

use crate::attestations::attached;
use crate::attestations::lists::{self, List, Purpose};
use crate::attestations::offline::{self, Shown};
use crate::config::{ConfigError, Settings};
use crate::keys::{self, KeyEntry};

/// Check an attestation offline
///
/// Reads a document (PDF), a credential (`.jwt`, `.json`), the address of a QR code or the proof in it,
/// and checks it with public keys: those of `--keys`, or of this installation. Nothing is asked of the
/// network or of a database. Exit code 1 when anything is wrong.
#[derive(Debug, Args)]
pub(super) struct VerifyCommand {
    /// A PDF, a .jwt or .json file, a verification address or a proof
    shown: String,
    /// Name on the document: is it that of the holder?
    #[arg(long)]
    name: Option<String>,
    /// Public keys, as `/.well-known/attestation-keys.json` tells them (default: `keys.directory`)
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// A signed status list, as `/credentials/status/…` tells it; may be given several times
    #[arg(long, value_name = "FILE")]
    status: Vec<PathBuf>,
}

impl VerifyCommand {
    /// Checks, and says each thing on a line; `settings` are read only to find the keys.
    pub(super) fn run(
        &self,
        settings: impl FnOnce() -> Result<Settings, ConfigError>,
    ) -> anyhow::Result<()> {
        let keys = match &self.keys {
            Some(file) => published(file)?,
            None => keys::list(&settings()?.keys.directory)?,
        };
        let (signed, coded) = self.signed()?;
        let shown = match offline::open(&keys, &signed) {
            Ok(shown) => shown,
            Err(flaw) => bail!("FAIL  signature: {flaw}"),
        };
        let mut failures = 0;
        say(&mut failures, "signature", Ok(signer(&shown)));
        let (module, version) = &shown.module;
        let title = shown.title.as_deref().map(|title| format!(", {title}")).unwrap_or_default();
        println!("      module: {module}, version {version}{title}");
        println!("      content: {}", shown.tree_digest);
        println!("      completed on: {}", shown.completed_on);
        if let Some(code) = coded {
            let same = if code == shown.code { Ok(code) } else { Err("another's".to_owned()) };
            say(&mut failures, "code", same);
        }
        if let Some(name) = &self.name {
            let theirs = shown.is_of(name).then(|| "the holder's".to_owned());
            say(&mut failures, "name", theirs.ok_or_else(|| "not the holder's".to_owned()));
        }
        self.status(&keys, &shown, &mut failures)?;
        anyhow::ensure!(failures == 0, "{failures} of the checks failed");
        Ok(())
    }

    /// The compact form that was given, and the code of the address that it came in.
    fn signed(&self) -> anyhow::Result<(String, Option<String>)> {
        if let Some((address, proof)) = self.shown.split_once('#') {
            let code = address.rsplit('/').next().unwrap_or_default();
            return Ok((proof.to_owned(), Some(code.to_owned())));
        }
        let path = Path::new(&self.shown);
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(_) if !path.exists() && self.shown.split('.').count() == 3 => {
                self.shown.clone().into_bytes()
            }
            Err(error) => bail!("{}: {error}", path.display()),
        };
        let found = attached::credential_in(&bytes);
        let none = || format!("{}: holds no credential that can be read here", path.display());
        Ok((found.with_context(none)?, None))
    }

    fn status(&self, keys: &[KeyEntry], shown: &Shown, failures: &mut usize) -> anyhow::Result<()> {
        let lists = self.status.iter().map(|file| list(keys, file));
        let lists = lists.collect::<anyhow::Result<Vec<List>>>()?;
        for purpose in Purpose::ALL {
            let name = format!("{}-{}", purpose.word(), shown.place.list);
            let at = lists.iter().filter(|list| list.purpose == purpose).map(|list| list.at).max();
            match (shown.is_marked(&lists, purpose), at, purpose) {
                (Some(false), Some(at), _) => {
                    say(failures, purpose.word(), Ok(format!("not marked as of {at}")));
                }
                (Some(true), Some(at), Purpose::Revocation) => {
                    say(failures, purpose.word(), Err(format!("revoked as of {at}")));
                }
                (Some(true), Some(at), Purpose::Supersession) => {
                    println!("note  {}: valid, and replaced as of {at}", purpose.word());
                }
                _ => println!("      {}: not asked; give --status with {name}", purpose.word()),
            }
        }
        Ok(())
    }
}

fn say(failures: &mut usize, what: &str, verdict: Result<String, String>) {
    match verdict {
        Ok(detail) => println!("ok    {what}: {detail}"),
        Err(detail) => {
            *failures += 1;
            println!("FAIL  {what}: {detail}");
        }
    }
}

fn signer(shown: &Shown) -> String {
    let key = &shown.key;
    let retired = key.retired_at.map(|at| format!(", retired {}", at.format("%Y-%m-%d")));
    let (word, kid) = (key.algorithm.word(), &key.kid);
    let created = key.created_at.format("%Y-%m-%d");
    format!("{word}, key {kid} (made {created}{})", retired.unwrap_or_default())
}

/// The keys of a published set.
fn published(file: &Path) -> anyhow::Result<Vec<KeyEntry>> {
    let text = std::fs::read_to_string(file).with_context(|| super::shown(file))?;
    let set: Value = serde_json::from_str(&text).with_context(|| super::shown(file))?;
    let keys = set["keys"].as_array().with_context(|| format!("{}: no keys", file.display()))?;
    Ok(keys.iter().filter_map(KeyEntry::of_dated_jwk).collect())
}

fn list(keys: &[KeyEntry], file: &Path) -> anyhow::Result<List> {
    let text = std::fs::read_to_string(file).with_context(|| super::shown(file))?;
    lists::open(keys, text.trim()).map_err(|flaw| anyhow::anyhow!("{}: {flaw}", file.display()))
}
