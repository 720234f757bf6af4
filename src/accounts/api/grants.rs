//! Giving, listing and revoking grants.

use chrono::{DateTime, TimeZone as _, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use super::scope;
use crate::accounts::grants::{self, Wanted};
use crate::accounts::model::{Role, ScopeKind, access_grant};
use crate::accounts::principal::Scope;
use crate::app::App;
use crate::error::{Fault, Reason, Refusal, Result};
use crate::http::Tag;
use crate::http::guards::GrantManager;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::territory::{self, OrgRef};

/// Grants.
pub struct GrantsApi {
    /// The application.
    pub app: App,
}

shown! {
    /// What a grant extends over.
    ScopeShown of ScopeKind {
        /// A provider, by the reference of its organisation.
        Provider,
        /// An organisation.
        Organisation,
        /// A CDG's perimeter.
        Perimeter,
        /// The nation.
        National,
        /// The installation.
        Machine,
    }
}

/// A grant to give.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct GrantWish {
    /// The account that receives it.
    account_id: Uuid,
    /// `trainer`, `reviewer`, `publisher`, `employer_manager`, `cdg_admin`, `national_admin`, `auditor` or `operator`.
    #[oai(validator(max_length = 40))]
    role: String,
    /// What it extends over.
    scope: ScopeShown,
    /// Reference of the provider, organisation or CDG; absent for `national` and `machine`.
    #[oai(default, validator(max_length = 100))]
    scope_ref: Option<String>,
    /// Until when; for ever if absent.
    #[oai(default)]
    valid_to: Option<DateTime<Utc>>,
}

impl Example for GrantWish {
    fn example() -> Self {
        Self {
            account_id: crate::http::examples::id(),
            role: "employer_manager".to_owned(),
            scope: ScopeShown::Organisation,
            scope_ref: Some("insee:35021".to_owned()),
            valid_to: Utc.with_ymd_and_hms(2032, 3, 31, 22, 0, 0).single(),
        }
    }
}

/// A grant.
#[derive(Object)]
struct Grant {
    /// Identifier.
    id: Uuid,
    /// The account that holds it.
    account_id: Uuid,
    /// The role.
    role: String,
    /// What it extends over.
    scope: String,
    /// The provider, organisation or CDG.
    #[oai(skip_serializing_if_is_none)]
    scope_id: Option<Uuid>,
    /// From when.
    valid_from: DateTime<Utc>,
    /// Until when.
    #[oai(skip_serializing_if_is_none)]
    valid_to: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<DateTime<Utc>>,
}

/// A page of grants.
#[derive(Object)]
struct Grants {
    /// Grants, latest first.
    items: Vec<Grant>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[derive(ApiResponse)]
enum Given {
    /// Given.
    #[oai(status = 201)]
    Created(Json<Grant>),
}

#[derive(ApiResponse)]
enum Revoked {
    /// Revoked, or already was.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Accounts")]
impl GrantsApi {
    /// Grants within reach, latest first
    #[oai(path = "/grants", method = "get", operation_id = "list_grants")]
    async fn list(
        &self,
        who: GrantManager,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Grants>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rows = grants::list(self.app.db.read(), &who, page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(Grants { items: rows.into_iter().map(Grant::from).collect(), next }))
    }

    /// Give a grant, never beyond one's own
    #[oai(path = "/grants", method = "post", operation_id = "give_grant")]
    async fn give(&self, who: GrantManager, body: Json<GrantWish>) -> Result<Given, Problem> {
        let now = self.app.clock.now();
        let wanted = self.wanted(body.0, now).await?;
        let tx = self.app.db.begin_write().await?;
        let row = grants::give(&tx, &who, wanted, now).await?;
        tx.commit().await?;
        Ok(Given::Created(Json(row.into())))
    }

    /// Revoke a grant
    #[oai(path = "/grants/:id", method = "delete", operation_id = "revoke_grant")]
    async fn revoke(
        &self,
        who: GrantManager,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Revoked, Problem> {
        let now = self.app.clock.now();
        let row = grants::find(self.app.db.read(), id.0).await?;
        let cdgs = self.cdgs(Scope::of(row.scope_kind, row.scope_id), now).await?;
        let tx = self.app.db.begin_write().await?;
        grants::revoke(&tx, &who, row.id, cdgs, now).await?;
        tx.commit().await?;
        Ok(Revoked::Done)
    }
}

impl GrantsApi {
    async fn wanted(&self, wish: GrantWish, now: DateTime<Utc>) -> Result<Wanted> {
        let role = Role::try_from_value(&wish.role).map_err(|_| {
            invalid("/role", "rôle inconnu ; voir /docs", "unknown role; see /docs")
        })?;
        let reference = wish.scope_ref.as_deref().map(str::parse::<OrgRef>).transpose();
        let reference = reference.map_err(|_| no_such_organisation())?;
        let (conn, today) = (self.app.db.read(), now.date_naive());
        let scope = scope::resolve(conn, wish.scope.into(), reference.as_ref(), today).await?;
        if !role.fits(scope.columns().0) {
            return Err(invalid(
                "/scope",
                "ce rôle ne s'étend pas sur une portée de cette sorte ; voir /docs",
                "this role does not extend over a scope of this kind; see /docs",
            ));
        }
        let (cdgs, until) = (self.cdgs(Some(scope), now).await?, wish.valid_to);
        Ok(Wanted { account_id: wish.account_id, role, scope, cdgs, until })
    }

    /// The CDGs of the organisation that a scope is, if it is one.
    async fn cdgs(&self, scope: Option<Scope>, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
        let Some(Scope::Organisation(id)) = scope else { return Ok(Vec::new()) };
        territory::cdgs_of(self.app.db.read(), id, now.date_naive()).await
    }
}

fn no_such_organisation() -> crate::error::Error {
    invalid(
        "/scope_ref",
        "référence d'organisation attendue : SIREN, insee:…, cdg:…, local:…",
        "an organisation reference is expected: SIREN, insee:…, cdg:…, local:…",
    )
}

fn invalid(at: &str, fr: &str, en: &str) -> crate::error::Error {
    Refusal::naming(Reason::InvalidValues, vec![Fault::new(at, fr, en)]).into()
}

impl From<access_grant::Model> for Grant {
    fn from(row: access_grant::Model) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            role: row.role.to_value(),
            scope: row.scope_kind.to_value(),
            scope_id: row.scope_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            revoked_at: row.revoked_at,
        }
    }
}
