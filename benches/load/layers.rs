//! What each layer costs: handlers that do a little more each, behind the very middleware of the
//! program, served by this process.

use anyhow::Context as _;
use chrono::Utc;
use maitrise::app::App;
use maitrise::clock::{self, Clock};
use maitrise::db::Db;
use maitrise::http;
use maitrise::http::guards::SignedIn;
use maitrise::http::problem::Problem;
use maitrise::keys::KeyRing;
use maitrise::media::MediaStore;
use maitrise::records::model::FactKind;
use maitrise::records::{self, NewFact};
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem_openapi::OpenApi;
use poem_openapi::payload::PlainText;
use serde_json::json;
use uuid::Uuid;

use crate::population::Population;
use crate::wrk::{self, Load, Run};

/// The layers, from the ground up: name, path.
pub const LAYERS: [(&str, &str); 5] = [
    ("empty handler", "/layers/empty"),
    ("+ guard", "/layers/guard"),
    ("+ empty transaction", "/layers/transaction"),
    ("+ one fact", "/layers/fact"),
    ("+ two facts", "/layers/facts"),
];

struct Layers {
    app: App,
}

#[OpenApi]
impl Layers {
    #[oai(path = "/layers/empty", method = "post", operation_id = "layer_empty")]
    async fn empty(&self) -> PlainText<&'static str> {
        PlainText("done\n")
    }

    #[oai(path = "/layers/guard", method = "post", operation_id = "layer_guard")]
    async fn guard(&self, _who: SignedIn) -> PlainText<&'static str> {
        PlainText("done\n")
    }

    #[oai(path = "/layers/transaction", method = "post", operation_id = "layer_transaction")]
    async fn transaction(&self, _who: SignedIn) -> Result<PlainText<&'static str>, Problem> {
        self.tell(&_who, 0).await
    }

    #[oai(path = "/layers/fact", method = "post", operation_id = "layer_fact")]
    async fn fact(&self, who: SignedIn) -> Result<PlainText<&'static str>, Problem> {
        self.tell(&who, 1).await
    }

    #[oai(path = "/layers/facts", method = "post", operation_id = "layer_facts")]
    async fn facts(&self, who: SignedIn) -> Result<PlainText<&'static str>, Problem> {
        self.tell(&who, 2).await
    }
}

impl Layers {
    async fn tell(&self, who: &SignedIn, facts: usize) -> Result<PlainText<&'static str>, Problem> {
        let now = self.app.clock.now();
        let tx = self.app.db.begin_write().await?;
        for _ in 0..facts {
            records::append(&tx, fact(who.person_id, now), now).await?;
        }
        tx.commit().await?;
        Ok(PlainText("done\n"))
    }
}

/// A withdrawal from nothing: a fact that changes nobody's status.
fn fact(person_id: Uuid, now: chrono::DateTime<Utc>) -> NewFact {
    NewFact {
        kind: FactKind::Withdrawn,
        person_id,
        enrolment_id: None,
        module_id: None,
        version_id: None,
        organisation_id: None,
        occurred_at: now,
        recorded_by: None,
        natural_key: format!("bench:{}", clock::new_id()),
        supersedes_id: None,
        payload: json!({ "reason": "other" }),
    }
}

/// Measures each layer in turn.
pub async fn measure(population: &Population, load: Load) -> anyhow::Result<Vec<Run>> {
    let db = Db::connect(&population.settings.database).await?;
    let keys = KeyRing::load(&population.settings.keys.directory)?;
    let app =
        App::new(population.settings.clone(), db, Clock::default(), keys, MediaStore::in_memory());
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
    let address = acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied());
    let base = format!("http://{}", address.context("no address")?);
    let endpoint = http::behind_the_front_door(&app, Layers { app: app.clone() });
    let server = tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(endpoint));
    let mut runs = Vec::new();
    for (_, path) in LAYERS {
        let file = population.settings.data.dir.join("layers.requests");
        let count = 120_000 * usize::try_from(load.seconds)?;
        let token = population.token(&population.learners[0])?;
        let others = std::iter::repeat_n(wrk::line("POST", path, &token, ""), count);
        wrk::write(&file, others.map(Ok))?;
        let (base, file) = (base.clone(), file.clone());
        let run =
            tokio::task::spawn_blocking(move || wrk::requests(&base, load, &file, None)).await??;
        run.all_answered(200)?;
        runs.push(run);
    }
    server.abort();
    app.db.close().await?;
    Ok(runs)
}
