//! A request as the table writes it, completed with what it must quote at that instant.

use maitrise::accounts::model::account;
use maitrise::accounts::session;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::stage::{Asker, Cast, Place, Stage};
use crate::support::{Answer, Api, Call};

/// What a request quotes of the state it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `If-Match`: the tag of the place's draft.
    DraftTag,
    /// `digest`: of the place's draft.
    DraftDigest,
    /// `digest`: of the preview of its publication.
    PreviewDigest,
    /// `If-Match`: the number of the latest version of the place's path.
    PathTag,
    /// `If-Match`: the tag of the place's provider.
    ProviderTag,
    /// `If-Match`: the tag of the capacity that is changed.
    ChangedTag,
    /// `If-Match`: the tag of the capacity that is ended.
    EndedTag,
    /// `If-Match`: the revision of the reminder rule.
    RuleTag,
    /// `If-Match`: the latest version of the legal reference.
    ReferenceTag,
    /// `If-Match`: the latest version of the place's requirement.
    RequirementTag,
    /// `digest` and `confirmed_persons`: of the preview of the place's requirement.
    RequirementDigest,
    /// `digest`: of the preview of the same correction of a key.
    RegradeDigest,
    /// `If-Match`: the tag of the place's draft of a session.
    SessionTag,
    /// `refresh_token`: one that was never spent.
    RefreshToken,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    body: Option<Value>,
    text: Option<&'static str>,
    bytes: Option<(&'static str, Vec<u8>)>,
    quote: Option<Quote>,
}

fn ask(method: &'static str, path: impl Into<String>) -> Ask {
    Ask { method, path: path.into(), body: None, text: None, bytes: None, quote: None }
}

pub fn get(path: impl Into<String>) -> Ask {
    ask("GET", path)
}

pub fn post(path: impl Into<String>) -> Ask {
    ask("POST", path)
}

pub fn put(path: impl Into<String>) -> Ask {
    ask("PUT", path)
}

pub fn delete(path: impl Into<String>) -> Ask {
    ask("DELETE", path)
}

impl Ask {
    /// With a JSON body.
    pub fn json(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// With a text.
    pub fn text(self, text: &'static str) -> Self {
        Self { text: Some(text), ..self }
    }

    /// With bytes of a media type.
    pub fn bytes(self, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { bytes: Some((kind, bytes)), ..self }
    }

    /// Quoting what it finds.
    pub fn quoting(self, quote: Quote) -> Self {
        Self { quote: Some(quote), ..self }
    }

    /// Sends it as somebody.
    pub async fn send(self, stage: &Stage, place: &Place, asker: &Asker) -> Answer {
        self.ready(stage, place, asker).await.call(&stage.world.api).await
    }

    /// The request that somebody sends, with what it quotes.
    pub async fn ready(self, stage: &Stage, place: &Place, asker: &Asker) -> Ready {
        let Self { method, path, mut body, text, bytes, quote } = self;
        let mut tag = None;
        if let Some(quote) = quote {
            let quoted = stage.quoted(quote, place).await;
            match quote {
                Quote::DraftTag
                | Quote::PathTag
                | Quote::ProviderTag
                | Quote::ChangedTag
                | Quote::EndedTag
                | Quote::ReferenceTag
                | Quote::RequirementTag
                | Quote::SessionTag
                | Quote::RuleTag => {
                    tag = quoted.as_str().map(str::to_owned);
                }
                Quote::RequirementDigest => {
                    let body = body.as_mut().expect("a body");
                    body["digest"] = quoted["digest"].clone();
                    body["confirmed_persons"] = quoted["band"].clone();
                }
                Quote::DraftDigest | Quote::PreviewDigest | Quote::RegradeDigest => {
                    body.as_mut().expect("a body")["digest"] = quoted;
                }
                Quote::RefreshToken => body = Some(json!({ "refresh_token": quoted })),
            }
        }
        Ready { method, path, body, text, bytes, tag, token: asker.token.clone() }
    }
}

/// A request with everything that it says.
#[derive(Clone, Debug)]
pub struct Ready {
    pub method: &'static str,
    pub path: String,
    pub body: Option<Value>,
    pub text: Option<&'static str>,
    /// Other bytes, and their media type.
    pub bytes: Option<(&'static str, Vec<u8>)>,
    /// Its `If-Match`.
    pub tag: Option<String>,
    pub token: Option<String>,
}

impl Ready {
    /// The call, with its body.
    pub fn call(&self, api: &Api) -> Call {
        let call = self.call_without_body(api);
        match (&self.body, self.text, &self.bytes) {
            (Some(body), ..) => call.json(body),
            (None, Some(text), _) => call.header("Content-Type", "text/plain").body(text),
            (None, None, Some((kind, bytes))) => {
                call.header("Content-Type", kind).body(bytes.clone())
            }
            (None, None, None) => call,
        }
    }

