//! A spreadsheet: one line a module, as French tables are read (UTF-8 with its mark, semicolons).

use super::{Offer, text};
use crate::catalogue::Edition;
use crate::text::defused;

/// The media type (RFC 4180, RFC 7111).
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// What each column holds, in order.
const HEADERS: [&str; 24] = [
    "Code",
    "Code externe",
    "Intitulé",
    "Résumé",
    "Niveau",
    "Publics",
    "Durée (minutes)",
    "Langue",
    "Objectifs",
    "Thèmes",
    "Recommandations du rapport n° 447",
    "Prérequis",
    "FORMACODE",
    "NSF",
    "Fournisseur",
    "Référence du fournisseur",
    "SIRET",
    "Numéro d'activité",
    "Licence",
    "Accessibilité",
    "Contact",
    "Version",
    "Publiée le",
    "Adresse",
];

/// The offer as a table.
///
/// # Errors
/// None in practice: it is written in memory.
pub fn csv(offer: Offer<'_>) -> anyhow::Result<Vec<u8>> {
    // The mark tells spreadsheets that this is UTF-8.
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(HEADERS)?;
    for edition in offer.editions() {
        writer.write_record(line(offer, edition).map(|cell| defused(&cell)))?;
    }
    Ok(writer.into_inner().map_err(|error| error.into_error())?)
}

fn line(offer: Offer<'_>, edition: &Edition) -> [String; HEADERS.len()] {
    let m = &edition.content.manifest;
    let profile = offer.catalogue.provider(edition.module.provider_id);
    let profile = profile.and_then(|known| known.told.profile.as_ref());
    let audiences: Vec<_> = m.audiences.iter().map(|a| text::audience(*a)).collect();
    let recommendations: Vec<_> = m.recommendations.iter().map(u8::to_string).collect();
    let prerequisites: Vec<_> = m.prerequisites.iter().map(text::prerequisite).collect();
    [
        m.code.to_string(),
        m.external_code.clone().unwrap_or_default(),
        m.title.clone(),
        m.summary.clone(),
        text::level(m.level).to_owned(),
        audiences.join(", "),
        m.duration_minutes.to_string(),
        m.language.clone(),
        m.objectives.join("\n"),
        m.themes.join(", "),
        recommendations.join(", "),
        prerequisites.join(", "),
        m.formacodes.join(", "),
        m.nsf.join(", "),
        edition.provider.name.clone(),
        m.provider.clone(),
        profile.and_then(|p| p.siret.clone()).unwrap_or_default(),
        profile.and_then(|p| p.activity_number.clone()).unwrap_or_default(),
        m.licence.clone(),
        m.accessibility.clone(),
        m.contact.clone(),
        edition.version.number.to_string(),
        edition.version.published_at.date_naive().to_string(),
        offer.module_url(edition.code()),
    ]
}
