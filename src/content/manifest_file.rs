//! `module.toml` from text to values: the rules of each key, and the lines later checks point at.

use std::collections::BTreeSet;

use super::code::ModuleCode;
use super::fields::{Fields, read_toml};
use super::finding::Sheet;
use super::manifest::{
    Audience, DEFAULT_PASS_MARK_PERCENT, Grade, Level, Manifest, Prerequisite, PrerequisiteKind,
    Reference, Status,
};
use super::shapes::{is_email, is_https, is_organisation_ref, is_slug};
use super::value::Value;

/// Longest duration that can be announced, in minutes (100 hours): beyond it, a typing slip.
const MAX_MINUTES: u32 = 6000;

/// What could be read of a manifest. The parts that other files are checked against are apart,
/// because they may be sound when the whole is not.
#[derive(Debug, Default)]
pub(super) struct ManifestReading {
    pub(super) manifest: Option<Manifest>,
    pub(super) code: Option<(ModuleCode, u32)>,
    pub(super) announced: Option<Announced>,
    pub(super) prerequisites: Vec<(Prerequisite, u32)>,
}

/// The announced duration and where it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Announced {
    pub(super) minutes: u32,
    pub(super) activity_minutes: u32,
    pub(super) line: u32,
}

/// Reads `module.toml`, noting every problem.
pub(super) fn read_manifest(text: &str, sheet: &mut Sheet) -> ManifestReading {
    read_toml(text, 0, sheet, |fields| Some(read_root(fields))).unwrap_or_default()
}

fn read_root(fields: &mut Fields<'_>) -> ManifestReading {
    let code = fields.required("code").and_then(module_code);
    let announced = read_duration(fields);
    let prerequisites = read_prerequisites(fields, code.as_ref().map(|(code, _)| code));
    let mut reading = ManifestReading { manifest: None, code, announced, prerequisites };
    reading.manifest = read_rest(fields, &reading);
    reading
}

fn module_code(value: Value<'_>) -> Option<(ModuleCode, u32)> {
    let text = value.line_of_text(24)?;
    match ModuleCode::parse(&text) {
        Ok(code) => Some((code, value.line())),
        Err(error) => value.refuse(format!("vaut « {text} »"), error.to_string()),
    }
}

fn read_duration(fields: &mut Fields<'_>) -> Option<Announced> {
    let duration = fields.required("duration_minutes");
    let activity_minutes =
        fields.optional("activity_minutes").map_or(Some(0), |value| value.integer(0..=MAX_MINUTES));
    let duration = duration?;
    Some(Announced {
        minutes: duration.integer(1..=MAX_MINUTES)?,
        activity_minutes: activity_minutes?,
        line: duration.line(),
    })
}

fn read_prerequisites(
    fields: &mut Fields<'_>,
    own: Option<&ModuleCode>,
) -> Vec<(Prerequisite, u32)> {
    let mut kept = Vec::new();
    let mut seen = BTreeSet::new();
    for mut table in fields.tables("prerequisite") {
        let module = table.required("module").and_then(module_code);
        let kind = table.required("kind").and_then(|value| value.word(PrerequisiteKind::WORDS));
        table.refuse_unknown();
        let (Some((module, line)), Some(kind)) = (module, kind) else {
            continue;
        };
        if own == Some(&module) {
            table.complain(
                format!("le module {module} se demande lui-même en prérequis"),
                "retirez ce prérequis",
            );
        } else if !seen.insert(module.clone()) {
            table.complain(
                format!("le prérequis {module} est écrit deux fois"),
                "gardez-en un seul",
            );
        } else {
            kept.push((Prerequisite { module, kind }, line));
        }
    }
    kept
}

fn read_references(fields: &mut Fields<'_>) -> Vec<Reference> {
    let mut kept: Vec<Reference> = Vec::new();
    let mut seen = BTreeSet::new();
    for mut table in fields.tables("reference") {
        let Some(reference) = read_reference(&mut table) else {
            continue;
        };
        if !seen.insert(reference.id.clone()) {
            table.complain(
                format!("la référence « {} » est écrite deux fois", reference.id),
                "donnez à chaque référence un « id » différent",
            );
        }
        kept.push(reference);
    }
    kept
}

fn read_reference(table: &mut Fields<'_>) -> Option<Reference> {
    let id = table
        .required("id")
        .and_then(|value| value.shaped(60, is_slug, "des minuscules, chiffres et tirets"));
    let text = table.required("text").and_then(|value| value.prose(600));
    let url = table
        .optional("url")
        .and_then(|value| value.shaped(600, is_https, "une adresse en https://"));
    let grade = table.required("grade").and_then(|value| value.word(Grade::WORDS));
    let verified_on = table.required("verified_on").and_then(Value::date);
    table.refuse_unknown();
    Some(Reference { id: id?, text: text?, url, grade: grade?, verified_on: verified_on? })
}

