//! A recommendation as a parameter that may be given several times: the framework keeps the bounds of
//! a single number, not those of a list's.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, ToJSON, Type};

/// A recommendation of Senate report n° 447, 1 to 11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecommendationParam(pub u8);

impl Type for RecommendationParam {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;

    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "Recommendation".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            minimum: Some(1.0),
            maximum: Some(11.0),
            ..MetaSchema::new_with_format("integer", "uint8")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }

    fn raw_element_iter<'a>(
        &'a self,
    ) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for RecommendationParam {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        let number = value.parse().ok().filter(|number| (1..=11).contains(number));
        number.map(Self).ok_or_else(|| ParseError::custom("a whole number, 1 to 11"))
    }
}

impl ToJSON for RecommendationParam {
    fn to_json(&self) -> Option<serde_json::Value> {
        Some(self.0.into())
    }
}

/// An example: two of them.
pub(super) fn example() -> Option<Vec<RecommendationParam>> {
    Some([3, 8].map(RecommendationParam).to_vec())
}
