//! The framework's own errors, read as refusals of ours: its sentences name Rust types and are in
//! English, so nothing of them is passed on but the name of the field.

use poem::error::{
    MethodNotAllowedError, NotFoundError, ParsePathError as PoemPathError, ReadBodyError,
};
use poem::{Error, IntoResponse, Response};
use poem_openapi::error::{
    ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

use super::problem::Problem;
use crate::error::{Fault, Reason, Refusal};

/// The response to a framework error; our own problems pass through untouched.
pub fn response_of(error: Error) -> Response {
    if let Some(refusal) = error.data::<Refusal>() {
        return Problem::from(refusal.clone()).into_response();
    }
    if error.is_from_response() {
        return error.into_response();
    }
    let status = error.status();
    let refusal = refusal_of(&error);
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

/// Text that is not JSON is unreadable (400); JSON of another shape is invalid (422), and the field
/// named by the parser is kept.
fn payload(reason: &str) -> Refusal {
    let syntax = reason.contains(" at line ") && reason.contains(" column ");
    if syntax && !reason.starts_with("failed to parse") {
        return Refusal::new(Reason::UnreadableBody)
            .because("Le corps n'est pas du JSON valide.", "The body is not valid JSON.");
    }
    let refusal = Refusal::new(Reason::InvalidBody);
    let Some((field, unknown)) = field_of(reason) else { return refusal };
    let (fr, en) = if unknown {
        ("champ inconnu", "unknown field")
    } else {
        (
            "valeur absente, d'un autre type ou hors limites",
            "missing value, of another type or out of bounds",
        )
    };
    let fault = Fault { at: format!("/{field}"), fr: fr.to_owned(), en: en.to_owned() };
    Refusal { faults: vec![fault], ..refusal }
}

/// The field that the parser stumbled on: `… (occurred while parsing "Type.field")`, `unknown field
/// `x``, or `field "x" …`; and whether it is an unknown one.
fn field_of(reason: &str) -> Option<(String, bool)> {
    if let Some(rest) = reason.split("unknown field `").nth(1) {
        return Some((pointer(rest.split('`').next()?), true));
    }
    if let Some(rest) = reason.split("field `").nth(1).filter(|r| r.contains("verification failed"))
    {
        return Some((pointer(rest.split('`').next()?), false));
    }
    if let Some(rest) = reason.rsplit("occurred while parsing \"").next().filter(|r| *r != reason) {
        let path = rest.split('"').next()?;
        return Some((pointer(path.split_once('.').map_or(path, |(_, field)| field)), false));
    }
    None
}

/// A field name as a JSON pointer segment, bounded: it may come from the client.
fn pointer(field: &str) -> String {
    field
        .chars()
        .filter(|c| !c.is_control())
        .take(64)
        .collect::<String>()
        .replace('~', "~0")
        .replace('/', "~1")
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
        let typed = payload(
            "failed to parse \"string\": Expected input type \"string\", found 3. (occurred while parsing \"SignIn.login\")",
        );
        assert_eq!(typed.faults[0].at, "/login");
    }
}
