//! `maitrise account`.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sea_orm::{ActiveEnum as _, DatabaseTransaction};

use crate::accounts::api::scope;
use crate::accounts::model::{Role, ScopeKind};
use crate::accounts::principal::Scope;
use crate::accounts::{grants, invite};
use crate::boot::{self, Purpose};
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Faults;
use crate::keys::KeyRing;
use crate::people::identity::NewPerson;
use crate::providers;
use crate::territory::{self, OrgRef};

/// Accounts.
#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Invite someone and give them a role: the first national administrator comes from here
    Invite {
        /// The role
        #[arg(long, value_parser = roles())]
        role: Role,
        /// A mailbox of their own, which becomes their sign-in name
        #[arg(long)]
        email: String,
        /// Given name
        #[arg(long)]
        given_name: String,
        /// Family name
        #[arg(long)]
        family_name: String,
        /// Reference of the provider, organisation or CDG (`cdg:CDG-35`, a SIREN, `local:…`) for the roles that need one
        #[arg(long, value_name = "REF")]
        over: Option<String>,
    },
}

impl AccountCommand {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let Self::Invite { role, email, given_name, family_name, over } = self;
        let person = NewPerson { given_name, family_name, address: email, shared: false };
        let mut faults = Faults::default();
        person.check(&mut faults);
        faults.refuse()?;
        // Loaded for its complaint alone: without a link secret the invitation could not leave.
        KeyRing::load(&settings.keys.directory)?;
        let now = Clock::default().now();
        let opened = boot::open(settings, Purpose::Operate, now).await?;
        let tx = opened.db.begin_write().await?;
        let scope = scope_of(&tx, role, over.as_deref(), now).await?;
        let account = invite::invite(&tx, &person, &settings.tokens, None, now).await?;
        grants::record(&tx, account.id, role, scope, None, None, now).await?;
        tx.commit().await?;
        println!(
            "account {} opened; the invitation leaves with the next mail round of `serve`",
            account.id
        );
        Ok(opened.db.close().await?)
    }
}

/// The roles, by the words that the database keeps.
const ROLES: [&str; 8] = [
    "trainer",
    "reviewer",
    "publisher",
    "employer_manager",
    "cdg_admin",
    "national_admin",
    "auditor",
    "operator",
];

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(ROLES).try_map(|word| Role::try_from_value(&word))
}

/// The kind of scope that a role is given over here.
fn kind(role: Role, over: Option<&str>) -> ScopeKind {
    match role {
        Role::Operator => ScopeKind::Machine,
        Role::NationalAdmin => ScopeKind::National,
        Role::Auditor if over.is_none() => ScopeKind::National,
        Role::CdgAdmin => ScopeKind::Perimeter,
        Role::EmployerManager => ScopeKind::Organisation,
        Role::Trainer | Role::Reviewer | Role::Publisher | Role::Auditor => ScopeKind::Provider,
    }
}

async fn scope_of(
    tx: &DatabaseTransaction,
    role: Role,
    over: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<Scope> {
    let today = now.date_naive();
    let kind = kind(role, over);
    if matches!(kind, ScopeKind::National | ScopeKind::Machine) {
        return Ok(scope::resolve(tx, kind, None, today).await?);
    }
    let over =
        over.context("this role needs --over <REF>: a provider, an organisation or a CDG")?;
    let reference: OrgRef = over
        .parse()
        .map_err(|_| anyhow::anyhow!("--over {over}: not an organisation reference"))?;
    if kind == ScopeKind::Provider && role != Role::Auditor {
        // Who writes, reviews or publishes there makes it a provider; who audits finds one.
        let unknown = || format!("--over {over}: no such organisation");
        territory::by_ref(tx, &reference, today).await.with_context(unknown)?;
        providers::ensure(tx, over, now).await?;
    }
    let what = match kind {
        ScopeKind::Perimeter => "CDG",
        ScopeKind::Provider => "provider",
        _ => "organisation",
    };
    let found = scope::resolve(tx, kind, Some(&reference), today).await;
    found.with_context(|| format!("--over {over}: no such {what}"))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn every_role_can_be_given_over_a_scope_that_fits_it() {
        assert_eq!(Role::iter().map(|role| role.to_value()).collect::<Vec<_>>(), ROLES);
        for role in Role::iter() {
            assert!(role.fits(kind(role, None)) && role.fits(kind(role, Some("x"))), "{role:?}");
        }
    }
}
