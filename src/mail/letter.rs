//! A message as it travels: headers and body, built from parts and never by formatting an address.

use chrono::{DateTime, Utc};
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use uuid::Uuid;

use super::calendar::Attached;
use super::model::Template;
use super::render::Text;

/// Everything a transport needs.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub id: Uuid,
    pub template: Template,
    pub created_at: DateTime<Utc>,
    pub date: DateTime<Utc>,
    pub host: String,
    pub from: Mailbox,
    pub to: Mailbox,
    pub text: Text,
    /// Calendar objects that travel with it.
    pub calendar: Vec<Attached>,
}

/// Tells out-of-office robots not to answer (RFC 3834, section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Letter {
    /// The message itself. Its `Message-ID` is made of the row's id, so that a second copy, should a
    /// relay ever make one, can be recognised.
    ///
    /// # Errors
    /// Why it cannot be built, in words that hold no personal data.
    pub(super) fn build(
        &self,
        encoding: ContentTransferEncoding,
    ) -> Result<lettre::Message, String> {
        let body = encoded(&self.text.body, encoding)?;
        let builder = lettre::Message::builder()
            .message_id(Some(format!("<{}@{}>", self.id, self.host)))
            .date(self.date.into())
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(self.text.subject.clone())
            .header(AutoSubmitted);
        if self.calendar.is_empty() {
            let plain = builder.header(ContentType::TEXT_PLAIN).body(body);
            return plain.map_err(|error| error.to_string());
        }
        let plain = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body);
        let mut parts = MultiPart::mixed().singlepart(plain);
        for object in &self.calendar {
            parts = parts.singlepart(part(object, encoding)?);
        }
        builder.multipart(parts).map_err(|error| error.to_string())
    }
}

/// A text as it travels.
fn encoded(text: &str, encoding: ContentTransferEncoding) -> Result<Body, String> {
    match encoding {
        // lettre would refuse 8bit for a line over 76 characters, as links are; the limit of
        // the standard is 998 (RFC 5322, section 2.1.1), and this text is only read from a file.
        ContentTransferEncoding::EightBit => {
            let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
            Ok(Body::dangerous_pre_encoded(lines.into_bytes(), encoding))
        }
        _ => Body::new_with_encoding(text.to_owned(), encoding)
            .map_err(|_| format!("the body cannot travel as {encoding}")),
    }
}

/// A calendar object, as programs recognise an invitation (RFC 6047, section 2.4).
fn part(object: &Attached, encoding: ContentTransferEncoding) -> Result<SinglePart, String> {
    let kind = format!("text/calendar; method={}; charset=UTF-8", object.method);
    let kind = ContentType::parse(&kind).map_err(|error| error.to_string())?;
    let disposition = ContentDisposition::attachment(&object.name);
    let body = encoded(&object.text, encoding)?;
    Ok(SinglePart::builder().header(kind).header(disposition).body(body))
}

/// The host of an address such as `https://formation.example:8443/x`.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => &authority[..colon],
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_is_found_whatever_surrounds_it() {
        assert_eq!(host("https://formation.example"), "formation.example");
        assert_eq!(host("http://127.0.0.1:8080/x"), "127.0.0.1");
        assert_eq!(host("http://[::1]:8080"), "[::1]");
        assert_eq!(host("http://[::1]"), "[::1]");
    }
}
