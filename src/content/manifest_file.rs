//! `module.toml` from text to values: the rules of each key, and the lines later checks point at.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::calendar::CalendarDuration;
use super::code::ModuleCode;
use super::fields::{Fields, read_toml};
use super::finding::Sheet;
use super::manifest::{Audience, Level, Manifest, Prerequisite, PrerequisiteKind, Status};
use super::manifest_limits::read_limits;
use super::reference::{Reference, read_references};
use super::shapes::{is_email, is_organisation_ref, is_slug};
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
    /// Each with the line of its table.
    pub(super) references: Vec<(Reference, u32)>,
    pub(super) review_by: Option<(NaiveDate, u32)>,
    verified_on: Option<NaiveDate>,
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
    let own = code.as_ref().map(|(code, _)| code);
    let prerequisites = read_prerequisites("prerequisite", fields, own);
    let references = read_references(fields);
    let verified_on = fields.required("verified_on").and_then(Value::date);
    let review_by = read_review_by(fields, verified_on);
    let mut reading = ManifestReading {
        manifest: None,
        code,
        announced,
        prerequisites,
        references,
        review_by,
        verified_on,
    };
    reading.manifest = read_rest(fields, &reading);
    reading
}

fn module_code(value: Value<'_>) -> Option<(ModuleCode, u32)> {
    let text = value.line_of_text(200)?;
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

/// The `[[prerequisite]]` tables of a module or a path; `name` is the table's in messages.
pub(super) fn read_prerequisites(
    name: &str,
    fields: &mut Fields<'_>,
    own: Option<&ModuleCode>,
) -> Vec<(Prerequisite, u32)> {
    let mut kept = Vec::new();
    let mut seen = BTreeSet::new();
    for mut table in fields.tables("prerequisite") {
        let modules = read_any_of(name, &mut table);
        let kind = table.required("kind").and_then(|value| value.word(PrerequisiteKind::WORDS));
        table.refuse_unknown();
        let (Some((any_of, line)), Some(kind)) = (modules, kind) else {
            continue;
        };
        if let Some(own) = own.filter(|own| any_of.contains(own)) {
            table.complain(
                format!("le module {own} se demande lui-même en prérequis"),
                "retirez ce prérequis",
            );
        } else if !seen.insert(any_of.iter().cloned().collect::<BTreeSet<_>>()) {
            let names: Vec<&str> = any_of.iter().map(ModuleCode::as_str).collect();
            table.complain(
                format!("le prérequis {} est écrit deux fois", names.join(" ou ")),
                "gardez-en un seul",
            );
        } else {
            kept.push((Prerequisite { any_of, kind }, line));
        }
    }
    kept
}

/// The module, or the modules any of which will do, and where they are written; `name` is the table's.
pub(super) fn read_any_of(name: &str, table: &mut Fields<'_>) -> Option<(Vec<ModuleCode>, u32)> {
    let (one, several) = (table.optional("module"), table.optional("any_of"));
    match (one, several) {
        (Some(one), None) => module_code(one).map(|(code, line)| (vec![code], line)),
        (None, Some(list)) => {
            let codes = list.distinct(2..=8, |item| Some(module_code(item)?.0))?;
            (!codes.is_empty()).then(|| (codes, list.line()))
        }
        (Some(_), Some(list)) => {
            list.refuse("est écrit en plus de « module »", "gardez l’une des deux clés")
        }
        (None, None) => {
            table.complain(
                format!("la clé « module » manque dans ce [[{name}]]"),
                "ajoutez « module = \"E1\" », ou « any_of = [\"E1\", \"A1\"] » si l’un ou l’autre suffit",
            );
            None
        }
    }
}

/// Each helper below reads all its keys before it gives up, so that no problem hides another.
fn read_rest(fields: &mut Fields<'_>, reading: &ManifestReading) -> Option<Manifest> {
    let texts = read_texts(fields);
    let names = read_names(fields);
    let kinds = read_kinds(fields);
    let lists = read_lists(fields);
    let limits = read_limits(fields);
    let codes = read_nomenclatures(fields);
    let external_code = fields.optional("external_code").and_then(|v| v.line_of_text(60));
    let validity = fields.optional("validity").and_then(calendar_duration);
    let [title, summary, accessibility, legal_review] = texts?;
    let [provider, licence, contact, language] = names?;
    let (audiences, objectives, recommendations, themes) = lists?;
    let (formacodes, nsf) = codes?;
    let ((level, status), verified_on) = (kinds?, reading.verified_on?);
    let (review_by, _) = reading.review_by?;
    let (pass_mark_percent, attempts) = limits?;
    let prerequisites = reading.prerequisites.iter().map(|(p, _)| p.clone());
    Some(Manifest {
        code: reading.code.clone()?.0,
        external_code,
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
        formacodes,
        nsf,
        licence,
        accessibility,
        contact,
        verified_on,
        review_by,
        legal_review,
        pass_mark_percent,
        attempt_limit: attempts.limit,
        attempt_pause_minutes: attempts.pause_minutes,
        attempt_time_minutes: attempts.time_minutes,
        validity,
        prerequisites: prerequisites.collect(),
        references: reading.references.iter().map(|(reference, _)| reference.clone()).collect(),
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

/// The codes of what is taught, in the nomenclatures that the exchange formats speak.
fn read_nomenclatures(fields: &mut Fields<'_>) -> Option<(Vec<String>, Vec<String>)> {
    let mut codes = |key, most, digits, shape: &'static str| {
        fields.optional(key).map_or(Some(Vec::new()), |list| {
            list.distinct(0..=most, |item| item.shaped(digits, |text| is_code(text, digits), shape))
        })
    };
    let formacodes = codes("formacodes", 5, 5, "cinq chiffres, comme « 31028 »");
    let nsf = codes("nsf", 3, 3, "trois chiffres, comme « 326 »");
    Some((formacodes?, nsf?))
}

fn is_code(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// `review_by` and where it is written; it comes after `verified_on`.
fn read_review_by(
    fields: &mut Fields<'_>,
    verified_on: Option<NaiveDate>,
) -> Option<(NaiveDate, u32)> {
    let review = fields.required("review_by")?;
    let review_by = review.date()?;
    if let Some(verified_on) = verified_on.filter(|&date| review_by <= date) {
        review.refuse::<()>(
            format!("({review_by}) n’est pas après « verified_on » ({verified_on})"),
            "donnez une date de relecture postérieure à la vérification des sources",
        );
    }
    Some((review_by, review.line()))
}

fn calendar_duration(value: Value<'_>) -> Option<CalendarDuration> {
    let text = value.line_of_text(40)?;
    match text.parse::<CalendarDuration>() {
        Ok(duration) => Some(duration),
        Err(error) => value.refuse(format!("vaut « {text} »"), error.to_string()),
    }
}

/// The characters of an SPDX identifier.
fn is_licence(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-".contains(&b))
}

fn is_language(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())
}
