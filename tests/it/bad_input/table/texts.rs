//! Texts that are strange and may be valid: kept as they were sent, or refused, and nothing else.

use serde_json::json;

use super::schema::with;
use super::subject::{Subject, subjects};
use super::{Case, Expected, none};
use crate::access::stage::Stage;
use crate::bad_input::tally::Tally;
use crate::support::Answer;

/// What a person may type, paste, or send to see what happens.
const STRANGE: [(&str, &str); 12] = [
    ("right to left", "\u{202e}gauche"),
    ("isolates", "\u{2067}droite\u{2069}"),
    ("zero width", "a\u{200b}\u{200d}b"),
    ("a byte order mark", "\u{feff}tête"),
    ("a noncharacter", "a\u{ffff}b"),
    ("an emoji of many parts", "👩\u{200d}🏫🏽"),
    ("a bell", "a\u{7}b"),
    ("a C1 control", "a\u{85}b"),
    ("an escape", "\u{1b}[31mrouge"),
    ("SQL", "x; DROP TABLE account; --"),
    ("HTML", "<script>alert(1)</script>"),
    ("a formula", "=HYPERLINK(1)"),
];

/// What a field that means something may be refused by, besides `invalid-values`.
fn refusals(operation: &str, pointer: &str) -> Expected {
    if operation == "create_provider" {
        return &[(409, "provider-exists"), (422, "invalid-values")];
    }
    // A requirement is written once under its code, and once after each version; a session likewise.
    if operation == "create_requirement" {
        return &[(409, "requirement-code-taken"), (422, "invalid-values")];
    }
    if ["revise_requirement", "edit_session", "postpone_session"].contains(&operation) {
        return &[(412, "stale"), (422, "invalid-values")];
    }
    match pointer.split('/').nth(1).unwrap_or_default() {
        "login" | "password" => &[(401, "invalid-credentials")],
        "refresh_token" => &[(401, "invalid-refresh-token")],
        "provider" | "provider_ref" | "module" | "scope_ref" => {
            &[(404, "not-found"), (422, "invalid-values")]
        }
        "digest" => &[(409, "preview-outdated")],
        "choices" | "answers" => &[(422, "unknown-answer")],
        // A capacity is replaced once, and five claims may wait.
        "capacity" => &[
            (409, "capacity-closed"),
            (409, "claim-pending"),
            (412, "stale"),
            (422, "invalid-values"),
        ],
        // A draft is reviewed once, and published once reviewed.
        "comment" => &[(409, "draft-not-submitted"), (422, "invalid-values")],
        "note" => &[
            (409, "draft-not-reviewed"),
            (409, "preview-outdated"),
            (412, "stale"),
            (422, "invalid-values"),
        ],
        // A path is published at once: once under its code, once after each version.
        "title" | "summary" | "outcomes" | "steps" | "prerequisites" => {
            &[(409, "path-code-taken"), (412, "stale"), (422, "invalid-values")]
        }
        // Once decided, the same preview is of no worth.
        "corrections" | "lower" => &[(409, "preview-outdated"), (422, "invalid-values")],
        // Nothing of the module is published yet.
        "reason" => &[(404, "not-found"), (422, "invalid-values")],
        _ => &[(422, "invalid-values")],
    }
}

/// Fields that are kept as they were sent.
const KEPT: [&str; 5] = ["/given_name", "/family_name", "/function", "/comment", "/text"];

