//! Requirements, and what people owe because of them.

mod audience;
mod bodies;
mod owed;
mod shown;

use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::preview;
use super::switch;
use super::write::{self, Held};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::Result;
use crate::http::Tag;
use crate::http::etag;
use crate::http::guards::RequirementManager;
use crate::http::page::Page;
use crate::http::problem::Problem;
use bodies::{DisableIn, EnableIn, RequirementIn, RequirementVersionIn};
use shown::{PreviewShown, RequirementDetail, RequirementShown, Requirements};

pub use owed::OwedApi;

/// Requirements.
pub struct RequirementsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Told {
    /// The requirement.
    #[oai(status = 200)]
    Requirement(
        Json<RequirementDetail>,
        /// Its ETag.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Created {
    /// It is written; nobody owes anything by it yet.
    #[oai(status = 201)]
    Requirement(
        Json<RequirementShown>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// Its ETag.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Changed {
    /// The requirement as it is now.
    #[oai(status = 200)]
    Requirement(
        Json<RequirementShown>,
        /// Its new ETag.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Requirements")]
impl RequirementsApi {
    /// What is required of whom, by code
    #[oai(path = "/requirements", method = "get", operation_id = "list_requirements")]
    async fn list_requirements(
        &self,
        who: RequirementManager,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Requirements>, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let page = Page::of(limit.0, after.0.as_deref())?;
        let all = write::all(self.app.db.read()).await?;
        let (all, next) = page.cut(all, |held| held.requirement.code.clone());
        let items = shown::shown(self.app.db.read(), all).await?;
        Ok(Json(Requirements { items, next }))
    }

    /// One requirement, with all that was written of it
    #[oai(path = "/requirements/:code", method = "get", operation_id = "get_requirement")]
    async fn get_requirement(
        &self,
        who: RequirementManager,
        /// Code of the requirement.
        #[oai(example = "crate::http::examples::requirement")]
        code: Path<String>,
    ) -> Result<Told, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let conn = self.app.db.read();
        let held = write::by_code(conn, &code.0).await?;
        let tag = etag::quoted(held.latest.number);
        Ok(Told::Requirement(Json(RequirementDetail::of(conn, held).await?), tag))
    }

    /// Write a requirement; nobody owes anything by it before it is enabled
    #[oai(path = "/requirements", method = "post", operation_id = "create_requirement")]
    async fn create_requirement(
        &self,
        who: RequirementManager,
        body: Json<RequirementIn>,
    ) -> Result<Created, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let RequirementIn { code, version } = body.0;
        let draft = version.draft("/version")?;
        let tx = self.app.db.begin_write().await?;
        let by = Some(who.account_id);
        let held = write::create(&tx, by, &code, &draft, self.app.clock.now()).await?;
        tx.commit().await?;
        let tag = etag::quoted(held.latest.number);
        let location = format!("/api/v1/requirements/{code}");
        Ok(Created::Requirement(Json(self.shown(held).await?), location, tag))
    }

    /// Write a new version; what is in force stays so until the new one is enabled
    ///
    /// `If-Match` carries the number of the latest version.
    #[oai(path = "/requirements/:code", method = "put", operation_id = "revise_requirement")]
    async fn revise_requirement(
        &self,
        who: RequirementManager,
        /// Code of the requirement.
        #[oai(example = "crate::http::examples::requirement")]
        code: Path<String>,
        /// The ETag of the requirement: the number of its latest version between double quotes.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<RequirementVersionIn>,
    ) -> Result<Changed, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let draft = body.0.draft("")?;
        let tx = self.app.db.begin_write().await?;
        let held = write::locked(&tx, &code.0).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.latest.number))?;
        let now = self.app.clock.now();
        let held = write::revise(&tx, who.account_id, held, &draft, now).await?;
        tx.commit().await?;
        self.changed(held).await
    }

    /// Whom the latest version would concern today
    ///
    /// Enabling quotes the digest. Where hardly anybody is concerned, or everybody, it confirms how
    /// many too.
    #[oai(
        path = "/requirements/:code/preview",
        method = "post",
        operation_id = "preview_requirement"
    )]
    async fn preview_requirement(
        &self,
        who: RequirementManager,
        /// Code of the requirement.
        #[oai(example = "crate::http::examples::requirement")]
        code: Path<String>,
    ) -> Result<Json<PreviewShown>, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let held = write::by_code(self.app.db.read(), &code.0).await?;
        let (least, now) = (self.least(), self.app.clock.now());
        Ok(Json(preview::of(self.app.db.read(), &held, least, now).await?.into()))
    }

    /// Put the latest version in force: obligations open from then on
    #[oai(
        path = "/requirements/:code/enable",
        method = "post",
        operation_id = "enable_requirement"
    )]
    async fn enable_requirement(
        &self,
        who: RequirementManager,
        /// Code of the requirement.
        #[oai(example = "crate::http::examples::requirement")]
        code: Path<String>,
        body: Json<EnableIn>,
    ) -> Result<Changed, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let EnableIn { digest, confirmed_persons } = body.0;
        let tx = self.app.db.begin_write().await?;
        let held = write::locked(&tx, &code.0).await?;
        let (quoted, now) =
            ((digest.as_str(), confirmed_persons.map(Into::into)), self.app.clock.now());
        let held = switch::enable(&tx, who.account_id, held, quoted, self.least(), now).await?;
        tx.commit().await?;
        self.changed(held).await
    }

    /// Put a requirement out of force: what it had opened is closed
    #[oai(
        path = "/requirements/:code/disable",
        method = "post",
        operation_id = "disable_requirement"
    )]
    async fn disable_requirement(
        &self,
        who: RequirementManager,
        /// Code of the requirement.
        #[oai(example = "crate::http::examples::requirement")]
        code: Path<String>,
        body: Json<DisableIn>,
    ) -> Result<Changed, Problem> {
        policy::allow(&who, Action::ManageRequirements, &Target::National)?;
        let tx = self.app.db.begin_write().await?;
        let held = write::locked(&tx, &code.0).await?;
        let now = self.app.clock.now();
        let held = switch::disable(&tx, who.account_id, held, &body.0.reason, now).await?;
        tx.commit().await?;
        self.changed(held).await
    }
}

impl RequirementsApi {
    fn least(&self) -> u64 {
        u64::try_from(self.app.settings.statistics.min_persons).unwrap_or(5)
    }

    async fn shown(&self, held: Held) -> Result<RequirementShown, Problem> {
        let mut shown = shown::shown(self.app.db.read(), vec![held]).await?;
        Ok(shown.pop().ok_or(crate::error::Reason::Internal)?)
    }

    async fn changed(&self, held: Held) -> Result<Changed, Problem> {
        let tag = etag::quoted(held.latest.number);
        Ok(Changed::Requirement(Json(self.shown(held).await?), tag))
    }
}
