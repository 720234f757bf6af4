//! What is found at fault in a value, and where.

use serde_json::{Value, json};

use super::shape::Shape;

fn wish() -> Shape {
    let document = json!({ "components": { "schemas": {
        "Wish": { "type": "object", "required": ["word"], "properties": {
            "due_on": { "type": "string", "format": "naive-date" },
            "word": { "allOf": [{ "$ref": "#/components/schemas/Word" }, { "description": "" }] },
            "share": { "type": "integer", "minimum": 1.0, "maximum": 100.0 },
            "name": { "type": "string", "minLength": 2, "maxLength": 3 },
            "answers": { "type": "object", "additionalProperties": {
                "type": "array", "items": { "type": "string" },
            } },
        } },
        "Word": { "type": "string", "enum": ["yes", "no"] },
    } } });
    Shape::of(&document, &json!({ "$ref": "#/components/schemas/Wish" }))
}

fn at_fault(value: Value) -> Vec<String> {
    wish().faults(&value).into_iter().map(|fault| fault.at).collect()
}

#[test]
fn a_value_that_fits_has_no_fault_and_null_is_absent() {
    let none: [&str; 0] = [];
    for value in [
        json!({ "word": "yes", "due_on": "2027-03-31", "share": 1, "name": "été" }),
        json!({ "word": "no", "due_on": null, "share": 100, "answers": { "q1": ["a", "b"] } }),
    ] {
        assert_eq!(at_fault(value), none);
    }
}

#[test]
fn everything_at_fault_is_named_at_once_at_every_depth() {
    let value = json!({
        "word": "maybe", "due_on": "2027-02-30", "share": 101, "name": "quatre", "x/y": 1,
        "answers": { "q1": ["a", 1], "q2": "a", "q\0": [] },
    });
    let expected = [
        "/answers/q",
        "/answers/q1/1",
        "/answers/q2",
        "/due_on",
        "/name",
        "/share",
        "/word",
        "/x~1y",
    ];
    let mut found = at_fault(value);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(at_fault(json!({})), ["/word"]);
    assert_eq!(at_fault(json!({ "word": null })), ["/word"]);
    assert_eq!(at_fault(json!([])), [""]);
    for share in [json!(0), json!(1.5), json!("1"), json!(1e30)] {
        assert_eq!(at_fault(json!({ "word": "yes", "share": share })), ["/share"]);
    }
    assert_eq!(at_fault(json!({ "word": "yes", "name": "a\0" })), ["/name"]);
}

#[test]
fn a_thousand_mistakes_are_not_answered_by_a_thousand_sentences() {
    let value = json!({ "word": "yes", "answers": { "q": vec![1; 1000] } });
    assert_eq!(at_fault(value).len(), 50);
}
