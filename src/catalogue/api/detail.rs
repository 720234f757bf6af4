//! What a module's own page answers: everything about it but the keys of its questions.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use sea_orm::ActiveEnum as _;

use super::bodies::{Provider, label};
use crate::catalogue::Edition;
use crate::content::{self, computed_minutes};

/// What comes before: a module, or any one of several.
#[derive(Object)]
#[oai(rename = "ModulePrerequisite")]
struct Prerequisite {
    /// Its code, where one module is asked for.
    #[oai(skip_serializing_if_is_none)]
    module: Option<String>,
    /// The codes of the modules, any of which will do; most of the time one.
    any_of: Vec<String>,
    /// `advised` or `required`.
    kind: String,
}

/// A text that the module cites.
#[derive(Object)]
#[oai(rename = "ModuleReference")]
struct Reference {
    /// Its id in the module.
    id: String,
    /// The citation.
    text: String,
    /// Where to read it.
    #[oai(skip_serializing_if_is_none)]
    url: Option<String>,
    /// How well it was checked: `V` read in a dated source, `S` secondary sources, `M` from memory.
    grade: String,
    /// When it was checked.
    verified_on: NaiveDate,
    /// Which article of the text.
    #[oai(skip_serializing_if_is_none)]
    article: Option<String>,
    /// European Legislation Identifier, as an address.
    #[oai(skip_serializing_if_is_none)]
    eli: Option<String>,
    /// CELEX number (EUR-Lex).
    #[oai(skip_serializing_if_is_none)]
    celex: Option<String>,
    /// Identifier of Légifrance.
    #[oai(skip_serializing_if_is_none)]
    legifrance: Option<String>,
    /// First day on which the text is in force.
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
}

/// A lesson.
#[derive(Object)]
#[oai(rename = "ModuleLesson")]
struct Lesson {
    /// Its slug; lessons are in reading order.
    slug: String,
    /// Title.
    title: String,
    /// Minutes it takes, computed: reading, and the activity that it declares.
    minutes: u32,
    /// Its text as sanitised HTML; in answers about one version.
    #[oai(skip_serializing_if_is_none)]
    html: Option<String>,
}

/// One version of a module.
#[derive(Object)]
#[oai(rename = "Module")]
pub(super) struct Detail {
    /// Its code, global and immutable.
    code: String,
    /// Its code in the provider's own catalogue.
    #[oai(skip_serializing_if_is_none)]
    external_code: Option<String>,
    /// Number of the version.
    version: i32,
    /// When the version was published.
    published_at: DateTime<Utc>,
    /// What the version changes: `first`, `editorial`, `substantive` or `legal`.
    change: String,
    /// SHA-256 of the version's file tree.
    digest: String,
    /// Title.
    title: String,
    /// What it is about.
    summary: String,
    /// Who provides it.
    provider: Provider,
    /// For whom: `elu`, `agent`, `cadre`.
    audiences: Vec<String>,
    /// `awareness` or `training`.
    level: String,
    /// The French term: `sensibilisation` or `formation`.
    level_label: String,
    /// Language (two letters).
    language: String,
    /// `complete`, or `extract` for a part of the module.
    status: String,
    /// Announced duration, in minutes.
    duration_minutes: u32,
    /// Duration computed from the content, in minutes.
    computed_minutes: u32,
    /// Declared off-screen activities, in minutes.
    activity_minutes: u32,
    /// What the learner will be able to do.
    objectives: Vec<String>,
    /// Recommendations of Senate report n° 447 that it answers.
    recommendations: Vec<u8>,
    /// Themes.
    themes: Vec<String>,
    /// Licence of the content (SPDX).
    licence: String,
    /// Accessibility statement.
    accessibility: String,
    /// Who answers about the content.
    contact: String,
    /// When the sources were read.
    verified_on: NaiveDate,
    /// Last day on which it is taken to be up to date.
    review_by: NaiveDate,
    /// Who reviewed the law in it; `none` when nobody has.
    legal_review: String,
    /// Share of points needed to pass the quiz, in percent.
    pass_mark_percent: u8,
    /// Most attempts at the quiz; absent when there is no limit.
    #[oai(skip_serializing_if_is_none)]
    attempt_limit: Option<u32>,
    /// Minutes to wait between two attempts; absent when there is no pause.
    #[oai(skip_serializing_if_is_none)]
    attempt_pause_minutes: Option<u32>,
    /// Minutes that an attempt may last; absent when there is no limit.
    #[oai(skip_serializing_if_is_none)]
    attempt_time_minutes: Option<u32>,
    /// How long a completion holds, as an ISO 8601 duration of the calendar (`P2Y`, `P18M`, `P90D`);
    /// absent when it is for ever.
    #[oai(skip_serializing_if_is_none)]
    validity: Option<String>,
    /// Modules that come before.
    prerequisites: Vec<Prerequisite>,
    /// Texts cited.
    references: Vec<Reference>,
    /// Lessons, in reading order.
    lessons: Vec<Lesson>,
    /// Questions that an attempt at the quiz asks, one more or less when it draws scenarios; 0 for
    /// no quiz.
    questions: u32,
}

