//! The table of bad input: generated from the OpenAPI document that the server publishes, and sent to
//! every operation by somebody who may call it.
//!
//! The base is the documented example, with the identifiers of a real place (`subject.rs`). Each file
//! then changes it in one way: its JSON (`bodies.rs`), its address (`addresses.rs`), its headers
//! (`headers.rs`), what somebody else owns (`others.rs`), what is strange and may be valid
//! (`texts.rs`), what never arrives whole (`broken.rs`). A case knows which problems it may be
//! answered by; whatever is answered otherwise is listed, all at once.

mod addresses;
mod bodies;
mod broken;
mod examples;
mod headers;
mod others;
mod schema;
mod subject;
mod texts;

use super::answers::code_of;
use super::tally::Tally;
use crate::access::ask::Ready;
use crate::access::stage::Stage;
use crate::support::{Answer, Api, capture_log};
use subject::{Subject, subjects};

/// What a case may be answered by: a status and a code.
type Expected = &'static [(u16, &'static str)];

/// A request that is wrong in one way.
#[derive(Clone)]
struct Case {
    what: String,
    ready: Ready,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    expected: Expected,
    /// Where the problem must say that the fault is.
    pointer: Option<String>,
}

impl Case {
    fn of(subject: &Subject, what: impl Into<String>, expected: Expected) -> Self {
        let what = format!("{}: {}", subject.id, what.into());
        Self {
            what,
            ready: subject.ready.clone(),
            headers: subject.headers.clone(),
            body: subject.bytes(),
            expected,
            pointer: None,
        }
    }

    async fn send(&self, api: &Api) -> Answer {
        let mut call = self.ready.call_without_body(api);
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        match &self.body {
            Some(body) => call.body(body.clone()).await,
            None => call.await,
        }
    }

    /// What is wrong with an answer, if anything.
    fn flaw(&self, answer: &Answer) -> Option<String> {
        let found = match code_of(answer) {
            Ok(code) => code,
            Err(flaw) => return Some(format!("{} → {flaw}", self.what)),
        };
        let expected = self
            .expected
            .iter()
            .any(|(status, code)| (*status, *code) == (answer.status, found.as_str()));
        let told = self.pointer.as_ref().is_none_or(|pointer| {
            let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
            errors.iter().any(|error| error["pointer"] == *pointer)
        });
        match (expected, told) {
            (true, true) => None,
            (false, _) => Some(format!(
                "{} → {} {found}, expected {:?}: {:.300}",
                self.what, answer.status, self.expected, answer.body
            )),
            (true, false) => {
                let pointer = self.pointer.as_deref().unwrap_or_default();
                Some(format!("{} → does not name {pointer:?}: {:.300}", self.what, answer.body))
            }
        }
    }
}

/// Sends every case; answers what is wrong, and how many cases there were.
async fn sent(stage: &Stage, cases: &[Case]) -> Vec<String> {
    let mut flaws = Vec::new();
    for case in cases {
        flaws.extend(case.flaw(&case.send(&stage.world.api).await));
    }
    flaws
}

/// Fails with everything that was found.
#[track_caller]
fn none(flaws: &[String], cases: usize) {
    assert!(flaws.is_empty(), "{} of {cases} cases:\n{}", flaws.len(), flaws.join("\n"));
}

#[tokio::test]
async fn whatever_is_wrong_in_a_request_is_told_and_changes_nothing() {
    let (log, _logging) = capture_log();
    let stage = Stage::set().await;
    let subjects = subjects(&stage).await;
    let (mut flaws, mut count) = (Vec::new(), 0);
    let mut before = Tally::of(&stage.world).await;
    for subject in &subjects {
        let mut cases = bodies::cases(subject);
        cases.extend(addresses::cases(subject));
        cases.extend(headers::cases(subject));
        cases.extend(others::cases(subject));
        flaws.extend(sent(&stage, &cases).await);
        count += cases.len();
        let after = Tally::of(&stage.world).await;
        let changed = after.differences(&before);
        flaws.extend(changed.into_iter().map(|table| format!("{} changed {table}", subject.id)));
        before = after;
    }
    let told = log.lines().into_iter().filter(|line| line.contains("ERROR"));
    flaws.extend(told.map(|line| format!("the log tells: {line}")));
    none(&flaws, count);
    assert!(count > 1_500, "{count} cases only: is the document read?");
    stage.world.api.get("/readyz").await.expect(200);
}
