//! What is to be reviewed, as it is asked for, decided and told.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::content::Citations;
use crate::http::shown::shown;
use crate::references::model::{Cause, Consequence};
use crate::references::rules::State;
use crate::references::work::Item;

shown! {
    /// Why a module is to be reviewed.
    #[oai(rename = "ReviewCause")]
    pub(super) CauseShown of Cause {
        /// A text that it cites says something else now.
        Amended,
        /// An end, or a successor, was recorded for a text that it cites.
        Repealed,
        /// A text that it cites is the law no more.
        Ended,
        /// A text that it cites was to be read again by a day that has passed.
        CheckDue,
        /// The module itself was to be reviewed by a day that has passed.
        ReviewDue,
    }
}

shown! {
    /// What the next version of the module changes.
    #[oai(rename = "Consequence")]
    pub(super) ConsequenceShown of Consequence {
        /// Wording only.
        Editorial,
        /// What is taught.
        Substantive,
        /// What the law requires.
        Legal,
        /// Nothing: the module stands as it is.
        None,
    }
}

shown! {
    /// Where an item stands.
    #[oai(rename = "ReviewState")]
    pub(super) StateShown of State {
        /// Nobody has decided.
        Open,
        /// Decided, and still to be published.
        Decided,
        /// Nothing is left to do.
        Closed,
    }
}

/// What a reviewer decides.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct DecisionIn {
    /// What the next version of the module changes because of it.
    pub(super) consequence: ConsequenceShown,
    /// Why, for the authors; 1 to 2000 characters.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub(super) note: String,
}

impl Example for DecisionIn {
    fn example() -> Self {
        Self {
            consequence: ConsequenceShown::Legal,
            note: "L'interdiction s'applique : la leçon 3 doit le dire au présent.".to_owned(),
        }
    }
}

/// What was decided.
#[derive(Object)]
pub(super) struct DecisionShown {
    /// What the next version changes.
    consequence: ConsequenceShown,
    /// Why.
    note: String,
    /// When.
    at: DateTime<Utc>,
}

/// Where an item stands after a decision.
#[derive(Object)]
pub(super) struct Decided {
    /// Where it stands.
    pub(super) state: StateShown,
}

/// Something to review.
#[derive(Object)]
pub(super) struct ReviewItem {
    /// Identifier.
    id: Uuid,
    /// The module's code.
    module: String,
    /// The title of its latest version.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// The version that was the latest when it was asked.
    version: i32,
    /// The latest version now.
    #[oai(skip_serializing_if_is_none)]
    current_version: Option<i32>,
    /// Why.
    cause: CauseShown,
    /// The text, unless it is the module itself that is due.
    #[oai(skip_serializing_if_is_none)]
    reference: Option<String>,
    /// What the text is called now.
    #[oai(skip_serializing_if_is_none)]
    reference_text: Option<String>,
    /// The day that has passed.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    /// When it was asked.
    raised_at: DateTime<Utc>,
    /// Where it stands.
    state: StateShown,
    /// Slugs of the lessons of that version that link to the text.
    lessons: Vec<String>,
    /// Ids of its questions that rest on the text.
    questions: Vec<String>,
    /// The last decision.
    #[oai(skip_serializing_if_is_none)]
    decision: Option<DecisionShown>,
}

/// How many items stand where, whatever the state asked for.
#[derive(Object)]
pub(super) struct ReviewCounts {
    /// Not decided.
    pub(super) open: u64,
    /// Decided, and to be published.
    pub(super) decided: u64,
    /// Nothing left to do.
    pub(super) closed: u64,
}

/// A page of work.
#[derive(Object)]
pub(super) struct ToReview {
    /// Items, latest first.
    pub(super) items: Vec<ReviewItem>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
    /// How many items stand where.
    pub(super) counts: ReviewCounts,
}

impl ReviewItem {
    /// An item with its places, and what the version of the module calls the text.
    pub(super) fn of(item: Item, places: Citations, copy: Option<String>) -> Self {
        let Item { asked, code, current, text, decision, state } = item;
        let (title, current_version) = current.unzip();
        Self {
            id: asked.id,
            module: code,
            title,
            version: asked.module_number,
            current_version,
            cause: asked.cause.into(),
            reference: asked.slug,
            reference_text: text.or(copy),
            due_on: asked.due_on,
            raised_at: asked.raised_at,
            state: state.into(),
            lessons: places.lessons,
            questions: places.questions,
            decision: decision.map(|row| DecisionShown {
                consequence: row.consequence.into(),
                note: row.note,
                at: row.at,
            }),
        }
    }
}
