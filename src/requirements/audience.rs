//! Whom a requirement concerns: conditions on a capacity and its organisation. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::people::model::{CapacityKind, Standing, capacity};
use crate::territory::model::OrganisationKind;
use crate::text::folded;

/// Whom a requirement concerns: whoever fulfils one of the conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// The conditions.
    pub any_of: Vec<Condition>,
}

/// A condition: everything that it says must hold. One that says nothing holds of everybody. A list
/// holds when one of its words does; words are compared whole, without case or accents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// `elu` or `agent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Types of mandate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mandates: Vec<String>,
    /// Functions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<String>,
    /// Whether an élu holds a delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation: Option<bool>,
    /// Categories of agents: A, B, C.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Whether an administrative manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<bool>,
    /// Legal situations of agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub employments: Vec<String>,
    /// Functional posts of agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub functional_posts: Vec<String>,
    /// Cadres d'emplois of agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cadres_emplois: Vec<String>,
    /// Whether the capacity must be confirmed; a declared one does otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confirmed_only: bool,
    /// Kinds of organisation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organisation_kinds: Vec<String>,
    /// The least population; an organisation whose population is unknown has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_min: Option<i32>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_max: Option<i32>,
    /// References of EPCI, départements, régions, CDG or organisations: the organisation is one of
    /// them, in one of them, or affiliated to one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
}

/// An organisation, as far as audiences go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organisation.
    pub id: Uuid,
    /// What it is.
    pub kind: OrganisationKind,
    /// How many live there.
    pub population: Option<i32>,
    /// Its time zone.
    pub time_zone: String,
    /// Itself, what it is in, and what it is affiliated to, with the days on which it is.
    pub within: Vec<(Uuid, NaiveDate, Option<NaiveDate>)>,
}

/// References as ids of organisations.
pub type Territories = BTreeMap<String, Uuid>;

impl Audience {
    /// The references that its conditions name.
    pub fn references(&self) -> BTreeSet<&str> {
        self.any_of.iter().flat_map(|c| &c.within).map(String::as_str).collect()
    }

    /// Whether one of its conditions says nothing, and so concerns everybody.
    pub fn is_everyone(&self) -> bool {
        self.any_of.contains(&Condition::default())
    }
}

/// Whether an audience extends to a capacity of an organisation on a day. The capacity must be in
/// force that day.
pub fn applies(
    audience: &Audience,
    capacity: &capacity::Model,
    place: &Place,
    territories: &Territories,
    on: NaiveDate,
) -> bool {
    let in_force = capacity.valid_from <= on && capacity.valid_to.is_none_or(|end| on < end);
    in_force
        && audience
            .any_of
            .iter()
            .any(|c| of_person(c, capacity, on) && of_place(c, place, territories, on))
}

fn of_person(condition: &Condition, capacity: &capacity::Model, on: NaiveDate) -> bool {
    let c = condition;
    let kind = match capacity.kind {
        CapacityKind::Elu => "elu",
        CapacityKind::Agent => "agent",
    };
    let delegated = capacity.kind == CapacityKind::Elu
        && capacity.delegation.is_some()
        && capacity.delegation_on.is_none_or(|since| since <= on);
    c.kind.as_deref().is_none_or(|wanted| wanted == kind)
        && among(&c.mandates, capacity.mandate.as_deref())
        && among(&c.functions, capacity.function.as_deref())
        && c.delegation.is_none_or(|wanted| wanted == delegated)
        && among(&c.categories, capacity.category.as_deref())
        && c.manager.is_none_or(|wanted| wanted == capacity.manager)
        && among(&c.employments, capacity.employment.as_deref())
        && among(&c.functional_posts, capacity.functional_post.as_deref())
        && among(&c.cadres_emplois, capacity.cadre_emplois.as_deref())
        && (!c.confirmed_only || capacity.standing == Standing::Confirmed)
}

fn of_place(c: &Condition, place: &Place, territories: &Territories, on: NaiveDate) -> bool {
    use sea_orm::ActiveEnum as _;
    let kind = place.kind.to_value();
    let holds = |(_, from, to): &&(Uuid, NaiveDate, Option<NaiveDate>)| {
        *from <= on && to.is_none_or(|end| on < end)
    };
    let is_within = |reference: &String| {
        let wanted = territories.get(reference);
        wanted.is_some_and(|id| place.within.iter().filter(holds).any(|(found, ..)| found == id))
    };
    (c.organisation_kinds.is_empty() || c.organisation_kinds.contains(&kind))
        && c.population_min.is_none_or(|least| place.population.is_some_and(|n| least <= n))
        && c.population_max.is_none_or(|most| place.population.is_some_and(|n| n <= most))
        && (c.within.is_empty() || c.within.iter().any(is_within))
}

/// Whether a list says nothing, or holds the word.
fn among(wanted: &[String], found: Option<&str>) -> bool {
    wanted.is_empty()
        || found.is_some_and(|found| {
            let found = folded(found);
            wanted.iter().any(|word| folded(word) == found)
        })
}
