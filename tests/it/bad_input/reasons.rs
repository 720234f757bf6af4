//! The catalogue of refusals: every code of `maitrise::error::Reason` is reached over HTTP, by the
//! request that a client would meet it with, or is listed here with the reason why it is not.

mod bulk;

use std::collections::BTreeSet;

use maitrise::error::Reason;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::answers::problem;
use super::wire::exchange;
use crate::deeds::{fill_draft, learn, picture, publish, publish_with_media, under_no_regime};
use crate::support::{Answer, Call};
use crate::world::World;

/// Codes that no request reaches by itself, and why.
const EXCEPTIONS: [(Reason, &str); 1] =
    [(Reason::Conflict, "two transactions took the same unique key at the same instant")];

/// What was reached so far, and the application that answered.
struct Catalogue {
    world: World,
    seen: BTreeSet<&'static str>,
}

impl Catalogue {
    async fn of(world: World) -> Self {
        Self { world, seen: BTreeSet::new() }
    }

    /// Notes that a call is refused for that reason, under its status and its title.
    async fn meets(&mut self, reason: Reason, call: Call) -> Answer {
        let answer = call.await;
        let status = maitrise::http::problem::status(reason.kind()).as_u16();
        let code = match status {
            500.. => answer.problem_code(),
            _ => problem(&answer, reason.code()),
        };
        assert_eq!((answer.status, code.as_str()), (status, reason.code()), "{}", answer.body);
        assert_eq!(answer.json()["title"], reason.title().0);
        self.seen.insert(reason.code());
        answer
    }

