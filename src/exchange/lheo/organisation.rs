//! Who answers for a formation: the training body, its addresses, its contacts.

use super::xml::Xml;
use crate::providers::model::{ContactKind, provider_contact, provider_profile};
use crate::providers::rules::{self, Address};
use crate::providers::{Known, Told};

/// A provider that has all that LHEO asks for.
pub(super) struct Body<'a> {
    activity_number: &'a str,
    siret: &'a str,
    pub(super) address: Address,
    profile: &'a provider_profile::Model,
    told: &'a Told,
}

impl<'a> Body<'a> {
    /// The provider, if it has.
    pub(super) fn of(known: &'a Known) -> Option<Self> {
        let profile = known.told.profile.as_ref()?;
        Some(Self {
            activity_number: profile.activity_number.as_deref()?,
            siret: profile.siret.as_deref()?,
            address: rules::address_of(profile)?,
            profile,
            told: &known.told,
        })
    }

    /// `organisme-formation-responsable`.
    pub(super) fn write(&self, xml: &mut Xml, fallback: &str) -> anyhow::Result<()> {
        xml.within("organisme-formation-responsable", |xml| {
            xml.word("numero-activite", self.activity_number)?;
            xml.within("SIRET-organisme-formation", |xml| xml.word("SIRET", self.siret))?;
            xml.text("nom-organisme", &self.profile.name, 250)?;
            xml.text("raison-sociale", &self.profile.legal_name, 250)?;
            xml.within("coordonnees-organisme", |xml| {
                xml.within("coordonnees", |xml| {
                    self.address(xml)?;
                    reach(xml, self.profile.phone.as_deref(), self.profile.email.as_deref())?;
                    let website = self.profile.website.as_deref();
                    match website {
                        Some(url) => xml.within("web", |xml| xml.text("urlweb", url, 400)),
                        None => Ok(()),
                    }
                })
            })?;
            self.contacts(xml, "contact-organisme", fallback)
        })
    }

    /// `adresse`.
    pub(super) fn address(&self, xml: &mut Xml) -> anyhow::Result<()> {
        xml.within("adresse", |xml| {
            for line in &self.address.lines {
                xml.text("ligne", line, 50)?;
            }
            xml.word("codepostal", &self.address.postcode)?;
            xml.text("ville", &self.address.city, 50)?;
            xml.maybe("code-INSEE-commune", self.address.insee.as_deref(), 5)
        })
    }

    /// Every contact under this name, or the address that is left when there is none.
    pub(super) fn contacts(&self, xml: &mut Xml, name: &str, fallback: &str) -> anyhow::Result<()> {
        for row in &self.told.contacts {
            xml.within(name, |xml| contact(xml, row))?;
        }
        if !self.told.contacts.is_empty() {
            return Ok(());
        }
        let email = self.profile.email.as_deref().unwrap_or(fallback);
        xml.within(name, |xml| xml.within("coordonnees", |xml| reach(xml, None, Some(email))))
    }
}

fn contact(xml: &mut Xml, row: &provider_contact::Model) -> anyhow::Result<()> {
    match row.kind {
        ContactKind::Disability => xml.word("type-contact", "1")?,
        ContactKind::Pedagogy => xml.word("type-contact", "3")?,
        ContactKind::Distance => xml.word("type-contact", "12")?,
        ContactKind::General => {}
    }
    xml.within("coordonnees", |xml| {
        xml.text("nom", &row.label, 50)?;
        reach(xml, row.phone.as_deref(), row.email.as_deref())
    })
}

fn reach(xml: &mut Xml, phone: Option<&str>, email: Option<&str>) -> anyhow::Result<()> {
    if let Some(phone) = phone {
        xml.within("telfixe", |xml| xml.text("numtel", phone, 25))?;
    }
    xml.maybe("courriel", email, 160)
}
