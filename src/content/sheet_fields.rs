//! The common fields of a manifest, apart from its text: read for a form, and written back into the
//! text, whose comments, order and other keys stay as their author wrote them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Array, DocumentMut, Item, Value};

/// What a key of the form holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKind {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Several texts.
    List,
}

/// The keys of the form, in the order of its fields.
pub const SHEET_KEYS: [(&str, SheetKind); 10] = [
    ("title", SheetKind::Text),
    ("summary", SheetKind::Text),
    ("objectives", SheetKind::List),
    ("level", SheetKind::Text),
    ("audiences", SheetKind::List),
    ("themes", SheetKind::List),
    ("duration_minutes", SheetKind::Number),
    ("language", SheetKind::Text),
    ("licence", SheetKind::Text),
    ("contact", SheetKind::Text),
];

/// The values of the form by key: one of a text or a number, any number of a list.
pub type SheetValues = BTreeMap<&'static str, Vec<String>>;

/// What a manifest says at the keys of the form; none where it is no TOML. What is of another type
/// than the form's is shown as it is written.
#[must_use]
pub fn sheet_values(text: &str) -> Option<SheetValues> {
    let document: DocumentMut = text.parse().ok()?;
    let values = SHEET_KEYS.map(|(key, _)| {
        let held = document.get(key).and_then(Item::as_value);
        (key, held.map(said).unwrap_or_default())
    });
    Some(values.into_iter().collect())
}

/// The manifest that says these values; none where the text is no TOML. A value that is left as it was
/// is not written again. A key without a value is not added; what is no number is written as a text,
/// for the lint to say so beside it.
#[must_use]
pub fn with_sheet_values(text: &str, values: &SheetValues) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    for (key, kind) in SHEET_KEYS {
        let wanted = values.get(key).cloned().unwrap_or_default();
        let held = document.get(key).and_then(Item::as_value);
        if held.map(said).unwrap_or_default() == wanted {
            continue;
        }
        let mut value = match (kind, held) {
            (SheetKind::List, held) => list(&wanted, held),
            (SheetKind::Number, _) => number(wanted.first().map_or("", String::as_str)),
            (SheetKind::Text, _) => Value::from(wanted.first().map_or("", String::as_str)),
        };
        if let Some(old) = held {
            *value.decor_mut() = old.decor().clone();
        }
        // A key that is there keeps its own spaces and comments.
        match document.get_mut(key) {
            Some(item) => *item = Item::Value(value),
            None => drop(document.insert(key, Item::Value(value))),
        }
    }
    Some(document.to_string())
}

/// The lines of each key of the form, from 1: what a finding of the lint is about.
#[must_use]
pub fn sheet_lines(text: &str) -> BTreeMap<&'static str, Range<u32>> {
    let mut lines: BTreeMap<&'static str, Range<u32>> = BTreeMap::new();
    let mut current = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        if line.trim_start().starts_with("[[") || (line.starts_with('[') && line.ends_with(']')) {
            break;
        }
        let name = line.split_once('=').map(|(name, _)| name.trim());
        let is_key = |name: &&str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            !name.is_empty() && name.chars().all(plain)
        };
        if let Some(name) = name.filter(is_key) {
            current = SHEET_KEYS.into_iter().map(|(key, _)| key).find(|key| *key == name);
        }
        if let Some(key) = current {
            lines.entry(key).or_insert(number..number).end = number + 1;
        }
    }
    lines
}

/// What a value says, as a form shows it.
fn said(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        other => Some(one(other)).filter(|text| !text.is_empty()).into_iter().collect(),
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        other => other.clone().decorated("", "").to_string(),
    }
}

fn number(text: &str) -> Value {
    text.trim().parse::<i64>().map_or_else(|_| Value::from(text.trim()), Value::from)
}

/// A list on one line, or an item a line where it was so.
fn list(wanted: &[String], held: Option<&Value>) -> Value {
    let mut array: Array = wanted.iter().map(String::as_str).collect();
    let tall = held.is_some_and(|held| held.to_string().contains('\n'));
    if tall && !array.is_empty() {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n  ");
        }
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    Value::Array(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "code = \"T\" # pour toujours\ntitle = \"Un\" # provisoire\nsummary = \"S\"\n\
        objectives = [\n  \"Un\",\n  \"Deux\",\n]\n# La durée est celle du quiz.\nduration_minutes = 5\n\
        level = \"awareness\"\naudiences = [\"elu\", \"agent\"]\n\n[[reference]]\nid = \"x\"\ntitle = \"Autre\"\n";

    #[test]
    fn what_is_not_changed_stays_byte_for_byte() {
        let values = sheet_values(TEXT).expect("TOML");
        assert_eq!(values["objectives"], ["Un", "Deux"]);
        assert_eq!(
            (&values["duration_minutes"], &values["licence"]),
            (&vec!["5".to_owned()], &vec![])
        );
        assert_eq!(with_sheet_values(TEXT, &values).as_deref(), Some(TEXT));
    }

    #[test]
    fn what_is_changed_is_written_in_its_place_with_its_comments() {
        let mut values = sheet_values(TEXT).expect("TOML");
        values.insert("title", vec!["L’IA".to_owned()]);
        values.insert("objectives", vec!["Trois".to_owned()]);
        values.insert("duration_minutes", vec!["12".to_owned()]);
        values.insert("licence", vec!["etalab-2.0".to_owned()]);
        let written = with_sheet_values(TEXT, &values).expect("TOML");
        let expected = TEXT
            .replacen("title = \"Un\"", "title = \"L’IA\"", 1)
            .replace("  \"Un\",\n  \"Deux\",\n", "  \"Trois\",\n")
            .replace("= 5", "= 12")
            .replacen("\"agent\"]\n", "\"agent\"]\nlicence = \"etalab-2.0\"\n", 1);
        assert_eq!(written, expected);
        assert_eq!(sheet_values(&written).expect("TOML"), values);
        values.insert("duration_minutes", vec!["cinq".to_owned()]);
        let odd = with_sheet_values(TEXT, &values).expect("TOML");
        assert!(odd.contains("duration_minutes = \"cinq\""), "{odd}");
        assert_eq!(sheet_values("title = "), None);
        assert_eq!(with_sheet_values("title = ", &values), None);
    }

    #[test]
    fn a_line_is_that_of_its_key_and_not_of_a_table() {
        let lines = sheet_lines(TEXT);
        assert_eq!(lines["title"], 2..3);
        assert_eq!(lines["objectives"], 4..9, "up to the next key, the comment before it included");
        assert_eq!(lines["audiences"].start, 11);
        assert!(!lines.contains_key("licence"));
    }
}
