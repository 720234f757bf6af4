//! Capacities, claims and requests for accounts over HTTP: what is said, and what is shown.

pub mod claims;
pub mod kept;
pub mod mine;
pub mod requests;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::{ActiveEnum as _, DatabaseTransaction};
use uuid::Uuid;

use super::record::{Employer, Said};
use crate::accounts::Principal;
use crate::accounts::api::people::CapacityShown;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::people::capacity::Detail;
use crate::people::model::capacity as row;
use crate::requirements;
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef};

/// What is said of a capacity. What is not known is left out.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct CapacityWish {
    /// Élu or agent.
    kind: CapacityShown,
    /// Mandate of an élu, as the Répertoire national des élus names it: conseiller municipal, maire, conseiller d'arrondissement, conseiller communautaire, conseiller départemental, conseiller régional, membre d'une assemblée à statut particulier.
    #[oai(default, validator(min_length = 1, max_length = 120))]
    mandate: Option<String>,
    /// Function of either: maire, 2e adjointe, secrétaire de mairie …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    function: Option<String>,
    /// What an élu is delegated, in a few words.
    #[oai(default, validator(min_length = 1, max_length = 120))]
    delegation: Option<String>,
    /// First day of that delegation, during the mandate.
    #[oai(default)]
    delegation_on: Option<NaiveDate>,
    /// Category of an agent: A, B or C.
    #[oai(default, validator(min_length = 1, max_length = 1))]
    category: Option<String>,
    /// Whether a managing agent.
    #[oai(default)]
    manager: bool,
    /// Legal situation of an agent: `titulaire`, `stagiaire`, `contractuel`, `contractuel_non_permanent`, `apprenti` or `vacataire`.
    #[oai(default, validator(min_length = 1, max_length = 40))]
    employment: Option<String>,
    /// Filière of an agent: `administrative`, `technique`, `culturelle`, `sportive`, `animation`, `medico_sociale`, `police_municipale` or `sapeurs_pompiers`.
    #[oai(default, validator(min_length = 1, max_length = 40))]
    filiere: Option<String>,
    /// Cadre d'emplois of an agent: attachés, rédacteurs …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    cadre_emplois: Option<String>,
    /// Functional post of an agent (emploi fonctionnel): DGS, DGA …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    functional_post: Option<String>,
    /// First day; today if absent.
    #[oai(default)]
    since: Option<NaiveDate>,
    /// First day on which it no longer holds, where it is known.
    #[oai(default)]
    until: Option<NaiveDate>,
}

impl Example for CapacityWish {
    fn example() -> Self {
        Self {
            kind: CapacityShown::Elu,
            mandate: Some("conseiller municipal".to_owned()),
            function: Some("2e adjointe".to_owned()),
            delegation: Some("urbanisme et numérique".to_owned()),
            delegation_on: NaiveDate::from_ymd_opt(2026, 4, 3),
            category: None,
            manager: false,
            employment: None,
            filiere: None,
            cadre_emplois: None,
            functional_post: None,
            since: NaiveDate::from_ymd_opt(2026, 3, 22),
            until: None,
        }
    }
}

impl From<CapacityWish> for Said {
    fn from(wish: CapacityWish) -> Self {
        Self {
            kind: wish.kind.into(),
            since: wish.since,
            until: wish.until,
            detail: Detail {
                mandate: wish.mandate,
                function: wish.function,
                category: wish.category,
                manager: wish.manager,
                delegation: wish.delegation,
                delegation_on: wish.delegation_on,
                employment: wish.employment,
                filiere: wish.filiere,
                cadre_emplois: wish.cadre_emplois,
                functional_post: wish.functional_post,
            },
        }
    }
}

