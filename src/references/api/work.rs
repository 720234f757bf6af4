//! What is to be reviewed: the list of a module, the page of work of a person, and decisions.

use std::collections::{BTreeSet, HashMap};

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

use super::items::{
    CauseShown, Decided, DecisionIn, ReviewCounts, ReviewItem, StateShown, ToReview,
};
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::{Principal, Scope};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::find;
use crate::content::citations;
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{DraftReader, DraftReviewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::references::decide::{self, Ruling};
use crate::references::rules::paris_day;
use crate::references::work::{self, Filter, Item, Part, Reach};

/// What is to be reviewed.
pub struct ToReviewApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::References")]
impl ToReviewApi {
    /// What is to be reviewed in the modules of the providers whose trainer, reviewer, publisher or
    /// auditor one is
    #[oai(path = "/to-review", method = "get", operation_id = "to_review")]
    async fn to_review(
        &self,
        who: DraftReader,
        /// In this state (default: those that are not closed).
        state: Query<Option<StateShown>>,
        /// For this cause.
        cause: Query<Option<CauseShown>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<ToReview>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let filter = Filter { state: state.0.map(Into::into), cause: cause.0.map(Into::into) };
        Ok(Json(self.listed(&reach(&who), filter, &page).await?))
    }

    /// What is to be reviewed in one module
    #[oai(path = "/modules/:code/to-review", method = "get", operation_id = "module_to_review")]
    async fn module_to_review(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// In this state (default: those that are not closed).
        state: Query<Option<StateShown>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<ToReview>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let module = find::by_code(self.app.db.read(), &code_of(&code)?).await?;
        policy::allow(&who, Action::ReadDraft, &Target::Provider(module.provider_id))?;
        let filter = Filter { state: state.0.map(Into::into), cause: None };
        Ok(Json(self.listed(&Reach::Module(module.id), filter, &page).await?))
    }

    /// Decide what the next version of the module changes because of an item: for the provider's
    /// reviewers
    #[oai(path = "/to-review/:id/decision", method = "post", operation_id = "decide_review")]
    async fn decide_review(
        &self,
        who: DraftReviewer,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<DecisionIn>,
    ) -> Result<Json<Decided>, Problem> {
        let DecisionIn { consequence, note } = body.0;
        let ruling = Ruling { consequence: consequence.into(), note };
        let tx = self.app.db.begin_write().await?;
        let state = decide::decide(&tx, &who, id.0, ruling, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(Decided { state: state.into() }))
    }
}

impl ToReviewApi {
    async fn listed(&self, reach: &Reach, filter: Filter, page: &Page) -> Result<ToReview> {
        let (conn, before) = (self.app.db.read(), page.before()?);
        let catalogue = self.app.shelf.current(conn).await?;
        let today = paris_day(self.app.clock.now());
        let part = Part { before, limit: page.limit };
        let (items, counts) = work::list(conn, &catalogue, reach, filter, part, today).await?;
        let next = page.next(&items, |item| item.asked.id);
        let items = self.shown(items).await?;
        let work::Counts { open, decided, closed } = counts;
        Ok(ToReview { items, next, counts: ReviewCounts { open, decided, closed } })
    }

    /// Items with the places of the version that they were asked of.
    async fn shown(&self, items: Vec<Item>) -> Result<Vec<ReviewItem>> {
        let versions: BTreeSet<Uuid> = items.iter().map(|i| i.asked.module_version_id).collect();
        let editions = self.app.shelf.editions_of(self.app.db.read(), versions).await?;
        let cited = editions.iter().map(|(id, edition)| (*id, citations(&edition.content)));
        let cited: HashMap<_, _> = cited.collect();
        let place = |item: &Item| {
            let slug = item.asked.slug.as_ref()?;
            cited.get(&item.asked.module_version_id)?.get(slug).cloned()
        };
        let copy = |item: &Item| {
            let edition = editions.get(&item.asked.module_version_id)?;
            work::copy_of(edition, item.asked.slug.as_ref()?)
        };
        Ok(items
            .into_iter()
            .map(|item| {
                let (places, copy) = (place(&item).unwrap_or_default(), copy(&item));
                ReviewItem::of(item, places, copy)
            })
            .collect())
    }
}

/// The providers whose drafts somebody may read: what there is to review is theirs.
fn reach(who: &Principal) -> Reach {
    let mut providers = BTreeSet::new();
    for held in who.holding(Action::ReadDraft.roles()) {
        match held.scope {
            Scope::National => return Reach::Everyone,
            Scope::Provider(id) => drop(providers.insert(id)),
            Scope::Organisation(_) | Scope::Perimeter(_) | Scope::Machine => {}
        }
    }
    Reach::Providers(providers)
}
