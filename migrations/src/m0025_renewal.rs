//! How long a change of the law gives to renew what was completed before; and how often the settling
//! of a publication to come broke off, and when it is tried again.

use sea_orm_migration::prelude::*;

use crate::kit::*;

/// The further columns of `module_version` and of `scheduled_publication`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // Versions published before have none: nothing more is asked because of them.
        sql(m, "ALTER TABLE module_version ADD COLUMN renewal_months integer").await?;
        for column in [int_null("failures"), instant_null("retry_at")] {
            let mut alter = Table::alter();
            let added = alter.table("scheduled_publication").add_column(column).to_owned();
            m.alter_table(added).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
