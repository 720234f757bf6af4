//! The page of work: what is to be reviewed in the modules of some providers, and where it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _,
};
use uuid::Uuid;

use super::model::{Cause, review_decision, review_item};
use super::rules::{self, Citing, Due, State, Texts};
use super::{citing, texts};
use crate::catalogue::model::module;
use crate::catalogue::{Catalogue, Edition};
use crate::error::Result;

/// Whose modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every provider's.
    Everyone,
    /// These providers'.
    Providers(BTreeSet<Uuid>),
    /// One module.
    Module(Uuid),
}

/// Which items.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// In this state; those that are not closed when none is named.
    pub state: Option<State>,
    /// For this cause.
    pub cause: Option<Cause>,
}

/// An item and where it stands.
#[derive(Clone, Debug)]
pub struct Item {
    /// As it was asked.
    pub asked: review_item::Model,
    /// The module's code.
    pub code: String,
    /// The title of its latest version, and the number of that version; none once nothing of the module
    /// is published.
    pub current: Option<(String, i32)>,
    /// What the text says now.
    pub text: Option<String>,
    /// The last decision.
    pub decision: Option<review_decision::Model>,
    /// Where it stands.
    pub state: State,
}

/// How many items stand where, whatever state is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not decided.
    pub open: u64,
    /// Decided, and to be published.
    pub decided: u64,
    /// Nothing left to do.
    pub closed: u64,
}

/// The items in reach, latest first, and how many there are; `today` is the day in Paris.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    catalogue: &Catalogue,
    reach: &Reach,
    filter: Filter,
    today: NaiveDate,
) -> Result<(Vec<Item>, Counts)> {
    let (codes, rows) = rows(conn, reach, filter.cause).await?;
    let decisions = decisions(conn, &rows).await?;
    let concerned: HashSet<Uuid> = rows.iter().map(|row| row.module_id).collect();
    let editions = catalogue.editions().filter(|e| concerned.contains(&e.module.id));
    let modules: Vec<Citing> = editions.map(|e| citing::of_edition(e)).collect();
    let texts = texts::named(conn, &slugs(&rows)).await?;
    let stands: HashSet<String> =
        rules::due(&texts, &modules, today).iter().map(Due::key).collect();
    let modules: HashMap<Uuid, &Citing> = modules.iter().map(|m| (m.module_id, m)).collect();
    let mut counts = Counts::default();
    let mut items = Vec::new();
    for asked in rows {
        let decision = decisions.get(&asked.id).cloned();
        let module = modules.get(&asked.module_id).copied();
        let state = stand(&asked, decision.as_ref(), module, &stands);
        match state {
            State::Open => counts.open += 1,
            State::Decided => counts.decided += 1,
            State::Closed => counts.closed += 1,
        }
        let wanted = filter.state.map_or(state != State::Closed, |wanted| wanted == state);
        if wanted {
            let code = codes.get(&asked.module_id).cloned().unwrap_or_default();
            let current = module.map(|module| (module.title.clone(), module.number));
            let text = text_of(&asked, &texts);
            items.push(Item { asked, code, current, text, decision, state });
        }
    }
    Ok((items, counts))
}

/// Where an item stands, `stands` being the keys of the questions that would be asked today.
fn stand(
    asked: &review_item::Model,
    decision: Option<&review_decision::Model>,
    module: Option<&Citing>,
    stands: &HashSet<String>,
) -> State {
    let decision = decision.map(|decision| (decision.consequence, decision.module_number));
    rules::state(decision, module.map(|m| m.number), stands.contains(&asked.natural_key))
}

/// Where one item stands, as recorded now: what a transaction decides on.
///
/// # Errors
/// When the database fails.
pub(super) async fn stand_of(
    conn: &impl ConnectionTrait,
    asked: &review_item::Model,
    decision: Option<&review_decision::Model>,
    module: Option<&Citing>,
    today: NaiveDate,
) -> Result<State> {
    let texts = texts::named(conn, &slugs(std::slice::from_ref(asked))).await?;
    let modules = module.map(std::slice::from_ref).unwrap_or_default();
    let stands = rules::due(&texts, modules, today).iter().map(Due::key).collect();
    Ok(stand(asked, decision, module, &stands))
}

/// The codes of the modules in reach, and the items about them, latest first.
async fn rows(
    conn: &impl ConnectionTrait,
    reach: &Reach,
    cause: Option<Cause>,
) -> Result<(HashMap<Uuid, String>, Vec<review_item::Model>)> {
    let mut modules = module::Entity::find();
    match reach {
        Reach::Everyone => {}
        Reach::Providers(ids) => {
            modules = modules.filter(module::COLUMN.provider_id.is_in(ids.iter().copied()));
        }
        Reach::Module(id) => modules = modules.filter(module::COLUMN.id.eq(*id)),
    }
    let within = modules.clone().select_only().column(module::Column::Id).into_query();
    let mut items = review_item::Entity::find()
        .filter(review_item::COLUMN.module_id.in_subquery(within))
        .order_by_desc(review_item::Column::Id);
    if let Some(cause) = cause {
        items = items.filter(review_item::Column::Cause.eq(cause));
    }
    let codes = modules.all(conn).await?.into_iter().map(|module| (module.id, module.code));
    Ok((codes.collect(), items.all(conn).await?))
}

/// The last decision about each item.
async fn decisions(
    conn: &impl ConnectionTrait,
    items: &[review_item::Model],
) -> Result<BTreeMap<Uuid, review_decision::Model>> {
    let mut last = BTreeMap::new();
    for some in items.chunks(crate::db::MOST_BOUND) {
        let rows = review_decision::Entity::find()
            .filter(review_decision::COLUMN.item_id.is_in(some.iter().map(|item| item.id)))
            .order_by_asc(review_decision::Column::Number);
        last.extend(rows.all(conn).await?.into_iter().map(|row| (row.item_id, row)));
    }
    Ok(last)
}

fn slugs(items: &[review_item::Model]) -> Vec<String> {
    let slugs: BTreeSet<&String> = items.iter().filter_map(|item| item.slug.as_ref()).collect();
    slugs.into_iter().cloned().collect()
}

fn text_of(asked: &review_item::Model, texts: &Texts) -> Option<String> {
    Some(texts.get(asked.slug.as_ref()?)?.latest().told.text.clone())
}

/// What the module that an edition is of says it for: the text's own copy when no register knows it.
pub fn copy_of(edition: &Edition, slug: &str) -> Option<String> {
    let copies = &edition.content.manifest.references;
    copies.iter().find(|copy| copy.id == slug).map(|copy| copy.text.clone())
}
