//! Published versions, as they are named on the command line: `E1` or `E1@2`.

use std::str::FromStr;

use anyhow::Context as _;
use sea_orm::ConnectionTrait;

use crate::catalogue::find;
use crate::catalogue::model::module_version;
use crate::content::ModuleCode;

/// A published version: that of a number, or the latest.
#[derive(Debug, Clone)]
pub(super) struct Published {
    /// The module.
    pub(super) code: ModuleCode,
    number: Option<i32>,
}

impl FromStr for Published {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (code, number) = match text.split_once('@') {
            Some((code, number)) => (code, Some(number)),
            None => (text, None),
        };
        let wrong = || format!("« {text} » is not a version: write E1, or E1@2");
        let number = number.map(str::parse).transpose().map_err(|_| wrong())?;
        Ok(Self { code: ModuleCode::parse(code).map_err(|_| wrong())?, number })
    }
}

impl Published {
    /// Its row.
    pub(super) async fn find(
        &self,
        conn: &impl ConnectionTrait,
    ) -> anyhow::Result<module_version::Model> {
        self.look(conn).await.with_context(|| self.unknown())
    }

    async fn look(&self, conn: &impl ConnectionTrait) -> anyhow::Result<module_version::Model> {
        let module = find::by_code(conn, &self.code).await?;
        match self.number {
            Some(number) => Ok(find::version(conn, module.id, number).await?),
            None => find::latest(conn, module.id).await?.context("nothing is published"),
        }
    }

    fn unknown(&self) -> String {
        let number = self.number.map(|number| format!("version {number} of ")).unwrap_or_default();
        format!("{number}module {} is not published here", self.code)
    }
}
