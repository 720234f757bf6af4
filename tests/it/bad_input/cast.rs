//! Every operation that reads a body, as somebody who may call it, with a body of the right shape.

use serde_json::{Value, json};

use crate::support::{Api, Call};
use crate::world::World;

/// An operation that reads JSON.
pub struct Reads {
    pub method: &'static str,
    pub path: String,
    pub token: Option<String>,
    pub body: Value,
}

impl Reads {
    /// The call, without its body.
    pub fn call(&self, api: &Api) -> Call {
        let call = match self.method {
            "PUT" => api.put(&self.path).header("If-Match", "\"1\""),
            _ => api.post(&self.path),
        };
        match &self.token {
            Some(token) => call.bearer(token),
            None => call,
        }
    }
}

/// All of them. The draft is being written and the attempt is open, so that nothing is done even
/// where a body is of the right shape.
pub async fn readers(world: &World) -> Vec<Reads> {
    let known =
        async |word: &str| world.known(&format!("{word}@demonstration.example")).await.token;
    let (elue, national) = (known("elue").await, known("national").await);
    let (trainer, reviewer) = (known("formatrice").await, known("relecteur").await);
    let publisher = known("editrice").await;
    let enrol = world.api.post("/api/v1/modules/E1/enrolments").bearer(&elue);
    let enrolment = enrol.json(&json!({})).await.expect(201).location();
    let start = world.api.post(&format!("{enrolment}/attempts")).bearer(&elue);
    let attempt = start.await.expect(201).location();
    let rules = world.api.get("/api/v1/reminder-rules").bearer(&national).await.expect(200).json();
    let rule = rules["items"][0]["id"].as_str().expect("a rule").to_owned();
    let reads = |method, path: &str, token: Option<&String>, body| Reads {
        method,
        path: path.to_owned(),
        token: token.cloned(),
        body,
    };
    let draft = "/api/v1/modules/PREMIERS-PAS/draft";
    let login = json!({ "login": "personne@essai.example", "password": "rien du tout" });
    let (forgotten, token) = (json!({ "login": "a@b.example" }), json!({ "refresh_token": "a.b" }));
    let grant = json!({
        "account_id": maitrise::clock::new_id(), "role": "employer_manager",
        "scope": "organisation", "scope_ref": "insee:35021",
    });
    let person = json!({
        "given_name": "Noa", "family_name": "Fictif", "email": "noa@essai.example",
        "capacity": "emperor",
    });
    let review = json!({ "digest": "0", "verdict": "accepted", "comment": "Relu." });
    let publish = json!({ "change": "editorial", "digest": "0", "note": "Rien." });
    vec![
        reads("POST", "/api/v1/sign-in", None, login),
        reads("POST", "/api/v1/password-resets", None, forgotten),
        reads("POST", "/api/v1/token/refresh", None, token.clone()),
        reads("POST", "/api/v1/sign-out", None, token),
        reads("POST", "/api/v1/grants", Some(&national), grant),
        reads("POST", "/api/v1/organisations/insee:35021/people", Some(&national), person),
        reads("POST", "/api/v1/modules", Some(&trainer), json!({ "code": "A1", "provider": "x" })),
        reads("POST", &format!("{draft}/review"), Some(&reviewer), review),
        reads(
            "POST",
            &format!("{draft}/publish/preview"),
            Some(&publisher),
            json!({ "change": "x" }),
        ),
        reads("POST", &format!("{draft}/publish"), Some(&publisher), publish),
        reads("POST", "/api/v1/modules/A1/enrolments", Some(&elue), json!({ "due_on": "demain" })),
        reads("POST", &format!("{enrolment}/withdraw"), Some(&elue), json!({ "reason": "ennui" })),
        reads("PUT", &format!("{attempt}/answers/q1"), Some(&elue), json!({ "choices": ["zz"] })),
        reads(
            "POST",
            &format!("{attempt}/submit"),
            Some(&elue),
            json!({ "answers": { "zz": ["a"] } }),
        ),
        reads(
            "PUT",
            &format!("/api/v1/reminder-rules/{rule}"),
            Some(&national),
            json!({ "enabled": false }),
        ),
    ]
}
