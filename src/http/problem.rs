//! Every failure as RFC 9457 `application/problem+json`, in French or English.
//!
//! A handler's [`Problem`] and the framework's own errors travel to one place, [`render`], which knows
//! the language asked for and the request id that the log has. An internal failure is logged there,
//! once, with its chain; the client learns nothing but the id.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use sea_orm::{DbErr, SqlErr};

use super::context::{Context, Language};
use super::outage;
use crate::error::{Error, Kind, Reason, Refusal};

/// The media type of RFC 9457.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A failure on its way to the client.
#[derive(Debug)]
pub struct Problem(Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What went wrong (RFC 9457).
#[derive(Debug, Object)]
#[oai(rename = "Problem")]
struct Body {
    /// A URN that names the kind of problem.
    #[oai(rename = "type")]
    kind: String,
    /// The kind of problem, in the language asked for.
    title: String,
    /// The HTTP status, again.
    status: u16,
    /// What happened in this case and how to mend it.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    /// This occurrence: the id that the server's log has.
    instance: String,
    /// A stable kebab-case code.
    code: String,
    /// Every value at fault.
    #[oai(skip_serializing_if_is_empty)]
    errors: Vec<FaultBody>,
}

/// One value at fault.
#[derive(Debug, Object)]
#[oai(rename = "Fault")]
struct FaultBody {
    /// JSON pointer into the body, name of a parameter, or `path:line` of a file.
    pointer: String,
    /// What is wrong and how to mend it.
    detail: String,
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Any failure, as problem+json (RFC 9457); `code` is stable.",
                status: None,
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: MEDIA_TYPE,
                    schema: Body::schema_ref(),
                }],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        Body::register(registry);
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let refusal = refusal_of(self.0);
        let mut response = Response::builder().status(status(refusal.reason.kind())).finish();
        response.set_data(refusal);
        response
    }
}

impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        // The refusal travels as data of the error: a response inside an error loses its extensions.
        let refusal = refusal_of(problem.0);
        let mut error = poem::Error::from_status(status(refusal.reason.kind()));
        error.set_data(refusal);
        error
    }
}

/// Writes the body of a refusal that a response carries; leaves any other response alone.
pub fn render(mut response: Response, context: &Context) -> Response {
    let Some(refusal) = response.data::<Refusal>().cloned() else { return response };
    let body = serde_json::to_vec(&body(&refusal, context).to_json()).unwrap_or_default();
    response.set_status(status(refusal.reason.kind()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(context.language.tag()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if refusal.reason.kind() == Kind::Unauthenticated {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = refusal.retry_after_seconds {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(range) = refusal.length.and_then(|n| format!("bytes */{n}").parse().ok()) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    response.set_body(body);
    response
}

fn body(refusal: &Refusal, context: &Context) -> Body {
    let say = |(fr, en): (&str, &str)| match context.language {
        Language::French => fr.to_owned(),
        Language::English => en.to_owned(),
    };
    Body {
        kind: format!("urn:maitrise:problem:{}", refusal.reason.code()),
        title: say(refusal.reason.title()),
        status: status(refusal.reason.kind()).as_u16(),
        detail: refusal.detail.as_ref().map(|(fr, en)| say((fr, en))),
        instance: format!("urn:uuid:{}", context.request_id),
        code: refusal.reason.code().to_owned(),
        errors: refusal
            .faults
            .iter()
            .map(|f| FaultBody { pointer: f.at.clone(), detail: say((&f.fr, &f.en)) })
            .collect(),
    }
}

/// The HTTP status of a kind of refusal.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unreadable => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Absent => StatusCode::NOT_FOUND,
        Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Timeout => StatusCode::REQUEST_TIMEOUT,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Range => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Precondition => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The refusal that the client is told of an error; what is not theirs to know is logged here.
pub fn refusal_of(error: Error) -> Refusal {
    match error {
        Error::Refused(refusal) => refusal,
        Error::Database(error) => database_refusal(&error),
        Error::Internal(error) => {
            tracing::error!(error = format!("{error:#}"), "internal failure");
            Refusal::new(Reason::Internal)
        }
    }
}

fn database_refusal(error: &DbErr) -> Refusal {
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return Refusal::new(Reason::Conflict);
    }
    if outage::is_unstorable(error) {
        return Refusal::new(Reason::UnreadableRequest).because(
            "Un texte contient un caractère nul (U+0000) : retirez-le.",
            "A text holds a NUL character (U+0000): remove it.",
        );
    }
    tracing::error!(%error, "database failure");
    if outage::is_passing(error) {
        // A commit may have been heard although its answer was not: nobody is told that it failed.
        return Refusal::new(Reason::Unavailable).retry_after(2).because(
            "Rien ne dit si la demande a été enregistrée : recommencez dans un instant.",
            "Nothing says whether the request was recorded: ask again in a moment.",
        );
    }
    Refusal::new(Reason::Internal)
}
