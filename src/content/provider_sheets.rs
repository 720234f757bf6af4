//! `providers.toml`, beside `modules/`: who the `local:` providers of these modules are.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::blank::note_blanks;
use super::fields::{Fields, read_toml};
use super::finding::{Finding, Sheet};
use super::hygiene::text_of;
use super::identifiers::{is_activity_number, is_commune, is_phone, is_postcode, is_siret};
use super::shapes::{is_email, is_https, is_slug};
use super::value::Value;
use super::words::words;

/// Path of the providers, beside `modules/`.
pub const PROVIDERS_PATH: &str = "providers.toml";

words! {
    /// What a provider is.
    ProviderWord {
        /// A delegation of the CNFPT.
        CnfptDelegation = "cnfpt_delegation",
        /// A centre de gestion.
        Cdg = "cdg",
        /// An association of élus.
        ElusAssociation = "elus_association",
        /// Any other training body.
        TrainingBody = "training_body",
    }
}

words! {
    /// A regime that a provider declares itself under.
    RegimeWord {
        /// Qualiopi.
        Qualiopi = "qualiopi",
        /// Training at a distance (Code du travail, D6313-3-1).
        Distance = "distance",
        /// LHEO.
        Lheo = "lheo",
    }
}

words! {
    /// What a contact answers for.
    ContactWord {
        /// Référent handicap.
        Disability = "disability",
        /// Référent pédagogique.
        Pedagogy = "pedagogy",
        /// Assistance at a distance.
        Distance = "distance",
        /// Anything else.
        General = "general",
    }
}

/// A contact of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSheet {
    /// What it answers for.
    pub kind: ContactWord,
    /// How it is called, 1 to 50 characters.
    pub label: String,
    /// E-mail address; there is one, or a telephone number.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

/// An agrément of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgrementSheet {
    /// Reference of the decision, 1 to 100 characters.
    pub number: String,
    /// Day of the decision.
    pub granted_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds; after `valid_from`.
    pub valid_to: NaiveDate,
}

/// A `local:` provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSheet {
    /// Its reference, `local:` and a slug.
    pub reference: String,
    /// Public name, 1 to 250 characters.
    pub name: String,
    /// Legal name, 1 to 250 characters; the public name where it is not written.
    pub legal_name: String,
    /// What it is.
    pub kind: ProviderWord,
    /// SIRET.
    pub siret: Option<String>,
    /// *Numéro de déclaration d'activité*.
    pub activity_number: Option<String>,
    /// Lines of its address, post code, city; INSEE code of the commune where it is known.
    pub address: Option<(Vec<String>, String, String, Option<String>)>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// Regimes that it is under: first day, and first day on which it no longer is.
    pub regimes: Vec<(RegimeWord, NaiveDate, Option<NaiveDate>)>,
    /// Contacts, in order.
    pub contacts: Vec<ContactSheet>,
    /// Agréments for the training of élus.
    pub agrements: Vec<AgrementSheet>,
}

/// Reads the bytes of `providers.toml`: the providers that could be read, and every finding, sorted.
#[must_use]
pub fn read_providers(bytes: &[u8]) -> (Vec<ProviderSheet>, Vec<Finding>) {
    let mut sheet = Sheet::new(PROVIDERS_PATH);
    note_blanks(bytes, &mut sheet);
    let read = text_of(bytes, &mut sheet).and_then(|text| {
        read_toml(&text, 0, &mut sheet, |fields| {
            let tables = fields.tables("provider");
            if tables.is_empty() {
                let remedy = "ajoutez une table [[provider]], ou supprimez le fichier";
                fields.complain("le fichier n’a aucun fournisseur", remedy);
            }
            let mut taken = BTreeSet::new();
            Some(tables.into_iter().filter_map(|mut t| provider(&mut t, &mut taken)).collect())
        })
    });
    let mut findings = sheet.into_findings();
    findings.sort();
    (read.unwrap_or_default(), findings)
}

fn provider(table: &mut Fields<'_>, taken: &mut BTreeSet<String>) -> Option<ProviderSheet> {
    let reference = required(table, "ref", 70, is_local, "une référence comme « local:atelier »");
    if let Some(twice) = reference.as_ref().filter(|r| !taken.insert((*r).clone())) {
        let what = format!("le fournisseur « {twice} » est écrit deux fois");
        table.complain(what, "gardez-en un seul");
    }
    let name = table.required("name").and_then(|value| value.line_of_text(250));
    let legal_name = table.optional("legal_name").map(|value| value.line_of_text(250));
    let kind = table.required("kind").and_then(|value| value.word(ProviderWord::WORDS));
    let siret = optional(table, "siret", 14, is_siret, "les 14 chiffres d’un SIRET");
    let number = "11 chiffres (2A ou 2B en Corse)";
    let activity_number = optional(table, "activity_number", 11, is_activity_number, number);
    let address = address(table);
    let (email, phone) = reach(table);
    let website = optional(table, "website", 400, is_https, "une adresse en https://");
    let regimes = each(table, "regime", regime);
    let contacts = each(table, "contact", contact);
    let agrements = each(table, "agrement", agrement);
    table.refuse_unknown();
    let name = name?;
    Some(ProviderSheet {
        reference: reference?,
        legal_name: legal_name.unwrap_or_else(|| Some(name.clone()))?,
        name,
        kind: kind?,
        siret: siret?,
        activity_number: activity_number?,
        address: address?,
        email: email?,
        phone: phone?,
        website: website?,
        regimes: regimes?,
        contacts: contacts?,
        agrements: agrements?,
    })
}

