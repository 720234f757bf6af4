//! Counting completions: one statement over the facts of a perimeter, whatever its size.
//!
//! A fact counts in the perimeter to which the person's employer was affiliated on the day of the
//! fact: who enrolled under one CDG and completed under another is counted as enrolled in the first
//! and completed in the second. Superseded facts count for nothing.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, PostgresQueryBuilder, Query, SelectStatement,
    SqliteQueryBuilder,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

use super::cube::{Cube, Tally};
use crate::error::Result;
use crate::records;
use crate::records::model::{FactKind, fact};
use crate::territory::{affiliated, day_of, ever_affiliated};

/// The instant at which a day is over, in Europe/Paris: what has happened before it counts.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN);
    // Midnight exists and is never ambiguous in Europe/Paris: its clocks change at two or three.
    let midnight = chrono_tz::Europe::Paris.from_local_datetime(&next).earliest();
    midnight.map_or_else(|| next.and_utc(), |midnight| midnight.with_timezone(&Utc))
}

/// The completions of a perimeter, or of the nation, by what has happened before an instant, with
/// nothing that stands for fewer than `k` persons.
///
/// # Errors
/// When the database cannot be read.
pub async fn completions(
    conn: &impl ConnectionTrait,
    cdg_id: Option<Uuid>,
    before: DateTime<Utc>,
    k: i64,
) -> Result<Cube> {
    Ok(Cube::protected(&tallies(conn, cdg_id, before).await?, k))
}

/// One row of the statement; a margin has no module, or no audience.
#[derive(FromQueryResult)]
struct Row {
    code: Option<String>,
    audience: Option<String>,
    enrolled: i64,
    in_progress: i64,
    completed: i64,
    withdrawn: i64,
    declared: i64,
    minutes: i64,
}

/// Counts before secrecy: private to this room, for everything that leaves goes through the rules.
pub(super) async fn tallies(
    conn: &impl ConnectionTrait,
    cdg_id: Option<Uuid>,
    before: DateTime<Utc>,
) -> Result<Vec<Tally>> {
    let rows = Row::find_by_statement(statement(conn.get_database_backend(), cdg_id, before));
    let tally = |row: Row| Tally {
        module: row.code,
        audience: row.audience,
        enrolled: row.enrolled,
        in_progress: row.in_progress,
        completed: row.completed,
        withdrawn: row.withdrawn,
        declared: row.declared,
        minutes: row.minutes,
    };
    Ok(rows.all(conn).await?.into_iter().map(tally).collect())
}

/// Where each enrolment stands. `*_here` looks at facts of this perimeter, `done` and `gone` at all:
/// who completed elsewhere is not in progress here. Whose prior learning was recognised is not in progress
/// either, and has completed nothing: nothing was followed.
const STOOD: &str = "\
    SELECT person_id, module_id, \
      MAX(CASE WHEN kind = 'enrolled' THEN COALESCE(audience, 'unknown') END) AS audience, \
      MAX(CASE WHEN kind = 'enrolled' AND standing = 'confirmed' THEN 1 ELSE 0 END) AS confirmed, \
      MAX(CASE WHEN kind = 'enrolled' THEN here ELSE 0 END) AS enrolled_here, \
      MAX(CASE WHEN kind = 'completed' THEN here ELSE 0 END) AS completed_here, \
      MAX(CASE WHEN kind = 'withdrawn' THEN here ELSE 0 END) AS withdrawn_here, \
      MAX(CASE WHEN kind IN ('completed', 'recognised') THEN 1 ELSE 0 END) AS done, \
      MAX(CASE WHEN kind = 'withdrawn' THEN 1 ELSE 0 END) AS gone, \
      MAX(CASE WHEN kind = 'completed' THEN COALESCE(minutes, 0) ELSE 0 END) AS minutes \
    FROM told GROUP BY enrolment_id, person_id, module_id \
    HAVING MAX(here) = 1 AND MAX(CASE WHEN kind = 'enrolled' THEN 1 ELSE 0 END) = 1";

