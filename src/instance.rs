//! What this database is for, its revision counter, and the heartbeats of the workers that serve it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, QueryOrder as _, Set};

use crate::error::Result;

/// What a database is for; written once, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum InstanceKind {
    /// Real people.
    #[sea_orm(string_value = "production")]
    Production,
    /// A developer's.
    #[sea_orm(string_value = "development")]
    Development,
    /// A demonstration: `serve` refuses it for ever.
    #[sea_orm(string_value = "demo")]
    Demo,
}

/// Table `instance`: the single row that says what this database is for.
pub mod mark {
    use super::InstanceKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub kind: InstanceKind,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `revision`.
pub mod revision {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub value: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `worker_beat`.
pub mod worker_beat {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "worker_beat")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub beaten_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the database is for, if it has been said.
///
/// # Errors
/// When the database fails.
pub async fn kind(conn: &impl ConnectionTrait) -> Result<Option<InstanceKind>> {
    Ok(mark::Entity::find().one(conn).await?.map(|row| row.kind))
}

/// Says once and for ever what the database is for; answers what it is really for, were it said before.
///
/// # Errors
/// When the database fails.
pub async fn mark_as(
    tx: &DatabaseTransaction,
    kind: InstanceKind,
    now: DateTime<Utc>,
) -> Result<InstanceKind> {
    mark::Entity::insert(mark::ActiveModel { id: Set(1), kind: Set(kind), created_at: Set(now) })
        .on_conflict(OnConflict::column(mark::Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(self::kind(tx).await?.unwrap_or(kind))
}

/// Says that a worker lives.
///
/// # Errors
/// When the database fails.
pub async fn beat(tx: &DatabaseTransaction, worker: Uuid, now: DateTime<Utc>) -> Result<()> {
    let row = worker_beat::ActiveModel { id: Set(worker), beaten_at: Set(now) };
    let again = OnConflict::column(worker_beat::Column::Id)
        .update_column(worker_beat::Column::BeatenAt)
        .to_owned();
    worker_beat::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// When a worker was last heard of, whichever.
///
/// # Errors
/// When the database fails.
pub async fn latest_beat(conn: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let latest = worker_beat::Entity::find().order_by_desc(worker_beat::Column::BeatenAt);
    Ok(latest.one(conn).await?.map(|beat| beat.beaten_at))
}

/// Forgets the workers not heard of since.
///
/// # Errors
/// When the database fails.
pub async fn forget_beats(tx: &DatabaseTransaction, since: DateTime<Utc>) -> Result<()> {
    worker_beat::Entity::delete_many()
        .filter(worker_beat::COLUMN.beaten_at.lt(since))
        .exec(tx)
        .await?;
    Ok(())
}
