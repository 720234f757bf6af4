//! JSON that is none, of another shape, or beyond its limits, at every place of a body.

use serde_json::{Value, json};

use super::schema::{Node, with, with_raw, without};
use super::subject::Subject;
use super::{Case, Expected};

const UNREADABLE: Expected = &[(400, "unreadable-body")];
const INVALID: Expected = &[(422, "invalid-body")];

/// How deep nonsense is nested.
const DEEP: usize = 10_000;

/// Every case of an operation that reads JSON.
pub fn cases(subject: &Subject) -> Vec<Case> {
    let Some(base) = subject.ready.body.as_ref() else { return Vec::new() };
    let mut cases = unreadable(subject, base);
    for node in subject.nodes() {
        cases.extend(unreadable_at(subject, base, &node));
        cases.extend(mistyped(subject, base, &node));
        cases.extend(intruders(subject, base, &node));
        cases.extend(beyond(subject, base, &node));
    }
    cases
}

fn case(subject: &Subject, what: &str, body: Vec<u8>, expected: Expected) -> Case {
    Case { body: Some(body), ..Case::of(subject, what, expected) }
}

fn invalid(subject: &Subject, what: &str, body: &Value, pointer: &str) -> Case {
    let told = case(subject, what, body.to_string().into_bytes(), INVALID);
    Case { pointer: Some(pointer.to_owned()), ..told }
}

/// What is no JSON at all.
fn unreadable(subject: &Subject, base: &Value) -> Vec<Case> {
    let whole = base.to_string();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("blanks", b" \r\n\t".to_vec()),
        ("no JSON", b"{login: 'x'}".to_vec()),
        ("a second value", format!("{whole} {whole}").into_bytes()),
        ("a comment", format!("{whole} // fin").into_bytes()),
        ("a trailing comma", whole.replacen('}', ",}", 1).into_bytes()),
        ("cut short", whole.as_bytes()[..whole.len() - 1].to_vec()),
        ("UTF-16", whole.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a byte order mark", format!("\u{feff}{whole}").into_bytes()),
        ("a NUL between", format!("{whole}\0").into_bytes()),
    ];
    bodies.into_iter().map(|(what, body)| case(subject, what, body, UNREADABLE)).collect()
}

