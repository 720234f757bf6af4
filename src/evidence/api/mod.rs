//! What stands behind an attestation, over HTTP.

mod bodies;
mod shown;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::json;
use uuid::Uuid;

use bodies::EvidenceOut;

use super::gather;
use crate::app::App;
use crate::catalogue::api::tell_reading;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;

/// Evidence.
pub struct EvidenceApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Attestations")]
impl EvidenceApi {
    /// What stands behind an attestation: for its holder, auditors and the provider's publishers
    ///
    /// The exact content, what was done and when, what it satisfied and by which text of that moment.
    /// No key, no answer, no name. That somebody else read it is journalled.
    #[oai(path = "/attestations/:id/evidence", method = "get", operation_id = "get_evidence")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<EvidenceOut>, Problem> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let shelf = &self.app.shelf;
        let (row, completion, edition, other) =
            gather::readable(conn, shelf, &who, id.0, now).await?;
        if other {
            let detail = json!({ "module": edition.module.code });
            let subject = ("attestation", row.id);
            tell_reading(&self.app, &who, "evidence.read", subject, detail).await?;
        }
        let evidence = gather::gather(conn, (row, completion, edition), now).await?;
        Ok(Json(evidence.into()))
    }
}
