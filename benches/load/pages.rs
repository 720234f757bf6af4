//! Pages on a thousand modules: how soon they are there, and how much they weigh.
//!
//! The target is for the first byte of 95 answers of 100; what is measured is the last byte of 99.

use std::path::Path;

use anyhow::ensure;

use super::modules;
use super::report::Report;
use super::server::Served;
use super::wrk::{self, Load};

/// Browsers at once.
const LOAD: Load = Load { connections: 16, seconds: 5 };
/// Requests of each kind, more than are answered in that time.
const REQUESTS: usize = 250_000;
/// Milliseconds within which a page is there.
const SOON: f64 = 30.0;
/// KiB of a page with its stylesheet.
const LIGHT: f64 = 60.0;
/// What is looked for, by turns: words of the lessons, of titles, and of nothing.
const LOOKED: [&str; 8] =
    ["", "ia", "module%2012", "%C3%A9dition", "mesurer", "comparer&public=elu", "zzz", "agent"];

/// Measures the catalogue, modules and lessons of `many` made-up modules.
pub async fn measure(
    server: &Served,
    many: usize,
    folder: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let catalogue = |n: usize| {
        let (q, page) = (LOOKED[n % LOOKED.len()], n / LOOKED.len() % 3 + 1);
        format!("/catalogue?page={page}&q={q}")
    };
    let module = |n: usize| format!("/modules/{}", modules::code(n * 7 % many));
    let lesson = |n: usize| {
        let slug = format!("{:02}-lecon", n % modules::LESSONS + 1);
        format!("{}/lecons/{slug}", module(n))
    };
    let kinds: [(&str, &dyn Fn(usize) -> String); 3] =
        [("the catalogue, searched", &catalogue), ("a module", &module), ("a lesson", &lesson)];
    let style = bytes(server, "/style.css").await?;
    for (what, path) in kinds {
        let file = folder.join("pages.txt");
        wrk::write(&file, (0..REQUESTS).map(|n| Ok(wrk::line("GET", &path(n), "", ""))))?;
        let run = wrk::requests(&server.base, LOAD, &file, None)?;
        run.all_answered(200)?;
        let soon = milliseconds(run.p99);
        let detail = format!("ms (median {:.2} ms, {:.0}/s)", milliseconds(run.p50), run.rate());
        report.under(&format!("{what}: 99 % of pages"), soon, SOON, &detail);
        let mut heaviest = 0.0_f64;
        for n in 0..LOOKED.len() * 3 {
            heaviest = heaviest.max(bytes(server, &path(n)).await? + style);
        }
        report.under(&format!("{what}: the heaviest page"), heaviest / 1024.0, LIGHT, "KiB");
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
async fn bytes(server: &Served, path: &str) -> anyhow::Result<f64> {
    let answer = reqwest::get(format!("{}{path}", server.base)).await?.error_for_status()?;
    let bytes = answer.bytes().await?;
    ensure!(!bytes.is_empty(), "{path} is empty");
    Ok(bytes.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1e3
}
