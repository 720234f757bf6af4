//! Legal references as they are sent and told.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

use crate::content::{self, Reference};
use crate::references::agenda::CitedBy;
use crate::references::model::legal_reference_version;
use crate::references::record::Telling;

/// How well a text was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "ReferenceGrade")]
pub(super) enum GradeShown {
    /// Read in a dated source.
    V,
    /// Concordant secondary sources.
    S,
    /// From memory.
    M,
}

impl From<content::Grade> for GradeShown {
    fn from(grade: content::Grade) -> Self {
        match grade {
            content::Grade::V => Self::V,
            content::Grade::S => Self::S,
            content::Grade::M => Self::M,
        }
    }
}

impl From<GradeShown> for content::Grade {
    fn from(grade: GradeShown) -> Self {
        match grade {
            GradeShown::V => Self::V,
            GradeShown::S => Self::S,
            GradeShown::M => Self::M,
        }
    }
}

/// What a text says from now on: the whole of it, what is left out being nothing.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct ReferenceVersionIn {
    /// The citation, for people; 1 to 600 characters.
    #[oai(validator(min_length = 1, max_length = 600))]
    text: String,
    /// Which article of the text.
    #[oai(validator(min_length = 1, max_length = 120))]
    article: Option<String>,
    /// Where to read it (`https://` only).
    #[oai(validator(max_length = 600))]
    url: Option<String>,
    /// European Legislation Identifier.
    #[oai(validator(max_length = 600))]
    eli: Option<String>,
    /// CELEX number.
    #[oai(validator(max_length = 60))]
    celex: Option<String>,
    /// Identifier of Légifrance.
    #[oai(validator(max_length = 60))]
    legifrance: Option<String>,
    /// How well it was checked.
    grade: GradeShown,
    /// Date on which it was read.
    verified_on: NaiveDate,
    /// First day on which it is in force.
    in_force_from: Option<NaiveDate>,
    /// Last day on which it is: a repeal gives it.
    in_force_to: Option<NaiveDate>,
    /// The text that replaces it.
    #[oai(validator(min_length = 1, max_length = 200))]
    superseded_by: Option<String>,
    /// Last day on which it may be cited without being read again.
    check_by: Option<NaiveDate>,
    /// What changed, for those who review; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    note: Option<String>,
}

impl Example for ReferenceVersionIn {
    fn example() -> Self {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
        Self {
            text: "Code de la commande publique, art. L. 2112-2, version du 22 août 2026"
                .to_owned(),
            article: Some("art. L. 2112-2".to_owned()),
            url: Some("https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019".to_owned()),
            eli: None,
            celex: None,
            legifrance: Some("LEGITEXT000037701019".to_owned()),
            grade: GradeShown::V,
            verified_on: day(2026, 11, 20),
            in_force_from: Some(day(2026, 8, 22)),
            in_force_to: None,
            superseded_by: None,
            check_by: Some(day(2027, 2, 22)),
            note: Some("Les clauses environnementales deviennent obligatoires.".to_owned()),
        }
    }
}

impl ReferenceVersionIn {
    /// What it tells of the text of that slug.
    pub(super) fn of(self, slug: &str) -> Telling {
        let told = Reference {
            id: slug.to_owned(),
            text: self.text,
            article: self.article,
            url: self.url,
            eli: self.eli,
            celex: self.celex,
            legifrance: self.legifrance,
            grade: self.grade.into(),
            verified_on: self.verified_on,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
            superseded_by: self.superseded_by,
            check_by: self.check_by,
        };
        Telling { told, note: self.note }
    }
}

/// A text that is not known yet.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct ReferenceIn {
    /// Its id in every manifest: lower-case letters, digits and hyphens.
    #[oai(validator(min_length = 1, max_length = 60))]
    pub(super) id: String,
    /// What it says.
    pub(super) version: ReferenceVersionIn,
}

impl Example for ReferenceIn {
    fn example() -> Self {
        Self { id: "ccp-2112-2-exemple".to_owned(), version: ReferenceVersionIn::example() }
    }
}

