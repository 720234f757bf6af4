//! Whether this process lives, whether it can serve, and what operators may measure.

use std::net::IpAddr;

use chrono::Duration;
use poem::Request;
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::context::Context;
use super::metrics;
use super::problem::Problem;
use crate::app::App;
use crate::error::{Reason, Refusal, Result};
use crate::instance;

/// Health and measures.
pub struct HealthApi {
    /// The application.
    pub app: App,
}

/// Whether this process can serve.
#[derive(Debug, Object)]
struct Ready {
    /// Always `ready`; otherwise the answer is a problem.
    status: String,
    /// Seconds since a worker last finished a round; absent where no worker ever ran.
    #[oai(skip_serializing_if_is_none)]
    worker_seconds: Option<i64>,
}

#[OpenApi(tag = "Tag::Health")]
impl HealthApi {
    /// The process lives
    #[oai(path = "/livez", method = "get", operation_id = "livez")]
    async fn livez(&self) -> PlainText<String> {
        PlainText("live\n".to_owned())
    }

    /// The process can serve: database, migrations, catalogue, worker heartbeat
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> Result<Json<Ready>, Problem> {
        Ok(Json(self.ready().await?))
    }

    /// Measures for Prometheus, to loopback clients only
    ///
    /// With `http.metrics_listen` they are served there instead.
    #[oai(path = "/metrics", method = "get", operation_id = "metrics")]
    async fn metrics(&self, request: &Request) -> Result<PlainText<String>, Problem> {
        let context = request.data::<Context>();
        // A proxy on this machine that was not declared would make everyone look near.
        let relayed = request.headers().contains_key("x-forwarded-for");
        let near = !relayed && context.is_some_and(|c| is_loopback(c.address));
        if !near || !self.app.settings.http.metrics_listen.is_empty() {
            return Err(Reason::NotFound.into());
        }
        Ok(PlainText(metrics::text(&self.app).await?))
    }
}

impl HealthApi {
    async fn ready(&self) -> Result<Ready> {
        let unavailable =
            |fr: &str, en: &str| Refusal::new(Reason::Unavailable).because(fr, en).retry_after(2);
        if !self.app.db.pending_migrations().await?.is_empty() {
            return Err(unavailable(
                "Des migrations restent à passer : maitrise migrate.",
                "Migrations are pending: maitrise migrate.",
            )
            .into());
        }
        // Known once, the catalogue goes on being told while the database is away.
        self.app.shelf.current(self.app.db.read()).await?;
        let beat = instance::latest_beat(self.app.db.read()).await?;
        let now = self.app.clock.now();
        let age = beat.map(|beat| now - beat);
        // The last beat of a process that is no more says nothing of this one, which has just begun.
        let silence = age.map(|age| age.min(now - self.app.started_at));
        let patience = Duration::seconds(
            i64::try_from(self.app.settings.worker.tick_seconds).unwrap_or(60) * 6 + 60,
        );
        if self.app.settings.worker.enabled && silence.is_some_and(|silence| silence > patience) {
            return Err(unavailable(
                "Le service d'envoi ne répond plus.",
                "The worker has stopped.",
            )
            .into());
        }
        Ok(Ready { status: "ready".to_owned(), worker_seconds: age.map(|age| age.num_seconds()) })
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified()
}
