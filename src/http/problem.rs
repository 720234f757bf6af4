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
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use super::context::{Context, Language};
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
    if is_unstorable(error) {
        return Refusal::new(Reason::UnreadableRequest).because(
            "Un texte contient un caractère nul (U+0000) : retirez-le.",
            "A text holds a NUL character (U+0000): remove it.",
        );
    }
    tracing::error!(%error, "database failure");
    let unreachable = match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => {
            is_passing(e)
        }
        _ => false,
    };
    if unreachable {
        return Refusal::new(Reason::Unavailable).retry_after(2);
    }
    Refusal::new(Reason::Internal)
}

/// Whether a text was given that PostgreSQL cannot hold (SQLSTATE 22021 and 22P05): NUL is the only
/// character that is valid in our strings and not in its own.
fn is_unstorable(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))) = error
    else {
        return false;
    };
    let code = e.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    matches!(code.as_deref(), Some("22021" | "22P05"))
}

/// Whether the engine, not the statement, is at fault: a lost connection, a restart, a full disk,
/// a lock that did not come in time.
fn is_passing(error: &sea_orm::sqlx::Error) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match error {
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed => true,
        Sqlx::Database(e) => {
            let code = e.code().unwrap_or_default();
            // PostgreSQL classes 08 (connection), 53 (resources), 57 (operator intervention), 40
            // (rollback); SQLite primary codes 5 BUSY, 10 IOERR, 13 FULL.
            let sqlite = code.parse::<i32>().is_ok_and(|c| matches!(c & 0xff, 5 | 10 | 13));
            ["08", "53", "57", "40"].iter().any(|c| code.len() == 5 && code.starts_with(c))
                || (code.len() < 5 && sqlite)
        }
        _ => false,
    }
}
