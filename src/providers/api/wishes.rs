//! What requests about providers are made of; answers repeat some of it.

use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::http::shown::shown;
use crate::providers::model::{ContactKind, ProviderKind, Regime};

shown! {
    /// What a provider is.
    #[oai(rename = "ProviderKind")]
    pub(super) KindShown of ProviderKind {
        /// A delegation of the CNFPT.
        CnfptDelegation,
        /// A centre de gestion.
        Cdg,
        /// An association of élus.
        ElusAssociation,
        /// Any other training body.
        TrainingBody,
    }
}

shown! {
    /// A regime that a provider declares itself under.
    pub(super) RegimeShown of Regime {
        /// Qualiopi.
        Qualiopi,
        /// Training at a distance (Code du travail, D6313-3-1).
        Distance,
        /// LHEO.
        Lheo,
    }
}

shown! {
    /// What a contact answers for.
    pub(super) ContactShown of ContactKind {
        /// Référent handicap.
        Disability,
        /// Référent pédagogique.
        Pedagogy,
        /// Assistance at a distance (FOAD).
        Distance,
        /// Anything else.
        General,
    }
}

/// A postal address in France.
#[derive(Clone, Object)]
#[oai(rename = "ProviderAddress", deny_unknown_fields)]
pub(super) struct Address {
    /// Street and complements, one to four lines of 50 characters at most.
    #[oai(validator(min_items = 1, max_items = 4))]
    pub(super) lines: Vec<String>,
    /// Post code: five digits.
    #[oai(validator(max_length = 5))]
    pub(super) postcode: String,
    /// City.
    #[oai(validator(max_length = 50))]
    pub(super) city: String,
    /// INSEE code of the commune.
    #[oai(default, skip_serializing_if_is_none, validator(max_length = 5))]
    pub(super) insee: Option<String>,
}

/// Who a provider is.
#[derive(Object)]
#[oai(rename = "ProviderIdentity", deny_unknown_fields, example)]
pub(super) struct Identity {
    /// Public name.
    #[oai(validator(max_length = 250))]
    pub(super) name: String,
    /// Legal name.
    #[oai(validator(max_length = 250))]
    pub(super) legal_name: String,
    /// What it is.
    pub(super) kind: KindShown,
    /// SIRET: 14 digits, whose key is checked.
    #[oai(default, validator(max_length = 14))]
    pub(super) siret: Option<String>,
    /// *Numéro de déclaration d'activité*: 11 characters.
    #[oai(default, validator(max_length = 11))]
    pub(super) activity_number: Option<String>,
    /// Where it is.
    #[oai(default)]
    pub(super) address: Option<Address>,
}

/// An organisation to give the part of provider.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NewProvider {
    /// Organisation reference; an unknown `local:` one is created.
    #[oai(rename = "ref", validator(max_length = 100))]
    pub(super) reference: String,
    /// Who it is.
    pub(super) profile: Identity,
}

/// A contact of a provider.
#[derive(Clone, Object)]
#[oai(rename = "ProviderContact", deny_unknown_fields)]
pub(super) struct Contact {
    /// What it answers for.
    pub(super) kind: ContactShown,
    /// How it is called: a function rather than a person.
    #[oai(validator(max_length = 50))]
    pub(super) label: String,
    /// E-mail address.
    #[oai(default, skip_serializing_if_is_none, validator(max_length = 160))]
    pub(super) email: Option<String>,
    /// Telephone.
    #[oai(default, skip_serializing_if_is_none, validator(max_length = 25))]
    pub(super) phone: Option<String>,
}

/// How a provider is reached: it replaces what was said before.
#[derive(Object)]
#[oai(rename = "ProviderReach", deny_unknown_fields, example)]
pub(super) struct Reach {
    /// E-mail address.
    #[oai(default, validator(max_length = 160))]
    pub(super) email: Option<String>,
    /// Telephone.
    #[oai(default, validator(max_length = 25))]
    pub(super) phone: Option<String>,
    /// Web site (`https://`).
    #[oai(default, validator(max_length = 400))]
    pub(super) website: Option<String>,
    /// Contacts, in order.
    #[oai(validator(max_items = 20))]
    pub(super) contacts: Vec<Contact>,
}

/// A period under a regime.
#[derive(Clone, Object)]
#[oai(rename = "ProviderPeriod", deny_unknown_fields)]
pub(super) struct Period {
    /// The regime.
    pub(super) regime: RegimeShown,
    /// First day.
    pub(super) declared_from: NaiveDate,
    /// First day on which it no longer holds.
    #[oai(default, skip_serializing_if_is_none)]
    pub(super) declared_until: Option<NaiveDate>,
}

/// Every period of a provider's regimes: it replaces what was said before.
#[derive(Object)]
#[oai(rename = "ProviderRegimes", deny_unknown_fields, example)]
pub(super) struct Regimes {
    /// The periods; none of one regime overlap.
    #[oai(validator(max_items = 20))]
    pub(super) regimes: Vec<Period>,
}

/// An agrément to record.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NewAgrement {
    /// Reference of the decision.
    #[oai(validator(max_length = 100))]
    pub(super) number: String,
    /// Day of the decision.
    pub(super) granted_on: NaiveDate,
    /// First day.
    pub(super) valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub(super) valid_to: NaiveDate,
}

/// The withdrawal of an agrément.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct AgrementWithdrawal {
    /// First day on which it no longer holds.
    pub(super) from: NaiveDate,
    /// Why: the decision that withdraws it.
    #[oai(validator(max_length = 300))]
    pub(super) reason: String,
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}

impl Example for Identity {
    fn example() -> Self {
        Self {
            name: "Atelier du numérique public (exemple)".to_owned(),
            legal_name: "Atelier du numérique public".to_owned(),
            kind: KindShown::TrainingBody,
            siret: Some("99999999800001".to_owned()),
            activity_number: Some("00000000001".to_owned()),
            address: Some(Address {
                lines: vec!["1 place de l'Exemple".to_owned()],
                postcode: "35133".to_owned(),
                city: "Beaucé".to_owned(),
                insee: Some("35021".to_owned()),
            }),
        }
    }
}

impl Example for NewProvider {
    fn example() -> Self {
        Self { reference: "local:atelier".to_owned(), profile: Identity::example() }
    }
}

impl Example for Reach {
    fn example() -> Self {
        Self {
            email: Some("contact@atelier.example".to_owned()),
            phone: Some("01 99 00 12 34".to_owned()),
            website: Some("https://atelier.example".to_owned()),
            contacts: vec![Contact {
                kind: ContactShown::Disability,
                label: "Référent handicap".to_owned(),
                email: Some("handicap@atelier.example".to_owned()),
                phone: None,
            }],
        }
    }
}

impl Example for Regimes {
    fn example() -> Self {
        let (regime, declared_from) = (RegimeShown::Qualiopi, day(2026, 1));
        Self { regimes: vec![Period { regime, declared_from, declared_until: None }] }
    }
}

impl Example for NewAgrement {
    fn example() -> Self {
        Self {
            number: "EXEMPLE-2032-01".to_owned(),
            granted_on: day(2026, 1),
            valid_from: day(2032, 2),
            valid_to: day(2036, 2),
        }
    }
}

impl Example for AgrementWithdrawal {
    fn example() -> Self {
        Self { from: day(2031, 1), reason: "Décision de retrait du 15 décembre 2030".to_owned() }
    }
}
