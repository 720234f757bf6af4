//! What a value must look like, as the document that the program publishes describes it: its type,
//! its fields, its words, its limits, at every depth.
//!
//! The framework stops at the first thing it cannot read, names types of ours, and reads `3` where a
//! text is expected as if it were `"3"`. Here everything at fault is named at once, and nothing is
//! read as something else.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Fault;

/// Faults told at most: a body of a million mistakes is not answered by a million sentences.
const TOLD: usize = 50;

/// What a value must look like.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Anything: the document says nothing of its type.
    Any,
    /// A text.
    Text(Text),
    /// A whole number between two others.
    Whole(i128, i128),
    /// Any number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A list, and what each of its items must look like.
    List(Box<Shape>),
    /// An object with these fields; any others look like the last, or are refused.
    Record(BTreeMap<String, Field>, Option<Box<Shape>>),
}

/// What a text must look like. Lengths are in characters.
#[derive(Clone, Debug, Default)]
pub struct Text {
    format: String,
    words: Vec<String>,
    min: usize,
    max: Option<usize>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    shape: Shape,
    required: bool,
}

impl Shape {
    /// Reads a schema of the document.
    pub fn of(document: &Value, schema: &Value) -> Self {
        let schema = resolved(document, schema);
        match schema["type"].as_str() {
            Some("string") => Shape::Text(Text::of(schema)),
            Some("integer") => {
                let limit = |key: &str| schema[key].as_f64().map(|limit| limit as i128);
                Shape::Whole(
                    limit("minimum").unwrap_or(i128::MIN),
                    limit("maximum").unwrap_or(i128::MAX),
                )
            }
            Some("number") => Shape::Number,
            Some("boolean") => Shape::Truth,
            Some("array") => Shape::List(Box::new(Self::of(document, &schema["items"]))),
            Some("object") => {
                let others = schema.get("additionalProperties").filter(|others| others.is_object());
                let others = others.map(|others| Box::new(Self::of(document, others)));
                Shape::Record(fields(document, schema), others)
            }
            _ => Shape::Any,
        }
    }

    /// Everything about a value that is not as it must be.
    pub fn faults(&self, value: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.collect(value, "", &mut faults);
        faults
    }

    /// A parameter as the value that its text stands for; `None` when it is of another type.
    pub fn read(&self, text: &str) -> Option<Value> {
        match self {
            Shape::Whole(..) => text.parse::<i64>().map(Value::from).ok(),
            Shape::Truth => text.parse::<bool>().map(Value::from).ok(),
            _ => Some(Value::from(text)),
        }
    }

    fn collect(&self, value: &Value, at: &str, faults: &mut Vec<Fault>) {
        if faults.len() >= TOLD {
            return;
        }
        match (self, value) {
            (Shape::Any, _)
            | (Shape::Number, Value::Number(_))
            | (Shape::Truth, Value::Bool(_)) => {}
            (Shape::Text(text), Value::String(given)) => {
                if let Some((fr, en)) = text.misfit(given) {
                    faults.push(fault(at, &fr, &en));
                }
            }
            (Shape::Whole(min, max), Value::Number(_)) => {
                let whole = value.as_i64().map(i128::from).or(value.as_u64().map(i128::from));
                if !whole.is_some_and(|whole| (*min..=*max).contains(&whole)) {
                    let (fr, en) = self.expected();
                    faults.push(fault(at, &fr, &en));
                }
            }
            (Shape::List(item), Value::Array(items)) => {
                for (index, one) in items.iter().enumerate() {
                    item.collect(one, &format!("{at}/{index}"), faults);
                }
            }
            (Shape::Record(fields, others), Value::Object(given)) => {
                record(fields, others.as_deref(), given, at, faults);
            }
            _ => {
                let (fr, en) = self.expected();
                faults.push(fault(at, &fr, &en));
            }
        }
    }

