//! What somebody had learnt before, recognised as a module by its provider: it completes the enrolment,
//! counts for obligations, prerequisites and paths, and is attested nowhere. An attestation says what was
//! followed with this provider, when and for how long; nothing was.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::annul::is_sha256;
use super::complete::{capacity_held, follow};
use super::study::Study;
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::content::ModuleCode;
use crate::error::{Faults, Reason, Refusal, Result};
use crate::journal;
use crate::obligations::rules::zone;
use crate::records::model::{FactKind, fact};
use crate::records::told::{Recognised, Told};
use crate::records::{self, State};

/// On what grounds.
#[derive(Clone, Debug)]
pub struct Wish {
    /// A word from a list: a fact names nobody.
    pub basis: &'static str,
    /// The day on which it was acquired.
    pub acquired_on: NaiveDate,
    /// SHA-256, in hexadecimal, of the document that proves it.
    pub document: String,
}

impl Wish {
    /// Refuses what cannot be, `today` being the day where the learner's organisation is.
    ///
    /// # Errors
    /// `invalid-values`.
    fn check(&self, today: NaiveDate) -> Result<()> {
        let mut faults = Faults::default();
        let long_ago = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
        faults.check(
            long_ago <= self.acquired_on && self.acquired_on <= today,
            "/acquired_on",
            "un jour passé, à partir de 1950",
            "a past day, from 1950 on",
        );
        faults.check(
            is_sha256(&self.document),
            "/document_digest",
            "soixante-quatre chiffres hexadécimaux, en minuscules",
            "sixty-four hexadecimal digits, in lower case",
        );
        faults.refuse()
    }
}

/// Recognises what the learner of the enrolment being studied had learnt before, as the module `code`.
/// Said again, answers what was said, and `false`.
///
/// # Errors
/// `not-found` for an enrolment in another module, or outside the caller's scope; `forbidden` for one's
/// own; `invalid-values`; `enrolment-closed`; `already-completed` for who followed the module.
pub async fn recognise(
    tx: &DatabaseTransaction,
    who: &Principal,
    study: &Study<'_>,
    code: &ModuleCode,
    wish: &Wish,
) -> Result<(fact::Model, bool)> {
    allow(who, study, code)?;
    let zone: Tz = zone(&study.enrolment.time_zone);
    wish.check(study.now.with_timezone(&zone).date_naive())?;
    let facts = study.open_facts(tx).await?;
    if records::recorded(&facts).state == State::Completed {
        let corrected = |f: &fact::Model| facts.iter().any(|l| l.supersedes_id == Some(f.id));
        let before = facts.iter().find(|f| f.kind == FactKind::Recognised && !corrected(f));
        return before.map(|f| (f.clone(), false)).ok_or_else(|| Reason::AlreadyCompleted.into());
    }
    let recognised = snapshot(tx, study, wish).await?;
    let fact = study.tell(tx, Told::Recognised(Box::new(recognised))).await?;
    follow(tx, study).await?;
    let detail = json!({ "fact": fact.id, "basis": wish.basis, "document": wish.document });
    let (by, subject) = (Some(who.account_id), ("enrolment", study.enrolment.id));
    journal::act(tx, by, "learning.recognise", subject, detail, study.now).await?;
    Ok((fact, true))
}

/// Whether `who` may recognise anything in an enrolment in the module `code`: never in their own.
fn allow(who: &Principal, study: &Study<'_>, code: &ModuleCode) -> Result<()> {
    let edition = &study.edition;
    policy::allow(who, Action::Recognise, &Target::Provider(edition.module.provider_id))?;
    if edition.code() != code {
        return Err(Reason::NotFound.into());
    }
    if study.enrolment.person_id == who.person_id {
        return Err(Refusal::new(Reason::Forbidden)
            .because(
                "Nul ne reconnaît ses propres acquis.",
                "Nobody recognises their own learning.",
            )
            .into());
    }
    Ok(())
}

/// What must still be readable in ten years.
async fn snapshot(tx: &DatabaseTransaction, study: &Study<'_>, wish: &Wish) -> Result<Recognised> {
    let edition = &study.edition;
    Ok(Recognised {
        module: edition.module.code.clone(),
        title: edition.version.title.clone(),
        version: edition.version.number,
        tree_digest: edition.version.tree_digest.clone(),
        provider_id: edition.module.provider_id,
        duration_minutes: edition.version.duration_minutes,
        basis: wish.basis,
        acquired_on: wish.acquired_on,
        document: wish.document.clone(),
        capacity: capacity_held(tx, study).await?,
    })
}