/// Unique persons by what they did.
const MEASURES: &str = "\
    COUNT(DISTINCT CASE WHEN confirmed = 1 THEN person_id END) AS enrolled, \
    COUNT(DISTINCT CASE WHEN confirmed = 1 AND enrolled_here = 1 AND done = 0 AND gone = 0 \
      THEN person_id END) AS in_progress, \
    COUNT(DISTINCT CASE WHEN confirmed = 1 AND completed_here = 1 THEN person_id END) AS completed, \
    COUNT(DISTINCT CASE WHEN confirmed = 1 AND withdrawn_here = 1 AND done = 0 \
      THEN person_id END) AS withdrawn, \
    COUNT(DISTINCT CASE WHEN confirmed = 0 THEN person_id END) AS declared, \
    CAST(COALESCE(SUM(CASE WHEN confirmed = 1 AND completed_here = 1 THEN minutes ELSE 0 END), 0) \
      AS bigint) AS minutes";

/// The statement. Both engines read the same text: one table of facts, read once, then the table and
/// its margins (`GROUPING SETS` is not known to SQLite). Being one statement, its figures agree with
/// each other whatever is written meanwhile.
fn statement(backend: DbBackend, cdg_id: Option<Uuid>, before: DateTime<Utc>) -> Statement {
    let told = told(cdg_id, before);
    let (told, values) = match backend {
        DbBackend::Postgres => told.build(PostgresQueryBuilder),
        _ => told.build(SqliteQueryBuilder),
    };
    let sets = [("module_id", "audience"), ("module_id", ""), ("", "audience"), ("", "")];
    let select = |(module, audience): (&str, &str)| {
        let or_null = |column: &str, of: &str| match column {
            "" => format!("CAST(NULL AS {of})"),
            column => column.to_owned(),
        };
        let keys: Vec<&str> =
            [module, audience].into_iter().filter(|key| !key.is_empty()).collect();
        let group =
            if keys.is_empty() { String::new() } else { format!("GROUP BY {}", keys.join(", ")) };
        let (module, audience) = (or_null(module, "uuid"), or_null(audience, "text"));
        format!(
            "SELECT {module} AS module_id, {audience} AS audience, {MEASURES} FROM stood {group}"
        )
    };
    let counted = sets.map(select).join(" UNION ALL ");
    let sql = format!(
        "WITH told AS ({told}), stood AS MATERIALIZED ({STOOD}), counted AS ({counted}) \
         SELECT module.code, counted.audience, enrolled, in_progress, completed, withdrawn, \
         declared, minutes FROM counted LEFT JOIN module ON module.id = counted.module_id \
         ORDER BY module.code, counted.audience"
    );
    Statement::from_sql_and_values(backend, sql, values)
}

/// The facts that count, each with whether it happened in the perimeter.
fn told(cdg_id: Option<Uuid>, before: DateTime<Utc>) -> SelectStatement {
    use fact::Column;
    let column = |column: Column| Expr::col((fact::Entity, column));
    let occurred_before = || Expr::col(Column::OccurredAt).lt(before);
    let mut told = Query::select();
    told.columns([Column::EnrolmentId, Column::PersonId, Column::ModuleId, Column::Kind])
        // Both engines read a text out of JSON by `->>`.
        .expr_as(Expr::cust("payload ->> 'audience'"), "audience")
        .expr_as(Expr::cust("payload ->> 'standing'"), "standing")
        .expr_as(Expr::cust("CAST(payload ->> 'duration_minutes' AS bigint)"), "minutes")
        .from(fact::Entity)
        .and_where(column(Column::Kind).is_in([
            FactKind::Enrolled,
            FactKind::Completed,
            FactKind::Recognised,
            FactKind::Withdrawn,
        ]))
        .and_where(column(Column::EnrolmentId).is_not_null())
        .and_where(column(Column::ModuleId).is_not_null())
        .and_where(occurred_before())
        .and_where(records::read::standing(Some(before)));
    let Some(cdg_id) = cdg_id else {
        return told.expr_as(Expr::cust("1"), "here").take();
    };
    let day = day_of(column(Column::OccurredAt));
    let here = affiliated(column(Column::OrganisationId), cdg_id, day);
    let here = CaseStatement::new().case(here, Expr::cust("1")).finally(Expr::cust("0"));
    let touched = Query::select()
        .column(Column::EnrolmentId)
        .from(fact::Entity)
        .and_where(Expr::col(Column::OrganisationId).in_subquery(ever_affiliated(cdg_id)))
        .and_where(Expr::col(Column::EnrolmentId).is_not_null())
        .take();
    told.expr_as(here, "here").and_where(column(Column::EnrolmentId).in_subquery(touched)).take()
}