/// Every table of a key is read before one that cannot be is given up.
fn each<T>(
    table: &mut Fields<'_>,
    key: &'static str,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let all: Vec<_> = table.tables(key).into_iter().map(|mut one| read(&mut one)).collect();
    all.into_iter().collect()
}

fn regime(table: &mut Fields<'_>) -> Option<(RegimeWord, NaiveDate, Option<NaiveDate>)> {
    let regime = table.required("regime").and_then(|value| value.word(RegimeWord::WORDS));
    let from = table.required("declared_from").and_then(Value::date);
    let until = table.optional("declared_until").map(Value::date);
    table.refuse_unknown();
    let (from, until) = (from?, until.map_or(Some(None), |day| Some(Some(day?)))?);
    in_order(table, "declared_from", from, "declared_until", until);
    Some((regime?, from, until))
}

fn contact(table: &mut Fields<'_>) -> Option<ContactSheet> {
    let kind = table.required("kind").and_then(|value| value.word(ContactWord::WORDS));
    let label = table.required("label").and_then(|value| value.line_of_text(50));
    let (email, phone) = reach(table);
    table.refuse_unknown();
    if (&email, &phone) == (&Some(None), &Some(None)) {
        table.complain("ce contact ne se joint pas", "ajoutez « email = … » ou « phone = … »");
    }
    Some(ContactSheet { kind: kind?, label: label?, email: email?, phone: phone? })
}

fn agrement(table: &mut Fields<'_>) -> Option<AgrementSheet> {
    let number = table.required("number").and_then(|value| value.line_of_text(100));
    let mut day = |key| table.required(key).and_then(Value::date);
    let (granted_on, from, to) = (day("granted_on"), day("valid_from"), day("valid_to"));
    table.refuse_unknown();
    let (valid_from, valid_to) = (from?, to?);
    in_order(table, "valid_from", valid_from, "valid_to", Some(valid_to));
    Some(AgrementSheet { number: number?, granted_on: granted_on?, valid_from, valid_to })
}

fn in_order(
    table: &Fields<'_>,
    first: &str,
    from: NaiveDate,
    last: &str,
    until: Option<NaiveDate>,
) {
    if until.is_some_and(|until| until <= from) {
        let what = format!("« {last} » n’est pas après « {first} » ({from})");
        table.complain(what, "donnez le premier jour où cela ne vaut plus");
    }
}

/// The lines of an address with its city: all of it is written, or nothing.
#[expect(clippy::type_complexity, reason = "the parts of an address, taken apart at once")]
fn address(
    table: &mut Fields<'_>,
) -> Option<Option<(Vec<String>, String, String, Option<String>)>> {
    let lines =
        table.optional("address").map(|list| list.distinct(1..=4, |item| item.line_of_text(50)));
    let postcode = optional(table, "postcode", 5, is_postcode, "cinq chiffres")?;
    let city = table.optional("city").map(|value| value.line_of_text(50));
    let insee = optional(table, "insee", 5, is_commune, "le code INSEE d’une commune")?;
    match (lines, postcode, city) {
        (None, None, None) => Some(None),
        (Some(lines), Some(postcode), Some(city)) => Some(Some((lines?, postcode, city?, insee))),
        _ => {
            let remedy = "écrivez ensemble « address », « postcode » et « city »";
            table.complain("l’adresse n’est pas entière", remedy);
            None
        }
    }
}

/// An e-mail address and a telephone number, each absent or readable.
fn reach(table: &mut Fields<'_>) -> (Option<Option<String>>, Option<Option<String>>) {
    let email = optional(table, "email", 160, is_email, "une adresse électronique");
    let phone = optional(table, "phone", 25, is_phone, "un numéro de téléphone");
    (email, phone)
}

fn required(
    table: &mut Fields<'_>,
    key: &'static str,
    max: usize,
    good: fn(&str) -> bool,
    shape: &str,
) -> Option<String> {
    table.required(key).and_then(|value| value.shaped(max, good, shape))
}

/// None when it is written and unreadable.
fn optional(
    table: &mut Fields<'_>,
    key: &'static str,
    max: usize,
    good: fn(&str) -> bool,
    shape: &str,
) -> Option<Option<String>> {
    match table.optional(key) {
        None => Some(None),
        Some(value) => value.shaped(max, good, shape).map(Some),
    }
}

fn is_local(text: &str) -> bool {
    text.strip_prefix("local:").is_some_and(|slug| is_slug(slug) && slug.len() <= 64)
}
