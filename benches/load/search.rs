//! What a search costs: with facets and excerpts, over many modules, each question unlike the last; and
//! how long a new version takes to be found by every process.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::Options;
use crate::content::{listed, listening, maitrise, settings};
use crate::modules::{self, Words};
use crate::report::Report;
use crate::server::Served;
use crate::support::Cluster;
use crate::wrk::{self, Load};

/// Questions, each unlike the others: many times what the server remembers.
const QUESTIONS: usize = 5_000;
/// Connections that ask at once.
const CLIENTS: usize = 32;
/// Times that a new version is looked for.
const TIMES: usize = 5;

/// Measures the search on one engine: PostgreSQL where a cluster is given.
pub async fn all(
    options: &Options,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let words = Words::shipped()?;
    let folder = tempfile::tempdir()?;
    let url = cluster.map(|cluster| cluster.create_database("search")).unwrap_or_default();
    let mut settings = settings(folder.path(), url)?;
    let content = folder.path().join("content");
    modules::write(&content, options.modules, &words)?;
    maitrise(Some(&settings), &["content", "import"], Some(&content))?;
    let one = listening(&mut settings).await?;
    let asked = Instant::now();
    listed(&one, options.modules).await?;
    let took = asked.elapsed().as_secs_f64();
    report.figure("first list, index made", format!("{took:.2} s for {} modules", options.modules));
    report.figure("resident once indexed", format!("{} MiB", one.resident()?.0));
    asked_often(options, &one, &words, folder.path(), report)?;
    let (now, peak) = one.resident()?;
    report.figure("resident after searches", format!("{now} MiB, {peak} at its highest"));
    // One SQLite file has one server; PostgreSQL has as many as wanted.
    let mut servers = vec![one];
    if cluster.is_some() {
        servers.push(listening(&mut settings).await?);
        listed(&servers[1], options.modules).await?;
    }
    let path = content.join("modules").join(modules::code(0)).join("module.toml");
    let mut slowest = Duration::ZERO;
    for edition in 2..2 + TIMES {
        let word = format!("zyzomys{}", ["un", "deux", "trois", "quatre", "cinq"][edition - 2]);
        let manifest = modules::manifest(0, edition, &words);
        let manifest = manifest.replacen("summary = \"", &format!("summary = \"{word} "), 1);
        std::fs::write(&path, manifest)?;
        maitrise(Some(&settings), &["content", "import"], Some(&content))?;
        slowest = slowest.max(found_everywhere(&word, &servers).await?);
    }
    let shown = format!("a new version found by search on {} server(s)", servers.len());
    report.under(&shown, slowest.as_secs_f64(), 1.0, "s, the slowest of 5");
    Ok(())
}

/// How long every server takes to find a word that was just published.
async fn found_everywhere(word: &str, servers: &[Served]) -> anyhow::Result<Duration> {
    let committed = Instant::now();
    for server in servers {
        let url = format!("{}/api/v1/modules?q={word}&limit=1", server.base);
        while !reqwest::get(&url).await?.text().await?.contains(&modules::code(0)) {
            ensure!(committed.elapsed() < Duration::from_secs(30), "never found: {word}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(committed.elapsed())
}

fn asked_often(
    options: &Options,
    served: &Served,
    words: &Words,
    folder: &std::path::Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let file = folder.join("questions");
    let most = usize::try_from(options.seconds)? * 20_000;
    wrk::write(&file, (0..most).map(|nth| Ok(line(words, nth % QUESTIONS))))?;
    let load = Load { connections: CLIENTS, seconds: options.seconds };
    let run = wrk::requests(&served.base, load, &file, None)?;
    run.all_answered(200).context("searches")?;
    report.at_least("searches with facets", run.rate(), 2_000.0, "/s");
    #[expect(clippy::cast_precision_loss, reason = "microseconds")]
    let (p99, p50) = (run.p99 as f64 / 1e3, run.p50 as f64 / 1e3);
    let detail = format!("ms at {CLIENTS} clients (median {p50:.2})");
    report.under("searches with facets, 99th percentile", p99, 10.0, &detail);
    Ok(())
}

/// A question: one to three words, some misspelt, some synonyms, some filtered.
fn line(words: &Words, nth: usize) -> String {
    let mut asked: Vec<String> =
        (0..=nth % 3).map(|more| words.nth(nth * 37 + more * 1_009).to_owned()).collect();
    if nth.is_multiple_of(7) && asked[0].is_ascii() && asked[0].len() > 5 {
        asked[0].remove(2);
    }
    // « et » alone would be refused, as it should.
    if nth.is_multiple_of(5) || asked.iter().all(|word| word.chars().count() < 3) {
        asked
            .push(["rgpd", "sous-traitance", "mairesse", "chatbot", "dpo"][nth / 5 % 5].to_owned());
    }
    let filter = if nth.is_multiple_of(4) { "&audience=elu&theme=ia" } else { "" };
    let q: String = asked.join(" ").bytes().map(|byte| format!("%{byte:02X}")).collect();
    wrk::line("GET", &format!("/api/v1/modules?q={q}&limit=20{filter}"), "", "")
}
