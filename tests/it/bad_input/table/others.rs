//! What belongs to somebody else, in an address or a body: it does not exist.

use serde_json::Value;

use super::schema::with;
use super::subject::Subject;
use super::{Case, Expected};

const ABSENT: Expected = &[(404, "not-found")];
/// The digest of another draft is that of no state of this one.
const OUTDATED: Expected = &[(409, "preview-outdated"), (409, "draft-not-submitted")];

/// Fields that name a thing of a place, and how another place's is refused.
const OWNED: [(&str, Expected); 3] =
    [("/provider", ABSENT), ("/scope_ref", ABSENT), ("/digest", OUTDATED)];

/// Every case of an operation.
pub fn cases(subject: &Subject) -> Vec<Case> {
    let mut cases = Vec::new();
    // Its address in the other place, by the person of this one; alike where the place plays no part,
    // or where the person's scope is the nation.
    let foreign = subject.ready.path != subject.elsewhere.path;
    let is_local = subject.ready.token != subject.elsewhere.token;
    if foreign && is_local && subject.ready.token.is_some() && !is_shared(&subject.id) {
        let mut case = Case::of(subject, format!("another's: {}", subject.elsewhere.path), ABSENT);
        case.ready.path.clone_from(&subject.elsewhere.path);
        cases.push(case);
    }
    let bodies = subject.ready.body.as_ref().zip(subject.elsewhere.body.as_ref());
    for (pointer, expected) in OWNED {
        let Some((base, theirs)) = bodies else { break };
        let theirs = theirs.pointer(pointer).filter(|value| base.pointer(pointer) != Some(value));
        if let Some(theirs) = theirs {
            let body = with(base, pointer, Value::clone(theirs)).to_string().into_bytes();
            let case = Case::of(subject, format!("another's {pointer}"), expected);
            cases.push(Case { body: Some(body), ..case });
        }
    }
    cases
}

/// Whether what it answers of another place is for anyone signed in.
fn is_shared(operation: &str) -> bool {
    matches!(operation, "get_organisation" | "enrol")
}
