//! JSON that was made before: what many ask for alike is serialised once.

use std::marker::PhantomData;

use bytes::Bytes;
use poem::{IntoResponse, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};

/// The JSON of a `T`, documented as such.
#[derive(Debug)]
pub struct Prepared<T>(Bytes, PhantomData<T>);

impl<T> Prepared<T> {
    /// Bytes that [`json_of`] made of a `T`.
    pub fn of(json: Bytes) -> Self {
        Self(json, PhantomData)
    }
}

/// The JSON of an answer, as [`Json`] would send it.
pub fn json_of(body: &impl ToJSON) -> Bytes {
    body.to_json_string().into()
}

impl<T: Type> Payload for Prepared<T> {
    const CONTENT_TYPE: &'static str = Json::<T>::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> IntoResponse for Prepared<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}