    /// The call, without its body.
    pub fn call_without_body(&self, api: &Api) -> Call {
        let mut call = api.call(self.method.parse().expect("a method"), &self.path);
        if let Some(tag) = &self.tag {
            call = call.header("If-Match", tag);
        }
        if let Some(token) = &self.token {
            call = call.bearer(token);
        }
        call
    }
}

impl Stage {
    /// What must be quoted at this instant.
    async fn quoted(&self, quote: Quote, place: &Place) -> Value {
        let draft = format!("/api/v1/modules/{}/draft", place.module);
        let token = |role| self.asker(role, place).token.as_deref().expect("a token");
        let api = &self.world.api;
        match quote {
            Quote::DraftTag => {
                json!(api.get(&draft).bearer(token(Cast::Trainer)).await.expect(200).etag())
            }
            Quote::DraftDigest => {
                let read = api.get(&draft).bearer(token(Cast::Trainer)).await.expect(200);
                read.json()["digest"].take()
            }
            Quote::PreviewDigest => {
                let preview = api.post(&format!("{draft}/publish/preview"));
                let preview = preview.bearer(token(Cast::Publisher));
                let preview = preview.json(&json!({ "change": "substantive" })).await;
                preview.expect(200).json()["digest"].take()
            }
            Quote::PathTag => {
                let path = api.get(&format!("/api/v1/paths/{}", place.path.code)).await;
                json!(format!("\"{}\"", path.expect(200).json()["version"]))
            }
            Quote::ProviderTag => {
                let provider = format!("/api/v1/providers/{}", place.provider);
                json!(api.get(&provider).await.expect(200).etag())
            }
            Quote::ChangedTag | Quote::EndedTag => {
                let kept = &place.kept;
                let id = if quote == Quote::EndedTag { &kept.ended } else { &kept.changed };
                let read = api.get(&super::capacities::capacity(place, id, ""));
                json!(read.bearer(token(Cast::Employer)).await.expect(200).etag())
            }
            Quote::RuleTag => {
                let rules = api.get("/api/v1/reminder-rules").bearer(token(Cast::National)).await;
                let rules = rules.expect(200).json();
                let rules = rules["items"].as_array().expect("rules");
                let rule = rules.iter().find(|rule| rule["id"] == place.rule).expect("the rule");
                json!(format!("\"{}\"", rule["revision"]))
            }
            Quote::ReferenceTag => {
                let path = format!("/api/v1/references/{}", super::references::TEXT);
                json!(api.get(&path).bearer(token(Cast::National)).await.expect(200).etag())
            }
            Quote::RequirementTag => {
                let path = format!("/api/v1/requirements/{}", place.owed.code);
                json!(api.get(&path).bearer(token(Cast::National)).await.expect(200).etag())
            }
            Quote::RequirementDigest => {
                let path = format!("/api/v1/requirements/{}/preview", place.owed.code);
                api.post(&path).bearer(token(Cast::National)).await.expect(200).json()
            }
            Quote::RegradeDigest => {
                let preview = api.post(&super::regrades::path(place, "/regrade/preview"));
                let preview = preview.bearer(token(Cast::Publisher));
                let preview = preview.json(&super::regrades::corrections()).await;
                preview.expect(200).json()["digest"].take()
            }
            Quote::SessionTag => {
                let path = format!("/api/v1/sessions/{}/record", place.dated.draft);
                json!(api.get(&path).bearer(token(Cast::Trainer)).await.expect(200).etag())
            }
            Quote::RefreshToken => {
                let db = &self.world.app.db;
                let account = account::Entity::find().one(db.read()).await.expect("accounts");
                let tx = db.begin_write().await.expect("a transaction");
                let now = self.world.app.clock.now();
                let session = session::open(&tx, account.expect("one"), 30, now).await;
                tx.commit().await.expect("a commit");
                json!(session.expect("a session").refresh_token)
            }
        }
    }
}
