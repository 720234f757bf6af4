//! What content costs: checking it, rendering it, importing it again, and keeping a thousand modules
//! at hand in every process.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use maitrise::config::{self, Mode, Settings};
use maitrise::content::{self, Tree};

use crate::free_address;
use crate::modules::{self, LESSONS, WORDS, Words};
use crate::report::Report;
use crate::server::Served;
use crate::support::Cluster;

/// Modules of the catalogue that is kept at hand.
const MANY: usize = 1_000;
/// Times that what takes less than a second is repeated; the middle one counts.
const TIMES: usize = 9;

/// Measures content on one engine: PostgreSQL where a cluster is given.
pub async fn all(cluster: Option<&Cluster>, report: &mut Report) -> anyhow::Result<()> {
    let words = Words::shipped()?;
    if cluster.is_none() {
        report.on("neither");
        check(&words, report)?;
        render(&words, report)?;
    }
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let url = |name| cluster.map(|cluster| cluster.create_database(name)).unwrap_or_default();
    import_again(url("content_again"), report)?;
    at_hand(&words, url("content_many"), cluster.is_some(), report).await
}

fn check(words: &Words, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    modules::write(folder.path(), 20, words)?;
    let took = middle(|| maitrise(None, &["content", "check"], Some(folder.path())))?;
    report.under("`content check` of 20 modules", took.as_secs_f64(), 1.0, "s");
    Ok(())
}

/// One lesson of five times the usual length, alone in its module.
fn render(words: &Words, report: &mut Report) -> anyhow::Result<()> {
    let mut tree = Tree::new();
    let front = "+++\ntitle = \"Longue\"\n+++\n\n## Titre\n\n";
    let text = format!("{front}{}", words.prose(LESSONS * WORDS, 1));
    tree.insert("module.toml", modules::manifest(0, 1, words).into_bytes())?;
    tree.insert("lessons/01-longue.md", text.into_bytes())?;
    // The announced duration counts a quiz that is not there: read as what is published is.
    let module = content::recall(&tree).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    let took = middle(|| {
        let html = content::render_lesson(&module, "01-longue").context("the lesson")?;
        ensure!(html.len() > LESSONS * WORDS * 5, "the lesson is short: {}", html.len());
        Ok(())
    })?;
    let (figure, words) = (took.as_secs_f64() * 1e3, module.lessons[0].words);
    report.under(&format!("rendering a lesson of {words} words"), figure, 5.0, "ms");
    Ok(())
}

/// The shipped content, imported when it is already there: the whole command.
fn import_again(url: String, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let settings = settings(folder.path(), url)?;
    maitrise(Some(&settings), &["content", "import"], None)?;
    let took = middle(|| maitrise(Some(&settings), &["content", "import"], None))?;
    let figure = took.as_secs_f64() * 1e3;
    report.under("`content import` of the shipped content, unchanged", figure, 200.0, "ms");
    Ok(())
}

async fn at_hand(
    words: &Words,
    url: String,
    shared: bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut settings = settings(folder.path(), url)?;
    maitrise(Some(&settings), &["content", "import"], None)?;
    let before = listening(&mut settings).await?;
    listed(&before, 1).await?;
    let few = before.resident()?.0;
    before.stop().await?;

    let content = folder.path().join("content");
    modules::write(&content, MANY, words)?;
    let started = Instant::now();
    maitrise(Some(&settings), &["content", "import"], Some(&content))?;
    let took = started.elapsed().as_secs_f64();
    report.figure(&format!("`content import` of {MANY} new modules"), format!("{took:.1} s"));

    let one = listening(&mut settings).await?;
    listed(&one, MANY).await?;
    let many = one.resident()?.0;
    let more = many.saturating_sub(few) as f64;
    let detail = format!("MiB ({few} with the shipped modules, {many} with {MANY} more)");
    report.under(&format!("resident for {MANY} modules"), more, 100.0, &detail);
    for rank in 0..MANY {
        let url = format!("{}/api/v1/modules/{}/versions/1", one.base, modules::code(rank));
        let answer = reqwest::get(url).await?.error_for_status()?.text().await?;
        ensure!(answer.contains("html"), "a version without its lessons");
    }
    let read = one.resident()?.0.saturating_sub(few) as f64;
    report.under("the same, once every lesson was read", read, 100.0, "MiB");

    super::pages::measure(&one, MANY, folder.path(), report).await?;

    // One SQLite file has one server; PostgreSQL has as many as wanted.
    let mut servers = vec![one];
    if shared {
        servers.push(listening(&mut settings).await?);
    }
    let slowest = told_everywhere(&settings, &content, words, &servers).await?;
    let shown = if shared { "on two servers" } else { "on the server" };
    let what = format!("a new version seen {shown}, after the command that publishes it");
    report.under(&what, slowest.as_secs_f64(), 1.0, "s, the slowest of 5");
    Ok(())
}

/// Publishes a version five times; answers the longest that a server took to show it, counted from the
/// end of the command, which is just after its commit.
async fn told_everywhere(
    settings: &Settings,
    content: &Path,
    words: &Words,
    servers: &[Served],
) -> anyhow::Result<Duration> {
    let path = content.join("modules").join(modules::code(0)).join("module.toml");
    let mut slowest = Duration::ZERO;
    for edition in 2..7 {
        std::fs::write(&path, modules::manifest(0, edition, words))?;
        maitrise(Some(settings), &["content", "import"], Some(content))?;
        let committed = Instant::now();
        let title = format!("édition {edition}");
        for server in servers {
            let url = format!("{}/api/v1/modules/{}", server.base, modules::code(0));
            while !reqwest::get(&url).await?.text().await?.contains(&title) {
                ensure!(committed.elapsed() < Duration::from_secs(30), "never seen: {title}");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            slowest = slowest.max(committed.elapsed());
        }
    }
    Ok(slowest)
}

fn settings(folder: &Path, url: String) -> anyhow::Result<Settings> {
    let mut settings = config::load(None, Some(folder))?;
    settings.mode = Mode::Development;
    if !url.is_empty() {
        settings.database.url = url;
    }
    maitrise::keys::create_missing(
        &settings.keys.directory,
        maitrise::clock::Clock::default().now(),
    )?;
    Ok(settings)
}

async fn listening(settings: &mut Settings) -> anyhow::Result<Served> {
    let address = free_address()?;
    settings.http.listen = address;
    settings.http.public_url = format!("http://{address}");
    Served::start(settings).await
}

/// Asks for the whole catalogue, which has at least so many modules.
async fn listed(server: &Served, at_least: usize) -> anyhow::Result<()> {
    let url = format!("{}/api/v1/modules?limit=200", server.base);
    let answer: serde_json::Value = reqwest::get(url).await?.error_for_status()?.json().await?;
    let found = answer["items"].as_array().map_or(0, Vec::len);
    ensure!(found >= at_least.min(200), "{found} modules listed");
    Ok(())
}

/// Runs a command of the real binary, which must succeed.
fn maitrise(
    settings: Option<&Settings>,
    arguments: &[&str],
    folder: Option<&Path>,
) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maitrise"));
    if let Some(settings) = settings {
        command.arg("--data-dir").arg(&settings.data.dir);
        command.env("MAITRISE__MODE", "development");
        command.env("MAITRISE__DATABASE__URL", &settings.database.url);
    }
    let output = command.args(arguments).args(folder).stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// How long the middle one of several runs takes.
fn middle(mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        run()?;
        took.push(started.elapsed());
    }
    took.sort();
    Ok(took[TIMES / 2])
}
