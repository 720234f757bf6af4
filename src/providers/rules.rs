//! What may be said of a provider: pure decisions on what is handed in, everything at fault at once.

use chrono::NaiveDate;

use super::model::{ContactKind, ProviderKind, Regime, provider_agrement};
use super::{Told, model::provider_profile};
use crate::content::{
    is_activity_number, is_commune, is_email, is_https, is_phone, is_postcode, is_siret,
};
use crate::error::{Fault, Faults, Reason, Refusal, Result};

/// Longest public or legal name, in characters: LHEO's.
pub const MAX_NAME: usize = 250;
/// Longest line of an address, name of a city, or label of a contact, in characters: LHEO's.
pub const MAX_LINE: usize = 50;
/// Most lines of an address: LHEO's.
pub const MAX_LINES: usize = 4;
/// Longest e-mail address, in characters: LHEO's.
pub const MAX_EMAIL: usize = 160;
/// Longest address of a site, in characters: LHEO's.
pub const MAX_WEBSITE: usize = 400;
/// Most contacts of a provider, and most periods of its regimes.
pub const MOST: usize = 20;

/// Who a provider is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Public name.
    pub name: String,
    /// Legal name.
    pub legal_name: String,
    /// What it is.
    pub kind: ProviderKind,
    /// SIRET.
    pub siret: Option<String>,
    /// *Numéro de déclaration d'activité*.
    pub activity_number: Option<String>,
    /// Where it is.
    pub address: Option<Address>,
}

/// A postal address in France.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street and complements, one to four lines.
    pub lines: Vec<String>,
    /// Post code.
    pub postcode: String,
    /// City.
    pub city: String,
    /// INSEE code of the commune.
    pub insee: Option<String>,
}

/// How a provider is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// Contacts, in order.
    pub contacts: Vec<Contact>,
}

/// A contact: a function, at an e-mail address or a telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What it answers for.
    pub kind: ContactKind,
    /// How it is called.
    pub label: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// A period under a regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The regime.
    pub regime: Regime,
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds.
    pub until: Option<NaiveDate>,
}

/// An agrément to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Reference of the decision.
    pub number: String,
    /// Day of the decision.
    pub granted_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: NaiveDate,
}

impl Identity {
    /// Refuses what is no identity; `at` is the pointer of the object that holds it.
    ///
    /// # Errors
    /// `invalid-values`.
    pub fn check(&self, at: &str) -> Result<()> {
        let mut faults = Faults::default();
        line(&mut faults, &self.name, &format!("{at}/name"), MAX_NAME);
        line(&mut faults, &self.legal_name, &format!("{at}/legal_name"), MAX_NAME);
        let siret = self.siret.as_deref().is_none_or(is_siret);
        let (fr, en) = ("14 chiffres d'un SIRET, clé comprise", "the 14 digits of a SIRET");
        faults.check(siret, &format!("{at}/siret"), fr, en);
        let number = self.activity_number.as_deref().is_none_or(is_activity_number);
        let (fr, en) = ("11 chiffres (2A ou 2B en Corse)", "11 digits (2A or 2B in Corsica)");
        faults.check(number, &format!("{at}/activity_number"), fr, en);
        if let Some(address) = &self.address {
            address.check(&format!("{at}/address"), &mut faults);
        }
        faults.refuse()
    }
}

impl Address {
    fn check(&self, at: &str, faults: &mut Faults) {
        let (fr, en) = ("de une à quatre lignes", "one to four lines");
        let count = (1..=MAX_LINES).contains(&self.lines.len());
        faults.check(count, &format!("{at}/lines"), fr, en);
        for (nth, text) in self.lines.iter().enumerate() {
            line(faults, text, &format!("{at}/lines/{nth}"), MAX_LINE);
        }
        let (fr, en) = ("cinq chiffres", "five digits");
        faults.check(is_postcode(&self.postcode), &format!("{at}/postcode"), fr, en);
        line(faults, &self.city, &format!("{at}/city"), MAX_LINE);
        let insee = self.insee.as_deref().is_none_or(is_commune);
        let (fr, en) = ("code INSEE d'une commune", "INSEE code of a commune");
        faults.check(insee, &format!("{at}/insee"), fr, en);
    }
}

impl Reach {
    /// Refuses what reaches nobody.
    ///
    /// # Errors
    /// `invalid-values`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        reachable(&mut faults, "", self.email.as_deref(), self.phone.as_deref());
        let fits = |url: &str| is_https(url) && url.chars().count() <= MAX_WEBSITE;
        let website = self.website.as_deref().is_none_or(fits);
        faults.check(website, "/website", "adresse en https://", "an https:// address");
        let count = self.contacts.len() <= MOST;
        faults.check(count, "/contacts", "20 contacts au plus", "20 contacts at most");
        for (nth, contact) in self.contacts.iter().enumerate() {
            let at = format!("/contacts/{nth}");
            line(&mut faults, &contact.label, &format!("{at}/label"), MAX_LINE);
            reachable(&mut faults, &at, contact.email.as_deref(), contact.phone.as_deref());
            let some = contact.email.is_some() || contact.phone.is_some();
            faults.check(some, &at, "une adresse ou un téléphone", "an address or a telephone");
        }
        faults.refuse()
    }
}

