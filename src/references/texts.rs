//! Reading texts with their versions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::model::{legal_reference, legal_reference_version};
use super::rules::{Text, Texts, Version};
use crate::content::Reference;
use crate::db::MOST_BOUND;
use crate::error::{Reason, Result};
use crate::text;

/// Every text.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Texts> {
    let texts = legal_reference::Entity::find().all(conn).await?;
    let versions = legal_reference_version::Entity::find().all(conn).await?;
    Ok(gathered(texts, versions))
}

/// The texts of these slugs, those that are known.
///
/// # Errors
/// When the database fails.
pub async fn named(conn: &impl ConnectionTrait, slugs: &[String]) -> Result<Texts> {
    let (mut texts, mut versions) = (Vec::new(), Vec::new());
    for some in slugs.chunks(MOST_BOUND) {
        let found = legal_reference::Entity::find()
            .filter(legal_reference::COLUMN.slug.is_in(some.iter().map(String::as_str)))
            .all(conn)
            .await?;
        let ids = found.iter().map(|text| text.id);
        let of_them = legal_reference_version::Entity::find()
            .filter(legal_reference_version::COLUMN.reference_id.is_in(ids));
        versions.extend(of_them.all(conn).await?);
        texts.extend(found);
    }
    Ok(gathered(texts, versions))
}

/// A text as its rows, the versions oldest first.
///
/// # Errors
/// `not-found`.
pub async fn history(
    conn: &impl ConnectionTrait,
    slug: &str,
) -> Result<(legal_reference::Model, Vec<legal_reference_version::Model>)> {
    let text = legal_reference::Entity::find()
        .filter(legal_reference::COLUMN.slug.eq(slug))
        .one(conn)
        .await?
        .ok_or(Reason::NotFound)?;
    let versions = versions_of(conn, text.id).await?;
    Ok((text, versions))
}

/// The versions of a text, oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn versions_of(
    conn: &impl ConnectionTrait,
    text_id: Uuid,
) -> Result<Vec<legal_reference_version::Model>> {
    Ok(legal_reference_version::Entity::find()
        .filter(legal_reference_version::COLUMN.reference_id.eq(text_id))
        .order_by_asc(legal_reference_version::Column::Number)
        .all(conn)
        .await?)
}

fn gathered(
    texts: Vec<legal_reference::Model>,
    versions: Vec<legal_reference_version::Model>,
) -> Texts {
    let mut by_text: HashMap<Uuid, Vec<legal_reference_version::Model>> = HashMap::new();
    for version in versions {
        by_text.entry(version.reference_id).or_default().push(version);
    }
    let read = |text: legal_reference::Model| {
        let versions = by_text.remove(&text.id).unwrap_or_default();
        let versions = versions.into_iter().map(|row| read(&text.slug, row)).collect();
        Some((text.slug, Text::of(versions)?))
    };
    texts.into_iter().filter_map(read).collect::<BTreeMap<_, _>>()
}

/// What a row says, of the text of that slug.
pub fn read(slug: &str, row: legal_reference_version::Model) -> Version {
    let told = Reference {
        id: slug.to_owned(),
        text: row.text,
        article: row.article,
        url: row.url,
        eli: row.eli,
        celex: row.celex,
        legifrance: row.legifrance,
        grade: row.grade.into(),
        verified_on: row.verified_on,
        in_force_from: row.in_force_from,
        in_force_to: row.in_force_to,
        superseded_by: row.superseded_by,
        check_by: row.check_by,
    };
    Version { id: row.id, number: row.number, told }
}

/// Which texts are listed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// That hold all these words.
    pub words: Option<String>,
    /// That end, or must be read again, before this day.
    pub due_before: Option<NaiveDate>,
    /// Of these slugs.
    pub among: Option<BTreeSet<String>>,
}

/// The latest version of the texts that are wanted, by slug.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    wanted: &Wanted,
) -> Result<Vec<(String, legal_reference_version::Model)>> {
    let mut numbers = Query::select();
    numbers
        .column(legal_reference_version::Column::ReferenceId)
        .expr(Expr::col(legal_reference_version::Column::Number).max())
        .from(legal_reference_version::Entity)
        .group_by_col(legal_reference_version::Column::ReferenceId);
    let key = [
        Expr::col(legal_reference_version::Column::ReferenceId),
        Expr::col(legal_reference_version::Column::Number),
    ];
    let versions = legal_reference_version::Entity::find()
        .filter(Expr::tuple(key).in_subquery(numbers.to_owned()))
        .all(conn)
        .await?;
    let slugs: HashMap<Uuid, String> = legal_reference::Entity::find()
        .all(conn)
        .await?
        .into_iter()
        .map(|text| (text.id, text.slug))
        .collect();
    let words = wanted.words.as_deref().map(text::folded).unwrap_or_default();
    let words: Vec<&str> = words.split_whitespace().collect();
    let named = versions.into_iter().filter_map(|row| Some((slugs.get(&row.reference_id)?, row)));
    let kept = named.filter(|(slug, row)| is_wanted(wanted, &words, slug, row));
    Ok(kept.map(|(slug, row)| (slug.clone(), row)).collect())
}

fn is_wanted(
    wanted: &Wanted,
    words: &[&str],
    slug: &str,
    row: &legal_reference_version::Model,
) -> bool {
    if wanted.among.as_ref().is_some_and(|among| !among.contains(slug)) {
        return false;
    }
    let before = |date: Option<NaiveDate>, day: NaiveDate| date.is_some_and(|date| date < day);
    let due = |day| before(row.check_by, day) || before(row.in_force_to, day);
    if wanted.due_before.is_some_and(|day| !due(day)) {
        return false;
    }
    if words.is_empty() {
        return true;
    }
    let article = row.article.as_deref().unwrap_or_default();
    let folded = text::folded(&format!("{slug} {} {article}", row.text));
    words.iter().all(|word| folded.contains(word))
}