/// What is no JSON at one place.
fn unreadable_at(subject: &Subject, base: &Value, node: &Node) -> Vec<Case> {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
    let raws: [(&str, Vec<u8>); 9] = [
        ("10,000 lists", deep("[", "]").into_bytes()),
        ("10,000 objects", deep("{\"a\":", "}").into_bytes()),
        ("1e400", b"1e400".to_vec()),
        ("NaN", b"NaN".to_vec()),
        ("-Infinity", b"-Infinity".to_vec()),
        ("a lone high surrogate", br#""\ud800""#.to_vec()),
        ("a lone low surrogate", br#""a\udc00b""#.to_vec()),
        ("bytes that are not UTF-8", b"\"\xc3\x28\xff\"".to_vec()),
        ("a raw control character", b"\"a\x01b\"".to_vec()),
    ];
    let at = |(what, raw): (&str, Vec<u8>)| {
        let what = format!("{what} at {:?}", node.pointer);
        case(subject, &what, with_raw(base, &node.pointer, &raw), UNREADABLE)
    };
    raws.into_iter().map(at).collect()
}

/// Another JSON type, no such word or date, or nothing where something must be.
fn mistyped(subject: &Subject, base: &Value, node: &Node) -> Vec<Case> {
    let mut others = vec![
        json!(true),
        json!(1),
        json!(1.5),
        json!("texte"),
        json!([]),
        json!(["a", ["b"]]),
        json!({}),
        json!({ "a": [1] }),
        json!(99_999_999_999_999_999_999_f64),
        json!(-0.0),
    ];
    others.retain(|other| match node.kind() {
        "string" => !other.is_string() || !node.is_free_text(),
        "integer" | "number" => !other.is_number(),
        "boolean" => !other.is_boolean(),
        "array" => !other.is_array(),
        // An empty object is one that lacks fields, told of by `missing`.
        "object" => !other.is_object(),
        kind => panic!("{} is {kind:?} in the document", node.pointer),
    });
    if node.required {
        others.push(Value::Null);
    }
    if node.kind() == "string" && !node.is_free_text() {
        others.extend([json!(""), json!("ÉLU"), json!("2026-02-30"), json!("{}"), json!(" ")]);
    }
    let what = |what: &str| format!("{what} at {:?}", node.pointer);
    let mut cases: Vec<Case> = others
        .into_iter()
        .map(|other| {
            let body = with(base, &node.pointer, other.clone());
            invalid(subject, &what(&other.to_string()), &body, &node.pointer)
        })
        .collect();
    if node.required && is_field(base, &node.pointer) {
        let body = without(base, &node.pointer);
        if node.pointer.matches('/').count() == 1 {
            cases.push(invalid(subject, &what("missing"), &body, &node.pointer));
        }
    }
    cases
}

/// Whether a place is a field of an object.
fn is_field(base: &Value, pointer: &str) -> bool {
    let parent = pointer.rsplit_once('/').and_then(|(parent, _)| base.pointer(parent));
    parent.is_some_and(Value::is_object)
}

/// Fields that nobody asked for, and fields that are given twice.
fn intruders(subject: &Subject, base: &Value, node: &Node) -> Vec<Case> {
    let mut cases = Vec::new();
    let Some(fields) = node.value.as_object() else { return cases };
    let is_map = node.schema["additionalProperties"].is_object();
    for name in ["intrus", "__proto__", "", "a/b~c", "Login", "\u{202e}"] {
        let mut more = node.value.clone();
        more[name] = json!(1);
        let step = name.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{}/{step}", node.pointer);
        let what = format!("a field {name:?} in {:?}", node.pointer);
        cases.push(invalid(subject, &what, &with(base, &node.pointer, more), &pointer));
    }
    if is_map {
        let mut more = node.value.clone();
        more["q\0"] = json!(["a"]);
        let what = format!("a name with NUL in {:?}", node.pointer);
        let body = with(base, &node.pointer, more).to_string().into_bytes();
        cases.push(case(subject, &what, body, INVALID));
    }
    for (name, value) in fields {
        let inside = node.value.to_string();
        let twice = format!("{},{}:{value}}}", &inside[..inside.len() - 1], json!(name));
        let what = format!("{name} twice in {:?}", node.pointer);
        let body = with_raw(base, &node.pointer, twice.as_bytes());
        cases.push(case(subject, &what, body, UNREADABLE));
    }
    cases
}

/// Beyond the limits that the document states, and texts that no engine may hold.
fn beyond(subject: &Subject, base: &Value, node: &Node) -> Vec<Case> {
    let mut cases = Vec::new();
    if !node.is_free_text() {
        return cases;
    }
    let limit =
        |key: &str| node.schema[key].as_u64().map(|n| usize::try_from(n).expect("a length"));
    let mut refuse = |what: String, text: String| {
        let body = with(base, &node.pointer, json!(text));
        cases.push(invalid(subject, &what, &body, &node.pointer));
    };
    for text in ["\0", "a\0b", "élu\0"] {
        refuse(format!("{text:?} at {}", node.pointer), text.to_owned());
    }
    if let Some(max) = limit("maxLength") {
        refuse(format!("{} characters at {}", max + 1, node.pointer), "é".repeat(max + 1));
        refuse(format!("100,000 characters at {}", node.pointer), "x".repeat(100_000));
    }
    if let Some(min) = limit("minLength").filter(|min| *min > 0) {
        refuse(format!("{} characters at {}", min - 1, node.pointer), "x".repeat(min - 1));
    }
    cases
}
