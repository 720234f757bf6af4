//! A module as a *formation*: what is taught, to whom, how, and the one session that never ends.

use super::organisation::Body;
use super::xml::Xml;
use crate::catalogue::Edition;
use crate::content::{Audience, Manifest};
use crate::exchange::{Offer, text};

/// Longest text of LHEO, in characters.
const LONG: usize = 3000;

/// `formation`.
pub(super) fn write(
    xml: &mut Xml,
    offer: Offer<'_>,
    edition: &Edition,
    body: &Body<'_>,
) -> anyhow::Result<()> {
    let m = &edition.content.manifest;
    let changed = edition.version.published_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let code = m.code.as_str();
    let attributes = [("numero", code), ("horodatage-modification", changed.as_str())];
    xml.with("formation", &attributes, |xml| {
        taught(xml, edition)?;
        body.contacts(xml, "contact-formation", &m.contact)?;
        // Individualised: everyone at their own pace.
        xml.word("parcours-de-formation", "2")?;
        // Without any particular level.
        xml.word("code-niveau-entree", "1")?;
        let url = offer.module_url(&m.code);
        xml.within("url-formation", |xml| xml.text("urlweb", &url, 400))?;
        xml.within("action", |xml| action(xml, edition, body))?;
        body.write(xml, &m.contact)?;
        xml.word("identifiant-module", code)?;
        before(xml, m)
    })
}

fn taught(xml: &mut Xml, edition: &Edition) -> anyhow::Result<()> {
    let m = &edition.content.manifest;
    xml.within("domaine-formation", |xml| {
        m.formacodes.iter().try_for_each(|code| xml.word("code-FORMACODE", code))?;
        m.nsf.iter().try_for_each(|code| xml.word("code-NSF", code))
    })?;
    xml.text("intitule-formation", &m.title, 255)?;
    xml.text("objectif-formation", &listed(m.objectives.iter().map(String::as_str)), LONG)?;
    let expected = format!(
        "Avoir suivi toutes les leçons et, lorsque le module a un quiz, y avoir obtenu au moins {} % \
         des points. Une attestation de fin de formation est alors délivrée.",
        m.pass_mark_percent
    );
    xml.text("resultats-attendus", &expected, LONG)?;
    let lessons = listed(edition.content.lessons.iter().map(|lesson| lesson.title.as_str()));
    xml.text("contenu-formation", &format!("{}\n{lessons}", m.summary), LONG)?;
    // Not certifying: no title, diploma or certification registered at RNCP or RS.
    xml.word("certifiante", "0")
}

fn action(xml: &mut Xml, edition: &Edition, body: &Body<'_>) -> anyhow::Result<()> {
    let m = &edition.content.manifest;
    xml.text("rythme-formation", "En ligne, à son rythme, à toute heure.", LONG)?;
    publics(m).iter().try_for_each(|code| xml.word("code-public-vise", code))?;
    let audiences: Vec<&str> = m.audiences.iter().map(|a| text::audience(*a)).collect();
    xml.maybe("info-public-vise", Some(&audiences.join(", ")), 250)?;
    xml.word("niveau-entree-obligatoire", "0")?;
    xml.text("modalites-alternance", "Sans alternance.", LONG)?;
    // Wholly at a distance.
    xml.word("modalites-enseignement", "2")?;
    let conditions: Vec<String> = m.prerequisites.iter().map(text::prerequisite).collect();
    let conditions = match conditions.as_slice() {
        [] => "Aucun prérequis.".to_owned(),
        some => format!("Modules préalables : {}.", some.join(", ")),
    };
    xml.text("conditions-specifiques", &conditions, LONG)?;
    // Nothing to pay, so nothing to be paid for.
    xml.word("prise-en-charge-frais-possible", "0")?;
    // Anyone begins and ends at any time.
    xml.word("modalites-entrees-sorties", "1")?;
    session(xml, edition, body)?;
    xml.maybe("acces-handicapes", Some(&m.accessibility), 250)?;
    xml.word("langue-formation", &m.language)?;
    xml.text("modalites-pedagogiques", "Leçons à lire, activités et quiz corrigé.", 200)?;
    xml.text("frais-restants", "Gratuit.", 200)?;
    xml.text("duree-indicative", &format!("{} minutes", m.duration_minutes), 150)
}

/// From the day of the publication on, without end.
fn session(xml: &mut Xml, edition: &Edition, body: &Body<'_>) -> anyhow::Result<()> {
    xml.within("session", |xml| {
        xml.within("periode", |xml| {
            let first = edition.version.published_at.format("%Y%m%d").to_string();
            xml.word("debut", &first)?;
            xml.word("fin", "99999999")
        })?;
        xml.within("adresse-inscription", |xml| body.address(xml))?;
        xml.text("modalites-inscription", "En ligne, sans délai.", 255)?;
        // Open.
        xml.word("etat-recrutement", "1")
    })
}

fn before(xml: &mut Xml, m: &Manifest) -> anyhow::Result<()> {
    if m.prerequisites.is_empty() {
        return Ok(());
    }
    xml.within("modules-prerequis", |xml| {
        let mut codes = m.prerequisites.iter().flat_map(|p| &p.any_of);
        codes.try_for_each(|code| xml.word("reference-module", code.as_str()))
    })
}

/// The publics as LHEO's dictionary has them (FORMACODE V10): *Élu*, *Agent de la fonction publique
/// territoriale*.
fn publics(m: &Manifest) -> Vec<&'static str> {
    let mut codes: Vec<_> = m
        .audiences
        .iter()
        .map(|audience| match audience {
            Audience::Elu => "81014",
            Audience::Agent | Audience::Cadre => "82074",
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// One thing a line.
fn listed<'t>(things: impl Iterator<Item = &'t str>) -> String {
    things.map(|thing| format!("– {thing}")).collect::<Vec<_>>().join("\n")
}