/// Refuses periods that end before they begin, or two of one regime that overlap.
///
/// # Errors
/// `invalid-values`.
pub fn check_regimes(periods: &[Declared]) -> Result<()> {
    let mut faults = Faults::default();
    faults.check(periods.len() <= MOST, "/regimes", "20 périodes au plus", "20 periods at most");
    for (nth, period) in periods.iter().enumerate() {
        let at = format!("/regimes/{nth}");
        let ordered = period.until.is_none_or(|until| period.from < until);
        let (fr, en) = ("après declared_from", "after declared_from");
        faults.check(ordered, &format!("{at}/declared_until"), fr, en);
        let apart = periods[..nth].iter().all(|other| !overlap(period, other));
        let (fr, en) = (
            "cette période en chevauche une autre du même régime",
            "this period overlaps another of the same regime",
        );
        faults.check(apart, &at, fr, en);
    }
    faults.refuse()
}

/// Refuses an agrément that ends before it begins, of a decision still to come, or that overlaps one
/// that the provider already holds.
///
/// # Errors
/// `invalid-values`.
pub fn check_agrement(new: &Granted, told: &Told, today: NaiveDate) -> Result<()> {
    let mut faults = Faults::default();
    line(&mut faults, &new.number, "/number", 100);
    let (fr, en) = ("aujourd'hui ou avant", "today or before");
    faults.check(new.granted_on <= today, "/granted_on", fr, en);
    let (fr, en) = ("après valid_from", "after valid_from");
    faults.check(new.valid_from < new.valid_to, "/valid_to", fr, en);
    let meets = |row: &&provider_agrement::Model| {
        new.valid_from < told.ends(row) && row.valid_from < new.valid_to
    };
    if let Some(other) = told.granted().find(meets) {
        let (fr, en) = (
            format!("cette période en chevauche une autre ({})", other.number),
            format!("this period overlaps another ({})", other.number),
        );
        faults.check(false, "/valid_from", fr, en);
    }
    faults.refuse()
}

/// Refuses a withdrawal outside the days of the agrément, or without a reason.
///
/// # Errors
/// `invalid-values`.
pub fn check_withdrawal(
    agrement: &provider_agrement::Model,
    from: NaiveDate,
    reason: &str,
) -> Result<()> {
    let mut faults = Faults::default();
    let within = agrement.valid_from <= from && from < agrement.valid_to;
    let (fr, en) = ("un jour où l'agrément vaut", "a day on which the agrément holds");
    faults.check(within, "/from", fr, en);
    line(&mut faults, reason, "/reason", 300);
    faults.refuse()
}

/// A logo that is no image, or too large.
pub fn not_a_logo() -> Refusal {
    let (fr, en) = (
        "une image PNG, JPEG ou WebP de 200 Ko au plus",
        "a PNG, JPEG or WebP image of 200 KB at most",
    );
    Refusal::naming(Reason::InvalidValues, vec![Fault::new("", fr, en)])
}

/// The lines of a profile's address, none while it has none.
pub fn address_of(profile: &provider_profile::Model) -> Option<Address> {
    Some(Address {
        lines: profile.address.as_deref()?.lines().map(str::to_owned).collect(),
        postcode: profile.postcode.clone()?,
        city: profile.city.clone()?,
        insee: profile.insee.clone(),
    })
}

fn overlap(one: &Declared, other: &Declared) -> bool {
    let before = |a: &Declared, b: &Declared| b.until.is_none_or(|until| a.from < until);
    one.regime == other.regime && before(one, other) && before(other, one)
}

/// A text on one line.
fn line(faults: &mut Faults, text: &str, at: &str, max: usize) {
    if text.contains(['\n', '\t']) {
        return faults.check(false, at, "sur une seule ligne", "on a single line");
    }
    faults.check_text(text, at, max);
}

fn reachable(faults: &mut Faults, at: &str, email: Option<&str>, phone: Option<&str>) {
    let fits = |text: &str| is_email(text) && text.chars().count() <= MAX_EMAIL;
    let (fr, en) = ("adresse électronique", "an e-mail address");
    faults.check(email.is_none_or(fits), &format!("{at}/email"), fr, en);
    let (fr, en) = ("numéro de téléphone", "a telephone number");
    faults.check(phone.is_none_or(is_phone), &format!("{at}/phone"), fr, en);
}
