//! schema.org: a list of `Course`, each with its one `CourseInstance`, online and at any time.

use serde_json::{Map, Value, json};

use super::{Offer, text};
use crate::catalogue::Edition;
use crate::content::{Manifest, Prerequisite};
use crate::providers::Known;

/// The media type (JSON-LD 1.1, § C).
pub const MEDIA_TYPE: &str = "application/ld+json";

/// The offer as one JSON-LD document, every address absolute.
pub fn jsonld(offer: Offer<'_>) -> Vec<u8> {
    let items: Vec<Value> = offer
        .editions()
        .zip(1..)
        .map(|(edition, position)| {
            json!({ "@type": "ListItem", "position": position, "item": course(offer, edition) })
        })
        .collect();
    let list = json!({
        "@context": "https://schema.org",
        "@type": "ItemList",
        "@id": format!("{}/api/v1/catalogue.jsonld", offer.public_url),
        "name": "Catalogue de formation aux usages et au droit de l'IA",
        "numberOfItems": items.len(),
        "itemListElement": items,
    });
    list.to_string().into_bytes()
}

fn course(offer: Offer<'_>, edition: &Edition) -> Value {
    let m = &edition.content.manifest;
    let url = offer.module_url(edition.code());
    let roles: Vec<&str> = m.audiences.iter().map(|a| text::audience(*a)).collect();
    let mut course = json!({
        "@type": "Course",
        "@id": url,
        "url": url,
        "courseCode": m.code,
        "name": m.title,
        "description": m.summary,
        "provider": provider(offer, edition),
        "inLanguage": m.language,
        "educationalLevel": text::level(m.level),
        "audience": { "@type": "EducationalAudience", "educationalRole": roles },
        "about": m.themes,
        "teaches": m.objectives,
        "timeRequired": text::iso_duration(m.duration_minutes),
        "isAccessibleForFree": true,
        "offers": { "@type": "Offer", "category": "Free" },
        "license": licence(m),
        "accessibilitySummary": m.accessibility,
        "version": edition.version.number.to_string(),
        "dateModified": edition.version.published_at.to_rfc3339(),
        "hasCourseInstance": instance(m),
    });
    let before: Vec<Value> = m.prerequisites.iter().map(|p| prerequisite(offer, p)).collect();
    if !before.is_empty() {
        course["coursePrerequisites"] = before.into();
    }
    course
}

/// Online, for anyone, at any time.
fn instance(m: &Manifest) -> Value {
    json!({
        "@type": "CourseInstance",
        "courseMode": "online",
        "courseWorkload": text::iso_duration(m.duration_minutes),
        "inLanguage": m.language,
        "isAccessibleForFree": true,
    })
}

/// A module alone is a course; a choice between several is a sentence.
fn prerequisite(offer: Offer<'_>, prerequisite: &Prerequisite) -> Value {
    let [code] = prerequisite.any_of.as_slice() else {
        return text::prerequisite(prerequisite).into();
    };
    match offer.catalogue.get(code) {
        Some(edition) => json!({
            "@type": "Course",
            "@id": offer.module_url(code),
            "courseCode": code,
            "name": edition.content.manifest.title,
        }),
        None => text::prerequisite(prerequisite).into(),
    }
}

fn provider(offer: Offer<'_>, edition: &Edition) -> Value {
    let mut said = Map::new();
    said.insert("@type".to_owned(), "Organization".into());
    let url = offer.provider_url(&edition.content.manifest.provider);
    said.insert("@id".to_owned(), url.into());
    said.insert("name".to_owned(), edition.provider.name.clone().into());
    if let Some(known) = offer.catalogue.provider(edition.module.provider_id) {
        profile(offer, known, &mut said);
    }
    Value::Object(said)
}

fn profile(offer: Offer<'_>, known: &Known, said: &mut Map<String, Value>) {
    let Some(profile) = &known.told.profile else { return };
    let logo = profile.logo.as_ref().map(|digest| format!("{}/media/{digest}", offer.public_url));
    for (key, value) in [
        ("legalName", Some(profile.legal_name.clone())),
        ("url", profile.website.clone()),
        ("email", profile.email.clone()),
        ("telephone", profile.phone.clone()),
        ("logo", logo),
    ] {
        if let Some(value) = value {
            said.insert(key.to_owned(), value.into());
        }
    }
    let identifiers: Vec<Value> =
        [("SIRET", &profile.siret), ("numéro de déclaration d'activité", &profile.activity_number)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            .map(|(name, value)| json!({ "@type": "PropertyValue", "name": name, "value": value }))
            .collect();
    if !identifiers.is_empty() {
        said.insert("identifier".to_owned(), identifiers.into());
    }
}

/// The licence at its register: the identifiers are those of SPDX.
fn licence(manifest: &Manifest) -> String {
    format!("https://spdx.org/licenses/{}.html", manifest.licence)
}
