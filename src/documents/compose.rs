//! What is written on each document, block after block.

use super::model::{Capacity, Kind, Provider, Subject};
use super::{presence, words};

/// A piece of a document, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Who provides: beside its logo, its name and the lines under it.
    Letterhead {
        /// Public name.
        name: String,
        /// Identity, line by line.
        lines: Vec<String>,
    },
    /// Title of the document.
    Title(String),
    /// A sentence that leads to what follows.
    Lead(String),
    /// Name of the holder.
    Name(String),
    /// Title of what was followed.
    Training(String),
    /// Rows of a label and what it is about.
    Facts(Vec<(String, String)>),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
    /// What must not be overlooked.
    Notice(String),
    /// How to verify, at the foot of the last page.
    Verification {
        /// What the QR code holds.
        qr: String,
        /// The address, as printed.
        address: String,
        /// What is said beside.
        lines: Vec<String>,
    },
}

/// What `kind` of document says of a subject.
pub fn compose(kind: Kind, subject: &Subject) -> Vec<Block> {
    let mut blocks = vec![
        letterhead(&subject.provider),
        Block::Title(kind.title().to_owned()),
        Block::Lead(printed(&format!("{} atteste que", subject.provider.name))),
        Block::Name(subject.holder.clone()),
        Block::Lead(printed("a suivi jusqu'à son terme l'action de formation")),
        Block::Training(printed(&format!("« {} »", subject.training.title))),
        Block::Facts(facts(kind, subject)),
    ];
    if kind == Kind::Attestation {
        let objectives = subject.training.objectives.iter();
        blocks.extend([
            Block::Heading("Objectifs de la formation".to_owned()),
            Block::List(objectives.map(|text| printed(text)).collect()),
            Block::Heading(printed("Résultats de l'évaluation des acquis")),
            Block::Paragraph(result(subject)),
        ]);
    }
    blocks.extend(without_agrement(subject).map(Block::Notice));
    blocks.push(Block::Paragraph(made_on(subject)));
    blocks.push(verification(subject));
    blocks
}

fn printed(text: &str) -> String {
    words::printed(text)
}

fn letterhead(provider: &Provider) -> Block {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(
        provider
            .legal_name
            .iter()
            .filter(|legal| **legal != provider.name)
            .map(|text| printed(text)),
    );
    if !provider.address.is_empty() {
        lines.push(printed(&provider.address.join(", ")));
    }
    let siret = provider.siret.iter().map(|n| format!("SIRET {}", words::siret(n)));
    let number = provider.activity_number.iter();
    // Registering an activity is no approval by the State, and whoever prints the number says so
    // (Code du travail, L6352-12).
    let number = number.map(|n| {
        let shown = words::activity_number(n);
        let text = format!("Déclaration d'activité enregistrée sous le n° {shown}");
        printed(&format!("{text} ; cet enregistrement ne vaut pas agrément de l'État"))
    });
    lines.extend(siret.chain(number));
    Block::Letterhead { name: printed(&provider.name), lines }
}

fn facts(kind: Kind, subject: &Subject) -> Vec<(String, String)> {
    let training = &subject.training;
    let mut rows = Vec::new();
    if let Some((label, name)) = subject.capacity.as_ref().and_then(organisation) {
        rows.push((label.to_owned(), name));
    }
    rows.push(("Nature de l’action".to_owned(), printed(presence::nature(&subject.attended))));
    rows.push(("Dates".to_owned(), words::period(subject.began_on, subject.ended_on)));
    let minutes = words::duration(training.minutes);
    rows.push(("Durée".to_owned(), format!("{minutes}, temps estimé des activités réalisées")));
    rows.extend(presence::rows(&subject.attended));
    let part = if training.extract { ", extrait du module" } else { "" };
    let module = format!("{}, version {}{part}", training.module, training.version);
    rows.push(("Module suivi".to_owned(), module.replace("version ", "version\u{a0}")));
    if kind == Kind::Certificat {
        let name = subject.provider.legal_name.as_ref().unwrap_or(&subject.provider.name);
        rows.push(("Organisme".to_owned(), printed(name)));
    }
    let elu = subject.capacity.as_ref().is_some_and(|capacity| capacity.elu);
    if let Some(number) = subject.provider.agrement.as_ref().filter(|_| elu) {
        let text = format!("n° {number}, agrément ministériel pour la formation des élus locaux");
        rows.push(("Agrément".to_owned(), printed(&text).replace("n° ", "n°\u{a0}")));
    }
    rows
}

fn organisation(capacity: &Capacity) -> Option<(&'static str, String)> {
    let label = if capacity.elu { "Collectivité" } else { "Employeur" };
    let name = printed(capacity.organisation.as_ref()?);
    let unsure = " (qualité déclarée par la personne, non confirmée)";
    Some((label, if capacity.confirmed { name } else { format!("{name}{unsure}") }))
}

fn result(subject: &Subject) -> String {
    let Some(result) = subject.result else {
        return printed("Cette formation ne comporte pas d'évaluation chiffrée des acquis.");
    };
    let (percent, mark) = (result.percent, result.pass_mark_percent);
    let verdict = if i64::from(percent) >= i64::from(mark) {
        "objectifs atteints"
    } else {
        "objectifs non atteints"
    };
    let text = format!(
        "Questionnaire final : {percent} % de réussite, pour un seuil fixé à {mark} % ; {verdict}."
    );
    printed(&text)
}

/// What an élu must know whose provider held no *agrément* (CGCT, L1221-3) that day.
fn without_agrement(subject: &Subject) -> Option<String> {
    let elu = subject.capacity.as_ref().is_some_and(|capacity| capacity.elu);
    let day = words::day(subject.ended_on);
    let text = format!(
        "Cette formation ne compte pas comme formation agréée au sens de l'article L. 1221-3 du code \
         général des collectivités territoriales : à la date du {day}, l'organisme ne détenait pas \
         l'agrément ministériel pour la formation des élus locaux."
    );
    let text = printed(&text).replace("L. 1221", "L.\u{a0}1221");
    (elu && subject.provider.agrement.is_none()).then_some(text)
}

fn made_on(subject: &Subject) -> String {
    let day = words::day(subject.issued_on);
    printed(&format!("Établi le {day} par voie électronique, sans signature manuscrite."))
}

fn verification(subject: &Subject) -> Block {
    let lines = [
        "Pour savoir si ce document est authentique, scannez le code ou ouvrez :",
        &format!("Code de vérification : {}", words::code(&subject.code)),
    ];
    Block::Verification {
        qr: subject.qr.clone(),
        address: subject.verification_url.clone(),
        lines: lines.map(printed).to_vec(),
    }
}
