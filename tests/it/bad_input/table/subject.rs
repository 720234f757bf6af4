//! An operation as the document describes it, and a request for it that would be served.

use maitrise::clock;
use serde_json::{Value, json};

use super::schema::{Node, nodes};
use crate::access::ask::Ready;
use crate::access::stage::{Asker, Place, Stage};
use crate::access::table::{Row, Who, table};
use crate::access::{Verdict, operations, verdict};

/// Fields that say which thing of the place is meant, or a date that must be near: the example cannot
/// know them.
const PARTICULAR: [&str; 12] = [
    "login",
    "password",
    "refresh_token",
    "account_id",
    "scope_ref",
    "code",
    "provider",
    "digest",
    "choices",
    "answers",
    "email",
    "enrolment_id",
];

/// An operation and a request for it.
pub struct Subject {
    pub id: String,
    pub template: String,
    /// The request, with the documented example as its body.
    pub ready: Ready,
    /// Headers besides `If-Match` and `Authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// The operation in the document, and the document.
    pub operation: Value,
    pub document: Value,
    /// What the same request would be in the other place.
    pub elsewhere: Ready,
}

impl Subject {
    /// The media types that it reads.
    pub fn reads(&self) -> Vec<&String> {
        self.operation["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|m| m.0)
            .collect()
    }

    /// The schema of the JSON that it reads.
    pub fn schema(&self) -> Option<&Value> {
        let content = self.operation["requestBody"]["content"].as_object()?;
        let json = content.iter().find(|(media, _)| media.starts_with("application/json"));
        json.map(|(_, content)| &content["schema"])
    }

    /// Its parameters of one kind.
    pub fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place).collect()
    }

    /// Every place of its body.
    pub fn nodes(&self) -> Vec<Node> {
        let body = self.ready.body.as_ref();
        let all = self.schema().zip(body);
        all.map_or_else(Vec::new, |(schema, body)| nodes(&self.document, schema, body))
    }

    /// Its body as it is sent.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let json = self.ready.body.as_ref().map(|body| body.to_string().into_bytes());
        let text = || self.ready.text.map(|text| text.as_bytes().to_vec());
        json.or_else(text).or_else(|| self.ready.bytes.as_ref().map(|(_, bytes)| bytes.clone()))
    }
}

/// Every operation of the document, asked by somebody who is served.
pub async fn subjects(stage: &Stage) -> Vec<Subject> {
    let operations = operations(stage).await;
    let document = stage.world.api.get("/openapi.json").await.expect(200).json();
    let mut all = Vec::new();
    for row in table() {
        let (method, template) = operations[row.operation].clone();
        let operation = document["paths"][&template][method.to_lowercase()].clone();
        all.push(subject(stage, &row, (template, operation, &document)).await);
    }
    all
}

/// One of them.
pub async fn subject(
    stage: &Stage,
    row: &Row,
    (template, operation, document): (String, Value, &Value),
) -> Subject {
    let [here, there] = &stage.places;
    let ready = (row.ask)(here).ready(stage, here, admitted(stage, row, here)).await;
    let elsewhere = (row.ask)(there).ready(stage, there, admitted(stage, row, there)).await;
    let mut subject = Subject {
        id: row.operation.to_owned(),
        template,
        headers: Vec::new(),
        operation,
        document: document.clone(),
        ready,
        elsewhere,
    };
    if let Some(schema) = subject.schema() {
        let mut body = super::schema::resolved(document, schema)["example"].clone();
        let asked = subject.ready.body.as_ref().and_then(Value::as_object).into_iter().flatten();
        for (field, value) in asked.filter(|(field, _)| PARTICULAR.contains(&field.as_str())) {
            body[field] = value.clone();
        }
        if let Some(due_on) = body.get_mut("due_on") {
            *due_on =
                json!((clock::Clock::default().now() + chrono::Duration::days(90)).date_naive());
        }
        if let Some(at) = body.get_mut("at") {
            *at = json!(clock::Clock::default().now() + chrono::Duration::days(90));
        }
        subject.ready.body = Some(body);
        subject.headers.push(("Content-Type", "application/json".to_owned()));
    } else if subject.ready.text.is_some() {
        subject.headers.push(("Content-Type", "text/plain".to_owned()));
    } else if let Some((kind, _)) = subject.ready.bytes {
        subject.headers.push(("Content-Type", kind.to_owned()));
    }
    subject
}

/// Somebody who may ask a row of a place: nobody in particular where anyone may.
fn admitted<'a>(stage: &'a Stage, row: &Row, place: &Place) -> &'a Asker {
    let may = |asker: &&Asker| verdict(row.who, asker, place) == Verdict::Allowed;
    let own = |asker: &&Asker| may(asker) && asker.home == Some(place.name);
    let of_the_place = stage.cast.iter().find(own).filter(|_| !matches!(row.who, Who::Anyone));
    of_the_place.or_else(|| stage.cast.iter().find(may)).expect("somebody who may")
}
