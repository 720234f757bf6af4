//! Addresses that do not decode, name nothing, or say what the document does not.

use super::schema::resolved;
use super::subject::Subject;
use super::{Case, Expected};

const UNREADABLE: Expected = &[(400, "unreadable-request")];
const INVALID: Expected = &[(422, "invalid-parameter")];
const UNKNOWN: Expected = &[(422, "unknown-parameter")];
const ABSENT: Expected = &[(404, "not-found")];
const NOT_DRAWN: Expected = &[(422, "unknown-answer")];
/// A reference is either no reference, or one of nothing.
const NO_REFERENCE: Expected = &[(404, "not-found"), (422, "invalid-parameter")];

/// What decodes to nothing that may be a text here.
const UNDECODABLE: [&str; 7] = ["%00", "a%00b", "%", "%4", "%zz", "%ff%fe", "%ED%A0%80"];

/// What is a text, and no identifier of anything.
const NOTHING: [&str; 8] = [
    "'%20OR%20'1'%3D'1",
    "E1'%3B%20DROP%20TABLE%20module%3B%20--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "..%2f..%2fetc%2fpasswd",
    "%F0%9F%98%80",
    "%E2%80%AE1E",
    "e%CC%81%CC%81%CC%81%CC%81",
    "%E2%80%8B",
];

/// Every case of an operation.
pub fn cases(subject: &Subject) -> Vec<Case> {
    let mut cases = unknown(subject);
    for parameter in subject.parameters("query") {
        cases.extend(in_query(subject, parameter));
    }
    for parameter in subject.parameters("path") {
        cases.extend(in_path(subject, parameter["name"].as_str().expect("a name")));
    }
    cases
}

fn at(subject: &Subject, what: &str, path: String, expected: Expected) -> Case {
    let mut case = Case::of(subject, format!("{what}: {path:.120}"), expected);
    case.ready.path = path;
    case
}

/// The address with one more parameter.
fn with(subject: &Subject, more: &str) -> String {
    let path = &subject.ready.path;
    format!("{path}{}{more}", if path.contains('?') { '&' } else { '?' })
}

/// The address without a parameter.
fn without(subject: &Subject, name: &str) -> String {
    let (path, query) = subject.ready.path.split_once('?').unwrap_or((&subject.ready.path, ""));
    let others = query.split('&').filter(|pair| pair.split('=').next() != Some(name));
    let others: Vec<&str> = others.filter(|pair| !pair.is_empty()).collect();
    match others.as_slice() {
        [] => path.to_owned(),
        others => format!("{path}?{}", others.join("&")),
    }
}

fn unknown(subject: &Subject) -> Vec<Case> {
    let intruders = ["intrus=1", "LIMIT=5", "limit%20=5", "a[]=1", "=1", "%3Cb%3E=1", "intrus"];
    let mut cases: Vec<Case> = intruders
        .iter()
        .map(|more| at(subject, "an unknown parameter", with(subject, more), UNKNOWN))
        .collect();
    let undecodable = ["%zz=1", "x=%00", "%ff=%ff"];
    cases.extend(
        undecodable.map(|more| at(subject, "undecodable", with(subject, more), UNREADABLE)),
    );
    cases
}

fn in_query(subject: &Subject, parameter: &serde_json::Value) -> Vec<Case> {
    let name = parameter["name"].as_str().expect("a name");
    let mut schema = resolved(&subject.document, &parameter["schema"]);
    let is_list = schema["type"] == "array";
    let most = schema["maxItems"].as_u64();
    if is_list {
        schema = resolved(&subject.document, &schema["items"]);
    }
    let bare = without(subject, name);
    let join = if bare.contains('?') { '&' } else { '?' };
    let told = |what: &str, value: &str| Case {
        pointer: Some(name.to_owned()),
        ..at(subject, what, format!("{bare}{join}{name}={value}"), INVALID)
    };
    let mut cases =
        vec![told("twice the same", &format!("x&{name}=x")), told("10 kB", &"x".repeat(10_000))];
    if is_list {
        let most = usize::try_from(most.expect("a list is bounded")).expect("a length");
        let one = schema["enum"][0].as_str().unwrap_or("1");
        let many = vec![one; most + 1].join(&format!("&{name}="));
        cases.push(told("one value too many", &many));
        cases.push(told("a right value and a wrong one", &format!("{one}&{name}=x")));
    } else {
        cases.push(told("twice", &format!("1&{name}=2")));
    }
    for odd in UNDECODABLE {
        cases.push(at(subject, "undecodable", format!("{bare}{join}{name}={odd}"), UNREADABLE));
    }
    if parameter["required"] == true {
        let missing = at(subject, "missing", bare.clone(), INVALID);
        cases.push(Case { pointer: Some(name.to_owned()), ..missing });
    }
    let is_free =
        schema["type"] == "string" && schema["enum"].is_null() && schema["format"].is_null();
    if !is_free {
        let wrong =
            ["", "x", "1.5", "-1", "1e3", "99999999999999999999", "NaN", "2026-02-30", "%20"];
        cases.extend(wrong.map(|value| told("another type", value)));
        cases.extend(NOTHING.map(|value| told("nonsense", value)));
    }
    let limit = |key: &str| schema[key].as_f64().map(|limit| limit as i64);
    if let Some(max) = limit("maximum") {
        cases.push(told("beyond the most", &(max + 1).to_string()));
    }
    if let Some(min) = limit("minimum") {
        cases.push(told("under the least", &(min - 1).to_string()));
    }
    if let Some(max) = schema["maxLength"].as_u64() {
        let max = usize::try_from(max).expect("a length");
        cases.push(told("one character too many", &"%C3%A9".repeat(max + 1)));
    }
    cases
}

/// Each segment that is a parameter, replaced in the address that is served.
fn in_path(subject: &Subject, name: &str) -> Vec<Case> {
    let served = subject.ready.path.split_once('?');
    let (path, query) =
        served.map_or((subject.ready.path.as_str(), ""), |(path, query)| (path, query));
    let replaced = |value: &str| {
        let segments = subject.template.split('/').zip(path.split('/'));
        let segments =
            segments.map(
                |(template, segment)| {
                    if template == format!("{{{name}}}") { value } else { segment }
                },
            );
        let path = segments.collect::<Vec<_>>().join("/");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    let mut cases: Vec<Case> = UNDECODABLE
        .iter()
        .map(|odd| at(subject, "undecodable", replaced(odd), UNREADABLE))
        .collect();
    // Whoever verifies a code that is none learns that it is unknown: `texts.rs` asks.
    if subject.id == "verify_attestation" {
        return cases;
    }
    let expected = match name {
        "ref" => NO_REFERENCE,
        "question" => NOT_DRAWN,
        _ => ABSENT,
    };
    let long = "A".repeat(5_000);
    let others =
        ["0", "-1", "99999999999999999999", "00000000-0000-0000-0000-000000000000", "NUL", &long];
    for odd in NOTHING.iter().chain(&others) {
        cases.push(at(subject, "nothing", replaced(odd), expected));
    }
    cases
}
