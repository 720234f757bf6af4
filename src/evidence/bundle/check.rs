//! Checking a bundle with nothing but public keys.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono::DateTime;
use serde_json::Value;
use zip::ZipArchive;

use super::{ATTESTATIONS, CREDENTIAL, EVIDENCE, LISTS, SEAL, SUMS, Sealed, TABLE, TYPE, VERSIONS};
use crate::attestations::jws;
use crate::attestations::lists::{self, List, Purpose};
use crate::attestations::offline;
use crate::content::{Digest, blob_digest};
use crate::keys::KeyEntry;
use crate::text::undefused;

/// Most bytes of one file of a bundle: what stands behind an attestation is some kilobytes.
const MOST_BYTES: u64 = 64 << 20;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Attestations whose credential, evidence and version agree.
    pub sound: u64,
    /// Of these, those that the lists say are revoked.
    pub revoked: u64,
    /// Of these, those that the lists say are replaced.
    pub superseded: u64,
    /// Attestations without a credential, because the name was erased.
    pub unnamed: u64,
    /// What is wrong: where, and what.
    pub faults: Vec<String>,
}

/// Checks the bundle in a file: that the seal is of a key among `keys`, that every file is the one that
/// was sealed, and that each attestation is what it says. Answers what was sealed and what was found.
///
/// # Errors
/// When it is no bundle, or its seal is of nobody known.
pub fn check(keys: &[KeyEntry], path: &Path) -> anyhow::Result<(Sealed, Report)> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let mut zip = ZipArchive::new(file)
        .with_context(|| format!("{}: no zip, or cut short: take it again", path.display()))?;
    let seal = text(&mut zip, SEAL)?;
    let dated = |claims: &Value| DateTime::from_timestamp(claims["iat"].as_i64()?, 0);
    let (_, sealed) = jws::open(keys, Some(TYPE), seal.trim(), dated)
        .map_err(|flaw| anyhow::anyhow!("{SEAL}: {flaw}"))?;
    let sealed: Sealed = serde_json::from_value(sealed).context(SEAL)?;
    let sums = bytes(&mut zip, SUMS)?;
    ensure!(blob_digest(&sums).to_string() == sealed.sums, "{SUMS}: it is not the one sealed");
    let sums = String::from_utf8(sums).context(SUMS)?;
    let mut report = Report::default();
    let listed = listed(&sums);
    whole(&mut zip, &listed, &mut report)?;
    let named = names(&mut zip)?;
    let lists = signed_lists(&mut zip, keys, &listed, &mut report)?;
    for (code, name) in &named {
        match one(&mut zip, keys, &listed, (code, name)) {
            Ok(Some(shown)) => {
                report.sound += 1;
                for (purpose, count) in [
                    (Purpose::Revocation, &mut report.revoked),
                    (Purpose::Supersession, &mut report.superseded),
                ] {
                    *count += u64::from(shown.is_marked(&lists, purpose) == Some(true));
                }
            }
            Ok(None) => report.unnamed += 1,
            Err(error) => report.faults.push(format!("{ATTESTATIONS}/{code}: {error:#}")),
        }
    }
    if named.len() as u64 != sealed.attestations {
        let told = named.len();
        report.faults.push(format!("{TABLE}: {told} attestations for {}", sealed.attestations));
    }
    Ok((sealed, report))
}

type Zip = ZipArchive<File>;

fn bytes(zip: &mut Zip, path: &str) -> anyhow::Result<Vec<u8>> {
    let entry = zip.by_name(path).with_context(|| format!("{path}: it is not there"))?;
    let mut bytes = Vec::new();
    entry.take(MOST_BYTES + 1).read_to_end(&mut bytes).with_context(|| path.to_owned())?;
    ensure!(bytes.len() as u64 <= MOST_BYTES, "{path}: too large");
    Ok(bytes)
}

fn text(zip: &mut Zip, path: &str) -> anyhow::Result<String> {
    String::from_utf8(bytes(zip, path)?).with_context(|| path.to_owned())
}