impl Detail {
    /// Describes an edition, with the text of its lessons where their pages are given, in order.
    pub(super) fn of(edition: &Edition, pages: &[Arc<str>]) -> Self {
        let (content, version) = (&edition.content, &edition.version);
        let manifest = content.manifest.clone();
        let lesson = |(rank, lesson): (usize, &content::Lesson)| Lesson {
            slug: lesson.slug.clone(),
            title: lesson.title.clone(),
            minutes: computed_minutes(lesson.words, 0, lesson.activity_minutes),
            html: pages.get(rank).map(ToString::to_string),
        };
        Self {
            code: manifest.code.to_string(),
            external_code: manifest.external_code,
            version: version.number,
            published_at: version.published_at,
            change: version.change_kind.to_value(),
            digest: version.tree_digest.clone(),
            provider: edition.into(),
            audiences: manifest.audiences.iter().map(ToString::to_string).collect(),
            level: manifest.level.to_string(),
            level_label: label(manifest.level),
            status: manifest.status.to_string(),
            computed_minutes: content.computed_minutes,
            validity: manifest.validity.map(|validity| validity.to_string()),
            prerequisites: manifest.prerequisites.iter().map(Prerequisite::from).collect(),
            references: manifest.references.into_iter().map(Reference::from).collect(),
            lessons: content.lessons.iter().enumerate().map(lesson).collect(),
            questions: content.quiz.asked(),
            title: manifest.title,
            summary: manifest.summary,
            language: manifest.language,
            duration_minutes: manifest.duration_minutes,
            activity_minutes: manifest.activity_minutes,
            objectives: manifest.objectives,
            recommendations: manifest.recommendations,
            themes: manifest.themes,
            licence: manifest.licence,
            accessibility: manifest.accessibility,
            contact: manifest.contact,
            verified_on: manifest.verified_on,
            review_by: manifest.review_by,
            legal_review: manifest.legal_review,
            pass_mark_percent: manifest.pass_mark_percent,
            attempt_limit: manifest.attempt_limit,
            attempt_pause_minutes: manifest.attempt_pause_minutes,
            attempt_time_minutes: manifest.attempt_time_minutes,
        }
    }
}

impl From<&content::Prerequisite> for Prerequisite {
    fn from(p: &content::Prerequisite) -> Self {
        let any_of: Vec<String> = p.any_of.iter().map(ToString::to_string).collect();
        let module = if let [only] = any_of.as_slice() { Some(only.clone()) } else { None };
        Self { module, any_of, kind: p.kind.to_string() }
    }
}

impl From<content::Reference> for Reference {
    fn from(r: content::Reference) -> Self {
        Self {
            id: r.id,
            text: r.text,
            url: r.url,
            grade: r.grade.to_string(),
            verified_on: r.verified_on,
            article: r.article,
            eli: r.eli,
            celex: r.celex,
            legifrance: r.legifrance,
            in_force_from: r.in_force_from,
            in_force_to: r.in_force_to,
            superseded_by: r.superseded_by,
            check_by: r.check_by,
        }
    }
}
