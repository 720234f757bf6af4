//! Publications to come, as the workbench tells of them.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use sea_orm::ConnectionTrait;

use crate::catalogue::workbench::Work;
use crate::error::Result;
use crate::publication::model::scheduled_publication;
use crate::publication::schedule;
use crate::web::words;

/// A publication to come.
pub(super) struct Coming {
    /// The module's code.
    pub(super) code: String,
    /// When, in Paris.
    pub(super) at: String,
}

/// What is scheduled of these modules; one statement.
pub(super) async fn coming(conn: &impl ConnectionTrait, modules: &[Work]) -> Result<Vec<Coming>> {
    let drafts = modules
        .iter()
        .filter_map(|work| work.draft.as_ref().map(|draft| (draft.id, work.module.code.as_str())));
    let drafts: std::collections::HashMap<_, _> = drafts.collect();
    let rows = schedule::coming_of(conn, drafts.keys().copied()).await?;
    let told = |row: scheduled_publication::Model| {
        let code = drafts.get(&row.draft_id)?;
        Some(Coming { code: (*code).to_owned(), at: moment(row.at) })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// An instant, where these readers are: « 1er mars 2027 à 9 h 05, heure de Paris ».
pub(super) fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&Paris);
    let hour = local.format("%-H h %M");
    format!("{} à {hour}, heure de Paris", words::date(local.date_naive()))
}
