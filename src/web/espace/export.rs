//! A copy of what is held of whoever asks (RGPD art. 15 and 20), as one JSON file.
//!
//! Everything that the facts tell of them is in it, as it was told: an attempt is a fact once it is
//! handed in, so that no key of a test that is still open can be read here.

use poem::http::header;
use poem::{Response, handler};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::accounts::model::account;
use crate::attestations::model::attestation;
use crate::error::{Reason, Result};
use crate::feedback::model::{feedback_text, feedback_thread, satisfaction};
use crate::obligations;
use crate::people::model::{contact_address, identity};
use crate::people::{capacity, model};
use crate::records::model::fact;
use crate::web::visitor::Member;

/// Obligations in the copy, the earliest due first.
const OBLIGATIONS: u64 = 10_000;

/// Sends it.
#[handler]
pub(super) async fn export(member: Member) -> Response {
    member.answer(copy(&member).await)
}

async fn copy(member: &Member) -> Result<Response> {
    let now = member.app.clock.now();
    let whole = json!({
        "exported_at": now,
        "identity": person(member).await?,
        "capacities": capacities(member).await?,
        "facts": facts(member).await?,
        "obligations": owed(member).await?,
        "attestations": attestations(member).await?,
        "feedback": said(member).await?,
    });
    let text = serde_json::to_string_pretty(&whole).map_err(anyhow::Error::from)?;
    let name = format!("attachment; filename=\"mes-donnees-{}.json\"", now.date_naive());
    Ok(Response::builder()
        .content_type("application/json; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::CACHE_CONTROL, "no-store")
        .body(text))
}

async fn person(member: &Member) -> Result<Value> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let names = identity::Entity::find()
        .filter(identity::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(identity::Column::ValidFrom)
        .all(conn)
        .await?;
    let addresses = contact_address::Entity::find()
        .filter(contact_address::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(contact_address::Column::ValidFrom)
        .all(conn)
        .await?;
    let account = account::Entity::find_by_id(who.account_id).one(conn).await?;
    let account = account.ok_or(Reason::Internal)?;
    let name = |row: identity::Model| {
        let document = row.purpose == model::IdentityPurpose::Document;
        json!({
            "given_name": row.given_name, "family_name": row.family_name,
            "since": row.valid_from, "of_a_document": document,
        })
    };
    let address = |row: contact_address::Model| json!({ "address": row.address, "since": row.valid_from, "until": row.valid_to });
    Ok(json!({
        "person_id": who.person_id,
        "sign_in_name": account.sign_in_name,
        "names": names.into_iter().map(name).collect::<Vec<_>>(),
        "addresses": addresses.into_iter().map(address).collect::<Vec<_>>(),
    }))
}

async fn capacities(member: &Member) -> Result<Vec<Value>> {
    use sea_orm::ActiveEnum as _;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let rows = capacity::of_person(who.person_id).all(conn).await?;
    let row = |row: model::capacity::Model| {
        json!({
            "id": row.id, "kind": row.kind.to_value(), "organisation_id": row.organisation_id,
            "mandate": row.mandate, "function": row.function, "category": row.category,
            "manager": row.manager, "delegation": row.delegation,
            "delegation_on": row.delegation_on, "employment": row.employment,
            "filiere": row.filiere, "cadre_emplois": row.cadre_emplois,
            "functional_post": row.functional_post, "standing": row.standing.to_value(),
            "source": row.source, "valid_from": row.valid_from, "valid_to": row.valid_to,
            "end_reason": row.end_reason, "recorded_at": row.recorded_at,
        })
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn facts(member: &Member) -> Result<Vec<Value>> {
    use sea_orm::ActiveEnum as _;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let rows = fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(fact::Column::OccurredAt)
        .order_by_asc(fact::Column::Id)
        .all(conn)
        .await?;
    let row = |row: fact::Model| {
        json!({
            "id": row.id, "kind": row.kind.to_value(), "enrolment_id": row.enrolment_id,
            "occurred_at": row.occurred_at, "supersedes_id": row.supersedes_id,
            "told": row.payload,
        })
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn owed(member: &Member) -> Result<Vec<Value>> {
    use sea_orm::ActiveEnum as _;
    let (conn, who, now) = (member.app.db.read(), &member.signed.principal, member.app.clock.now());
    let all = obligations::of_person(conn, who.person_id, OBLIGATIONS, None, now).await?;
    let one = |one: obligations::Owed| {
        let row = one.obligation;
        json!({
            "id": row.id, "origin": row.origin.to_value(), "cycle": row.cycle,
            "opened_at": row.opened_at, "due_on": row.due_on, "time_zone": row.time_zone,
            "asks": one.subject.name().code, "status": format!("{:?}", one.status).to_lowercase(),
        })
    };
    Ok(all.into_iter().map(one).collect())
}

async fn attestations(member: &Member) -> Result<Vec<Value>> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let rows = attestation::Entity::find()
        .filter(attestation::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(attestation::Column::Id)
        .all(conn)
        .await?;
    let row = |row: attestation::Model| {
        json!({
            "id": row.id, "code": row.code, "issued_at": row.issued_at,
            "completion_fact_id": row.completion_fact_id, "kid": row.kid, "signed": row.signed,
        })
    };
    Ok(rows.into_iter().map(row).collect())
}

/// What they wrote and marked; what was answered to them is read on the pages of their questions.
async fn said(member: &Member) -> Result<Value> {
    use sea_orm::ActiveEnum as _;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let threads = feedback_thread::Entity::find()
        .filter(feedback_thread::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(feedback_thread::Column::Id)
        .all(conn)
        .await?;
    let texts = feedback_text::Entity::find()
        .filter(feedback_text::Column::PersonId.eq(who.person_id))
        .order_by_asc(feedback_text::Column::Id)
        .all(conn)
        .await?;
    let marks = satisfaction::Entity::find()
        .filter(satisfaction::COLUMN.person_id.eq(who.person_id))
        .order_by_asc(satisfaction::Column::Id)
        .all(conn)
        .await?;
    let thread = |row: feedback_thread::Model| {
        json!({
            "id": row.id, "kind": row.kind.to_value(), "opened_at": row.opened_at,
            "enrolment_id": row.enrolment_id, "lesson": row.lesson, "question": row.question,
            "show_name": row.show_name,
        })
    };
    let text = |row: feedback_text::Model| json!({ "text": row.text, "at": row.written_at });
    let mark = |row: satisfaction::Model| {
        json!({
            "enrolment_id": row.enrolment_id, "useful": row.useful, "clear": row.clear,
            "applicable": row.applicable, "at": row.at,
        })
    };
    Ok(json!({
        "threads": threads.into_iter().map(thread).collect::<Vec<_>>(),
        "texts": texts.into_iter().map(text).collect::<Vec<_>>(),
        "satisfaction": marks.into_iter().map(mark).collect::<Vec<_>>(),
    }))
}
