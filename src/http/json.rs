//! JSON as the API reads it: one value, and no object in which a name stands twice.
//!
//! RFC 8259 leaves open which of two fields of one name counts: what checks a request and what obeys
//! it may then read different things. I-JSON (RFC 7493, § 2.3) forbids it, and so do we.

use std::cell::RefCell;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::{Reason, Refusal, Result};

/// Reads a whole body.
///
/// # Errors
/// `unreadable-body`, with the name that stands twice if that is the fault.
pub fn read(bytes: &[u8]) -> Result<Value> {
    let twice = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict(&twice).deserialize(&mut reader);
    value
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|_| unreadable(twice.take()).into())
}

fn unreadable(twice: Option<String>) -> Refusal {
    let refusal = Refusal::new(Reason::UnreadableBody);
    let Some(name) = twice else {
        return refusal
            .because("Le corps n'est pas du JSON valide.", "The body is not valid JSON.");
    };
    let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    refusal.because(
        format!("Le champ « {name} » est donné deux fois : on ne sait lequel croire."),
        format!("The field “{name}” is given twice: there is no telling which to believe."),
    )
}

/// Reads one value; keeps the name that stood twice in an object.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> std::result::Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> std::result::Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if fields.contains_key(&name) {
                self.0.replace(Some(name));
                return Err(A::Error::custom("a name stands twice"));
            }
            fields.insert(name, from.next_value_seed(self)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn refusal(text: &str) -> Refusal {
        match read(text.as_bytes()) {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_is_valid_is_read_as_serde_reads_it() {
        for text in [
            r#"{"a":[1,-2,3.5,"é\u00e9",null,true],"b":{"a":{"a":1}}}"#,
            "18446744073709551615",
            "-0",
            "\"\\ud83d\\ude00\"",
            " [] ",
        ] {
            let expected: Value = serde_json::from_str(text).expect("valid");
            assert_eq!(read(text.as_bytes()).expect(text), expected);
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_and_told_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let refusal = refusal(text);
            assert_eq!(refusal.reason, Reason::UnreadableBody);
            assert!(refusal.detail.expect("a sentence").0.contains("« a »"), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_unreadable() {
        let deep = "[".repeat(10_000);
        for text in ["", "{", "{}{}", "{a:1}", "NaN", "1e400", "\"\\ud800\"", "\u{feff}{}", &deep] {
            assert_eq!(refusal(text).reason, Reason::UnreadableBody, "{text:.10}");
        }
    }
}
