//! Who may do what with providers and the exchange formats.

use maitrise::clock;
use serde_json::json;

use super::ask::{Quote, get, post, put};
use super::stage::{Cast, Place};
use super::table::{Row, Who, row};
use crate::deeds::picture;
use Cast::{National, Publisher};

/// The rows.
pub fn rows() -> Vec<Row> {
    [shown(), said()].into_iter().flatten().collect()
}

fn shown() -> Vec<Row> {
    vec![
        row("list_providers", Who::Anyone, |_| get("/api/v1/providers")),
        row("get_provider", Who::Anyone, |at| get(of(at, ""))),
        row("catalogue_jsonld", Who::Anyone, |_| get("/api/v1/catalogue.jsonld")),
        row("catalogue_lheo", Who::Anyone, |_| get("/api/v1/catalogue.lheo.xml")),
        row("catalogue_csv", Who::Anyone, |_| get("/api/v1/catalogue.csv")),
        row("provider_people", Who::Here(&[Publisher, National]), |at| get(of(at, "/people"))),
    ]
}

fn said() -> Vec<Row> {
    const NATION: Who = Who::Anywhere(&[National]);
    vec![
        row("create_provider", NATION, |_| {
            let slug = format!("local:essai-{}", clock::new_id().simple());
            post("/api/v1/providers").json(json!({ "ref": slug, "profile": identity() }))
        }),
        row("identify_provider", NATION, |at| {
            put(of(at, "")).json(identity()).quoting(Quote::ProviderTag)
        }),
        row("reach_provider", Who::Here(&[Publisher, National]), |at| {
            put(of(at, "/contacts"))
                .json(json!({ "email": "contact@essai.example", "contacts": [] }))
                .quoting(Quote::ProviderTag)
        }),
        row("declare_provider", NATION, |at| {
            put(of(at, "/regimes")).json(json!({ "regimes": [] })).quoting(Quote::ProviderTag)
        }),
        row("put_provider_logo", Who::Here(&[Publisher, National]), |at| {
            put(of(at, "/logo"))
                .bytes("application/octet-stream", picture().1)
                .quoting(Quote::ProviderTag)
        }),
        row("grant_agrement", NATION, |at| {
            post(of(at, "/agrements")).json(json!({
                "number": "ESSAI", "granted_on": "2026-01-01",
                "valid_from": "2040-01-01", "valid_to": "2042-01-01",
            }))
        }),
        row("withdraw_agrement", NATION, |at| {
            post(of(at, &format!("/agrements/{}/withdraw", at.agrement)))
                .json(json!({ "from": "2031-01-01", "reason": "Décision d'essai" }))
        }),
    ]
}

fn of(at: &Place, rest: &str) -> String {
    format!("/api/v1/providers/{}{rest}", at.provider)
}

fn identity() -> serde_json::Value {
    json!({ "name": "Essai", "legal_name": "Essai (fictif)", "kind": "training_body" })
}

/// The agrément that the table withdraws, granted to a provider.
pub fn agrement() -> serde_json::Value {
    json!({
        "number": "ESSAI-0", "granted_on": "2026-01-01",
        "valid_from": "2030-01-01", "valid_to": "2032-01-01",
    })
}
