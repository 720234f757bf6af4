//! Planning a session, and changing what is planned.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _,
};
use serde_json::json;
use uuid::Uuid;

use super::book;
use super::find::{self, Held};
use super::model::{SessionState, session, session_event, session_half_day};
use super::register;
use super::rules::{self, Dates, HalfDay, Plan};
use super::seats;
use super::tell::{Days, News, Says};
use crate::accounts::Principal;
use crate::clock;
use crate::error::{Faults, Reason, Refusal, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::providers;

/// What a session is about, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    /// The provider that holds it.
    pub provider_id: Uuid,
    /// The module, or
    pub module_id: Option<Uuid>,
    /// the path.
    pub path_id: Option<Uuid>,
}

/// Plans a session: a draft, which nobody else sees.
///
/// # Errors
/// `invalid-values`.
pub async fn create(
    tx: &DatabaseTransaction,
    who: &Principal,
    of: Of,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Held> {
    let dates = rules::dates(&plan.half_days, rules::zone(&plan.time_zone)?, now)?;
    let closes_at = rules::check(plan, dates.starts_at)?;
    let row = session::Model {
        id: clock::new_id(),
        provider_id: of.provider_id,
        module_id: of.module_id,
        path_id: of.path_id,
        title: plan.title.clone(),
        modality: plan.modality,
        place: plan.place.clone(),
        link: plan.link.clone(),
        time_zone: plan.time_zone.clone(),
        capacity: plan.capacity,
        opens_at: plan.opens_at,
        closes_at,
        elus_on_public_funds: plan.elus_on_public_funds,
        starts_at: dates.starts_at,
        ends_at: dates.ends_at,
        round: 1,
        revision: 1,
        sequence: 0,
        registered: 0,
        created_at: now,
        created_by: who.account_id,
    };
    session::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    append(tx, who, (row.id, 1), (SessionState::Draft, None), now).await?;
    add_half_days(tx, &row, &dates).await?;
    let detail = json!({ "provider": of.provider_id, "module": of.module_id, "path": of.path_id });
    journal::act(tx, Some(who.account_id), "session.create", ("session", row.id), detail, now)
        .await?;
    find::by_id(tx, row.id).await
}

/// Changes what is planned. Dates are moved here while nobody sees them, and by postponing afterwards.
///
/// # Errors
/// `invalid-values` (fewer seats than are taken, other dates than those announced), `session-not-open`
/// once it is cancelled, `session-begun`, `agrement-not-valid`.
pub async fn edit(
    tx: &DatabaseTransaction,
    who: &Principal,
    mut held: Held,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Held> {
    check_ahead(&held, now)?;
    let dates = rules::dates(&plan.half_days, rules::zone(&plan.time_zone)?, now)?;
    let closes_at = rules::check(plan, dates.starts_at)?;
    let draft = held.state() == SessionState::Draft;
    if !draft {
        check_announced(tx, &held, plan, &dates).await?;
    }
    let seen = shown(&held.session);
    let same_dates = are_same(&dates, &held);
    write(&mut held.session, plan, closes_at);
    if !draft {
        check_agrement(tx, &held.session, &held.half_days).await?;
    } else if !same_dates {
        move_to(tx, &mut held, &dates).await?;
    }
    held.session.revision += 1;
    let told = !draft && seen != shown(&held.session);
    held.session.sequence += i32::from(told);
    save(tx, &held.session).await?;
    if told {
        announce(tx, &held, Says::default(), now).await?;
    }
    let (by, id) = (Some(who.account_id), held.session.id);
    let detail = json!({ "revision": held.session.revision, "capacity": plan.capacity });
    journal::act(tx, by, "session.edit", ("session", id), detail, now).await?;
    if !draft {
        register::fill(tx, who, &mut held, now).await?;
    }
    Ok(held)
}

/// What people were told of a session besides its dates.
fn shown(session: &session::Model) -> (String, Option<String>, String, String) {
    let modality = session.modality.to_value();
    (session.title.clone(), session.place.clone(), modality, session.time_zone.clone())
}

fn write(session: &mut session::Model, plan: &Plan, closes_at: DateTime<Utc>) {
    session.title.clone_from(&plan.title);
    session.modality = plan.modality;
    session.place.clone_from(&plan.place);
    session.link.clone_from(&plan.link);
    session.time_zone.clone_from(&plan.time_zone);
    session.capacity = plan.capacity;
    session.opens_at = plan.opens_at;
    session.closes_at = closes_at;
    session.elus_on_public_funds = plan.elus_on_public_funds;
}

fn are_same(dates: &Dates, held: &Held) -> bool {
    dates.half_days.len() == held.half_days.len()
        && dates.half_days.iter().zip(&held.half_days).all(|(wish, row)| wish.is(row))
}

/// Refuses what was announced otherwise, or seats taken away from those who have them.
async fn check_announced(
    tx: &DatabaseTransaction,
    held: &Held,
    plan: &Plan,
    dates: &Dates,
) -> Result<()> {
    let lines: Vec<_> =
        book::of_session(tx, held.session.id).await?.iter().map(|one| one.line(true)).collect();
    let taken = i32::try_from(seats::taken(&lines)).unwrap_or(i32::MAX);
    let mut faults = Faults::default();
    faults.check(
        taken <= plan.capacity,
        "/capacity",
        format!("{taken} places sont prises"),
        format!("{taken} seats are taken"),
    );
    faults.check(
        are_same(dates, held),
        "/half_days",
        "les dates sont annoncées : reportez la session pour les changer",
        "the dates are announced: postpone the session to change them",
    );
    faults.refuse()
}

/// Refuses to change a session that is cancelled, or has begun.
///
/// # Errors
/// `session-not-open`, `session-begun`.
pub(super) fn check_ahead(held: &Held, now: DateTime<Utc>) -> Result<()> {
    if held.state() == SessionState::Cancelled {
        return Err(Reason::SessionNotOpen.into());
    }
    if held.has_begun(now) && held.state() != SessionState::Draft {
        return Err(Reason::SessionBegun.into());
    }
    Ok(())
}

/// Where élus attend on public funds, the provider's *agrément* holds on each of those days.
///
/// # Errors
/// `agrement-not-valid`, naming the first day on which it does not.
pub(super) async fn check_agrement(
    conn: &impl ConnectionTrait,
    session: &session::Model,
    half_days: &[session_half_day::Model],
) -> Result<()> {
    if !session.elus_on_public_funds {
        return Ok(());
    }
    let told = providers::told(conn, [session.provider_id]).await?;
    let told = told.get(&session.provider_id).ok_or(Reason::Internal)?;
    match half_days.iter().map(|half| half.on_day).find(|day| told.agrement_on(*day).is_none()) {
        None => Ok(()),
        Some(day) => Err(Refusal::new(Reason::AgrementNotValid)
            .because(
                format!("L'organisme n'a pas d'agrément valable le {day} (CGCT, L1221-3)."),
                format!("The provider holds no agrément that is valid on {day} (CGCT, L1221-3)."),
            )
            .into()),
    }
}

/// Gives a session other dates, in another round; the caller saves it.
pub(super) async fn move_to(
    tx: &DatabaseTransaction,
    held: &mut Held,
    dates: &Dates,
) -> Result<()> {
    held.session.round += 1;
    held.session.starts_at = dates.starts_at;
    held.session.ends_at = dates.ends_at;
    held.half_days = add_half_days(tx, &held.session, dates).await?;
    Ok(())
}

async fn add_half_days(
    tx: &DatabaseTransaction,
    session: &session::Model,
    dates: &Dates,
) -> Result<Vec<session_half_day::Model>> {
    let row = |half: &HalfDay| session_half_day::Model {
        id: clock::new_id(),
        session_id: session.id,
        round: session.round,
        on_day: half.on,
        half: half.half,
        starts_minute: half.starts_minute,
        ends_minute: half.ends_minute,
        minutes: half.minutes,
        starts_at: half.starts_at,
        ends_at: half.ends_at,
    };
    let rows: Vec<_> = dates.half_days.iter().map(row).collect();
    let new = rows.iter().map(|row| row.clone().into_active_model().reset_all());
    session_half_day::Entity::insert_many(new).exec_without_returning(tx).await?;
    Ok(rows)
}

/// Appends an event to a session that is new or held.
pub(super) async fn append(
    tx: &DatabaseTransaction,
    who: &Principal,
    (session_id, number): (Uuid, i32),
    (state, reason): (SessionState, Option<String>),
    now: DateTime<Utc>,
) -> Result<session_event::Model> {
    let row = session_event::Model {
        id: clock::new_id(),
        session_id,
        number,
        state,
        reason,
        at: now,
        recorded_by: who.account_id,
    };
    session_event::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}

/// Writes the row of a session that is held.
pub(super) async fn save(tx: &DatabaseTransaction, session: &session::Model) -> Result<()> {
    session.clone().into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Tells everybody on the list that a session has moved: once each, seats and ranks are kept.
pub(super) async fn announce(
    tx: &DatabaseTransaction,
    held: &Held,
    says: Says<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let book = book::of_session(tx, held.session.id).await?;
    let news = News { held, now };
    for (seated, days) in [(true, Days::Kept), (false, Days::Untouched)] {
        let those = book
            .iter()
            .filter(|one| seats::is_active(one.state()) && seats::is_seated(one.state()) == seated);
        let people: Vec<_> = those.map(|one| &one.row).collect();
        let says = Says { waiting: !seated, ..says };
        news.tell(tx, Template::SessionMoved, &people, (says, days)).await?;
    }
    Ok(())
}
