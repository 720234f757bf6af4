//! The fields of a JSON body, as the document describes them: which are missing, and which are of
//! another type. The framework's own sentences name types of ours, and it reads `3` where a text is
//! expected as if it were `"3"`.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;
use uuid::Uuid;

use super::framework::pointer;
use crate::error::Fault;

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    /// Its JSON type, where it is a plain one.
    kind: Option<String>,
    /// The format of a text.
    format: Option<String>,
    /// The words it may be, where they are listed.
    words: Vec<String>,
    required: bool,
}

impl Field {
    /// The fields of the JSON body that an operation reads; none if it reads none.
    pub fn of_body(document: &Value, operation: &Value) -> Vec<Field> {
        let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
        let json = content.filter(|(media, _)| media.starts_with("application/json"));
        let Some(schema) = json.map(|(_, content)| &content["schema"]).next() else {
            return Vec::new();
        };
        let schema = resolved(document, schema);
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let fields = schema["properties"].as_object().into_iter().flatten();
        let field = |(name, shape): (&String, &Value)| {
            let shape = resolved(document, shape);
            let text = |key: &str| shape[key].as_str().map(str::to_owned);
            let words = shape["enum"].as_array().into_iter().flatten();
            Field {
                kind: text("type"),
                format: text("format"),
                words: words.filter_map(Value::as_str).map(str::to_owned).collect(),
                required: required.iter().any(|one| one == name),
                name: name.clone(),
            }
        };
        fields.map(field).collect()
    }

    /// What is wrong with this field in a body: it is missing, of another type, or no such date,
    /// identifier or word.
    pub fn misfit(&self, body: &Value) -> Option<Fault> {
        match body.get(&self.name).filter(|value| !value.is_null()) {
            None if self.required => Some(self.fault("champ attendu", "expected field")),
            Some(value) if !self.fits(value) => Some(self.expected()),
            _ => None,
        }
    }

    /// What is wrong with the JSON type of this field in a body.
    pub fn mistyped(&self, body: &Value) -> Option<Fault> {
        let value = body.get(&self.name).filter(|value| !value.is_null())?;
        (!self.has_type(value)).then(|| self.expected())
    }

    fn fits(&self, value: &Value) -> bool {
        let text = value.as_str().unwrap_or_default();
        let is_word = self.words.is_empty() || self.words.iter().any(|word| word == text);
        let has_format = match self.format.as_deref() {
            Some("naive-date" | "date") => text.parse::<NaiveDate>().is_ok(),
            Some("date-time") => DateTime::parse_from_rfc3339(text).is_ok(),
            Some("uuid") => Uuid::try_parse(text).is_ok(),
            _ => true,
        };
        self.has_type(value) && is_word && has_format
    }

    fn has_type(&self, value: &Value) -> bool {
        match self.kind.as_deref() {
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            _ => true,
        }
    }

    fn expected(&self) -> Fault {
        let listed = self.words.join(", ");
        let (fr, en) = match (self.format.as_deref(), self.kind.as_deref()) {
            _ if !listed.is_empty() => (listed.as_str(), listed.as_str()),
            (Some("naive-date" | "date"), _) => ("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
            (Some("date-time"), _) => ("un instant RFC 3339", "an RFC 3339 instant"),
            (Some("uuid"), _) => ("un UUID", "a UUID"),
            (_, kind) => (kind.unwrap_or("?"), kind.unwrap_or("?")),
        };
        self.fault(&format!("attendu : {fr}"), &format!("expected: {en}"))
    }

    fn fault(&self, fr: &str, en: &str) -> Fault {
        Fault { at: pointer(&self.name), fr: fr.to_owned(), en: en.to_owned() }
    }
}

/// What a schema refers to, itself or through the first of `allOf`.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    match reference.and_then(|r| r.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_compared_with_its_schema_field_by_field() {
        let document = json!({ "components": { "schemas": {
            "Wish": { "required": ["word"], "properties": {
                "due_on": { "type": "string", "format": "naive-date" },
                "word": { "allOf": [{ "$ref": "#/components/schemas/Word" }, { "description": "" }] },
            } },
            "Word": { "type": "string", "enum": ["yes", "no"] },
        } } });
        let schema = json!({ "$ref": "#/components/schemas/Wish" });
        let operation = json!({ "requestBody": { "content": { "application/json; charset=utf-8": { "schema": schema } } } });
        let fields = Field::of_body(&document, &operation);
        let misfits = |body: Value| -> Vec<String> {
            fields.iter().filter_map(|f| f.misfit(&body)).map(|fault| fault.at).collect()
        };
        let none: [&str; 0] = [];
        assert_eq!(misfits(json!({ "word": "yes", "due_on": "2027-03-31" })), none);
        assert_eq!(misfits(json!({ "word": "yes", "due_on": null })), none);
        assert_eq!(
            misfits(json!({ "word": "maybe", "due_on": "2027-02-30" })),
            ["/due_on", "/word"]
        );
        assert_eq!(misfits(json!({})), ["/word"]);
        let mistyped = |body: Value| fields.iter().filter_map(|f| f.mistyped(&body)).count();
        assert_eq!(mistyped(json!({ "word": 3, "due_on": true })), 2);
        assert_eq!(mistyped(json!({ "word": "maybe", "due_on": "demain" })), 0);
    }
}
