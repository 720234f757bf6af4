//! Requirements as they are sent.

use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;

use super::audience::AudienceShown;
use crate::error::{Faults, Result};
use crate::http::shown::shown;
use crate::requirements::due::{After, DueRule, Event, When};
use crate::requirements::model::{Counted, Force};
use crate::requirements::preview::Band;
use crate::requirements::rules::Draft;

shown! {
    /// How binding a requirement is.
    #[oai(rename = "RequirementForce")]
    pub(super) ForceShown of Force {
        /// A text makes it compulsory.
        Mandatory,
        /// Advised: no text binds the person.
        Recommended,
    }
}

shown! {
    /// Which versions of the module count.
    #[oai(rename = "RequirementVersions")]
    pub(super) CountedShown of Counted {
        /// Any.
        Any,
        /// A given one, and later ones.
        From,
        /// The one published when the obligation opens, and later ones.
        Current,
    }
}

shown! {
    /// What a duration is reckoned from.
    #[oai(rename = "RequirementEvent")]
    pub(super) EventShown of Event {
        /// An élu takes office.
        Office,
        /// An élu receives a delegation.
        Delegation,
        /// An agent is hired.
        Hiring,
        /// The requirement is enabled; for who arrives later, their arrival.
        Publication,
        /// Its text comes into force; for who arrives later, their arrival.
        LegalChange,
    }
}

shown! {
    /// How many persons, roughly.
    #[oai(rename = "PersonsBand")]
    pub(super) BandShown of Band {
        /// Fewer than statistical secrecy lets be told; perhaps nobody.
        Few,
        /// Fewer than a hundred.
        Tens,
        /// Fewer than a thousand.
        Hundreds,
        /// Fewer than ten thousand.
        Thousands,
        /// Fewer than a hundred thousand.
        TensOfThousands,
        /// A hundred thousand or more.
        HundredsOfThousands,
    }
}

/// A calendar duration after an event.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "RequirementDelay")]
pub(super) struct AfterShown {
    /// Which event.
    event: EventShown,
    /// Calendar months.
    #[oai(default, validator(maximum(value = "144")))]
    months: u32,
    /// Days, after the months.
    #[oai(default, validator(maximum(value = "3660")))]
    days: u32,
}

/// By when: a civil date or a duration, one of them.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "RequirementDue")]
pub(super) struct DueShown {
    /// The last day on which it is not late, the same for everybody.
    #[oai(skip_serializing_if_is_none)]
    on: Option<NaiveDate>,
    /// So long after an event.
    #[oai(skip_serializing_if_is_none)]
    after: Option<AfterShown>,
    /// Nobody is given fewer days than that from the day on which their obligation opens.
    #[oai(default, validator(maximum(value = "3660")))]
    notice_days: u32,
}

/// How often it is to be completed again.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "RequirementRenewal")]
pub(super) struct RenewalShown {
    /// Months after the completion.
    pub(super) months: u32,
    /// Days before that on which the next obligation opens.
    pub(super) window_days: u32,
}

/// What a requirement says: the whole of it.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct RequirementVersionIn {
    /// Its title in French.
    #[oai(validator(min_length = 1, max_length = 200))]
    title_fr: String,
    /// Its title in English.
    #[oai(validator(min_length = 1, max_length = 200))]
    title_en: String,
    /// How binding it is.
    force: ForceShown,
    /// The module to complete; this or a path.
    #[oai(validator(max_length = 24))]
    module: Option<String>,
    /// The learning path to complete.
    #[oai(validator(max_length = 24))]
    path: Option<String>,
    /// For whom.
    audience: AudienceShown,
    /// By when.
    due: DueShown,
    /// How often; once if absent.
    renewal: Option<RenewalShown>,
    /// Id of the text of the register that it rests on.
    #[oai(validator(max_length = 60))]
    reference: Option<String>,
    /// Completions older than so many months do not count; of any age if absent.
    accepts_months: Option<u32>,
    /// Which versions of the module count; any if absent.
    versions: Option<CountedShown>,
    /// The least version, with `from`.
    from_number: Option<i32>,
    /// Whether only training by a provider that holds an agrément for élus that day counts.
    #[oai(default)]
    agreed_only: bool,
}