/// Each helper below reads all its keys before it gives up, so that no problem hides another.
fn read_rest(fields: &mut Fields<'_>, reading: &ManifestReading) -> Option<Manifest> {
    let texts = read_texts(fields);
    let names = read_names(fields);
    let kinds = read_kinds(fields);
    let lists = read_lists(fields);
    let dates = read_dates(fields);
    let limits = read_limits(fields);
    let references = read_references(fields);
    let [title, summary, accessibility, legal_review] = texts?;
    let [provider, licence, contact, language] = names?;
    let (audiences, objectives, recommendations, themes) = lists?;
    let ((level, status), (verified_on, review_by)) = (kinds?, dates?);
    let (pass_mark_percent, attempt_limit) = limits?;
    let prerequisites = reading.prerequisites.iter().map(|(p, _)| p.clone());
    Some(Manifest {
        code: reading.code.clone()?.0,
        title,
        summary,
        provider,
        audiences,
        level,
        language,
        status,
        duration_minutes: reading.announced?.minutes,
        activity_minutes: reading.announced?.activity_minutes,
        objectives,
        recommendations,
        themes,
        licence,
        accessibility,
        contact,
        verified_on,
        review_by,
        legal_review,
        pass_mark_percent,
        attempt_limit,
        prerequisites: prerequisites.collect(),
        references,
    })
}

fn read_texts(fields: &mut Fields<'_>) -> Option<[String; 4]> {
    let title = fields.required("title").and_then(|value| value.line_of_text(150));
    let mut text = |key, max| fields.required(key).and_then(|value| value.prose(max));
    let (summary, accessibility) = (text("summary", 600), text("accessibility", 600));
    let legal_review = text("legal_review", 200);
    Some([title?, summary?, accessibility?, legal_review?])
}

fn read_names(fields: &mut Fields<'_>) -> Option<[String; 4]> {
    let mut name = |key, max, good: fn(&str) -> bool, shape| {
        fields.required(key).and_then(|value| value.shaped(max, good, shape))
    };
    let reference = "une référence comme « local:maitrise »";
    let provider = name("provider", 120, is_organisation_ref, reference);
    let licence = name("licence", 60, is_licence, "un code comme « etalab-2.0 »");
    let contact = name("contact", 200, is_email, "une adresse électronique");
    let language = name("language", 2, is_language, "deux minuscules, comme « fr »");
    Some([provider?, licence?, contact?, language?])
}

fn read_kinds(fields: &mut Fields<'_>) -> Option<(Level, Status)> {
    let level = fields.required("level").and_then(|value| value.word(Level::WORDS));
    let status = fields.required("status").and_then(|value| value.word(Status::WORDS));
    Some((level?, status?))
}

type Lists = (Vec<Audience>, Vec<String>, Vec<u8>, Vec<String>);

fn read_lists(fields: &mut Fields<'_>) -> Option<Lists> {
    let audiences = fields
        .required("audiences")
        .and_then(|list| list.distinct(1..=3, |item| item.word(Audience::WORDS)));
    let objectives =
        fields.required("objectives").and_then(|list| list.distinct(1..=8, |item| item.prose(300)));
    let recommendations = fields.required("recommendations").and_then(|list| {
        list.distinct(0..=11, |item| item.integer(1..=11).and_then(|n| u8::try_from(n).ok()))
    });
    let shape = "des minuscules, chiffres et tirets";
    let themes = fields
        .required("themes")
        .and_then(|list| list.distinct(1..=6, |item| item.shaped(40, is_slug, shape)));
    Some((audiences?, objectives?, recommendations?, themes?))
}

/// The pass mark in percent and the number of attempts.
fn read_limits(fields: &mut Fields<'_>) -> Option<(u8, Option<u32>)> {
    let pass_mark =
        fields.optional("pass_mark_percent").map_or(Some(DEFAULT_PASS_MARK_PERCENT), |value| {
            value.integer(1..=100).and_then(|n| u8::try_from(n).ok())
        });
    let attempts = fields.optional("attempt_limit").and_then(|value| value.integer(1..=1000));
    Some((pass_mark?, attempts))
}

/// `verified_on` and `review_by`, the second after the first.
fn read_dates(fields: &mut Fields<'_>) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let verified_on = fields.required("verified_on").and_then(Value::date);
    let review = fields.required("review_by");
    let review_by = review.and_then(Value::date);
    let (verified_on, review_by) = (verified_on?, review_by?);
    if review_by <= verified_on {
        return review?.refuse(
            format!("({review_by}) n’est pas après « verified_on » ({verified_on})"),
            "donnez une date de relecture postérieure à la vérification des sources",
        );
    }
    Some((verified_on, review_by))
}

/// The characters of an SPDX identifier.
fn is_licence(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-".contains(&b))
}

fn is_language(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())
}
