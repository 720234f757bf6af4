//! Whom a publication would reach, said before it happens and quoted by the act.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, ConnectionTrait};
use sha2::{Digest as _, Sha256};

use super::checklist::{Candidate, Check, checklist};
pub use super::persons::Persons;
use super::regimes::Declared;
use super::rules::{self, Standing};
use super::{persons, prerequisites};
use crate::catalogue::draft::{self, Desk, Reading};
use crate::catalogue::find;
use crate::catalogue::model::{ChangeKind, module_version};
use crate::config::{Mode, Settings};
use crate::content::{self, Module};
use crate::error::Result;
use crate::instance::{self, InstanceKind};
use crate::providers;
use crate::text;

/// What the installation decides about publishing.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// Whether real people learn here: a legal review is then required.
    pub production: bool,
    /// Fewest persons that a number may stand for (statistical secrecy).
    pub min_persons: u64,
}

impl House {
    /// What the database is for decides; the settings speak only for a database without a mark.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(conn: &impl ConnectionTrait, settings: &Settings) -> Result<Self> {
        let kind = instance::kind(conn).await?;
        let by_settings = settings.mode == Mode::Production;
        let production = kind.map_or(by_settings, |kind| kind == InstanceKind::Production);
        let min_persons = u64::try_from(settings.statistics.min_persons).unwrap_or(5);
        Ok(Self { production, min_persons })
    }
}

/// What a version changes, and what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the version changes.
    pub kind: ChangeKind,
    /// Months given to those who completed an earlier version, when the law has changed.
    pub due_in_months: Option<u32>,
}

impl Change {
    /// A change as its publisher declares it.
    ///
    /// # Errors
    /// `invalid-values` at `/due_in_months`.
    pub fn declared(kind: ChangeKind, due_in_months: Option<u32>) -> Result<Self> {
        Ok(Self { kind, due_in_months: rules::months(kind, due_in_months)? })
    }
}

/// What publishing would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Number of the version published now, if any.
    pub current: Option<i32>,
    /// Number of the version to come.
    pub next: i32,
    /// Persons under way on earlier versions: they stay on theirs.
    pub in_progress: Persons,
    /// Persons who have completed the module: they keep what they have.
    pub completed: Persons,
    /// Persons who would owe the new version; none is asked anything unless the law has changed.
    pub would_owe: Option<Persons>,
    /// What must hold.
    pub checks: Vec<Check>,
    /// To be quoted when publishing.
    pub digest: String,
}

/// A preview, and all that publishing needs besides.
#[derive(Debug)]
pub struct Considered {
    /// What is told.
    pub preview: Preview,
    /// The draft, read.
    pub reading: Reading,
    /// The version published now.
    pub current: Option<module_version::Model>,
    /// The reviews that stand.
    pub standing: Standing,
}

/// Says what publishing a draft would do.
///
/// # Errors
/// When the database fails.
pub async fn consider(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    change: Change,
    house: House,
    now: DateTime<Utc>,
) -> Result<Considered> {
    let today = now.date_naive();
    let reading = draft::reading(conn, desk, today).await?;
    let errors = content::errors(&reading.findings).count();
    let current = find::latest(conn, desk.module.id).await?;
    let tree_digest = reading.tree.digest().to_string();
    let authors = draft::authors(conn, &desk.draft).await?;
    let reviews = draft::reviews(conn, desk.draft.id).await?;
    let standing = rules::standing(&reviews, &tree_digest, &authors);
    let recalled = recalled(&reading);
    let module = reading.content.as_ref().or(recalled.as_ref());
    let required = prerequisites::look(conn, module).await?;
    let candidate = Candidate {
        state: desk.draft.state,
        findings: errors,
        dues: reading.findings.len() - errors,
        reviewed_as_it_stands: standing.pedagogical.is_some(),
        legally_reviewed: standing.legal.is_some(),
        module,
        change: change.kind,
        unknown_prerequisites: required.unknown,
        circle: required.circle,
        unchanged: current.as_ref().is_some_and(|v| v.tree_digest == tree_digest),
        production: house.production,
        declared: declared(conn, desk, now).await?,
        today,
    };
    let checks = checklist(&candidate);
    let [in_progress, completed] = reached(conn, desk, house).await?;
    // Whoever holds a completion would owe; there is one count of them.
    let would_owe = change.due_in_months.map(|_| completed);
    let bands = [in_progress, completed].map(|persons| persons.band(house.min_persons));
    let digest = digest(&tree_digest, bands, change, current.as_ref(), &checks);
    let number = current.as_ref().map(|v| v.number);
    let next = number.unwrap_or(0) + 1;
    let preview =
        Preview { current: number, next, in_progress, completed, would_owe, checks, digest };
    Ok(Considered { preview, reading, current, standing })
}

/// Persons under way, and persons who completed, as far as they may be told.
async fn reached(conn: &impl ConnectionTrait, desk: &Desk, house: House) -> Result<[Persons; 2]> {
    let told = |count| Persons::told(count, house.min_persons);
    let in_progress = persons::in_progress(conn, desk.module.id).await?;
    let completed = persons::completed(conn, desk.module.id).await?;
    Ok([told(in_progress), told(completed)])
}

/// What can be understood of files that are not right, which is looked at all the same.
fn recalled(reading: &Reading) -> Option<Module> {
    match &reading.content {
        Some(_) => None,
        None => content::recall(&reading.tree).ok(),
    }
}

/// Under what the provider is declared today, and what it says of itself.
async fn declared(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    now: DateTime<Utc>,
) -> Result<Declared> {
    let provider = desk.module.provider_id;
    let profile = providers::profile(conn, provider).await?;
    let contacts = providers::contacts(conn, provider).await?;
    let has = |field: fn(&providers::model::provider_profile::Model) -> &Option<String>| {
        profile.as_ref().is_some_and(|profile| field(profile).is_some())
    };
    Ok(Declared {
        regimes: providers::regimes_on(conn, provider, now.date_naive()).await?,
        contacts: contacts.into_iter().map(|contact| contact.kind).collect(),
        siret: has(|p| &p.siret),
        activity_number: has(|p| &p.activity_number),
        address: has(|p| &p.address) && has(|p| &p.postcode) && has(|p| &p.city),
    })
}

/// The digest of what a publisher consents to: these files after that version, this change, the advice
/// passed over, and how many persons roughly. What stops a publication is left out, since publishing
/// asks it again and says what. It is over what is told, never over a number that is not: four guesses
/// would give it away.
fn digest(
    tree: &str,
    bands: [Option<u32>; 2],
    change: Change,
    current: Option<&module_version::Model>,
    checks: &[Check],
) -> String {
    let current = current.map(|v| v.id);
    let (kind, months) = (change.kind.to_value(), change.due_in_months);
    let advice = checks.iter().filter(|check| !check.holds && !check.blocks);
    let advice: Vec<_> = advice.map(|check| check.code).collect();
    let seen = format!("{tree}\n{bands:?}\n{kind}\n{current:?}\n{months:?}\n{advice:?}\n");
    text::hex(&Sha256::digest(seen))
}
