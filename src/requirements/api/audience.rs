//! Audiences as they are sent and told.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

use crate::requirements::audience::{Audience, Condition};

/// Élu or agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "RequirementCapacity", rename_all = "snake_case")]
enum CapacityShown {
    /// Elected official.
    Elu,
    /// Agent.
    Agent,
}

/// A condition: everything that it says must hold; one that says nothing holds of everybody. A list
/// holds when one of its words does; words are compared whole, without case or accents.
#[derive(Clone, Debug, Default, Object)]
#[oai(deny_unknown_fields, rename = "AudienceCondition")]
struct ConditionShown {
    /// Élu or agent.
    #[oai(skip_serializing_if_is_none)]
    kind: Option<CapacityShown>,
    /// Types of mandate; 50 at most.
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    mandates: Option<Vec<String>>,
    /// Functions; 50 at most.
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    functions: Option<Vec<String>>,
    /// Whether an élu holds a delegation.
    #[oai(skip_serializing_if_is_none)]
    delegation: Option<bool>,
    /// Categories of agents.
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    categories: Option<Vec<String>>,
    /// Whether an administrative manager.
    #[oai(skip_serializing_if_is_none)]
    manager: Option<bool>,
    /// Legal situations of agents: `titulaire`, `contractuel` …
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    employments: Option<Vec<String>>,
    /// Functional posts: DGS, DGA …
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    functional_posts: Option<Vec<String>>,
    /// Cadres d'emplois.
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    cadres_emplois: Option<Vec<String>>,
    /// Whether the capacity must be confirmed; otherwise a declared one does too.
    #[oai(default)]
    confirmed_only: bool,
    /// Kinds of organisation: `commune`, `epci`, `departement`, `region` …
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    organisation_kinds: Option<Vec<String>>,
    /// The least population.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    population_min: Option<i32>,
    /// The most.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0")))]
    population_max: Option<i32>,
    /// References of EPCI, départements, régions, CDG or organisations, one of which the organisation
    /// is, is in, or is affiliated to.
    #[oai(skip_serializing_if_is_none, validator(max_items = 50))]
    within: Option<Vec<String>>,
}

/// For whom: whoever fulfils one of the conditions.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "RequirementAudience")]
pub(super) struct AudienceShown {
    /// The conditions; 1 to 50.
    #[oai(validator(max_items = 50))]
    any_of: Vec<ConditionShown>,
}

impl Example for AudienceShown {
    /// The élus of communes who hold a delegation.
    fn example() -> Self {
        let elus = ConditionShown {
            kind: Some(CapacityShown::Elu),
            delegation: Some(true),
            organisation_kinds: Some(vec!["commune".to_owned()]),
            ..ConditionShown::default()
        };
        Self { any_of: vec![elus] }
    }
}

impl From<AudienceShown> for Audience {
    fn from(audience: AudienceShown) -> Self {
        Self { any_of: audience.any_of.into_iter().map(Into::into).collect() }
    }
}

impl From<Audience> for AudienceShown {
    fn from(audience: Audience) -> Self {
        Self { any_of: audience.any_of.into_iter().map(Into::into).collect() }
    }
}

impl From<ConditionShown> for Condition {
    fn from(c: ConditionShown) -> Self {
        let kind = |kind| match kind {
            CapacityShown::Elu => "elu".to_owned(),
            CapacityShown::Agent => "agent".to_owned(),
        };
        Self {
            kind: c.kind.map(kind),
            mandates: c.mandates.unwrap_or_default(),
            functions: c.functions.unwrap_or_default(),
            delegation: c.delegation,
            categories: c.categories.unwrap_or_default(),
            manager: c.manager,
            employments: c.employments.unwrap_or_default(),
            functional_posts: c.functional_posts.unwrap_or_default(),
            cadres_emplois: c.cadres_emplois.unwrap_or_default(),
            confirmed_only: c.confirmed_only,
            organisation_kinds: c.organisation_kinds.unwrap_or_default(),
            population_min: c.population_min,
            population_max: c.population_max,
            within: c.within.unwrap_or_default(),
        }
    }
}

impl From<Condition> for ConditionShown {
    fn from(c: Condition) -> Self {
        let kind = |kind: String| match kind.as_str() {
            "elu" => CapacityShown::Elu,
            _ => CapacityShown::Agent,
        };
        let list = |list: Vec<String>| (!list.is_empty()).then_some(list);
        Self {
            kind: c.kind.map(kind),
            mandates: list(c.mandates),
            functions: list(c.functions),
            delegation: c.delegation,
            categories: list(c.categories),
            manager: c.manager,
            employments: list(c.employments),
            functional_posts: list(c.functional_posts),
            cadres_emplois: list(c.cadres_emplois),
            confirmed_only: c.confirmed_only,
            organisation_kinds: list(c.organisation_kinds),
            population_min: c.population_min,
            population_max: c.population_max,
            within: list(c.within),
        }
    }
}
