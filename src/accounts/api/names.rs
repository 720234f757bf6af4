//! Letting one's CDG read the names of one's people, and enrol them.

use std::collections::HashMap;

use chrono::{DateTime, TimeZone as _, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use crate::accounts::Principal;
use crate::accounts::grants::names;
use crate::accounts::model::names_grant;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::{Fault, Reason, Refusal, Result, found};
use crate::http::Tag;
use crate::http::guards::NamesGranter;
use crate::http::problem::Problem;
use crate::territory::{self, OrgRef};

/// Names granted.
pub struct NamesApi {
    /// The application.
    pub app: App,
}

/// A grant over names, to be given.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct NamesWish {
    /// Reference of the CDG, to which the organisation is affiliated.
    #[oai(validator(min_length = 1, max_length = 100))]
    cdg: String,
    /// Until when; until it is taken back, if absent.
    #[oai(default)]
    valid_to: Option<DateTime<Utc>>,
}

impl Example for NamesWish {
    fn example() -> Self {
        let valid_to = Utc.with_ymd_and_hms(2032, 3, 31, 22, 0, 0).single();
        Self { cdg: crate::http::examples::perimeter(), valid_to }
    }
}

/// A grant over names.
#[derive(Object)]
struct NamesGrant {
    /// Identifier.
    id: Uuid,
    /// Reference of the CDG.
    cdg: String,
    /// From when.
    valid_from: DateTime<Utc>,
    /// Until when.
    #[oai(skip_serializing_if_is_none)]
    valid_to: Option<DateTime<Utc>>,
    /// When it was taken back.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<DateTime<Utc>>,
}

/// Grants over names, in a list too short for pages.
#[derive(Object)]
struct NamesGrants {
    /// Grants, the latest first.
    items: Vec<NamesGrant>,
}

#[derive(ApiResponse)]
enum Granted {
    /// Granted.
    #[oai(status = 201)]
    New(Json<NamesGrant>),
    /// Granted before, in the same words.
    #[oai(status = 200)]
    Already(Json<NamesGrant>),
}

#[derive(ApiResponse)]
enum TakenBack {
    /// Taken back, or already was.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Accounts")]
impl NamesApi {
    /// Who may read the names of an organisation's people besides its managers
    #[oai(
        path = "/organisations/:ref/names-grants",
        method = "get",
        operation_id = "list_names_grants"
    )]
    async fn list(
        &self,
        who: NamesGranter,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
    ) -> Result<Json<NamesGrants>, Problem> {
        let organisation = self.managed(&who, &reference, self.app.clock.now()).await?;
        let rows = names::list(self.app.db.read(), organisation).await?;
        Ok(Json(NamesGrants { items: self.shown(rows).await? }))
    }

    /// Let one's CDG read the names of an organisation's people, and enrol them
    #[oai(path = "/organisations/:ref/names-grants", method = "post", operation_id = "grant_names")]
    async fn give(
        &self,
        who: NamesGranter,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        body: Json<NamesWish>,
    ) -> Result<Granted, Problem> {
        let now = self.app.clock.now();
        let organisation = self.managed(&who, &reference, now).await?;
        let cdg = self.own_cdg(organisation, &body.cdg, now).await?;
        let (pair, until) = ((organisation, cdg), body.valid_to);
        let tx = self.app.db.begin_write().await?;
        let (row, new) = names::give(&tx, &who, pair, until, now).await?;
        tx.commit().await?;
        let shown = self.shown(vec![row]).await?.into_iter().next().ok_or(Reason::Internal)?;
        Ok(if new { Granted::New(Json(shown)) } else { Granted::Already(Json(shown)) })
    }

    /// Take back what was granted over names
    #[oai(
        path = "/organisations/:ref/names-grants/:id",
        method = "delete",
        operation_id = "revoke_names"
    )]
    async fn revoke(
        &self,
        who: NamesGranter,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<TakenBack, Problem> {
        let now = self.app.clock.now();
        let organisation = self.managed(&who, &reference, now).await?;
        let tx = self.app.db.begin_write().await?;
        names::revoke(&tx, &who, organisation, id.0, now).await?;
        tx.commit().await?;
        Ok(TakenBack::Done)
    }
}

impl NamesApi {
    /// The organisation whose names the caller disposes of.
    async fn managed(&self, who: &Principal, reference: &str, now: DateTime<Utc>) -> Result<Uuid> {
        let reference: OrgRef = reference.parse().map_err(|_| Reason::NotFound)?;
        let found = territory::by_ref(self.app.db.read(), &reference, now.date_naive()).await?;
        let target = Target::Organisation { id: found.id, cdgs: Vec::new() };
        policy::allow(who, Action::GrantNames, &target)?;
        Ok(found.id)
    }

    /// The CDG that a body names, if the organisation is affiliated to it.
    async fn own_cdg(&self, id: Uuid, cdg: &str, now: DateTime<Utc>) -> Result<Uuid> {
        let conn = self.app.db.read();
        let named = match cdg.parse::<OrgRef>() {
            Ok(reference) => found(territory::perimeter(conn, &reference).await)?,
            Err(_) => None,
        };
        let own = territory::cdgs_of(conn, id, now.date_naive()).await?;
        let named = named.map(|cdg| cdg.cdg_id).filter(|cdg| own.contains(cdg));
        let fault = || {
            Fault::new(
                "/cdg",
                "le centre de gestion auquel l'organisation est affiliée (cdg:…)",
                "the CDG to which the organisation is affiliated (cdg:…)",
            )
        };
        Ok(named.ok_or_else(|| Refusal::naming(Reason::InvalidValues, vec![fault()]))?)
    }

    async fn shown(&self, rows: Vec<names_grant::Model>) -> Result<Vec<NamesGrant>> {
        let cdgs = rows.iter().map(|row| row.cdg_id);
        let refs: HashMap<Uuid, OrgRef> = territory::refs_of(self.app.db.read(), cdgs).await?;
        let shown = rows.into_iter().map(|row| NamesGrant {
            id: row.id,
            cdg: refs.get(&row.cdg_id).map(ToString::to_string).unwrap_or_default(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            revoked_at: row.revoked_at,
        });
        Ok(shown.collect())
    }
}
