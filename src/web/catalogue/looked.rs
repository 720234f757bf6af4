//! What is looked for in the catalogue, as an address says it: `/catalogue?q=…&theme=…`.

use crate::catalogue::search::{self, Band};
use crate::content::{Audience, Level};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::http::query;

/// Longest question, in characters, as in the API.
pub const LONGEST: usize = 200;
/// Modules on a page.
pub const PER_PAGE: usize = 20;

/// The order of what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As the search ranks it.
    #[default]
    Relevance,
    /// The latest publication first.
    Date,
    /// The shortest first.
    Duration,
}

impl Sort {
    /// Every order, with its word in addresses and its name.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Relevance, "pertinence", "Pertinence"),
        (Self::Date, "date", "Les plus récents"),
        (Self::Duration, "duree", "Les plus courts"),
    ];

    /// The order as the search names it; its usual one for what nobody chose.
    pub fn of_search(self) -> Option<search::Sort> {
        match self {
            Self::Relevance => None,
            Self::Date => Some(search::Sort::Date),
            Self::Duration => Some(search::Sort::Duration),
        }
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Words.
    pub q: String,
    /// A theme.
    pub theme: Option<String>,
    /// A public.
    pub audience: Option<Audience>,
    /// A level.
    pub level: Option<Level>,
    /// A recommendation of Senate report n° 447.
    pub recommendation: Option<u8>,
    /// A provider, by its reference.
    pub provider: Option<String>,
    /// A band of durations.
    pub duration: Option<Band>,
    /// The order.
    pub sort: Sort,
    /// The page, from 0.
    pub page: usize,
}

impl Looked {
    /// Reads the query of an address. What is not of ours is left alone: other sites add their own.
    ///
    /// # Errors
    /// `unreadable-request`; `invalid-parameter`, naming every value that means nothing here.
    pub fn read(asked: &str) -> Result<Self> {
        let query = asked.split_once('?').map_or("", |(_, query)| query);
        let (mut looked, mut faults) = (Self::default(), Vec::new());
        for (name, value) in query::pairs(query)? {
            if value.is_empty() {
                continue;
            }
            if let Some(remedy) = looked.take(&name, value) {
                faults.push(Fault::new(name, remedy, "unknown value"));
            }
        }
        if faults.is_empty() {
            return Ok(looked);
        }
        Err(Refusal::naming(Reason::InvalidParameter, faults).into())
    }

    /// Takes one value; what it should have been, if it means nothing.
    fn take(&mut self, name: &str, value: String) -> Option<&'static str> {
        match name {
            "q" if value.chars().count() > LONGEST => {
                return Some("200 caractères au plus : gardez les mots qui comptent");
            }
            "q" => self.q = value,
            "theme" if value.chars().count() > 100 => return Some("thème inconnu"),
            "theme" => self.theme = Some(value),
            "public" => match Audience::parse(&value) {
                None => return Some("elu, agent ou cadre"),
                known => self.audience = known,
            },
            "niveau" => match Level::parse(&value) {
                None => return Some("awareness ou training"),
                known => self.level = known,
            },
            "recommandation" => match value.parse().ok().filter(|n| (1..=11).contains(n)) {
                None => return Some("un nombre de 1 à 11"),
                known => self.recommendation = known,
            },
            "organisme" if value.chars().count() > 100 => return Some("organisme inconnu"),
            "organisme" => self.provider = Some(value),
            "duree" => match Band::parse(&value) {
                None => return Some("0-15, 16-30, 31-60 ou 61- (en minutes)"),
                known => self.duration = known,
            },
            "tri" => match Sort::ALL.iter().find(|(_, word, _)| *word == value) {
                None => return Some("pertinence, date ou duree"),
                Some((sort, ..)) => self.sort = *sort,
            },
            "page" => match value.parse::<usize>().ok().filter(|n| (1..=100_000).contains(n)) {
                None => return Some("un nombre à partir de 1"),
                Some(page) => self.page = page - 1,
            },
            _ => {}
        }
        None
    }

    /// The fields that narrow, name and value, without the words and the page.
    pub fn narrowing(&self) -> Vec<(&'static str, String)> {
        let sort = Sort::ALL.iter().find(|(sort, ..)| *sort == self.sort);
        let sort = sort.filter(|_| self.sort != Sort::default());
        [
            ("theme", self.theme.clone()),
            ("public", self.audience.map(|a| a.to_string())),
            ("niveau", self.level.map(|l| l.to_string())),
            ("recommandation", self.recommendation.map(|r| r.to_string())),
            ("organisme", self.provider.clone()),
            ("duree", self.duration.map(|band| band.code().to_owned())),
            ("tri", sort.map(|(_, word, _)| (*word).to_owned())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// Whether anything narrows what is found, words aside.
    pub fn is_narrowed(&self) -> bool {
        let plain = Self { q: self.q.clone(), sort: self.sort, page: self.page, ..Self::default() };
        *self != plain
    }

    /// The address that says the same.
    pub fn address(&self) -> String {
        let words = Some(("q", self.q.clone())).filter(|(_, q)| !q.is_empty());
        let page = (self.page > 0).then(|| ("page", (self.page + 1).to_string()));
        let pairs = words.into_iter().chain(self.narrowing()).chain(page);
        let pairs: Vec<_> =
            pairs.map(|(name, value)| format!("{name}={}", query::encoded(&value))).collect();
        match pairs.is_empty() {
            true => "/catalogue".to_owned(),
            false => format!("/catalogue?{}", pairs.join("&")),
        }
    }

    /// The address of this, changed, from its first page.
    pub fn changed(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { page: 0, ..self.clone() };
        change(&mut other);
        other.address()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_is_looked_for() {
        let asked = "/catalogue?q=l%27%C3%A9lue+1&theme=ia&public=elu&niveau=training&recommandation=8&organisme=local%3Amaitrise&duree=16-30&tri=date&page=2&fbclid=x&theme=";
        let looked = Looked::read(asked).expect("readable");
        assert_eq!((looked.q.as_str(), looked.page), ("l'élue 1", 1));
        assert_eq!(Looked::read(&looked.address()).expect("its own"), looked);
        assert_eq!(Looked::read("/catalogue").expect("nothing").address(), "/catalogue");
        let without = looked.changed(|other| other.theme = None);
        assert!(!without.contains("theme") && !without.contains("page="), "{without}");
    }

    #[test]
    fn what_means_nothing_is_refused_by_name() {
        let long = format!("q={}", "x".repeat(201));
        for wrong in [
            "public=maire",
            "niveau=x",
            "recommandation=12",
            "duree=1",
            "tri=x",
            "page=0",
            "page=-1",
            &long,
        ] {
            assert!(Looked::read(&format!("/catalogue?{wrong}")).is_err(), "{wrong}");
        }
        assert!(Looked::read("/catalogue?q=%00").is_err());
    }
}