/// The digests by path.
fn listed(sums: &str) -> BTreeMap<&str, &str> {
    sums.lines().filter_map(|line| line.split_once("  ")).map(|(sum, path)| (path, sum)).collect()
}

/// That the zip holds what is listed, and nothing else.
fn whole(zip: &mut Zip, listed: &BTreeMap<&str, &str>, report: &mut Report) -> anyhow::Result<()> {
    let held: Vec<String> = zip
        .file_names()
        .map(|name| name.map(Cow::into_owned))
        .collect::<Result<_, _>>()
        .context("its names")?;
    for path in held.iter().filter(|path| ![SUMS, SEAL].contains(&path.as_str())) {
        let sum = blob_digest(&bytes(zip, path)?).to_string();
        match listed.get(path.as_str()) {
            None => report.faults.push(format!("{path}: it was not sealed")),
            Some(told) if *told != sum => report.faults.push(format!("{path}: altered")),
            Some(_) => {}
        }
    }
    for path in listed.keys().filter(|path| !held.iter().any(|held| held == *path)) {
        report.faults.push(format!("{path}: taken away"));
    }
    Ok(())
}

/// The names of the table by code.
fn names(zip: &mut Zip) -> anyhow::Result<Vec<(String, String)>> {
    let table = text(zip, TABLE)?;
    let table = table.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
    let mut all = Vec::new();
    for line in reader.records() {
        let line = line.context(TABLE)?;
        let cell = |nth: usize| undefused(line.get(nth).unwrap_or_default()).to_owned();
        all.push((cell(0), cell(1)));
    }
    Ok(all)
}

fn signed_lists(
    zip: &mut Zip,
    keys: &[KeyEntry],
    listed: &BTreeMap<&str, &str>,
    report: &mut Report,
) -> anyhow::Result<Vec<List>> {
    let mut all = Vec::new();
    for path in listed.keys().filter(|path| path.starts_with(LISTS)) {
        match lists::open(keys, text(zip, path)?.trim()) {
            Ok(list) => all.push(list),
            Err(flaw) => report.faults.push(format!("{path}: {flaw}")),
        }
    }
    Ok(all)
}

/// One attestation: its credential is signed, is of that code and that name, and speaks of the version
/// that its evidence describes. None when its holder's name was erased.
fn one(
    zip: &mut Zip,
    keys: &[KeyEntry],
    listed: &BTreeMap<&str, &str>,
    (code, name): (&str, &str),
) -> anyhow::Result<Option<offline::Shown>> {
    let evidence = text(zip, &format!("{ATTESTATIONS}/{code}/{EVIDENCE}"))?;
    let evidence: Value = serde_json::from_str(&evidence).context(EVIDENCE)?;
    let content = &evidence["content"];
    let said = |key: &str| content[key].as_str().unwrap_or_default().to_owned();
    let version = content["version"].to_string();
    let files = format!("{VERSIONS}/{}-v{version}.sha256", said("module"));
    let tree: Digest = blob_digest(&bytes(zip, &files)?);
    ensure!(tree.to_string() == said("tree_digest"), "{files} is not the version followed");
    let path = format!("{ATTESTATIONS}/{code}/{CREDENTIAL}");
    if name.is_empty() && !listed.contains_key(path.as_str()) {
        return Ok(None);
    }
    let signed = text(zip, &path)?;
    let shown = offline::open(keys, signed.trim())
        .map_err(|flaw| anyhow::anyhow!("{CREDENTIAL}: {flaw}"))?;
    ensure!(shown.code == code, "{CREDENTIAL} is another's: {}", shown.code);
    ensure!(shown.is_of(name), "{CREDENTIAL} is not of that name");
    let same = shown.module == (said("module"), version) && shown.tree_digest == tree.to_string();
    ensure!(same, "{CREDENTIAL} is of another version than {EVIDENCE}");
    Ok(Some(shown))
}
