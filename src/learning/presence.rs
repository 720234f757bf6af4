//! Time spent on lessons: bounded and honest. A page that is read says so from time to time; what is
//! counted is never more than what the clock of this server measured since the same person's last beat,
//! on whatever page: two tabs are not two hours. No completion depends on it.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::Paris;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _, QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use super::lessons;
use super::model::{presence, time_spent};
use super::study::Study;
use crate::error::Result;

/// The most that one beat counts, in seconds: who beats more seldom has gone away.
pub const MOST_SECONDS: u32 = 300;

/// How long the last beat of a person is of use.
const FORGOTTEN_AFTER: Duration = Duration::days(1);

/// The seconds that a beat counts: those claimed, never more than have passed since the last one, nor
/// than one beat may.
pub fn counted(claimed: u32, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> u32 {
    let passed = last.map_or(0, |last| (now - last).num_seconds());
    claimed.min(u32::try_from(passed).unwrap_or(0)).min(MOST_SECONDS)
}

/// A learner is reading a lesson, as they have for `claimed` seconds. Answers the seconds counted.
///
/// # Errors
/// `not-found` for another slug, `enrolment-closed` after a withdrawal.
pub async fn beat(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    slug: &str,
    claimed: u32,
) -> Result<u32> {
    let lesson = lessons::find(&study.edition, slug)?.slug.clone();
    study.open_facts(tx).await?;
    let last = last_beat(tx, study, &lesson).await?;
    let counted = counted(claimed, last, study.now);
    if counted > 0 {
        add(tx, study, lesson, counted).await?;
    }
    Ok(counted)
}

/// When the same person was last somewhere, from now on here; none the first time. A clock set back
/// moves it no further back: what it measured once is not measured again.
async fn last_beat(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    lesson: &str,
) -> Result<Option<DateTime<Utc>>> {
    let person_id = study.enrolment.person_id;
    let Some(last) = presence::Entity::find_by_id(person_id).lock_exclusive().one(tx).await? else {
        let first = presence::Model {
            person_id,
            enrolment_id: study.enrolment.id,
            lesson: lesson.to_owned(),
            at: study.now,
        };
        let once = OnConflict::column(presence::Column::PersonId).do_nothing().to_owned();
        presence::Entity::insert(first.into_active_model().reset_all())
            .on_conflict(once)
            .exec_without_returning(tx)
            .await?;
        return Ok(None);
    };
    let at = last.at;
    let mut here = last.into_active_model();
    here.enrolment_id = Set(study.enrolment.id);
    here.lesson = Set(lesson.to_owned());
    here.at = Set(at.max(study.now));
    here.update(tx).await?;
    Ok(Some(at))
}

/// Adds seconds to the row of this enrolment, lesson and day.
async fn add(
    tx: &DatabaseTransaction,
    study: &Study<'_>,
    lesson: String,
    seconds: u32,
) -> Result<()> {
    use sea_orm::sea_query::ExprTrait as _;
    use time_spent::Column::{Day, EnrolmentId, Lesson, Seconds};
    let seconds = i32::try_from(seconds).map_err(anyhow::Error::from)?;
    let row = time_spent::ActiveModel {
        enrolment_id: Set(study.enrolment.id),
        lesson: Set(lesson),
        day: Set(study.now.with_timezone(&Paris).date_naive()),
        seconds: Set(seconds),
    };
    let more = OnConflict::columns([EnrolmentId, Lesson, Day])
        .value(Seconds, Expr::col((time_spent::Entity, Seconds)).add(seconds))
        .to_owned();
    time_spent::Entity::insert(row).on_conflict(more).exec_without_returning(tx).await?;
    Ok(())
}

/// Whole minutes spent in each of several enrolments; nothing for those in which none was measured.
///
/// # Errors
/// When the database fails.
pub async fn minutes(
    conn: &impl ConnectionTrait,
    enrolment_ids: &[Uuid],
) -> Result<HashMap<Uuid, u32>> {
    let rows: Vec<(Uuid, i64)> = time_spent::Entity::find()
        .select_only()
        .column(time_spent::Column::EnrolmentId)
        .column_as(time_spent::Column::Seconds.sum(), "seconds")
        .filter(time_spent::Column::EnrolmentId.is_in(enrolment_ids.iter().copied()))
        .group_by(time_spent::Column::EnrolmentId)
        .into_tuple()
        .all(conn)
        .await?;
    let minutes = |seconds: i64| u32::try_from(seconds / 60).unwrap_or(0);
    Ok(rows.into_iter().map(|(id, seconds)| (id, minutes(seconds))).collect())
}

/// Forgets where people were last, once nothing can be measured from it.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    let old = presence::Column::At.lt(now - FORGOTTEN_AFTER);
    presence::Entity::delete_many().filter(old).exec(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("an instant")
    }

    #[test]
    fn a_beat_counts_what_is_claimed_has_passed_and_is_plausible() {
        assert_eq!(counted(60, None, at(0)), 0, "the first measures nothing");
        assert_eq!(counted(60, Some(at(0)), at(60)), 60);
        assert_eq!(counted(60, Some(at(0)), at(20)), 20, "no more than has passed");
        assert_eq!(counted(60, Some(at(0)), at(9_000)), 60, "away, then back");
        assert_eq!(counted(9_000, Some(at(0)), at(9_000)), MOST_SECONDS);
        assert_eq!(counted(60, Some(at(100)), at(0)), 0, "a clock set back");
    }

    proptest! {
        /// Whatever is claimed, from however many tabs, in whatever order of clocks.
        #[test]
        fn all_beats_together_never_count_more_than_the_clock(
            beats in prop::collection::vec((0_u32..400, -50_i64..400), 0..40),
        ) {
            let (mut now, mut last, mut total) = (0, None, 0_i64);
            let mut span: Option<(i64, i64)> = None;
            for (claimed, step) in beats {
                now += step;
                let (first, furthest) = span.unwrap_or((now, now));
                span = Some((first, furthest.max(now)));
                total += i64::from(counted(claimed, last, at(now)));
                last = Some(last.map_or(at(now), |l: DateTime<Utc>| l.max(at(now))));
            }
            let passed = span.map_or(0, |(first, furthest)| furthest - first);
            prop_assert!(total <= passed, "{} of {}", total, passed);
        }
    }
}
