//! Counters for operators, in the Prometheus text format. Labels are operations, never people.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::error::Result;
use crate::mail;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Served {
    operation: String,
    status: u16,
}

type Latency = Family<Served, Histogram, fn() -> Histogram>;

/// What this process counts as it goes.
#[derive(Debug)]
pub struct Metrics {
    latency: Latency,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { latency: Latency::new_with_constructor(buckets) }
    }
}

fn buckets() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

impl Metrics {
    /// Records an answer: its operation, status, and the seconds it took.
    pub fn served(&self, operation: &str, status: u16, seconds: f64) {
        let labels = Served { operation: operation.to_owned(), status };
        self.latency.get_or_create(&labels).observe(seconds);
    }
}

/// Everything an operator may watch: latency by operation, mail queue depth and age, pool use.
///
/// # Errors
/// When the queue cannot be read.
pub async fn text(app: &App) -> Result<String> {
    let queue = mail::queue::depth(app.db.read(), app.clock.now()).await?;
    let (used, open) = app.db.pool_use();
    let mut registry = Registry::with_prefix("maitrise");
    registry.register_with_unit(
        "http_request",
        "Time to answer, by operation and status",
        Unit::Seconds,
        app.metrics.latency.clone(),
    );
    for (name, help, value) in [
        ("mail_queue_messages", "Messages waiting to go out", queue.waiting),
        (
            "mail_queue_oldest_age_seconds",
            "Age of the oldest waiting message",
            queue.oldest_seconds,
        ),
        ("mail_failed_messages", "Messages given up, or whose outcome is unknown", queue.given_up),
        ("database_connections_in_use", "Connections in use", i64::from(used)),
        ("database_connections_open", "Connections open", i64::from(open)),
    ] {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    let mut out = String::new();
    encode(&mut out, &registry).map_err(anyhow::Error::from)?;
    Ok(out)
}
