//! One fictional person for every role, and the CDG next door.

use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::accounts::api::scope;
use crate::accounts::model::{Role, ScopeKind};
use crate::accounts::{Principal, grants, invite, password};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::people::capacity::{self, Detail, NewCapacity};
use crate::people::identity::NewPerson;
use crate::people::model::{CapacityKind, Standing};
use crate::providers;
use crate::territory;
use crate::territory::model::OrganisationKind;

/// The provider of the demonstration's draft.
pub const PROVIDER: &str = "local:demonstration";
/// The CDG of the story (Ille-et-Vilaine), and the one that must see nothing of it (Gironde).
pub const CDGS: [&str; 2] = ["cdg:CDG-35", "cdg:CDG-33"];
/// The commune of the élue: Beaucé, 35.
pub const COMMUNE: &str = "insee:35021";

/// Someone of the cast.
#[derive(Debug)]
pub struct Part {
    /// The word that names the part in sign-in names and in the tour.
    pub word: &'static str,
    /// Given name; the family name says that they do not exist.
    given_name: &'static str,
    /// The role, over a scope of this kind, which a reference names where it has one.
    role: Option<(Role, ScopeKind, Option<&'static str>)>,
    /// What the part is, for the tour.
    pub about: &'static str,
}

/// Everyone.
pub const CAST: &[Part] = &[
    Part {
        word: "elue", given_name: "Camille", role: None, about: "élue of Beaucé (35), learner"
    },
    Part {
        word: "formatrice",
        given_name: "Dominique",
        role: Some((Role::Trainer, ScopeKind::Provider, Some(PROVIDER))),
        about: "trainer",
    },
    Part {
        word: "relecteur",
        given_name: "Claude",
        role: Some((Role::Reviewer, ScopeKind::Provider, Some(PROVIDER))),
        about: "reviewer",
    },
    Part {
        word: "editrice",
        given_name: "Maxence",
        role: Some((Role::Publisher, ScopeKind::Provider, Some(PROVIDER))),
        about: "publisher",
    },
    Part {
        word: "employeur",
        given_name: "Andrea",
        role: Some((Role::EmployerManager, ScopeKind::Organisation, Some(COMMUNE))),
        about: "employer manager of Beaucé",
    },
    Part {
        word: "cdg35",
        given_name: "Lou",
        role: Some((Role::CdgAdmin, ScopeKind::Perimeter, Some(CDGS[0]))),
        about: "administrator of the CDG of Ille-et-Vilaine",
    },
    Part {
        word: "cdg33",
        given_name: "Morgan",
        role: Some((Role::CdgAdmin, ScopeKind::Perimeter, Some(CDGS[1]))),
        about: "administrator of the CDG of Gironde",
    },
    Part {
        word: "national",
        given_name: "Alix",
        role: Some((Role::NationalAdmin, ScopeKind::National, None)),
        about: "national administrator",
    },
    Part {
        word: "auditeur",
        given_name: "Sasha",
        role: Some((Role::Auditor, ScopeKind::National, None)),
        about: "auditor",
    },
    Part {
        word: "exploitant",
        given_name: "Charlie",
        role: Some((Role::Operator, ScopeKind::Machine, None)),
        about: "operator of the machine",
    },
];

impl Part {
    /// The sign-in name.
    pub fn login(&self) -> String {
        format!("{}@demonstration.example", self.word)
    }

    /// The password, drawn from this database's own secret: random per database, the same at each run.
    pub fn password(&self, app: &App) -> String {
        let code = app.keys.link_code(format!("demo-password:v1:{}", self.word).as_bytes());
        crate::text::hex(&code[..8])
    }
}

/// Gives the providers of the demonstration the names that learners will read.
///
/// # Errors
/// When the database fails.
pub async fn name_providers(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    for (slug, name) in [
        ("maitrise", "Contenus fournis avec maitrise"),
        ("demonstration", "Organisme de démonstration (fictif)"),
    ] {
        territory::ensure_local(tx, slug, name, OrganisationKind::TrainingBody, now).await?;
    }
    Ok(())
}

/// The passwords of everyone, hashed: all together, and before anything is written, because hashing
/// takes its time.
///
/// # Errors
/// When hashing fails.
pub async fn hashes(app: &App) -> Result<Vec<String>> {
    let hashes = CAST.iter().map(|part| password::hash(part.password(app)));
    futures_util::future::try_join_all(hashes).await
}

/// Opens an account for everyone, with their hashed passwords; answers the trainer.
///
/// # Errors
/// When the database fails.
pub async fn admit(
    tx: &DatabaseTransaction,
    hashes: Vec<String>,
    now: DateTime<Utc>,
) -> Result<Principal> {
    providers::ensure(tx, PROVIDER, now).await?;
    let mut trainer = None;
    for (part, hashed) in CAST.iter().zip(hashes) {
        let new = NewPerson {
            given_name: part.given_name.to_owned(),
            family_name: "Fictif".to_owned(),
            address: part.login(),
            shared: false,
        };
        let account = invite::open(tx, &new, Some(hashed), now).await?;
        match part.role {
            None => add_capacity(tx, account.person_id, COMMUNE, CapacityKind::Elu, now).await?,
            Some((role, kind, reference)) => {
                let reference = reference.map(str::parse).transpose()?;
                let scope = scope::resolve(tx, kind, reference.as_ref(), now.date_naive()).await?;
                grants::record(tx, account.id, role, scope, None, None, now).await?;
            }
        }
        if matches!(part.role, Some((Role::Trainer, ..))) {
            trainer = Some(Principal::load(tx, account.id, account.generation, now).await?);
        }
    }
    Ok(trainer.ok_or(Reason::Internal)?)
}

/// Gives a person a confirmed capacity in an organisation, since two hundred days.
///
/// # Errors
/// When the database fails.
pub async fn add_capacity(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    organisation: &str,
    kind: CapacityKind,
    now: DateTime<Utc>,
) -> Result<()> {
    let reference = organisation.parse().map_err(|_| Reason::Internal)?;
    let organisation = territory::by_ref(tx, &reference, now.date_naive()).await?;
    let detail = match kind {
        CapacityKind::Elu => Detail {
            mandate: Some("conseiller municipal".to_owned()),
            function: Some("adjointe au maire".to_owned()),
            ..Detail::default()
        },
        CapacityKind::Agent => Detail { category: Some("B".to_owned()), ..Detail::default() },
    };
    let new = NewCapacity {
        person_id,
        kind,
        organisation_id: organisation.id,
        detail,
        standing: Standing::Confirmed,
        source: "demonstration".to_owned(),
        valid_from: (now - Duration::days(200)).date_naive(),
        recorded_by: None,
    };
    capacity::add(tx, new, now).await?;
    Ok(())
}
