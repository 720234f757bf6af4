//! The framework's own errors, read as refusals of ours: its sentences name Rust types and are in
//! English, so nothing of them is passed on but the name of the field.

use poem::error::{
    MethodNotAllowedError, NotFoundError, ParsePathError as PoemPathError, ReadBodyError,
};
use poem::{Error, IntoResponse, Response};
use poem_openapi::error::{
    ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

use super::operations::Operation;
use super::problem::Problem;
use crate::error::{Fault, Reason, Refusal};

/// The response to a framework error; our own problems pass through untouched. `body` is what was
/// sent, to say which field the parser stumbled on.
pub fn response_of(error: Error, operation: Option<&Operation>, body: &[u8]) -> Response {
    if let Some(refusal) = error.data::<Refusal>() {
        return Problem::from(refusal.clone()).into_response();
    }
    if error.is_from_response() {
        return error.into_response();
    }
    let status = error.status();
    let mut refusal = refusal_of(&error);
    if refusal.reason == Reason::InvalidBody && refusal.faults.is_empty() {
        refusal.faults = operation.map(|o| o.misfits(body)).unwrap_or_default();
    }
    if refusal.reason == Reason::Internal {
        tracing::error!(%error, %status, "framework failure");
    }
    Problem::from(refusal).into_response()
}

fn refusal_of(error: &Error) -> Refusal {
    if error.is::<NotFoundError>() || error.is::<PoemPathError>() || error.is::<ParsePathError>() {
        return Refusal::new(Reason::NotFound);
    }
    if error.is::<MethodNotAllowedError>() {
        return Refusal::new(Reason::MethodNotAllowed);
    }
    if let Some(e) = error.downcast_ref::<ParseParamError>() {
        return parameter(e.name);
    }
    if let Some(e) = error.downcast_ref::<ParseRequestPayloadError>() {
        return payload(&e.reason);
    }
    if error.is::<ContentTypeError>() {
        return Refusal::new(Reason::UnsupportedMediaType);
    }
    if let Some(e) = error.downcast_ref::<ReadBodyError>() {
        return Refusal::new(match e {
            ReadBodyError::PayloadTooLarge => Reason::TooLarge,
            _ => Reason::UnreadableBody,
        });
    }
    Refusal::new(match error.status().as_u16() {
        404 => Reason::NotFound,
        405 => Reason::MethodNotAllowed,
        413 => Reason::TooLarge,
        415 => Reason::UnsupportedMediaType,
        422 => Reason::InvalidBody,
        400..=499 => Reason::UnreadableRequest,
        _ => Reason::Internal,
    })
}

fn parameter(name: &str) -> Refusal {
    Refusal {
        faults: vec![Fault {
            at: name.to_owned(),
            fr: "valeur absente ou d'un autre type ; voir /docs".to_owned(),
            en: "missing value, or of another type; see /docs".to_owned(),
        }],
        ..Refusal::new(Reason::InvalidParameter)
    }
}

/// Text that is not JSON is unreadable (400); JSON of another shape is invalid (422). The parser's
/// sentence names types of ours, and the field only when it is unknown or out of bounds.
fn payload(reason: &str) -> Refusal {
    let syntax = reason.contains(" at line ") && reason.contains(" column ");
    if syntax && !reason.starts_with("failed to parse") {
        return Refusal::new(Reason::UnreadableBody)
            .because("Le corps n'est pas du JSON valide.", "The body is not valid JSON.");
    }
    let named = |mark: &str, fr: &str, en: &str| {
        let field = reason.split(mark).nth(1)?.split('`').next()?;
        Some(Fault { at: pointer(field), fr: fr.to_owned(), en: en.to_owned() })
    };
    let fault = if reason.contains("verification failed") {
        named("field `", "valeur hors limites ; voir /docs", "out of bounds; see /docs")
    } else {
        named("unknown field `", "champ inconnu", "unknown field")
    };
    Refusal { faults: fault.into_iter().collect(), ..Refusal::new(Reason::InvalidBody) }
}

/// A field name as a JSON pointer, bounded: it may come from the client.
pub fn pointer(field: &str) -> String {
    let name: String = field.chars().filter(|c| !c.is_control()).take(64).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_json_is_unreadable_and_another_shape_is_invalid() {
        let broken = payload("expected value at line 1 column 2");
        assert_eq!(broken.reason, Reason::UnreadableBody);
        let unknown = payload("failed to parse \"SignIn\": unknown field `admin`.");
        assert_eq!(
            (unknown.reason, unknown.faults[0].at.as_str()),
            (Reason::InvalidBody, "/admin")
        );
        let bounds = payload(
            "failed to parse \"SignIn\": field `login` verification failed. maxLength(254)",
        );
        assert_eq!(bounds.faults[0].at, "/login");
        let typed =
            payload("Expected input type \"string\", found 3. (occurred while parsing \"SignIn\")");
        assert!(typed.faults.is_empty(), "no type of ours is named");
    }
}
