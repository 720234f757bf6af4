//! What every refusal must be.

use crate::support::Answer;

/// What only somebody who reads our code, or our database, could say; and what a caller sent, which
/// is not repeated.
const OURS: [&str; 20] = [
    "::",
    ".rs",
    "serde",
    "sea_orm",
    "sqlx",
    "poem",
    "panick",
    "Expected input",
    "occurred while",
    "failed to parse",
    "at line",
    "SELECT ",
    "INSERT ",
    "constraint",
    "sqlite",
    "postgres",
    "RUST_",
    "<script",
    "DROP TABLE",
    "ééé",
];

/// Checks that an answer is a clear problem which leaks nothing; answers its code.
#[track_caller]
pub fn problem(answer: &Answer, what: &str) -> String {
    code_of(answer).unwrap_or_else(|flaw| panic!("{what}: {flaw}"))
}

/// The code of a clear problem which leaks nothing, or what is wrong with the answer.
pub fn code_of(answer: &Answer) -> Result<String, String> {
    let flaw = |what: &str| Err(format!("{} {what}: {:.300}", answer.status, answer.body));
    if !(400..500).contains(&answer.status) {
        return flaw("is no refusal");
    }
    if answer.header("content-type") != Some("application/problem+json") {
        return flaw("is no problem+json");
    }
    let Ok(body) = serde_json::from_str::<serde_json::Value>(&answer.body) else {
        return flaw("is no JSON");
    };
    let code = body["code"].as_str().unwrap_or_default();
    let id = answer.header("x-request-id").unwrap_or_default();
    let title = body["title"].as_str().unwrap_or_default();
    let whole = body["status"] == answer.status
        && body["type"] == format!("urn:maitrise:problem:{code}")
        && body["instance"] == format!("urn:uuid:{id}")
        && title.len() > 5;
    if !whole {
        return flaw("is not whole");
    }
    match OURS.iter().find(|word| answer.body.contains(**word)) {
        Some(word) => flaw(&format!("leaks {word:?}")),
        None => Ok(code.to_owned()),
    }
}

/// Checks that an answer is the problem of that status and code.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    let found = problem(answer, what);
    assert_eq!((answer.status, found.as_str()), (status, code), "{what}: {}", answer.body);
}
