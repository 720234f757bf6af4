//! The figures of the program under load: see `benches/README.md`. Run by `benches/run`.
//!
//! Every ratio is between two measurements of one run, on one machine, under the same load. Each
//! measurement checks the status of every answer and the rows that it leaves; a target missed is
//! said, and fails nothing: figures are read by people.

mod beside;
mod bulk;
mod content;
mod credentials;
mod documents;
mod layers;
mod measures;
mod modules;
mod obligations;
mod pages;
mod pgbench;
mod population;
mod publishing;
mod report;
mod search;
mod server;
#[expect(
    dead_code,
    unused_imports,
    reason = "what tests stand on, of which a measurement needs a part"
)]
#[path = "../../tests/it/support/mod.rs"]
mod support;
mod wrk;

use std::net::TcpListener;

use clap::Parser;
use report::Report;
use support::{Cluster, Durability};

/// Measures maitrise under load, and prints the figures as Markdown.
#[derive(Debug, Parser)]
struct Options {
    /// People in the database
    #[arg(long, default_value_t = 100_000)]
    people: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections, each with one request at a time
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Measure one engine only: sqlite or postgres
    #[arg(long)]
    engine: Option<String>,
    /// Measure content only: checking, rendering, importing, a thousand modules
    #[arg(long)]
    content: bool,
    /// Measure publishing only, with at most 10,000 of the people
    #[arg(long)]
    publishing: bool,
    /// Measure the opening of a requirement's obligations only
    #[arg(long)]
    obligations: bool,
    /// Measure enrolments, lessons and answers only
    #[arg(long)]
    writes: bool,
    /// Measure the bulk enrolment of at most 10,000 of the people only
    #[arg(long)]
    bulk: bool,
    /// Measure the search only
    #[arg(long)]
    search: bool,
    /// Measure drawing documents only
    #[arg(long)]
    documents: bool,
    /// Measure signing credentials only
    #[arg(long)]
    credentials: bool,
    /// Modules that are searched
    #[arg(long, default_value_t = 1_000)]
    modules: usize,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let wanted = |engine| options.engine.as_deref().is_none_or(|only| only == engine);
    let mut report = Report::begin(&options);
    let one = options.content || options.publishing || options.obligations || options.search;
    let everything = !(one || options.bulk || options.writes);
    if options.documents || everything && !options.credentials {
        documents::all(&mut report)?;
    }
    if options.credentials || everything && !options.documents {
        credentials::all(&mut report)?;
    }
    if options.documents || options.credentials {
        report.end();
        return Ok(());
    }
    if wanted("sqlite") {
        on(&options, None, &mut report).await?;
    }
    if wanted("postgres") {
        let cluster = Cluster::private(Durability::On, &[], None);
        on(&options, Some(&cluster), &mut report).await?;
    }
    report.end();
    Ok(())
}

/// What is asked for, or everything, on one engine.
async fn on(
    options: &Options,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let one = options.content || options.publishing || options.obligations || options.search;
    let everything = !(one || options.bulk || options.writes);
    if everything || options.publishing {
        publishing::all(options.people.min(10_000), cluster, report).await?;
    }
    if everything || options.obligations {
        obligations::all(options.people, cluster, report).await?;
    }
    if everything || options.bulk {
        bulk::all(options.people.min(10_000), cluster, report).await?;
    }
    if everything || options.search {
        search::all(options, cluster, report).await?;
    }
    if everything || options.content {
        content::all(cluster, report).await?;
    }
    if everything || options.writes {
        measures::all(options, cluster, report).await?;
    }
    Ok(())
}

/// An address that nobody listens on.
fn free_address() -> anyhow::Result<std::net::SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
