//! The credentials of my attestations, and the lists that say which are revoked or superseded.

use poem::http::{HeaderValue, header};
use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::MetaSchemaRef;
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::maker;
use crate::app::App;
use crate::attestations::lists::{self, Purpose};
use crate::attestations::model::credential;
use crate::attestations::{badge, find};
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;

/// Credentials.
pub struct CredentialsApi {
    /// The application.
    pub app: App,
}

/// A signed credential in JSON (W3C Verifiable Credentials 2.0, `EnvelopedVerifiableCredential`): the JWT
/// is in the identifier.
#[derive(Object)]
struct EnvelopedCredential {
    /// The vocabulary.
    #[oai(rename = "@context")]
    context: String,
    /// `data:application/vc+jwt,` followed by the JWT of `credential.jwt`.
    id: String,
    /// `EnvelopedVerifiableCredential`.
    #[oai(rename = "type")]
    kind: String,
}

/// A credential secured as a JWT.
struct Jwt(String, &'static str);

impl Payload for Jwt {
    const CONTENT_TYPE: &'static str = badge::MEDIA_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        String::schema_ref()
    }
}

impl IntoResponse for Jwt {
    fn into_response(self) -> Response {
        let mut response = Response::builder().content_type(badge::MEDIA_TYPE).body(self.0);
        let disposition = HeaderValue::from_static(self.1);
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        response
    }
}

#[derive(ApiResponse)]
enum Signed {
    /// The JWT.
    #[oai(status = 200)]
    Now(
        Jwt,
        /// Caching.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

fn list() -> String {
    "revocation-0".to_owned()
}

#[OpenApi(tag = "Tag::Attestations")]
impl CredentialsApi {
    /// The credential of one of my attestations (Open Badges 3.0), enveloped in JSON
    #[oai(
        path = "/api/v1/attestations/:id/credential.json",
        method = "get",
        operation_id = "get_credential"
    )]
    async fn enveloped(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<EnvelopedCredential>, Problem> {
        let kept = self.kept(who.person_id, id.0).await?;
        Ok(Json(EnvelopedCredential {
            context: "https://www.w3.org/ns/credentials/v2".to_owned(),
            id: format!("data:{},{}", badge::MEDIA_TYPE, kept.jwt),
            kind: "EnvelopedVerifiableCredential".to_owned(),
        }))
    }

    /// The credential of one of my attestations (Open Badges 3.0), as a JWT
    #[oai(
        path = "/api/v1/attestations/:id/credential.jwt",
        method = "get",
        operation_id = "get_credential_jwt"
    )]
    async fn jwt(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Signed, Problem> {
        let kept = self.kept(who.person_id, id.0).await?;
        let jwt = Jwt(kept.jwt, "attachment; filename=\"attestation.jwt\"");
        Ok(Signed::Now(jwt, "no-store".to_owned()))
    }

    /// A signed list of what is revoked or superseded (W3C Bitstring Status List), for anyone
    #[oai(path = "/credentials/status/:list", method = "get", operation_id = "get_status_list")]
    async fn status(
        &self,
        /// `revocation-` or `supersession-`, and the number of the list.
        #[oai(example = "list")]
        list: Path<String>,
    ) -> Result<Signed, Problem> {
        let which = Purpose::of_name(&list.0).ok_or(Reason::NotFound)?;
        let (issuer, now) = (&self.app.settings.http.public_url, self.app.clock.now());
        let signed = lists::signed(self.app.db.read(), &self.app.keys, issuer, which, now).await?;
        let fresh = format!("public, max-age={}", lists::FRESH_SECONDS);
        Ok(Signed::Now(Jwt(signed, "inline"), fresh))
    }
}

impl CredentialsApi {
    async fn kept(&self, person_id: Uuid, id: Uuid) -> Result<credential::Model> {
        let (app, now) = (&self.app, self.app.clock.now());
        let row = find::own(app.db.read(), person_id, id).await?;
        crate::attestations::credential::of(&app.db, maker(app), &row, now).await
    }
}