/// Every strange text in every text of every body, and each limit reached exactly.
fn cases(subject: &Subject) -> Vec<(Case, String, String)> {
    let Some(base) = subject.ready.body.as_ref() else { return Vec::new() };
    let mut cases = Vec::new();
    for node in subject.nodes().iter().filter(|node| node.is_free_text()) {
        let limit = |key: &str| node.schema[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let max = limit("maxLength").unwrap_or(200);
        let mut texts: Vec<(String, String)> =
            STRANGE.map(|(what, text)| (what.to_owned(), text.to_owned())).into();
        texts.retain(|(_, text)| text.chars().count() <= max);
        texts.push((format!("{max} characters"), "é".repeat(max)));
        texts.push(("a flood of accents".to_owned(), format!("e{}", "\u{301}".repeat(max - 1))));
        let min = limit("minLength").unwrap_or(0).max(1);
        texts.push((format!("{min} characters"), "a".repeat(min)));
        for (what, text) in texts {
            let what = format!("{what} at {}", node.pointer);
            let mut body = with(base, &node.pointer, json!(text));
            if body.get("email").is_some() && node.pointer != "/email" {
                body["email"] =
                    json!(format!("{}@essai.example", maitrise::clock::new_id().simple()));
            }
            if body.get("id").is_some() && node.pointer != "/id" {
                body["id"] = json!(format!("essai-{}", maitrise::clock::new_id().simple()));
            }
            let case = Case::of(subject, what, refusals(&subject.id, &node.pointer));
            let case = Case { body: Some(body.to_string().into_bytes()), ..case };
            cases.push((case, node.pointer.clone(), text));
        }
    }
    cases
}

#[tokio::test]
async fn a_strange_text_is_kept_as_it_was_sent_or_refused_and_never_a_failure() {
    let stage = Stage::set().await;
    let draft = format!("/api/v1/modules/{}/draft/submit", stage.places[0].module);
    let trainer = stage.asker(crate::access::stage::Cast::Trainer, &stage.places[0]);
    let trainer = trainer.token.as_deref().expect("a token");
    stage.world.api.post(&draft).bearer(trainer).await.expect(200);
    let (mut flaws, mut count, mut kept) = (Vec::new(), 0, Vec::new());
    let subjects = subjects(&stage).await;
    // Before anything strange is kept that these words would find.
    let (more, searches) = looked_for(&stage, &subjects).await;
    flaws.extend(more);
    for subject in &subjects {
        for (case, pointer, text) in cases(subject) {
            count += 1;
            let answer = fresh(&stage, case.clone()).await.send(&stage.world.api).await;
            match answer.status {
                // What is said anew about a training erases what was said before.
                200..=299 if subject.id == "put_satisfaction" => {}
                200..=299 if KEPT.contains(&pointer.as_str()) => kept.push((pointer, text)),
                200..=299 => {}
                _ => flaws.extend(case.flaw(&answer)),
            }
        }
    }
    let rows = Tally::of(&stage.world).await;
    for (pointer, text) in &kept {
        if !rows.holds(text) {
            flaws.push(format!("{text:?} is not kept as it was sent at {pointer}"));
        }
    }
    for pointer in KEPT {
        assert!(
            kept.iter().any(|(at, _)| at == pointer),
            "nothing was kept at {pointer}: {flaws:?}"
        );
    }
    none(&flaws, count + searches);
    assert!(count > 200 && searches > 100, "{count} texts and {searches} searches only");
}

/// The same with the tag that a provider or a legal reference has by now: what was kept before has
/// moved it.
async fn fresh(stage: &Stage, mut case: Case) -> Case {
    let path = case.ready.path.strip_prefix("/api/v1/").unwrap_or_default().to_owned();
    let mut parts = path.split('/');
    if let (Some(kind @ ("providers" | "references")), Some(which), Some(_)) =
        (parts.next(), parts.next(), case.ready.tag.as_ref())
    {
        let token = case.ready.token.clone().unwrap_or_default();
        let now = stage.world.api.get(&format!("/api/v1/{kind}/{which}")).bearer(&token);
        case.ready.tag = Some(now.await.expect(200).etag());
    }
    case
}

/// What is looked for may be anything, and is not found.
async fn looked_for(stage: &Stage, subjects: &[Subject]) -> (Vec<String>, usize) {
    let (mut flaws, mut count) = (Vec::new(), 0);
    let fine = |answer: &Answer| match answer.status {
        200 => !answer.body.contains("<script"),
        404 | 422 => ["not-found", "invalid-parameter", "invalid-values"]
            .contains(&answer.problem_code().as_str()),
        _ => false,
    };
    for subject in subjects.iter().filter(|subject| subject.ready.method == "GET") {
        let parameters = subject.parameters("query").into_iter();
        let names = parameters
            .filter(|p| p["schema"]["type"] == "string" && p["schema"]["format"].is_null());
        let names = names.map(|p| p["name"].as_str().expect("a name"));
        let bare = subject.ready.path.split('?').next().expect("a path");
        let mut paths: Vec<String> = Vec::new();
        for name in names {
            let required = if subject.ready.path.contains('?')
                && !subject.ready.path.contains(&format!("{name}="))
            {
                format!("{}&", subject.ready.path)
            } else {
                format!("{bare}?")
            };
            paths.extend(
                STRANGE.iter().map(|(_, text)| format!("{required}{name}={}", encoded(text))),
            );
            paths.push(format!("{required}{name}="));
        }
        if subject.id == "verify_attestation" {
            paths.extend(
                STRANGE.iter().map(|(_, text)| format!("/api/v1/verify/{}", encoded(text))),
            );
            paths.push(format!("/api/v1/verify/{}", "7".repeat(5_000)));
        }
        for path in paths {
            count += 1;
            let case = Case::of(subject, &path, &[]);
            let mut ready = case.ready;
            ready.path.clone_from(&path);
            let answer = ready.call(&stage.world.api).await;
            if !fine(&answer) {
                flaws.push(format!("{path} → {}: {:.300}", answer.status, answer.body));
            }
        }
    }
    (flaws, count)
}

fn encoded(text: &str) -> String {
    crate::sign_in::encoded(text)
}