    async fn token(&self, word: &str) -> String {
        self.world.known(&format!("{word}@demonstration.example")).await.token
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> Call {
        self.world.api.post(path).bearer(token).json(body)
    }

    /// A range of a published picture that is beyond its end.
    async fn picture(&self) -> Call {
        publish_with_media(&self.world, &self.token("formatrice").await, "ILLUSTRE").await;
        let path = format!("/media/{}", picture().0);
        self.world.api.get(&path).header("Range", "bytes=9999999-")
    }

    async fn sql(&self, statement: &str) {
        let tx = self.world.app.db.begin_write().await.expect("a transaction");
        tx.execute_unprepared(statement).await.expect(statement);
        tx.commit().await.expect("a commit");
    }
}

/// Requests that cannot be read, or do not fit.
async fn reading(c: &mut Catalogue) {
    let api = c.world.api.clone();
    let sign_in = || api.post("/api/v1/sign-in");
    let typed = |kind: &str| sign_in().header("Content-Type", kind);
    c.meets(Reason::UnreadableBody, typed("application/json").body("{")).await;
    c.meets(Reason::UnreadableRequest, api.get("/verifier?code=a&code=b")).await;
    c.meets(Reason::UnsupportedMediaType, typed("text/plain").body("{}")).await;
    let big = typed("application/json").body(vec![b' '; 2 << 20]);
    c.meets(Reason::TooLarge, big).await;
    c.meets(Reason::InvalidBody, sign_in().json(&json!({}))).await;
    c.meets(Reason::NotFound, api.get("/nulle-part")).await;
    c.meets(Reason::MethodNotAllowed, api.delete("/livez")).await;
    c.meets(Reason::RangeNotSatisfiable, c.picture().await).await;
    c.meets(Reason::InvalidParameter, api.get("/api/v1/modules?limit=x")).await;
    c.meets(Reason::UnknownParameter, api.get("/api/v1/modules?x=1")).await;
    let past = api.post("/api/v1/modules/E1/enrolments").bearer(&c.token("elue").await);
    c.meets(Reason::InvalidValues, past.json(&json!({ "due_on": "1999-12-31" }))).await;
}

/// Who is asking.
async fn accounts(c: &mut Catalogue) {
    let api = c.world.api.clone();
    let (elue, national) = (c.token("elue").await, c.token("national").await);
    c.meets(Reason::Unauthenticated, api.get("/api/v1/me")).await;
    let wrong = json!({ "login": "personne@essai.example", "password": "rien du tout" });
    c.meets(Reason::InvalidCredentials, api.post("/api/v1/sign-in").json(&wrong)).await;
    let spent = api.post("/api/v1/token/refresh").json(&json!({ "refresh_token": "a.b" }));
    c.meets(Reason::InvalidRefreshToken, spent).await;
    c.meets(Reason::Forbidden, api.get("/api/v1/journal").bearer(&elue)).await;
    let person = json!({
        "given_name": "Camille", "family_name": "Fictif", "capacity": "elu",
        "email": "elue@demonstration.example",
    });
    let invite = c.post("/api/v1/organisations/insee:35021/people", &national, &person);
    c.meets(Reason::AccountExists, invite).await;
    let own = c.world.known("national@demonstration.example").await.account_id;
    let grant = json!({ "account_id": own, "role": "auditor", "scope": "national" });
    c.meets(Reason::GrantTooWide, c.post("/api/v1/grants", &national, &grant)).await;
    let page = api.get("/liens/x").await.expect(410);
    assert!(
        page.body.contains(&Reason::LinkSpent.title().0.replace('\'', "&#39;")),
        "{}",
        page.body
    );
    c.seen.insert(Reason::LinkSpent.code());
}

/// From a code to a publication.
async fn authoring(c: &mut Catalogue) {
    use maitrise::accounts::model::Role::{Publisher, Reviewer, Trainer};
    let (api, here) = (c.world.api.clone(), c.world.provider("local:demonstration").await);
    let files = c.world.provider("local:maitrise").await;
    let trainer = c.world.known("formatrice@demonstration.example").await;
    for (role, scope) in [(Trainer, files), (Reviewer, here), (Publisher, here)] {
        c.world.give(trainer.account_id, role, scope, None).await;
    }
    let (trainer, publisher) = (trainer.token, c.token("editrice").await);
    let reviewer = c.token("relecteur").await;
    let taken = json!({ "code": "E1", "provider": "local:demonstration" });
    let profile = json!({ "name": "Essai", "legal_name": "Essai", "kind": "training_body" });
    let known = json!({ "ref": "local:demonstration", "profile": profile });
    let national = c.token("national").await;
    c.meets(Reason::ProviderExists, c.post("/api/v1/providers", &national, &known)).await;
    c.meets(Reason::ModuleCodeTaken, c.post("/api/v1/modules", &trainer, &taken)).await;
    let known = json!({ "id": "ria-5", "version": { "text": "x", "grade": "V", "verified_on": "2026-11-01" } });
    c.meets(Reason::ReferenceIdTaken, c.post("/api/v1/references", &reviewer, &known)).await;
    let item = crate::references::settled_item(&c.world, "REVU").await;
    let again = json!({ "consequence": "legal", "note": "Trop tard." });
    let decision = format!("/api/v1/to-review/{item}/decision");
    c.meets(Reason::ReviewClosed, c.post(&decision, &reviewer, &again)).await;
    let new = json!({ "code": "VIDE", "provider": "local:demonstration" });
    c.post("/api/v1/modules", &trainer, &new).await.expect(201);
    let empty = api.post("/api/v1/modules/VIDE/draft/submit").bearer(&trainer);
    c.meets(Reason::ContentFindings, empty).await;
    let from_files = api.post("/api/v1/modules/E1/draft").bearer(&trainer);
    c.meets(Reason::ModuleFromFiles, from_files).await;
    let draft = "/api/v1/modules/PREMIERS-PAS/draft";
    let put = || api.put(&format!("{draft}/files?path=x.md")).bearer(&trainer);
    let put = || put().header("Content-Type", "text/plain").body("x");
    c.meets(Reason::PreconditionRequired, put()).await;
    c.meets(Reason::Stale, put().header("If-Match", "\"0\"")).await;
    let archive = api.put(&format!("{draft}/archive")).bearer(&trainer);
    let tag = api.get(draft).bearer(&trainer).await.etag();
    let archive = archive.header("Content-Type", "application/zip").header("If-Match", &tag);
    c.meets(Reason::BadArchive, archive.body("no zip")).await;
    let (review, go) = (format!("{draft}/review"), format!("{draft}/publish"));
    let mut opinion = json!({ "digest": "0", "verdict": "accepted", "comment": "Relu." });
    c.meets(Reason::DraftNotSubmitted, c.post(&review, &reviewer, &opinion)).await;
    let submitted = api.post(&format!("{draft}/submit")).bearer(&trainer).await.expect(200);
    c.meets(Reason::DraftFrozen, put().header("If-Match", &submitted.etag())).await;
    c.meets(Reason::PreviewOutdated, c.post(&review, &reviewer, &opinion)).await;
    opinion["digest"] = submitted.json()["digest"].take();
    c.meets(Reason::AuthorCannotReview, c.post(&review, &trainer, &opinion)).await;
    let change = json!({ "change": "substantive" });
    let preview = c.post(&format!("{go}/preview"), &publisher, &change).await.expect(200).json();
    let publish = json!({ "change": "substantive", "digest": preview["digest"] });
    c.meets(Reason::AuthorCannotPublish, c.post(&go, &trainer, &publish)).await;
    c.meets(Reason::DraftNotReviewed, c.post(&go, &publisher, &publish)).await;
    scheduling(c, &opinion).await;
}

/// Somebody who reviews nowhere else, a publication to come, a module that has left.
async fn scheduling(c: &mut Catalogue, opinion: &Value) {
    let (reviewer, publisher) = (c.token("relecteur").await, c.token("editrice").await);
    let elue = c.world.known("elue@demonstration.example").await;
    let draft = "/api/v1/modules/PREMIERS-PAS/draft";
    let (review, go) = (format!("{draft}/review"), format!("{draft}/publish"));
    let nobody = json!({ "account_id": elue.account_id, "kind": "legal" });
    let ask = c.post(&format!("{draft}/reviewers"), &publisher, &nobody);
    c.meets(Reason::NotAReviewer, ask).await;
    c.post(&review, &reviewer, opinion).await.expect(200);
    let change = json!({ "change": "substantive" });
    let preview = c.post(&format!("{go}/preview"), &publisher, &change).await.expect(200).json();
    let at = c.world.app.clock.now() + chrono::Duration::days(1);
    let mut publish = json!({ "change": "substantive", "digest": preview["digest"], "at": at });
    c.post(&go, &publisher, &publish).await.expect(202);
    c.meets(Reason::PublicationScheduled, c.post(&go, &publisher, &publish)).await;
    let schedule = format!("{go}/schedule");
    c.world.api.delete(&schedule).bearer(&publisher).await.expect(204);
    publish.as_object_mut().expect("an object").remove("at");
    c.post(&go, &publisher, &publish).await.expect(201);
    let why = json!({ "reason": "Un essai." });
    c.post("/api/v1/modules/PREMIERS-PAS/retire", &publisher, &why).await.expect(200);
    let enrol = c.post("/api/v1/modules/PREMIERS-PAS/enrolments", &elue.token, &json!({}));
    c.meets(Reason::ModuleRetired, enrol).await;
}

/// From an enrolment to its end.
async fn learning(c: &mut Catalogue) {
    let (api, trainer) = (c.world.api.clone(), c.token("formatrice").await);
    let more = "attempt_limit = 1\nprerequisite = [{ module = \"A1\", kind = \"required\" }]";
    fill_draft(&c.world, &trainer, "LIMITE", "local:demonstration", more).await;
    publish(&c.world, "LIMITE").await;
    fill_draft(&c.world, &trainer, "SANS-QUIZ", "local:demonstration", "activity_minutes = 3")
        .await;
    let quiz = "/api/v1/modules/SANS-QUIZ/draft/files?path=quiz/01-quiz.toml";
    let tag = api.get("/api/v1/modules/SANS-QUIZ/draft").bearer(&trainer).await.etag();
    api.delete(quiz).bearer(&trainer).header("If-Match", &tag).await.expect(200);
    under_no_regime(&c.world).await;
    publish(&c.world, "SANS-QUIZ").await;
    let elue = c.token("elue").await;
    let enrol = |code: &str, token: &str| {
        api.post(&format!("/api/v1/modules/{code}/enrolments")).bearer(token).json(&json!({}))
    };
    c.meets(Reason::NoCapacity, enrol("E1", &trainer)).await;
    c.meets(Reason::PrerequisiteMissing, enrol("LIMITE", &elue)).await;
    learn(&c.world, &elue, "A1").await;
    let done = enrol("A1", &elue).await.expect(200).location();
    let leave = json!({ "reason": "other" });
    let withdraw =
        |enrolment: &str| api.post(&format!("{enrolment}/withdraw")).bearer(&elue).json(&leave);
    c.meets(Reason::AlreadyCompleted, withdraw(&done)).await;
    let without = enrol("SANS-QUIZ", &elue).await.expect(201).location();
    let start = |enrolment: &str| api.post(&format!("{enrolment}/attempts")).bearer(&elue);
    c.meets(Reason::NoQuiz, start(&without)).await;
    let limited = enrol("LIMITE", &elue).await.expect(201).location();
    let attempt = start(&limited).await.expect(201).location();
    let hand_in = |answers: Value| {
        api.post(&format!("{attempt}/submit")).bearer(&elue).json(&json!({ "answers": answers }))
    };
    c.meets(Reason::UnknownAnswer, hand_in(json!({ "q1": ["zz"] }))).await;
    hand_in(json!({})).await.expect(200);
    let late = api.put(&format!("{attempt}/answers/q1")).bearer(&elue);
    c.meets(Reason::AttemptSubmitted, late.json(&json!({ "choices": ["a"] }))).await;
    c.meets(Reason::AttemptsExhausted, start(&limited)).await;
    withdraw(&limited).await.expect(200);
    c.meets(Reason::EnrolmentClosed, start(&limited)).await;
}

/// What people are, and say they are.
async fn capacities(c: &mut Catalogue) {
    let (employer, elue) = (c.token("employeur").await, c.token("elue").await);
    let here = "/api/v1/organisations/insee:35021";
    let declare = |n: usize| {
        let capacity = json!({ "kind": "agent", "function": format!("accueil {n}") });
        json!({ "organisation": "insee:35021", "capacity": capacity })
    };
    let mine = "/api/v1/me/capacities";
    for n in 0..5 {
        c.post(mine, &elue, &declare(n)).await.expect(201);
    }
    c.meets(Reason::ClaimPending, c.post(mine, &elue, &declare(5))).await;
    let claims = c.world.api.get(&format!("{here}/claims")).bearer(&employer).await;
    let claim = claims.expect(200).json()["items"][0].take();
    let id = claim["id"].as_str().expect("an id");
    let confirm = format!("{here}/claims/{id}/confirm");
    c.world.api.post(&confirm).bearer(&employer).await.expect(200);
    let refuse = json!({ "reason": "no_longer" });
    c.meets(
        Reason::ClaimDecided,
        c.post(&format!("{here}/claims/{id}/refuse"), &employer, &refuse),
    )
    .await;
    let declared = claim["capacity_id"].as_str().expect("a capacity");
    let path = format!("{here}/capacities/{declared}");
    let tag = c.world.api.get(&path).bearer(&employer).await.expect(200).etag();
    let correction = json!({ "how": "correction", "capacity": { "kind": "agent" } });
    let put = c.world.api.put(&path).bearer(&employer).header("If-Match", &tag);
    c.meets(Reason::CapacityClosed, put.json(&correction)).await;
}

/// An attempt against the clock.
async fn timed(c: &mut Catalogue) {
    let (api, clock) = (c.world.api.clone(), c.world.app.clock.clone());
    let (trainer, elue) = (c.token("formatrice").await, c.token("elue").await);
    let more = "attempt_time_minutes = 9\nattempt_pause_minutes = 60";
    fill_draft(&c.world, &trainer, "CHRONO", "local:demonstration", more).await;
    publish(&c.world, "CHRONO").await;
    let enrol = c.post("/api/v1/modules/CHRONO/enrolments", &elue, &json!({})).await;
    let enrolment = enrol.expect(201).location();
    c.meets(Reason::AlreadyCurrent, api.post(&format!("{enrolment}/move")).bearer(&elue)).await;
    let start = format!("{enrolment}/attempts");
    let attempt = api.post(&start).bearer(&elue).await.expect(201);
    let question = attempt.json()["questions"][0]["id"].as_str().expect("an id").to_owned();
    let put = |token: &str| {
        let call = api.put(&format!("{}/answers/{question}", attempt.location()));
        call.bearer(token).json(&json!({ "choices": [] }))
    };
    clock.advance(chrono::Duration::minutes(-5));
    let behind = put(&c.token("elue").await);
    c.meets(Reason::ClockBehind, behind).await;
    clock.advance(chrono::Duration::minutes(15));
    let elue = c.token("elue").await;
    c.meets(Reason::AttemptTimeOver, put(&elue)).await;
    c.meets(Reason::AttemptTooSoon, api.post(&start).bearer(&elue)).await;
}

/// What a learner says back.
async fn saying(c: &mut Catalogue) {
    let (api, elue) = (c.world.api.clone(), c.token("elue").await);
    let enrol = c.post("/api/v1/modules/E1/enrolments", &elue, &json!({})).await;
    let enrolment = enrol.expect(201).location();
    let attempt = api.post(&format!("{enrolment}/attempts")).bearer(&elue).await.expect(201).json();
    let error = json!({
        "kind": "error", "attempt": attempt["id"], "question": attempt["questions"][0]["id"],
        "text": "Une coquille.",
    });
    let report = c.post(&format!("{enrolment}/feedback"), &elue, &error);
    c.meets(Reason::AttemptOpen, report).await;
    let satisfaction = format!("{enrolment}/satisfaction");
    let say = |mark: i64, token: &str| {
        api.put(&satisfaction).bearer(token).json(&json!({ "useful": mark }))
    };
    c.meets(Reason::EnrolmentOpen, say(4, &elue)).await;
    let leave = json!({ "reason": "other" });
    c.post(&format!("{enrolment}/withdraw"), &elue, &leave).await.expect(200);
    say(4, &elue).await.expect(200);
    let complaint = c.post("/api/v1/complaints", &elue, &json!({ "text": "Rien ne va." })).await;
    let state = format!("{}/state", complaint.expect(201).location());
    let close = api.put(&state).bearer(&c.token("national").await);
    c.meets(Reason::AnswerMissing, close.json(&json!({ "state": "closed" }))).await;
    c.world.app.clock.advance(chrono::Duration::days(30));
    let late = say(5, &c.token("elue").await);
    c.meets(Reason::SatisfactionClosed, late).await;
}

/// What is required of whom.
async fn requiring(c: &mut Catalogue) {
    use crate::requirements::{enable, entered, owed, required};
    let (national, elue) = (c.token("national").await, c.token("elue").await);
    let body = json!({ "code": "tous", "version": required(json!({ "module": "A2" })) });
    c.post("/api/v1/requirements", &national, &body).await.expect(201);
    c.meets(Reason::RequirementCodeTaken, c.post("/api/v1/requirements", &national, &body)).await;
    let preview = c.world.api.post("/api/v1/requirements/tous/preview").bearer(&national).await;
    let bare = json!({ "digest": preview.expect(200).json()["digest"] });
    let bare = c.post("/api/v1/requirements/tous/enable", &national, &bare);
    c.meets(Reason::AudienceUnconfirmed, bare).await;
    enable(&c.world, &national, "tous").await;
    entered(&c.world).await;
    let mine = owed(&c.world, &elue).await.remove(0);
    let why = json!({ "reason": "Un essai." });
    c.post("/api/v1/requirements/tous/disable", &national, &why).await.expect(200);
    let exempt = format!("/api/v1/obligations/{}/exempt", mine["id"].as_str().expect("an id"));
    let wish = json!({ "reason": "absence", "document_digest": "0".repeat(64) });
    let exempt = c.post(&exempt, &c.token("employeur").await, &wish);
    c.meets(Reason::ObligationNotOwed, exempt).await;
}

/// From a path to its second step.
async fn paths(c: &mut Catalogue) {
    use maitrise::accounts::model::Role::Publisher;
    let files = c.world.provider("local:maitrise").await;
    let publisher = c.world.known("editrice@demonstration.example").await;
    c.world.give(publisher.account_id, Publisher, files, None).await;
    let mut path = json!({
        "code": "E1", "provider": "local:maitrise", "title": "Un parcours", "summary": "Un essai.",
        "audiences": ["agent"], "outcomes": ["Vérifier."], "order": "free",
        "steps": [{ "any_of": ["A1"] }, { "any_of": ["A2"] }],
    });
    c.meets(Reason::PathCodeTaken, c.post("/api/v1/paths", &publisher.token, &path)).await;
    let fields = path.as_object_mut().expect("an object");
    fields.retain(|name, _| name != "code" && name != "provider");
    path["change"] = json!("editorial");
    let shipped = c.post("/api/v1/paths/ELUS/versions", &publisher.token, &path);
    c.meets(Reason::PathFromFiles, shipped.header("If-Match", "\"1\"")).await;
    let elue = c.token("elue").await;
    let enrol = c.world.api.post("/api/v1/paths/CADRES/enrolments").bearer(&elue);
    let early = format!("{}/modules/C2/enrolments", enrol.await.expect(201).location());
    c.meets(Reason::PathOrder, c.post(&early, &elue, &json!({}))).await;
}

/// Asking for a seat where there is none to ask for.
async fn dated(c: &mut Catalogue) {
    use crate::sessions::{HERE, new_session, plan, registered};
    let (api, trainer, elue) =
        (c.world.api.clone(), c.token("formatrice").await, c.token("elue").await);
    let mut funded = plan(&c.world, 20, 3);
    funded["elus_on_public_funds"] = json!(true);
    let create = async |c: &Catalogue, plan: Value| {
        let made = c.post("/api/v1/sessions", &trainer, &new_session(HERE, plan)).await;
        made.expect(201).json()["session"]["id"].as_str().expect("an id").to_owned()
    };
    let verb = |id: &str, verb: &str, token: &str| {
        api.post(&format!("/api/v1/sessions/{id}/{verb}")).bearer(token)
    };
    crate::sessions::teach_at(&c.world, "local:neuf").await;
    let funded = c.post("/api/v1/sessions", &trainer, &new_session("local:neuf", funded));
    let id = funded.await.expect(201).json()["session"]["id"].as_str().expect("an id").to_owned();
    c.meets(Reason::AgrementNotValid, verb(&id, "open", &trainer)).await;
    let mut later = plan(&c.world, 20, 3);
    later["opens_at"] = json!(c.world.app.clock.now() + chrono::Duration::days(1));
    let id = create(c, later).await;
    verb(&id, "open", &trainer).await.expect(200);
    let early = registered(&c.world, &elue, &id);
    c.meets(Reason::RegistrationClosed, early).await;
    verb(&id, "close", &trainer).await.expect(200);
    let closed = registered(&c.world, &elue, &id);
    c.meets(Reason::SessionNotOpen, closed).await;
    c.world.app.clock.advance(chrono::Duration::days(21));
    let trainer = c.token("formatrice").await;
    c.meets(Reason::SessionBegun, verb(&id, "open", &trainer)).await;
}

/// Too slow, too often, and our own failures, of which nothing is told.
async fn failing(c: &mut Catalogue) {
    let head = "POST /api/v1/sign-in HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\n";
    let slow = exchange(&c.world, &format!("{head}Content-Length: 10\r\n\r\n{{")).await;
    assert!(slow.contains("\"code\":\"timeout\""), "{slow}");
    c.seen.insert(Reason::Timeout.code());
    let wrong = json!({ "login": "personne@essai.example", "password": "rien du tout" });
    let sign_in = || c.world.api.post("/api/v1/sign-in").json(&wrong);
    sign_in().await.expect(401);
    let again = sign_in();
    c.meets(Reason::TooManyRequests, again).await;
    c.sql("DELETE FROM seaql_migrations WHERE version LIKE 'm0012%' OR version LIKE 'm0004%'")
        .await;
    let ready = c.meets(Reason::Unavailable, c.world.api.get("/readyz")).await;
    assert!(ready.header("retry-after").is_some(), "when to come back");
    c.sql("ALTER TABLE journal_entry RENAME TO lost").await;
    let auditor = c.token("auditeur").await;
    let failed = c.world.api.get("/api/v1/journal").bearer(&auditor);
    let failed = c.meets(Reason::Internal, failed).await;
    for ours in ["journal_entry", "SELECT", "no such table", "relation", "::"] {
        assert!(!failed.body.contains(ours), "{ours}: {}", failed.body);
    }
    c.world.api.get("/livez").await.expect(200);
}

#[tokio::test]
async fn every_code_of_the_catalogue_is_reached_or_excused() {
    let mut c = Catalogue::of(World::new().await).await;
    reading(&mut c).await;
    accounts(&mut c).await;
    learning(&mut c).await;
    timed(&mut c).await;
    authoring(&mut c).await;
    paths(&mut c).await;
    capacities(&mut c).await;
    requiring(&mut c).await;
    dated(&mut c).await;
    saying(&mut c).await;
    bulk::refusals(&mut c).await;
    let strict = World::with(|settings| {
        settings.http.request_timeout_seconds = 1;
        settings.sign_in.per_account_and_address = 1;
    });
    let mut failures = Catalogue::of(strict.await).await;
    failing(&mut failures).await;
    c.seen.append(&mut failures.seen);
    let excused: BTreeSet<_> = EXCEPTIONS.iter().map(|(reason, _)| reason.code()).collect();
    let both: Vec<_> = c.seen.intersection(&excused).collect();
    assert!(both.is_empty(), "reached after all: take {both:?} out of the exceptions");
    let missing: Vec<_> = Reason::ALL
        .iter()
        .map(|reason| reason.code())
        .filter(|code| !c.seen.contains(code) && !excused.contains(code))
        .collect();
    assert!(missing.is_empty(), "no test reaches {missing:?}: add what does to this file");
}
