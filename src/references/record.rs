//! Recording what a text says: a text that was not known, or a new version of one that is. Whoever
//! cites it is told in the same transaction.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::model::{legal_reference, legal_reference_version};
use super::rules::{paris_day, says_the_same};
use super::{flags, texts};
use crate::accounts::Principal;
use crate::clock;
use crate::content::Reference;
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// Longest note, in characters.
const NOTE: usize = 1_000;

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its latest version.
    pub version: legal_reference_version::Model,
    /// Whether it is new.
    pub new: bool,
    /// How many modules are to be reviewed because of it.
    pub to_review: u64,
}

/// Who says what of a text, and why it changed.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What it says.
    pub told: Reference,
    /// What changed, for those who review.
    pub note: Option<String>,
}

/// Records a text that was not known, as its version 1.
///
/// # Errors
/// `invalid-values`; `reference-id-taken` when it is known.
pub async fn create(
    tx: &DatabaseTransaction,
    who: &Principal,
    telling: Telling,
    now: DateTime<Utc>,
) -> Result<Recorded> {
    check(&telling, "/version", now)?;
    let slug = &telling.told.id;
    let (text_id, text) = text_row(slug, now);
    if add_texts(tx, [text]).await? == 0 {
        return Err(Reason::ReferenceIdTaken.into());
    }
    let by = Some(who.account_id);
    let row = row(text_id, 1, &telling.told, telling.note.clone(), by, now);
    let version = row.insert(tx).await?;
    let detail = json!({ "number": 1 });
    journal::act(tx, by, "reference.create", ("reference", slug), detail, now).await?;
    Ok(Recorded { version, new: true, to_review: 0 })
}

/// A text, kept from changing until the transaction ends, and its latest version.
///
/// # Errors
/// `not-found`.
pub async fn locked(
    tx: &DatabaseTransaction,
    slug: &str,
) -> Result<(legal_reference::Model, legal_reference_version::Model)> {
    let text = legal_reference::Entity::find()
        .filter(legal_reference::COLUMN.slug.eq(slug))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Reason::NotFound)?;
    let latest = texts::versions_of(tx, text.id).await?.pop().ok_or(Reason::Internal)?;
    Ok((text, latest))
}

/// Records what a text says from now on, after the version that [`locked`] answered, and asks for the
/// review of every module that cites it if the law has changed. What says the same as before, to the
/// letter, is no version.
///
/// # Errors
/// `invalid-values`, both dates named when it ends before it begins.
pub async fn revise(
    tx: &DatabaseTransaction,
    who: &Principal,
    (text, latest): (legal_reference::Model, legal_reference_version::Model),
    telling: Telling,
    now: DateTime<Utc>,
) -> Result<Recorded> {
    check(&telling, "", now)?;
    let before = texts::read(&text.slug, latest.clone()).told;
    if before == telling.told {
        return Ok(Recorded { version: latest, new: false, to_review: 0 });
    }
    let by = Some(who.account_id);
    let row = row(text.id, latest.number + 1, &telling.told, telling.note, by, now);
    let version = row.insert(tx).await?;
    let slugs = [text.slug];
    let to_review = match says_the_same(&before, &telling.told) {
        true => 0,
        false => flags::changed(tx, &slugs, now).await?,
    };
    let detail = json!({ "number": version.number, "to_review": to_review });
    let [slug] = slugs;
    journal::act(tx, by, "reference.revise", ("reference", slug), detail, now).await?;
    Ok(Recorded { version, new: true, to_review })
}

/// The row of a text, and its id.
pub(super) fn text_row(slug: &str, now: DateTime<Utc>) -> (Uuid, legal_reference::ActiveModel) {
    let id = clock::new_id();
    let slug = Set(slug.to_owned());
    (id, legal_reference::ActiveModel { id: Set(id), slug, created_at: Set(now) })
}

/// Adds those of the texts whose slugs are not taken; answers how many.
pub(super) async fn add_texts(
    tx: &DatabaseTransaction,
    rows: impl IntoIterator<Item = legal_reference::ActiveModel>,
) -> Result<u64> {
    let added = legal_reference::Entity::insert_many(rows)
        .on_conflict(OnConflict::column(legal_reference::Column::Slug).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(added)
}

/// The row of a version.
pub(super) fn row(
    text_id: Uuid,
    number: i32,
    told: &Reference,
    note: Option<String>,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> legal_reference_version::ActiveModel {
    legal_reference_version::ActiveModel {
        id: Set(clock::new_id()),
        reference_id: Set(text_id),
        number: Set(number),
        text: Set(told.text.clone()),
        article: Set(told.article.clone()),
        url: Set(told.url.clone()),
        eli: Set(told.eli.clone()),
        celex: Set(told.celex.clone()),
        legifrance: Set(told.legifrance.clone()),
        grade: Set(told.grade.into()),
        verified_on: Set(told.verified_on),
        in_force_from: Set(told.in_force_from),
        in_force_to: Set(told.in_force_to),
        superseded_by: Set(told.superseded_by.clone()),
        check_by: Set(told.check_by),
        change_note: Set(note),
        recorded_at: Set(now),
        recorded_by: Set(by),
    }
}

/// Everything at fault, named by its place in the body: the text is `under` that pointer.
fn check(telling: &Telling, under: &str, now: DateTime<Utc>) -> Result<()> {
    let (told, mut faults) = (&telling.told, Faults::default());
    let at = |field: &str| match field {
        "id" => "/id".to_owned(),
        field => format!("{under}/{field}"),
    };
    faults.check_text(&told.text, &at("text"), 600);
    let texts = [
        (&told.article, "article", 120),
        (&told.superseded_by, "superseded_by", 200),
        (&telling.note, "note", NOTE),
    ];
    for (text, field, most) in texts {
        if let Some(text) = text {
            faults.check_text(text, &at(field), most);
        }
    }
    for flaw in told.flaws() {
        faults.check(false, &at(flaw.field), flaw.fr, flaw.en);
    }
    let today = paris_day(now);
    faults.check(
        told.verified_on <= today,
        &at("verified_on"),
        format!("({}) est à venir : donnez le jour où le texte a été lu", told.verified_on),
        format!("({}) lies ahead: give the day on which the text was read", told.verified_on),
    );
    faults.refuse()
}
