//! Asking for a seat: one gets it, or a place on the waiting list.

use poem::web::Path;
use poem::{Response, handler};

use super::show;
use crate::error::{Faults, Reason, Result};
use crate::sessions::{find, register as verb, seats};
use crate::web::espace::fault::Fault;
use crate::web::espace::id_of;
use crate::web::form::{Fields, Posted};
use crate::web::visitor::Member;

/// Registers whoever sent the form.
#[handler]
pub(super) async fn register(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let done = match ask(&member, &id, &fields).await {
        Ok(said) => Ok(member.send_on("/mes-sessions", said)),
        Err(error) => match Fault::of(error) {
            Ok(fault) => show::page(&member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(done)
}

async fn ask(member: &Member, id: &str, fields: &Fields) -> Result<&'static str> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    let capacity_id = match fields.line("qualite") {
        "" => None,
        typed => Some(typed.parse().or_else(|_| unknown())?),
    };
    let tx = app.db.begin_write().await?;
    let held = find::locked(&tx, id).await?;
    let (_, mine, new) = verb::register(&tx, who, held, capacity_id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(match (new, seats::is_seated(mine.state())) {
        (true, true) => "Vous êtes inscrit·e : une place vous est réservée.",
        (true, false) => "La session est complète : vous êtes sur la liste d’attente.",
        (false, true) => "Vous étiez inscrit·e : votre place vous est réservée.",
        (false, false) => "Vous étiez déjà sur la liste d’attente.",
    })
}

fn unknown<T>() -> Result<T> {
    let mut faults = Faults::default();
    let (fr, en) = ("une de vos qualités d’aujourd’hui", "one of your capacities of today");
    faults.check(false, "/capacity_id", fr, en);
    faults.refuse()?;
    Err(Reason::InvalidValues.into())
}