    /// What is expected, in French and English.
    fn expected(&self) -> (String, String) {
        let (fr, en) = match self {
            Shape::Any => ("une valeur", "a value"),
            Shape::Text(_) => ("un texte", "a text"),
            Shape::Whole(i128::MIN, i128::MAX) => ("un nombre entier", "a whole number"),
            Shape::Whole(min, i128::MAX) => {
                return (
                    format!("attendu : un entier à partir de {min}"),
                    format!("expected: a whole number from {min}"),
                );
            }
            Shape::Whole(min, max) => {
                return (
                    format!("attendu : un entier de {min} à {max}"),
                    format!("expected: a whole number, {min} to {max}"),
                );
            }
            Shape::Number => ("un nombre", "a number"),
            Shape::Truth => ("true ou false", "true or false"),
            Shape::List(_) => ("une liste", "a list"),
            Shape::Record(..) => ("un objet", "an object"),
        };
        (format!("attendu : {fr}"), format!("expected: {en}"))
    }
}

impl Text {
    fn of(schema: &Value) -> Self {
        let length = |key: &str| schema[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let words = schema["enum"].as_array().into_iter().flatten();
        Self {
            format: schema["format"].as_str().unwrap_or_default().to_owned(),
            words: words.filter_map(Value::as_str).map(str::to_owned).collect(),
            min: length("minLength").unwrap_or(0),
            max: length("maxLength"),
        }
    }

    /// What is wrong with a text, in French and English.
    fn misfit(&self, given: &str) -> Option<(String, String)> {
        let said = |fr: &str, en: &str| Some((fr.to_owned(), en.to_owned()));
        let length = given.chars().count();
        if given.contains('\0') {
            return said(
                "le caractère nul (U+0000) est refusé",
                "the NUL character (U+0000) is refused",
            );
        }
        if !self.words.is_empty() && !self.words.iter().any(|word| word == given) {
            let words = self.words.join(", ");
            return Some((format!("attendu : {words}"), format!("expected: {words}")));
        }
        if length < self.min || self.max.is_some_and(|max| length > max) {
            let (min, max) = (self.min, self.max.map_or("…".to_owned(), |max| max.to_string()));
            return Some((
                format!("{min} à {max} caractères"),
                format!("{min} to {max} characters"),
            ));
        }
        match self.format.as_str() {
            "naive-date" | "date" if given.parse::<NaiveDate>().is_err() => {
                said("attendu : une date AAAA-MM-JJ", "expected: a date YYYY-MM-DD")
            }
            "date-time" if DateTime::parse_from_rfc3339(given).is_err() => {
                said("attendu : un instant RFC 3339", "expected: an RFC 3339 instant")
            }
            "uuid" if Uuid::try_parse(given).is_err() => {
                said("attendu : un UUID", "expected: a UUID")
            }
            _ => None,
        }
    }
}

fn fields(document: &Value, schema: &Value) -> BTreeMap<String, Field> {
    let required = schema["required"].as_array();
    let is_required = |name: &String| required.is_some_and(|all| all.iter().any(|one| one == name));
    let fields = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, schema): (&String, &Value)| {
        let field = Field { shape: Shape::of(document, schema), required: is_required(name) };
        (name.clone(), field)
    };
    fields.map(field).collect()
}

fn record(
    fields: &BTreeMap<String, Field>,
    others: Option<&Shape>,
    given: &serde_json::Map<String, Value>,
    at: &str,
    faults: &mut Vec<Fault>,
) {
    for (name, field) in fields {
        let at = format!("{at}{}", pointer(name));
        match given.get(name).filter(|value| !value.is_null()) {
            Some(value) => field.shape.collect(value, &at, faults),
            None if field.required => faults.push(fault(&at, "champ attendu", "expected field")),
            None => {}
        }
    }
    for (name, value) in given.iter().filter(|(name, _)| !fields.contains_key(*name)) {
        let at = format!("{at}{}", pointer(name));
        match others {
            _ if faults.len() >= TOLD => return,
            Some(shape) if !name.contains('\0') => shape.collect(value, &at, faults),
            _ => faults.push(fault(&at, "champ inconnu", "unknown field")),
        }
    }
}

fn fault(at: &str, fr: &str, en: &str) -> Fault {
    Fault { at: at.to_owned(), fr: fr.to_owned(), en: en.to_owned() }
}

/// A field name as a step of a JSON pointer, bounded: it may come from the client.
fn pointer(field: &str) -> String {
    let name: String = field.chars().filter(|c| !c.is_control()).take(64).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// What a schema refers to, itself or through the first of `allOf`.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    match reference.and_then(|r| r.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}
