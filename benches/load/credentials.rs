//! What signing credentials costs: no database, each holder unlike the last.

use std::time::Instant;

use anyhow::ensure;
use maitrise::attestations::badge::{self, Ground};
use maitrise::attestations::entry::Place;
use maitrise::attestations::proof;
use maitrise::attestations::signed::Statement;
use maitrise::clock::Clock;
use maitrise::keys::{self, Algorithm, KeyRing, KeyUse};
use maitrise::records::told::ProviderThen;

use crate::report::Report;

/// Credentials signed under each algorithm.
const SIGNED: u32 = 20_000;
/// Credentials to be signed in a second under Ed25519.
const TARGET: f64 = 10_000.0;

/// Signs credentials with Ed25519, on one core and on all of them, then with ES256, and opens one in a
/// hundred again.
pub fn all(report: &mut Report) -> anyhow::Result<()> {
    report.on("no database");
    let (folder, now) = (tempfile::tempdir()?, Clock::default().now());
    keys::create_missing(folder.path(), now)?;
    keys::create_of(folder.path(), (KeyUse::Attestation, Algorithm::Es256), false, now)?;
    let (ring, public) = (KeyRing::load(folder.path())?, keys::list(folder.path())?);
    let cores = u32::try_from(std::thread::available_parallelism()?.get())?;
    for (algorithm, threads) in
        [(Algorithm::EdDsa, 1), (Algorithm::EdDsa, cores), (Algorithm::Es256, 1)]
    {
        let begun = Instant::now();
        let kept = signed(&ring, algorithm, threads)?;
        let rate = f64::from(SIGNED) / begun.elapsed().as_secs_f64();
        for jwt in &kept {
            ensure!(badge::open(&public, jwt).is_ok(), "a credential does not verify");
        }
        let word = algorithm.word();
        let what = format!("Credentials signed with {word}, per second, on {threads} core(s)");
        let detail = format!("({} bytes each)", kept[0].len());
        match threads {
            1 => report.figure(&what, format!("{rate:.0} {detail}")),
            _ => report.at_least(&what, rate, TARGET, &detail),
        }
    }
    proofs(report, &ring)
}

/// Signs all of them in so many threads; answers one in a hundred.
fn signed(ring: &KeyRing, algorithm: Algorithm, threads: u32) -> anyhow::Result<Vec<String>> {
    let (statement, provider, now) = (statement(), provider(), Clock::default().now());
    let some = |first: u32| {
        let mut kept = Vec::new();
        for nth in (first..SIGNED).step_by(threads as usize) {
            let name = format!("Françoise L’Hœst {nth}");
            let ground = ground(&statement, &provider, (&name, nth), now);
            let (_, jwt) = badge::sign(ring, algorithm, &badge::payload(&ground))?;
            if nth % 100 == 0 {
                kept.push(jwt);
            }
        }
        anyhow::Ok(kept)
    };
    std::thread::scope(|scope| {
        let some = &some;
        let all: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
        let mut kept = Vec::new();
        for one in all {
            kept.extend(one.join().map_err(|_| anyhow::anyhow!("a thread failed"))??);
        }
        Ok(kept)
    })
}

fn proofs(report: &mut Report, ring: &KeyRing) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut longest = 0;
    for nth in 0..SIGNED {
        let code = format!("{nth:026}");
        let claims = proof::Claims {
            h: proof::name_digest(&code, "Françoise L’Hœst"),
            c: code,
            m: "E1".to_owned(),
            v: 2,
            d: "A".repeat(43),
            t: 20_780,
            i: nth,
        };
        longest = longest.max(proof::sign(ring, &claims)?.len());
    }
    let rate = f64::from(SIGNED) / begun.elapsed().as_secs_f64();
    let figure = format!("{rate:.0} ({longest} characters at most)");
    report.figure("Compact proofs signed with EdDSA, per second, one core", figure);
    Ok(())
}

fn ground<'a>(
    statement: &'a Statement,
    provider: &'a ProviderThen,
    (name, nth): (&'a str, u32),
    now: chrono::DateTime<chrono::Utc>,
) -> Ground<'a> {
    Ground {
        issuer: "https://formation.example",
        operator: "Formation",
        statement,
        issued_at: now,
        made_at: now,
        began_at: now,
        summary: "Ce que l'intelligence artificielle change pour une commune.",
        objectives: &[],
        language: "fr",
        provider,
        holder: (name, "0123456789abcdef0123456789abcdef"),
        place: Place { list: 0, position: nth },
    }
}

fn statement() -> Statement {
    Statement {
        iss: "https://formation.example".to_owned(),
        iat: 0,
        code: "7K3M9P2QX4W8RT6A5BC7DEF1G2".to_owned(),
        module: "E1".to_owned(),
        title: "Comprendre l'IA pour décider".to_owned(),
        version: 2,
        tree_digest: "a".repeat(64),
        extract: false,
        provider: "Association des maires de l'Exemple".to_owned(),
        completed_at: chrono::DateTime::UNIX_EPOCH,
        duration_minutes: 45,
        percent: Some(92),
        pass_mark_percent: 80,
        holder: "d".repeat(64),
    }
}

fn provider() -> ProviderThen {
    ProviderThen {
        name: "Association des maires de l'Exemple".to_owned(),
        legal_name: None,
        address: Vec::new(),
        siret: Some("12345678900012".to_owned()),
        activity_number: None,
        agrement: None,
        logo: None,
    }
}