/// A capacity, in force or not.
#[derive(Object)]
pub(super) struct Capacity {
    /// Identifier.
    id: Uuid,
    /// Whose.
    person_id: Uuid,
    /// Reference of the organisation.
    organisation: String,
    /// Élu or agent.
    kind: CapacityShown,
    /// Mandate of an élu.
    #[oai(skip_serializing_if_is_none)]
    mandate: Option<String>,
    /// Function.
    #[oai(skip_serializing_if_is_none)]
    function: Option<String>,
    /// What an élu is delegated.
    #[oai(skip_serializing_if_is_none)]
    delegation: Option<String>,
    /// First day of that delegation.
    #[oai(skip_serializing_if_is_none)]
    delegation_on: Option<NaiveDate>,
    /// Category of an agent.
    #[oai(skip_serializing_if_is_none)]
    category: Option<String>,
    /// Whether a managing agent.
    manager: bool,
    /// Legal situation of an agent.
    #[oai(skip_serializing_if_is_none)]
    employment: Option<String>,
    /// Filière of an agent.
    #[oai(skip_serializing_if_is_none)]
    filiere: Option<String>,
    /// Cadre d'emplois of an agent.
    #[oai(skip_serializing_if_is_none)]
    cadre_emplois: Option<String>,
    /// Functional post of an agent.
    #[oai(skip_serializing_if_is_none)]
    functional_post: Option<String>,
    /// `declared` or `confirmed`.
    standing: String,
    /// Where it is known from: `organisation`, `person` …
    source: String,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds. Equal to the first day: it never held.
    valid_to: Option<NaiveDate>,
    /// Why it ended: `changed`, `corrected`, `confirmed` (another replaces it), `refused`, or the reason that was given.
    #[oai(skip_serializing_if_is_none)]
    end_reason: Option<String>,
    /// The capacity that this one replaces.
    #[oai(skip_serializing_if_is_none)]
    replaces: Option<Uuid>,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

impl Capacity {
    fn of(row: row::Model, organisation: &str) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            organisation: organisation.to_owned(),
            kind: row.kind.into(),
            mandate: row.mandate,
            function: row.function,
            delegation: row.delegation,
            delegation_on: row.delegation_on,
            category: row.category,
            manager: row.manager,
            employment: row.employment,
            filiere: row.filiere,
            cadre_emplois: row.cadre_emplois,
            functional_post: row.functional_post,
            standing: row.standing.to_value(),
            source: row.source,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            end_reason: row.end_reason,
            replaces: row.replaces_id,
            recorded_at: row.recorded_at,
        }
    }
}

/// Capacities, in a list too short for pages.
#[derive(Object)]
pub(super) struct Capacities {
    /// Capacities, past and present.
    items: Vec<Capacity>,
}

/// An organisation whose people the caller keeps, and how it is named.
async fn kept(
    app: &App,
    who: &Principal,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<(organisation::Model, String)> {
    let conn = app.db.read();
    let reference: OrgRef = reference.parse().map_err(|_| Reason::NotFound)?;
    let found = territory::by_ref(conn, &reference, now.date_naive()).await?;
    let target = Target::Organisation { id: found.id, cdgs: Vec::new() };
    policy::allow(who, Action::KeepCapacities, &target)?;
    let named = territory::ref_of(conn, found.id).await?.to_string();
    Ok((found, named))
}

/// Begins to change who somebody is. What requirements ask is held first, as the walk over people holds
/// it before it writes about anybody.
async fn begin(app: &App, now: DateTime<Utc>) -> Result<DatabaseTransaction> {
    let tx = app.db.begin_write().await?;
    requirements::hold(&tx, now).await?;
    Ok(tx)
}

/// Commits it, with what it changes in what they owe: a capacity that has ended is owed by nobody from
/// that instant on, and not from the next walk.
async fn commit(tx: DatabaseTransaction, person_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    requirements::enter_person(&tx, person_id, now).await?;
    Ok(tx.commit().await?)
}

/// An organisation as the verbs take it.
fn employer(organisation: &organisation::Model) -> Employer {
    Employer { id: organisation.id, kind: organisation.kind.to_value() }
}

/// The organisation that a body names.
async fn named(app: &App, reference: &str, now: DateTime<Utc>) -> Result<organisation::Model> {
    use crate::error::{Fault, Refusal, found};
    let conn = app.db.read();
    let organisation = match reference.parse::<OrgRef>() {
        Ok(reference) => found(territory::by_ref(conn, &reference, now.date_naive()).await)?,
        Err(_) => None,
    };
    let fault = || {
        Fault::new(
            "/organisation",
            "aucune organisation connue ne porte cette référence (SIREN, ou insee:… pour une commune)",
            "no known organisation has this reference (SIREN, or insee:… for a commune)",
        )
    };
    let absent = || Refusal::naming(Reason::InvalidValues, vec![fault()]);
    Ok(organisation.ok_or_else(absent)?)
}
