//! Bulk enrolments, the names granted to a CDG, jobs, and the invitations of élus.

use maitrise::clock;
use serde_json::{Value, json};

use super::ask::{delete, get, post};
use super::stage::{Cast, Place};
use super::table::Who::{Asker, AskerAlone, Here, Owner, SignedIn};
use super::table::{Row, row};
use crate::bulk::worked;
use crate::world::World;
use Cast::{Cdg, Employer};

/// What the employer of a place asked for, and granted.
pub struct Bulk {
    /// A job that is done.
    job: String,
    /// One that was cancelled before it began.
    cancelled: String,
    /// Two invitations of the learner.
    accepted: String,
    declined: String,
    /// A grant over names that may be taken back: the one in force is another.
    grant: String,
}

/// Asks for everything.
pub async fn asked(
    world: &World,
    (organisation, manager): (&str, &str),
    learner: &str,
    cdg: &str,
) -> Bulk {
    let person = world.api.get("/api/v1/me").bearer(learner).await.expect(200).json();
    let people = json!([{ "person_id": person["person_id"] }]);
    let path = format!("/api/v1/organisations/{organisation}");
    let order = async |module: &str| {
        let order = json!({ "module": module, "people": people });
        let order = world.api.post(&format!("{path}/enrolments")).bearer(manager).json(&order);
        text(&order.await.expect(202).json()["id"])
    };
    let job = order("A2").await;
    order("A4").await;
    worked(world).await;
    let waiting = order("A2").await;
    // At once: the workers of other places are not to do it. Cancelling again answers the same.
    let cancel = world.api.post(&format!("/api/v1/jobs/{waiting}/cancel")).bearer(manager);
    cancel.await.expect(200);
    let mine = world.api.get("/api/v1/me/invitations").bearer(learner).await.expect(200).json();
    let grant = async |wish: Value| {
        let grant = world.api.post(&format!("{path}/names-grants")).bearer(manager).json(&wish);
        text(&grant.await.expect(201).json()["id"])
    };
    grant(json!({ "cdg": cdg })).await;
    Bulk {
        job,
        cancelled: waiting,
        accepted: text(&mine["items"][0]["id"]),
        declined: text(&mine["items"][1]["id"]),
        grant: grant(json!({ "cdg": cdg, "valid_to": "2040-01-01T00:00:00Z" })).await,
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The rows.
pub fn rows() -> Vec<Row> {
    vec![
        row("list_names_grants", Here(&[Employer]), |at| get(names(at, ""))),
        row("grant_names", Here(&[Employer]), |at| {
            post(names(at, "")).json(json!({ "cdg": at.cdg }))
        }),
        row("revoke_names", Here(&[Employer]), |at| {
            delete(names(at, &format!("/{}", at.bulk.grant)))
        }),
        row("preview_enrol_people", Here(&[Employer, Cdg]), |at| {
            post(enrolments(at, "/preview")).json(order())
        }),
        row("enrol_people", Here(&[Employer, Cdg]), |at| post(enrolments(at, "")).json(order())),
        row("get_job", Asker(&[Employer]), |at| get(format!("/api/v1/jobs/{}", at.bulk.job))),
        row("list_job_rows", AskerAlone(&[Employer]), |at| {
            get(format!("/api/v1/jobs/{}/rows?outcome=invited", at.bulk.job))
        }),
        row("cancel_job", AskerAlone(&[Employer]), |at| {
            post(format!("/api/v1/jobs/{}/cancel", at.bulk.cancelled))
        }),
        row("my_invitations", SignedIn, |_| get("/api/v1/me/invitations")),
        row("accept_invitation", Owner, |at| {
            post(format!("/api/v1/me/invitations/{}/accept", at.bulk.accepted))
        }),
        row("decline_invitation", Owner, |at| {
            post(format!("/api/v1/me/invitations/{}/decline", at.bulk.declined))
        }),
    ]
}

fn order() -> Value {
    json!({ "module": "E1", "people": [{ "person_id": clock::new_id() }] })
}

fn enrolments(at: &Place, rest: &str) -> String {
    format!("/api/v1/organisations/{}/enrolments{rest}", at.organisation)
}

fn names(at: &Place, rest: &str) -> String {
    format!("/api/v1/organisations/{}/names-grants{rest}", at.organisation)
}
