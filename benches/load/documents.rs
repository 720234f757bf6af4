//! What drawing a document costs: no database, one core, each holder unlike the last.

use std::time::Instant;

use anyhow::ensure;
use maitrise::documents::model::{Capacity, Outcome, Provider, Subject, Training};
use maitrise::documents::{Kind, render};

use crate::report::Report;

/// Documents drawn of each kind.
const DRAWN: u32 = 500;
/// What a document may cost, in milliseconds.
const TARGET: f64 = 10.0;

/// Draws both kinds of documents over and over, one after the other.
pub fn all(report: &mut Report) -> anyhow::Result<()> {
    report.on("no database");
    for kind in Kind::ALL {
        let mut took = Vec::new();
        let mut bytes = 0;
        for nth in 0..DRAWN {
            let subject = subject(nth);
            let begun = Instant::now();
            let file = render(kind, &subject, None)?;
            took.push(begun.elapsed());
            ensure!(file.starts_with(b"%PDF-1.7"), "no document");
            bytes = file.len();
        }
        took.sort_unstable();
        let (middle, late) = (took[took.len() / 2], took[took.len() * 99 / 100]);
        let detail = format!("ms (median {middle:.2?}, {bytes} bytes)");
        let what = format!("{}: 99 of 100", kind.title());
        report.under(&what, late.as_secs_f64() * 1_000.0, TARGET, &detail);
    }
    Ok(())
}

fn subject(nth: u32) -> Subject {
    let address = format!("https://formation.example/verifier/{nth:026}");
    Subject {
        code: format!("{nth:026}"),
        qr: format!("{address}#{}", "eyJhbGciOiJFZERTQSJ9".repeat(19)),
        verification_url: address,
        holder: format!("Françoise L’Hœst-Māhealani {nth}"),
        capacity: Some(Capacity {
            elu: true,
            confirmed: true,
            organisation: Some("Saint-Barthélemy-d'Anjou".to_owned()),
        }),
        provider: Provider {
            name: "Association des maires de l'Exemple".to_owned(),
            siret: Some("12345678900012".to_owned()),
            ..Provider::default()
        },
        training: Training {
            module: "E1".to_owned(),
            title: "Comprendre l'IA pour décider".to_owned(),
            version: 2,
            extract: false,
            minutes: 45,
            objectives: vec!["Situer l'IA parmi les outils de la commune.".to_owned(); 6],
        },
        began_on: chrono::NaiveDate::default(),
        ended_on: chrono::NaiveDate::default(),
        completed_at: chrono::DateTime::UNIX_EPOCH,
        issued_on: chrono::NaiveDate::default(),
        result: Some(Outcome { percent: 92, pass_mark_percent: 80 }),
        attended: Vec::new(),
    }
}
