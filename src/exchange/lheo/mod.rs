//! LHEO 2.3, the State's language for the offer of training (<https://lheo.gouv.fr>).
//!
//! A module is a *formation* that anyone begins at any time, wholly at a distance. LHEO wants of each
//! an activity number, a SIRET and an address where one enrols: the modules of providers that have not
//! all three are left out, and their number is said in a comment at the head.

mod formation;
mod organisation;
mod xml;

use std::sync::Arc;

use super::Offer;
use crate::catalogue::Edition;
use organisation::Body;
use xml::Xml;

/// The media type.
pub const MEDIA_TYPE: &str = "application/xml";

/// An offer in LHEO.
#[derive(Clone, Debug)]
pub struct Lheo {
    /// The document; none when no module can be told, since LHEO has no empty offer.
    pub document: Option<Vec<u8>>,
    /// How many modules were left out.
    pub left_out: usize,
}

/// Tells an offer in LHEO.
///
/// # Errors
/// None in practice: it is written in memory.
pub fn lheo(offer: Offer<'_>) -> anyhow::Result<Lheo> {
    let (told, left_out): (Vec<_>, Vec<_>) = offer
        .editions()
        .map(|edition| (edition, body(offer, edition)))
        .partition(|(_, b)| b.is_some());
    let left_out = left_out.len();
    if told.is_empty() {
        return Ok(Lheo { document: None, left_out });
    }
    let mut xml = Xml::new()?;
    xml.comment(&format!(
        " {} formations. {left_out} modules laissés de côté : leur organisme n'a pas dit son numéro \
         d'activité, son SIRET ou son adresse. ",
        told.len()
    ))?;
    xml.with("lheo", &[("xmlns", "http://lheo.gouv.fr/2.3")], |xml| {
        xml.within("offres", |xml| {
            let mut told = told.into_iter().filter_map(|(edition, body)| Some((edition, body?)));
            told.try_for_each(|(edition, body)| formation::write(xml, offer, edition, &body))
        })
    })?;
    Ok(Lheo { document: Some(xml.into_bytes()), left_out })
}

fn body<'a>(offer: Offer<'a>, edition: &Arc<Edition>) -> Option<Body<'a>> {
    Body::of(offer.catalogue.provider(edition.module.provider_id)?)
}