/// A text as it is known now.
#[derive(Object)]
pub(super) struct ReferenceShown {
    /// Its id in every manifest.
    id: String,
    /// Its latest version.
    #[oai(flatten)]
    version: ReferenceVersion,
}

/// A version of a text.
#[derive(Object)]
pub(super) struct ReferenceVersion {
    /// 1, 2, 3 …
    number: i32,
    /// The citation, for people.
    text: String,
    /// Which article of the text.
    #[oai(skip_serializing_if_is_none)]
    article: Option<String>,
    /// Where to read it.
    #[oai(skip_serializing_if_is_none)]
    url: Option<String>,
    /// European Legislation Identifier.
    #[oai(skip_serializing_if_is_none)]
    eli: Option<String>,
    /// CELEX number.
    #[oai(skip_serializing_if_is_none)]
    celex: Option<String>,
    /// Identifier of Légifrance.
    #[oai(skip_serializing_if_is_none)]
    legifrance: Option<String>,
    /// How well it was checked.
    grade: GradeShown,
    /// Date on which it was read.
    verified_on: NaiveDate,
    /// First day on which it is in force.
    #[oai(skip_serializing_if_is_none)]
    in_force_from: Option<NaiveDate>,
    /// Last day on which it is.
    #[oai(skip_serializing_if_is_none)]
    in_force_to: Option<NaiveDate>,
    /// The text that replaces it.
    #[oai(skip_serializing_if_is_none)]
    superseded_by: Option<String>,
    /// Last day on which it may be cited without being read again.
    #[oai(skip_serializing_if_is_none)]
    check_by: Option<NaiveDate>,
    /// What changed.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// When it was recorded; from the register of the program, or by somebody.
    recorded_at: DateTime<Utc>,
    /// Whether it comes from the register rather than from somebody.
    from_register: bool,
}

impl From<legal_reference_version::Model> for ReferenceVersion {
    fn from(row: legal_reference_version::Model) -> Self {
        Self {
            number: row.number,
            text: row.text,
            article: row.article,
            url: row.url,
            eli: row.eli,
            celex: row.celex,
            legifrance: row.legifrance,
            grade: content::Grade::from(row.grade).into(),
            verified_on: row.verified_on,
            in_force_from: row.in_force_from,
            in_force_to: row.in_force_to,
            superseded_by: row.superseded_by,
            check_by: row.check_by,
            note: row.change_note,
            recorded_at: row.recorded_at,
            from_register: row.recorded_by.is_none(),
        }
    }
}

impl ReferenceShown {
    pub(super) fn of(slug: String, row: legal_reference_version::Model) -> Self {
        Self { id: slug, version: row.into() }
    }
}

/// A page of texts.
#[derive(Object)]
pub(super) struct References {
    /// Texts, in the order of their ids.
    pub(super) items: Vec<ReferenceShown>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// A module that cites a text now, and where.
#[derive(Object)]
pub(super) struct CitedByShown {
    /// Its code.
    module: String,
    /// Slugs of the lessons that link to it.
    lessons: Vec<String>,
    /// Ids of the questions that rest on it.
    questions: Vec<String>,
}

impl From<CitedBy> for CitedByShown {
    fn from(by: CitedBy) -> Self {
        Self { module: by.module, lessons: by.lessons, questions: by.questions }
    }
}

/// A text with its history, and who cites it.
#[derive(Object)]
pub(super) struct ReferenceDetail {
    /// Its id in every manifest.
    pub(super) id: String,
    /// Every version, latest first.
    pub(super) versions: Vec<ReferenceVersion>,
    /// The modules that cite it as published now, in the order of their codes.
    pub(super) cited_by: Vec<CitedByShown>,
}

/// A text that has just been recorded.
#[derive(Object)]
pub(super) struct ReferenceRecorded {
    /// The text as it is now.
    pub(super) reference: ReferenceShown,
    /// How many modules are to be reviewed because of it.
    pub(super) to_review: u64,
}
