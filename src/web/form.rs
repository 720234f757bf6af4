//! Forms: what was typed, and the proof that it was typed on a page of ours.
//!
//! A browser says where a form comes from (`Sec-Fetch-Site`, `Origin`): what comes from elsewhere is
//! refused. Somebody signed in proves it besides with a token that only their pages hold; a token that
//! is not right any more (signed out and in again meanwhile) loses nothing of what was typed.

use askama::Template;
use poem::http::{HeaderMap, StatusCode, header};
use poem::{FromRequest, Request, RequestBody};
use subtle::ConstantTimeEq as _;

use super::page::{Around, Section};
use super::visitor::{Member, Signed, Visitor, sign_in_path};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::operations::Sent as Body;
use crate::http::problem::Problem;
use crate::http::query;

/// The field that carries the token.
pub const TOKEN: &str = "jeton";
/// What a form is sent as; nothing else is read here.
const FORM: &str = "application/x-www-form-urlencoded";

/// The fields of a form, in order, as they were typed.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a body.
    ///
    /// # Errors
    /// `unreadable-request` for what does not decode.
    fn read(body: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(body).map_err(|_| Reason::UnreadableBody)?;
        Ok(Self(query::pairs(text)?))
    }

    /// Fields that were read otherwise.
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// A field, if it was sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field, or nothing typed.
    pub fn line(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The text of a `textarea`: browsers send its lines with a carriage return, files have none.
    pub fn text(&self, name: &str) -> String {
        self.line(name).replace("\r\n", "\n")
    }

    /// Every value of a field that may be sent several times (boxes that are ticked).
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Where the browser says that a form comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    Us,
    Elsewhere,
    Unknown,
}

impl Sender {
    pub(super) fn of(headers: &HeaderMap, public_url: &str) -> Self {
        let said = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or_default());
        match said("sec-fetch-site") {
            // `none`: asked for by the person, from no page at all.
            Some("same-origin" | "none") => return Self::Us,
            Some(_) => return Self::Elsewhere,
            None => {}
        }
        let Some(origin) = said("origin") else { return Self::Unknown };
        let host = origin.split_once("://").map(|(_, host)| host);
        // The address that people type, or the one that this request was sent to: no page of
        // elsewhere has either.
        if origin == public_url || (host.is_some() && host == said("host")) {
            return Self::Us;
        }
        Self::Elsewhere
    }
}

/// A form sent by anybody, from a page of ours.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Who sent it.
    pub visitor: Visitor,
    /// What was typed.
    pub fields: Fields,
}

impl<'a> FromRequest<'a> for Sent {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let (visitor, fields) = read(request).await.map_err(Problem::from)?;
        match Sender::of(request.headers(), &visitor.app.settings.http.public_url) {
            Sender::Us => Ok(Self { visitor, fields }),
            _ => Err(refused(&visitor, Fields::default())),
        }
    }
}

/// A form sent by somebody signed in, from a page of theirs.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Who sent it.
    pub member: Member,
    /// What was typed.
    pub fields: Fields,
}

impl<'a> FromRequest<'a> for Posted {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let (visitor, fields) = read(request).await.map_err(Problem::from)?;
        if Sender::of(request.headers(), &visitor.app.settings.http.public_url) == Sender::Elsewhere
        {
            // What another site typed is not shown as if it were theirs.
            return Err(refused(&visitor, Fields::default()));
        }
        match visitor.signed.clone().filter(|signed| is_theirs(signed, &fields)) {
            Some(signed) => Ok(Self { member: Member { visitor, signed }, fields }),
            None => Err(refused(&visitor, fields)),
        }
    }
}

pub(super) fn is_theirs(signed: &Signed, fields: &Fields) -> bool {
    fields.line(TOKEN).as_bytes().ct_eq(signed.token.as_bytes()).into()
}

async fn read(request: &Request) -> Result<(Visitor, Fields)> {
    request.data::<App>().ok_or(Reason::Internal)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case(FORM) {
        return Err(Reason::UnsupportedMediaType.into());
    }
    let fields = match request.data::<Body>() {
        Some(Body(body)) => Fields::read(body)?,
        None => Fields::default(),
    };
    Ok((Visitor::of(request).await?, fields))
}

/// The page of a form that is refused: nothing was done, and what was typed is there to be sent
/// again, or copied.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "form_refused.html")]
struct FormRefused {
    around: Around,
    /// The path that the form was for.
    action: String,
    /// What was typed, name and value; nothing when it came from another site.
    typed: Vec<(String, String)>,
    sign_in: String,
}

pub(super) fn refused(visitor: &Visitor, fields: Fields) -> poem::Error {
    let typed = fields.0.into_iter().filter(|(name, value)| name != TOKEN && !value.is_empty());
    let page = FormRefused {
        around: visitor.around(Section::Other),
        action: visitor.asked.clone(),
        typed: typed.filter(|(name, _)| !name.contains("password")).collect(),
        sign_in: sign_in_path("/"),
    };
    poem::Error::from_response(visitor.page(StatusCode::FORBIDDEN, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(lines: &[(&'static str, &str)]) -> Sender {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, value.parse().expect("a header"));
        }
        Sender::of(&headers, "https://formation.example")
    }

    #[test]
    fn a_form_is_ours_by_what_the_browser_says_and_never_by_its_silence() {
        assert_eq!(sender(&[]), Sender::Unknown);
        assert_eq!(sender(&[("sec-fetch-site", "same-origin")]), Sender::Us);
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
            let ours = ("origin", "https://formation.example");
            assert_eq!(sender(&[("sec-fetch-site", site), ours]), Sender::Elsewhere, "{site}");
        }
        assert_eq!(sender(&[("origin", "https://formation.example")]), Sender::Us);
        let proxied = [("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")];
        assert_eq!(sender(&proxied), Sender::Us);
        for origin in
            ["null", "https://formation.example.org", "http://formation.example", "https://x", ""]
        {
            assert_eq!(sender(&[("origin", origin)]), Sender::Elsewhere, "{origin}");
        }
    }

    #[test]
    fn fields_are_read_in_order_as_often_as_they_were_sent() {
        let fields = Fields::read(b"a=1&b=l%27%C3%A9lue+2&a=3&t=x%0D%0Ay%0D%0A").expect("fields");
        assert_eq!((fields.line("a"), fields.line("b"), fields.get("c")), ("1", "l'élue 2", None));
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(fields.text("t"), "x\ny\n");
        assert!(Fields::read(b"a=%00").is_err() && Fields::read(b"a=%FF").is_err());
        assert!(Fields::read(b"a=\xFF").is_err());
    }
}
