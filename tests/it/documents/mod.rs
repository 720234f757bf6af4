//! The documents of a completion as other programs see them: what they say (`pdftotext`), that they are
//! whole (`qpdf`), that they are the archives and the accessible files that they claim to be (veraPDF).

mod form;
mod logo;
mod said;
pub mod tools;

use maitrise::documents::model::{Capacity, Outcome, Provider, Subject, Training};

/// The text of a document, every space a plain one.
pub fn text_of(bytes: &[u8]) -> String {
    tools::Kept::new(bytes).text()
}

/// What a document says when nothing is left out.
fn subject() -> Subject {
    let address = "https://formation.example/verifier/7K3M9P2QX4W8RT6A5BC7DEF1G2";
    Subject {
        code: "7K3M9P2QX4W8RT6A5BC7DEF1G2".to_owned(),
        verification_url: address.to_owned(),
        qr: format!("{address}#{}", "eyJhbGciOiJFZERTQSJ9".repeat(19)),
        holder: "Françoise L’Hœst".to_owned(),
        capacity: Some(Capacity {
            elu: true,
            confirmed: true,
            organisation: Some("Saint-Barthélemy-d'Anjou".to_owned()),
        }),
        provider: Provider {
            name: "Association des maires de l'Exemple".to_owned(),
            legal_name: Some("AM 00".to_owned()),
            address: vec!["1 place de la Mairie".to_owned(), "00000 Exemple".to_owned()],
            siret: Some("12345678900012".to_owned()),
            activity_number: Some("11751234567".to_owned()),
            agrement: None,
            logo: Some(tools::logo()),
        },
        training: Training {
            module: "E1".to_owned(),
            title: "Comprendre l'IA pour décider".to_owned(),
            version: 2,
            extract: true,
            minutes: 90,
            objectives: vec!["Situer l'IA parmi les outils.".to_owned(); 8],
        },
        began_on: "2026-02-03".parse().expect("a date"),
        ended_on: "2026-02-05".parse().expect("a date"),
        completed_at: "2026-02-05T09:30:00Z".parse().expect("an instant"),
        issued_on: "2026-02-05".parse().expect("a date"),
        result: Some(Outcome { percent: 92, pass_mark_percent: 80 }),
        attended: Vec::new(),
    }
}
