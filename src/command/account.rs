//! `maitrise account`.

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use uuid::Uuid;

use crate::accounts::invite;
use crate::accounts::model::Role;
use crate::accounts::principal::Scope;
use crate::boot::{self, Purpose};
use crate::catalogue::provider;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::error::Faults;
use crate::keys::KeyRing;
use crate::people::identity::NewPerson;
use crate::territory::{self, OrgRef};

/// Accounts.
#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Invite someone and give them a role: the first national administrator comes from here
    Invite {
        /// The role
        #[arg(long, value_enum)]
        role: RoleName,
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

/// A role.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum RoleName {
    Trainer,
    Reviewer,
    Publisher,
    EmployerManager,
    CdgAdmin,
    NationalAdmin,
    Auditor,
    Operator,
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
        let scope = scope(&opened.db, role, over.as_deref(), now).await?;
        let tx = opened.db.begin_write().await?;
        let account = invite::invite(&tx, &person, &settings.tokens, None, now).await?;
        invite::give(&tx, account.id, role.into(), scope, None, None, now).await?;
        tx.commit().await?;
        println!(
            "account {} opened; the invitation leaves with the next mail round of `serve`",
            account.id
        );
        Ok(opened.db.close().await?)
    }
}

async fn scope(
    db: &Db,
    role: RoleName,
    over: Option<&str>,
    now: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<Scope> {
    match role {
        RoleName::Operator => return Ok(Scope::Machine),
        RoleName::NationalAdmin => return Ok(Scope::National),
        RoleName::Auditor if over.is_none() => return Ok(Scope::National),
        _ => {}
    }
    let over =
        over.context("this role needs --over <REF>: a provider, an organisation or a CDG")?;
    let reference: OrgRef = over
        .parse()
        .map_err(|_| anyhow::anyhow!("--over {over}: not an organisation reference"))?;
    if matches!(role, RoleName::CdgAdmin) {
        let perimeter = territory::perimeter(db.read(), &reference).await;
        return Ok(Scope::Perimeter(
            perimeter.with_context(|| format!("--over {over}: no such CDG"))?.cdg_id,
        ));
    }
    let organisation: Uuid = territory::by_ref(db.read(), &reference, now.date_naive())
        .await
        .with_context(|| format!("--over {over}: no such organisation"))?
        .id;
    match role {
        RoleName::Trainer | RoleName::Reviewer | RoleName::Publisher => {
            let tx = db.begin_write().await?;
            let provider = provider::ensure(&tx, over, now).await?;
            tx.commit().await?;
            Ok(Scope::Provider(provider.id))
        }
        // An auditor of a body that provides modules audits them; of any other, its records.
        RoleName::Auditor => Ok(provider::by_ref(db.read(), over)
            .await?
            .map_or(Scope::Organisation(organisation), |found| Scope::Provider(found.id))),
        _ => Ok(Scope::Organisation(organisation)),
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Trainer => Role::Trainer,
            RoleName::Reviewer => Role::Reviewer,
            RoleName::Publisher => Role::Publisher,
            RoleName::EmployerManager => Role::EmployerManager,
            RoleName::CdgAdmin => Role::CdgAdmin,
            RoleName::NationalAdmin => Role::NationalAdmin,
            RoleName::Auditor => Role::Auditor,
            RoleName::Operator => Role::Operator,
        }
    }
}
