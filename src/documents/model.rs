//! What a document says, as values: everything that is drawn, and nothing else.

use chrono::{DateTime, NaiveDate, Utc};

use crate::sessions::attended::AttendedHalfDay;

/// Which of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Objectives and results of the assessment.
    Attestation,
    /// What was followed, when, for how long.
    Certificat,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Attestation, Self::Certificat];

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Attestation => "Attestation de fin de formation",
            Self::Certificat => "Certificat de réalisation",
        }
    }

    /// Its title in a file name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Attestation => "attestation-de-fin-de-formation",
            Self::Certificat => "certificat-de-realisation",
        }
    }
}

/// What both documents of a completion say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Verification code of the attestation.
    pub code: String,
    /// Address where anyone may verify, as printed.
    pub verification_url: String,
    /// What the QR code holds: that address, perhaps with more after `#`.
    pub qr: String,
    /// Given name and family name, as frozen at the completion.
    pub holder: String,
    /// In what capacity the person completed; absent when none was held.
    pub capacity: Option<Capacity>,
    /// Who provided the training.
    pub provider: Provider,
    /// What was followed.
    pub training: Training,
    /// Civil day of the first recorded activity, in the organisation's zone.
    pub began_on: NaiveDate,
    /// Civil day of the completion, in the organisation's zone.
    pub ended_on: NaiveDate,
    /// When the module was completed: the date of the file.
    pub completed_at: DateTime<Utc>,
    /// Civil day on which the attestation was issued.
    pub issued_on: NaiveDate,
    /// Best result of the assessment; absent without one.
    pub result: Option<Outcome>,
    /// Half-days of sessions that the holder attended, in order.
    pub attended: Vec<AttendedHalfDay>,
}

/// The capacity in which a person completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Whether that of an élu; of an agent otherwise.
    pub elu: bool,
    /// Whether the organisation or a register confirmed it.
    pub confirmed: bool,
    /// Name of the collectivité or of the employer.
    pub organisation: Option<String>,
}

/// Who provided the training.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provider {
    /// Public name.
    pub name: String,
    /// Legal name, where it was said.
    pub legal_name: Option<String>,
    /// Lines of its postal address.
    pub address: Vec<String>,
    /// SIRET, 14 digits.
    pub siret: Option<String>,
    /// *Numéro de déclaration d'activité*, 11 characters.
    pub activity_number: Option<String>,
    /// Number of the ministerial *agrément* for the training of élus (CGCT, L1221-3) that held on the
    /// day of the completion.
    pub agrement: Option<String>,
    /// The bytes of its logo: PNG, JPEG or WebP.
    pub logo: Option<Vec<u8>>,
}

/// What was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    /// Code of the module.
    pub module: String,
    /// Its title, in the version followed.
    pub title: String,
    /// The version followed.
    pub version: i32,
    /// Whether that version was an extract of the module.
    pub extract: bool,
    /// Announced duration, in minutes.
    pub minutes: i32,
    /// Its objectives, in the version followed.
    pub objectives: Vec<String>,
}

/// What the assessment gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Best result, in whole percent.
    pub percent: u32,
    /// Percent that passes.
    pub pass_mark_percent: i32,
}

/// A file to attach to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Name of the file.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What it is, for people.
    pub description: String,
    /// How it relates to the document (`AFRelationship` of ISO 19005-3).
    pub relation: Relation,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How an attached file relates to the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same, in another form.
    Alternative,
    /// What the document was drawn from.
    Data,
}
