//! The framework's own errors, read as refusals of ours: its sentences name Rust types and are in
//! English, so nothing of them is passed on but the name of a parameter.

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
    if error.is::<ParseRequestPayloadError>() {
        // What the document says of bodies was checked before the parser ran.
        return Refusal::new(Reason::InvalidBody);
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
