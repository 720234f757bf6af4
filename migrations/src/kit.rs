//! The vocabulary every migration is written in: column shapes that mean the same on both engines,
//! and the triggers that make a table append-only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A UUIDv7 primary key named `id`, given by the program, never by the database.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new("id").uuid().not_null().primary_key().take()
}

/// A UUID that must be present.
pub(crate) fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// A UUID that may be absent.
pub(crate) fn uuid_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// A text that must be present.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A text that may be absent.
pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A 32-bit integer that must be present.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// A 32-bit integer that may be absent.
pub(crate) fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// A 64-bit integer that must be present.
pub(crate) fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// A boolean that must be present.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// An instant in UTC that must be present.
pub(crate) fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// An instant in UTC that may be absent.
pub(crate) fn instant_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().null().take()
}

/// A civil date that must be present.
pub(crate) fn date(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().take()
}

/// A civil date that may be absent.
pub(crate) fn date_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().null().take()
}

/// A JSON document that must be present.
pub(crate) fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().take()
}

/// Bytes that must be present.
pub(crate) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// Creates a table from its columns; `references` are `(column, table)` pairs pointing at `table.id`.
pub(crate) async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<ColumnDef>,
    references: &[(&'static str, &'static str)],
) -> Result<(), DbErr> {
    table_keyed(manager, name, columns, references, &[]).await
}

/// Creates a table whose primary key spans several columns.
pub(crate) async fn table_keyed(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<ColumnDef>,
    references: &[(&'static str, &'static str)],
    key: &[&'static str],
) -> Result<(), DbErr> {
    let mut create = Table::create();
    create.table(name);
    for column in columns {
        create.col(column);
    }
    if !key.is_empty() {
        let mut primary = Index::create();
        for column in key {
            primary.col(*column);
        }
        create.primary_key(&mut primary);
    }
    for (column, target) in references {
        let mut key = ForeignKey::create();
        create.foreign_key(key.from(name, *column).to(*target, "id"));
    }
    manager.create_table(create).await
}

/// Creates an index named after its table and columns.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    manager.create_index(index_on(table, columns, "ix")).await
}

/// Creates a unique index named after its table and columns.
pub(crate) async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    manager.create_index(index_on(table, columns, "ux").unique().take()).await
}

/// Creates a unique index over the rows for which `condition` (SQL, the same on both engines) holds.
pub(crate) async fn unique_where(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
    condition: &str,
) -> Result<(), DbErr> {
    let list = columns.join(", ");
    let name = columns.join("_");
    sql(
        manager,
        &format!("CREATE UNIQUE INDEX ux_{table}_{name} ON {table} ({list}) WHERE {condition}"),
    )
    .await
}

fn index_on(table: &'static str, columns: &[&'static str], prefix: &str) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{prefix}_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Runs one statement as it stands.
pub(crate) async fn sql(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(statement).await.map(|_| ())
}

/// Makes a table append-only: an update, a delete or a truncate is refused by the engine itself,
/// so that no code path, present or future, can rewrite what happened.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        sql(
            manager,
            "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$",
        )
        .await?;
        sql(
            manager,
            &format!(
                "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
            ),
        )
        .await
    } else {
        for (verb, name) in [("UPDATE", "no_update"), ("DELETE", "no_delete")] {
            sql(
                manager,
                &format!(
                    "CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
                ),
            )
            .await?;
        }
        Ok(())
    }
}
