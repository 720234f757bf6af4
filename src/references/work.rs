//! The page of work: what is to be reviewed in the modules of some providers, and where it stands.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait as _, Select,
};
use uuid::Uuid;

use super::live::{self, Decided};
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

impl Reach {
    /// Whether an edition is of a module in reach.
    fn has(&self, edition: &Edition) -> bool {
        match self {
            Reach::Everyone => true,
            Reach::Providers(ids) => ids.contains(&edition.module.provider_id),
            Reach::Module(id) => edition.module.id == *id,
        }
    }
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

/// A part of a list, latest first.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Items raised before this one; the latest when none is named.
    pub before: Option<Uuid>,
    /// Items at most.
    pub limit: u64,
}

/// What there is to review in reach, as far as it is known today.
struct Known {
    modules: HashMap<Uuid, Citing>,
    /// The keys of the questions that would be asked today.
    stands: HashSet<String>,
    /// The items that are open or decided, latest first.
    live: Decided,
    counts: Counts,
}

/// Part of the items in reach, latest first, and how many there are in all; `today` is the day in Paris.
/// What is closed stays in the database but for the part asked for: as many statements whatever the
/// number of items.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &impl ConnectionTrait,
    catalogue: &Catalogue,
    reach: &Reach,
    filter: Filter,
    part: Part,
    today: NaiveDate,
) -> Result<(Vec<Item>, Counts)> {
    let known = known(conn, catalogue, reach, filter.cause, today).await?;
    let most = usize::try_from(part.limit).unwrap_or(usize::MAX);
    let wanted = |state: State| filter.state.is_none_or(|wanted| wanted == state);
    let rows = match filter.state {
        Some(State::Closed) => closed(conn, reach, filter.cause, part, &known.live).await?,
        _ => {
            let before = |id| part.before.is_none_or(|before| id < before);
            let live = known.live.iter().filter(|(asked, decision)| {
                before(asked.id) && wanted(known.stand(asked, decision.as_ref()))
            });
            live.take(most).cloned().collect()
        }
    };
    let codes = codes(conn, rows.iter().map(|(asked, _)| asked.module_id)).await?;
    let texts = texts::named(conn, &slugs(rows.iter().map(|(asked, _)| asked))).await?;
    let item = |(asked, decision): (review_item::Model, Option<review_decision::Model>)| {
        let module = known.modules.get(&asked.module_id);
        Item {
            code: codes.get(&asked.module_id).cloned().unwrap_or_default(),
            current: module.map(|module| (module.title.clone(), module.number)),
            text: text_of(&asked, &texts),
            state: known.stand(&asked, decision.as_ref()),
            asked,
            decision,
        }
    };
    Ok((rows.into_iter().map(item).collect(), known.counts))
}

/// How many items in reach stand where.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    conn: &impl ConnectionTrait,
    catalogue: &Catalogue,
    reach: &Reach,
    today: NaiveDate,
) -> Result<Counts> {
    Ok(known(conn, catalogue, reach, None, today).await?.counts)
}

impl Known {
    fn stand(
        &self,
        asked: &review_item::Model,
        decision: Option<&review_decision::Model>,
    ) -> State {
        stand(asked, decision, self.modules.get(&asked.module_id), &self.stands)
    }
}

async fn known(
    conn: &impl ConnectionTrait,
    catalogue: &Catalogue,
    reach: &Reach,
    cause: Option<Cause>,
    today: NaiveDate,
) -> Result<Known> {
    let editions = catalogue.editions().filter(|edition| reach.has(edition));
    let modules: Vec<Citing> = editions.map(|edition| citing::of_edition(edition)).collect();
    let cited: BTreeSet<String> =
        modules.iter().flat_map(|m| m.copies.iter().map(|copy| copy.id.clone())).collect();
    let texts = texts::named(conn, &cited.into_iter().collect::<Vec<_>>()).await?;
    let stands: Vec<String> = rules::due(&texts, &modules, today).iter().map(Due::key).collect();
    let within = items(reach, cause);
    let all = within.clone().count(conn).await?;
    let live = live::live(conn, &within, &stands).await?;
    let modules = modules.into_iter().map(|module| (module.module_id, module)).collect();
    let stands = stands.into_iter().collect();
    let mut known = Known { modules, stands, live, counts: Counts::default() };
    let mut live = std::mem::take(&mut known.live);
    // A module that has left the catalogue asks nothing more.
    live.retain(|(asked, decision)| {
        let state = known.stand(asked, decision.as_ref());
        match state {
            State::Open => known.counts.open += 1,
            State::Decided => known.counts.decided += 1,
            State::Closed => {}
        }
        state != State::Closed
    });
    known.counts.closed = all.saturating_sub(live.len() as u64);
    Ok(Known { live, ..known })
}

/// Part of those items that are not live any more.
async fn closed(
    conn: &impl ConnectionTrait,
    reach: &Reach,
    cause: Option<Cause>,
    part: Part,
    live: &Decided,
) -> Result<Decided> {
    let mut rows = items(reach, cause).limit(part.limit);
    if let Some(before) = part.before {
        rows = rows.filter(review_item::COLUMN.id.lt(before));
    }
    let rows = rows.filter(review_item::COLUMN.id.is_not_in(live::ids(live)));
    live::with_decisions(conn, rows.all(conn).await?).await
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
    let texts = texts::named(conn, &slugs(std::iter::once(asked))).await?;
    let modules = module.map(std::slice::from_ref).unwrap_or_default();
    let stands = rules::due(&texts, modules, today).iter().map(Due::key).collect();
    Ok(stand(asked, decision, module, &stands))
}

/// The items in reach, latest first.
fn items(reach: &Reach, cause: Option<Cause>) -> Select<review_item::Entity> {
    let mut items = review_item::Entity::find().order_by_desc(review_item::Column::Id);
    match reach {
        Reach::Everyone => {}
        Reach::Providers(ids) => {
            let within = module::Entity::find()
                .filter(module::COLUMN.provider_id.is_in(ids.iter().copied()))
                .select_only()
                .column(module::Column::Id)
                .into_query();
            items = items.filter(review_item::COLUMN.module_id.in_subquery(within));
        }
        Reach::Module(id) => items = items.filter(review_item::COLUMN.module_id.eq(*id)),
    }
    match cause {
        Some(cause) => items.filter(review_item::Column::Cause.eq(cause)),
        None => items,
    }
}

/// The codes of some modules.
async fn codes(
    conn: &impl ConnectionTrait,
    modules: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = modules.collect();
    let rows = module::Entity::find().filter(module::COLUMN.id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|module| (module.id, module.code)).collect())
}

fn slugs<'i>(items: impl Iterator<Item = &'i review_item::Model>) -> Vec<String> {
    let slugs: BTreeSet<&String> = items.filter_map(|item| item.slug.as_ref()).collect();
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
