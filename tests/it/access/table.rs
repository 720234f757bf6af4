//! The table: one row per operation of the OpenAPI document, in an order that performs a story (a
//! draft is submitted before it is reviewed). Who may, and how it is asked of a place.

use maitrise::clock;
use serde_json::json;

use super::ask::{Ask, Quote, delete, get, post, put};
use super::paths;
use super::stage::{Cast, Place};
use crate::deeds::{draft_files, zip_of};
use Cast::{Auditor, Cdg, Employer, National, Operator, Publisher, Reviewer, Trainer};

/// Who may.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Anyone, signed in or not.
    Anyone,
    /// Anyone signed in: what is shared, or each their own.
    SignedIn,
    /// The learner whom it belongs to.
    Owner,
    /// The learner whom it belongs to, and these roles where their scope extends; for anybody else it
    /// does not exist.
    Concerned(&'static [Cast]),
    /// The learner whom it belongs to, their employer, and auditors of the nation; for anybody else it
    /// does not exist.
    Explained,
    /// Employers of the place, and auditors of the nation; for those of elsewhere it does not exist.
    Audited,
    /// These roles of the place, who asked for it, and operators; for anybody else it does not exist.
    Asker(&'static [Cast]),
    /// These roles of the place, who asked for it; for anybody else it does not exist.
    AskerAlone(&'static [Cast]),
    /// These roles, whatever their scope.
    Anywhere(&'static [Cast]),
    /// These roles where their scope extends; elsewhere it does not exist.
    Here(&'static [Cast]),
    /// These roles over the nation; for a narrower scope it does not exist.
    Nation(&'static [Cast]),
}
use Who::{Anyone, Anywhere, Here, Nation, Owner, SignedIn};

/// A row.
pub struct Row {
    pub operation: &'static str,
    pub who: Who,
    pub ask: fn(&Place) -> Ask,
}

pub fn row(operation: &'static str, who: Who, ask: fn(&Place) -> Ask) -> Row {
    Row { operation, who, ask }
}

pub const READERS: &[Cast] = &[Trainer, Reviewer, Publisher, Auditor];

/// Every row.
pub fn table() -> Vec<Row> {
    let reviewing = super::publishing::before_it_is_published();
    let retiring = super::publishing::once_it_has_been_learnt();
    let references = super::references::rows();
    let saying = super::feedback::saying();
    let written =
        [shared(), people(), super::providers::rows(), reviewing, authoring(), references];
    let (capacities, required) = (super::capacities::rows(), super::requirements::rows());
    let quizzing = super::quizzing::rows().into_iter().chain(super::regrades::rows()).collect();
    let learnt =
        [capacities, paths::rows(), quizzing, learning(), required, saying, watching(), retiring];
    let proved = [super::sessions::rows(), super::bulk::rows(), super::credentials::rows()];
    written.into_iter().chain(learnt).chain(proved).flatten().collect()
}

/// What anyone, or anyone signed in, may read or try.
fn shared() -> Vec<Row> {
    vec![
        row("livez", Anyone, |_| get("/livez")),
        row("readyz", Anyone, |_| get("/readyz")),
        row("metrics", Anyone, |_| get("/metrics")),
        row("sign_in", Anyone, |at| post("/api/v1/sign-in").json(at.credentials.clone())),
        row("refresh_token", Anyone, |_| {
            post("/api/v1/token/refresh").quoting(Quote::RefreshToken)
        }),
        row("sign_out", Anyone, |_| post("/api/v1/sign-out").quoting(Quote::RefreshToken)),
        row("ask_password_reset", Anyone, |_| {
            post("/api/v1/password-resets").json(json!({ "login": "personne@essai.example" }))
        }),
        row("access_keys", Anyone, |_| get("/.well-known/jwks.json")),
        row("attestation_keys", Anyone, |_| get("/.well-known/attestation-keys.json")),
        row("verify_attestation", Anyone, |at| get(format!("/api/v1/verify/{}", at.code))),
        row("list_modules", Anyone, |_| get("/api/v1/modules?level=awareness")),
        row("get_module", Anyone, |_| get("/api/v1/modules/E1")),
        row("related_modules", Anyone, |_| get("/api/v1/modules/E1/related")),
        row("list_versions", Anyone, |_| get("/api/v1/modules/E1/versions")),
        row("get_version", Anyone, |_| get("/api/v1/modules/E1/versions/1")),
        row("get_media", Anyone, |at| get(format!("/media/{}", at.picture))),
        row("me", SignedIn, |_| get("/api/v1/me")),
        row("list_organisations", SignedIn, |_| get("/api/v1/organisations?q=beauce")),
        row("get_organisation", SignedIn, |at| {
            get(format!("/api/v1/organisations/{}", at.organisation))
        }),
    ]
}

/// Rosters and grants.
fn people() -> Vec<Row> {
    vec![
        row("roster", Here(&[Employer, Cdg]), |at| {
            get(format!("/api/v1/organisations/{}/people", at.organisation))
        }),
        row("invite_person", Here(&[Employer, National]), |at| {
            let email = format!("{}@essai.example", clock::new_id().simple());
            post(format!("/api/v1/organisations/{}/people", at.organisation)).json(json!({
                "given_name": "Noa", "family_name": "Fictif", "email": email, "capacity": "agent",
            }))
        }),
        row("list_grants", Anywhere(&[Cdg, National]), |_| get("/api/v1/grants")),
        row("give_grant", Here(&[Cdg, National]), |at| {
            post("/api/v1/grants").json(json!({
                "account_id": at.holder, "role": "employer_manager",
                "scope": "organisation", "scope_ref": at.organisation,
            }))
        }),
        row("revoke_grant", Here(&[Cdg, National]), |at| {
            delete(format!("/api/v1/grants/{}", at.grant))
        }),
    ]
}

/// From a module's code to its publication.
fn authoring() -> Vec<Row> {
    vec![
        row("create_module", Here(&[Trainer]), |at| {
            let code = clock::new_id().simple().to_string().to_uppercase();
            post("/api/v1/modules")
                .json(json!({ "code": format!("T-{}", &code[12..]), "provider": at.provider }))
        }),
        row("open_draft", Here(&[Trainer]), |at| post(draft(at, ""))),
        row("get_draft", Here(READERS), |at| get(draft(at, ""))),
        row("get_draft_file", Here(READERS), |at| get(draft(at, "/files?path=module.toml"))),
        row("put_draft_file", Here(&[Trainer]), |at| {
            put(draft(at, "/files?path=lessons/99-bis.md"))
                .text("# Bis\n\nUn brouillon.\n")
                .quoting(Quote::DraftTag)
        }),
        row("delete_draft_file", Here(&[Trainer]), |at| {
            delete(draft(at, "/files?path=lessons/99-bis.md")).quoting(Quote::DraftTag)
        }),
        row("put_draft_archive", Here(&[Trainer]), |at| {
            put(draft(at, "/archive"))
                .bytes("application/zip", zip_of(&draft_files(at.module, at.provider, "")))
                .quoting(Quote::DraftTag)
        }),
        row("get_draft_archive", Here(READERS), |at| get(draft(at, "/archive"))),
        row("adopt_module", Here(&[Publisher]), |at| {
            post(format!("/api/v1/modules/{}/adopt", at.module))
        }),
        row("submit_draft", Here(&[Trainer]), |at| post(draft(at, "/submit"))),
        row("review_draft", Here(&[Reviewer]), |at| {
            post(draft(at, "/review"))
                .json(json!({ "verdict": "accepted", "comment": "Relu." }))
                .quoting(Quote::DraftDigest)
        }),
        row("preview_publication", Here(&[Publisher]), |at| {
            post(draft(at, "/publish/preview")).json(json!({ "change": "substantive" }))
        }),
        row("publish_draft", Here(&[Publisher]), |at| {
            post(draft(at, "/publish"))
                .json(json!({ "change": "substantive" }))
                .quoting(Quote::PreviewDigest)
        }),
        row("version_questions", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/versions/1/questions", at.module))
        }),
        row("version_archive", Here(READERS), |at| {
            get(format!("/api/v1/modules/{}/versions/1/archive", at.module))
        }),
    ]
}

fn draft(at: &Place, rest: &str) -> String {
    format!("/api/v1/modules/{}/draft{rest}", at.module)
}

/// What a learner does with what is theirs.
fn learning() -> Vec<Row> {
    vec![
        row("enrol", SignedIn, |at| {
            post(format!("/api/v1/modules/{}/enrolments", at.module)).json(json!({}))
        }),
        row("my_enrolments", SignedIn, |_| get("/api/v1/me/enrolments")),
        row("my_obligations", SignedIn, |_| get("/api/v1/me/obligations")),
        row("my_attestations", SignedIn, |_| get("/api/v1/me/attestations")),
        row("get_enrolment", Owner, |at| get(enrolment(at, ""))),
        row("get_lesson", Owner, |at| get(enrolment(at, &format!("/lessons/{}", at.lesson)))),
        row("lesson_done", Owner, |at| {
            post(enrolment(at, &format!("/lessons/{}/done", at.lesson)))
        }),
        row("start_attempt", Owner, |at| post(enrolment(at, "/attempts"))),
        row("get_attempt", Owner, |at| get(format!("/api/v1/attempts/{}", at.attempt))),
        row("keep_answer", Owner, |at| {
            put(format!("/api/v1/attempts/{}/answers/{}", at.attempt, at.answer.0))
                .json(json!({ "choices": [at.answer.1] }))
        }),
        row("submit_attempt", Owner, |at| {
            post(format!("/api/v1/attempts/{}/submit", at.attempt))
                .json(json!({ "answers": { &at.answer.0: [at.answer.1] } }))
        }),
        row("withdraw", Owner, |at| {
            post(enrolment(at, "/withdraw")).json(json!({ "reason": "not_relevant" }))
        }),
        row("get_attestation", Owner, |at| get(format!("/api/v1/attestations/{}", at.attestation))),
        row("get_credential", Owner, |at| {
            get(format!("/api/v1/attestations/{}/credential.json", at.attestation))
        }),
        row("get_document", Owner, |at| {
            get(format!("/api/v1/attestations/{}/document.pdf", at.attestation))
        }),
    ]
}

fn enrolment(at: &Place, rest: &str) -> String {
    format!("/api/v1/enrolments/{}{rest}", at.enrolment)
}

/// Figures, rules, journal, queues.
fn watching() -> Vec<Row> {
    vec![
        row("completion_statistics", Here(&[Cdg, National]), |at| {
            get(format!("/api/v1/statistics/completions?perimeter={}", at.cdg))
        }),
        row("reminder_rules", Anywhere(&[Cdg, National]), |_| get("/api/v1/reminder-rules")),
        row("edit_reminder_rule", Nation(&[National]), |at| {
            put(format!("/api/v1/reminder-rules/{}", at.rule.as_str().expect("an id")))
                .json(json!({ "enabled": true }))
                .quoting(Quote::RuleTag)
        }),
        row("reminders", Nation(&[Cdg, National]), |_| get("/api/v1/reminders")),
        row("journal", Nation(&[Auditor]), |_| get("/api/v1/journal")),
        row("mail_queue", Anywhere(&[Operator]), |_| get("/api/v1/queues/mail")),
    ]
}