impl Example for RequirementVersionIn {
    fn example() -> Self {
        let after = AfterShown { event: EventShown::Office, months: 12, days: 0 };
        Self {
            title_fr: "Comprendre l’IA avant de décider".to_owned(),
            title_en: "Understand AI before deciding".to_owned(),
            force: ForceShown::Recommended,
            module: Some("E1".to_owned()),
            path: None,
            audience: AudienceShown::example(),
            due: DueShown { on: None, after: Some(after), notice_days: 30 },
            renewal: Some(RenewalShown { months: 24, window_days: 90 }),
            reference: None,
            accepts_months: Some(24),
            versions: Some(CountedShown::Any),
            from_number: None,
            agreed_only: false,
        }
    }
}

impl RequirementVersionIn {
    /// The draft that it is, its place in the body being `under` that pointer.
    pub(super) fn draft(self, under: &str) -> Result<Draft> {
        let mut faults = Faults::default();
        let when = match (self.due.on, self.due.after) {
            (Some(on), None) => Some(When::On(on)),
            (None, Some(after)) => Some(When::After(After {
                event: after.event.into(),
                months: after.months,
                days: after.days,
            })),
            _ => None,
        };
        let (fr, en) = ("une date ou un délai, l'un des deux", "a date or a delay, one of them");
        faults.check(when.is_some(), &format!("{under}/due"), fr, en);
        faults.refuse()?;
        let when = when.unwrap_or(When::On(NaiveDate::MIN));
        Ok(Draft {
            title_fr: self.title_fr,
            title_en: self.title_en,
            force: self.force.into(),
            module: self.module,
            path: self.path,
            audience: self.audience.into(),
            due: DueRule { when, notice_days: self.due.notice_days },
            renewal: self.renewal.map(|renewal| (renewal.months, renewal.window_days)),
            reference: self.reference,
            accepts_months: self.accepts_months,
            versions: self.versions.map_or(Counted::Any, Into::into),
            from_number: self.from_number,
            agreed_only: self.agreed_only,
        })
    }
}

/// A requirement that is not known yet.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct RequirementIn {
    /// Its code: lower-case letters, digits and hyphens.
    #[oai(validator(min_length = 1, max_length = 60))]
    pub(super) code: String,
    /// What it says.
    pub(super) version: RequirementVersionIn,
}

impl Example for RequirementIn {
    fn example() -> Self {
        Self { code: "decider-de-l-ia".to_owned(), version: RequirementVersionIn::example() }
    }
}

/// What is quoted of a preview to enable what it shows.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct EnableIn {
    /// The digest of the preview.
    #[oai(validator(max_length = 64))]
    pub(super) digest: String,
    /// How many persons, roughly: asked where hardly anybody is concerned, or everybody.
    pub(super) confirmed_persons: Option<BandShown>,
}

impl Example for EnableIn {
    fn example() -> Self {
        Self {
            digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            confirmed_persons: Some(BandShown::Few),
        }
    }
}

/// Why a requirement is put out of force.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct DisableIn {
    /// Why; 1 to 600 characters.
    #[oai(validator(min_length = 1, max_length = 600))]
    pub(super) reason: String,
}

impl Example for DisableIn {
    fn example() -> Self {
        Self { reason: "Le texte sur lequel elle repose est abrogé.".to_owned() }
    }
}

impl From<DueRule> for DueShown {
    fn from(rule: DueRule) -> Self {
        let (on, after) = match rule.when {
            When::On(on) => (Some(on), None),
            When::After(After { event, months, days }) => {
                (None, Some(AfterShown { event: event.into(), months, days }))
            }
        };
        Self { on, after, notice_days: rule.notice_days }
    }
}
