//! The calendar feed: its secret address, and what stands behind it.

use bytes::Bytes;
use futures_util::stream;
use poem::http::header;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use crate::app::App;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;
use crate::http::served::Served;
use crate::mail;
use crate::sessions::feed;

/// Calendars.
pub struct CalendarApi {
    /// The application.
    pub app: App,
}

/// The address of a calendar.
#[derive(Object)]
struct CalendarAddress {
    /// To subscribe to. Whoever has it reads it: it is shown once.
    url: String,
}

#[derive(ApiResponse)]
enum Made {
    /// The address; the one before opens nothing any more.
    #[oai(status = 201)]
    New(Json<CalendarAddress>),
}

#[derive(ApiResponse)]
enum Gone {
    /// No address opens my calendar.
    #[oai(status = 204)]
    Now,
}

#[derive(ApiResponse)]
enum Feed {
    /// An iCalendar object (RFC 5545): the sessions in which the person has a seat.
    #[oai(status = 200)]
    Now(Served),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Sessions")]
impl CalendarApi {
    /// Make a secret address for my calendar of sessions, in place of the one before
    #[oai(path = "/me/calendar", method = "post", operation_id = "make_calendar")]
    async fn make_calendar(&self, who: SignedIn) -> Result<Made, Problem> {
        let tx = self.app.db.begin_write().await?;
        let secret = feed::make(&tx, &who, self.app.clock.now()).await?;
        tx.commit().await?;
        let url = feed::address(&self.app.settings.http.public_url, &secret);
        Ok(Made::New(Json(CalendarAddress { url })))
    }

    /// Have no address open my calendar any more
    #[oai(path = "/me/calendar", method = "delete", operation_id = "end_calendar")]
    async fn end_calendar(&self, who: SignedIn) -> Result<Gone, Problem> {
        let tx = self.app.db.begin_write().await?;
        feed::revoke(&tx, &who, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Gone::Now)
    }

    /// The calendar behind a secret address, for programs that subscribe to it
    #[oai(path = "/calendar/:token", method = "get", operation_id = "get_calendar")]
    async fn get_calendar(
        &self,
        /// The secret, with or without `.ics` behind it.
        #[oai(example = "crate::http::examples::calendar")]
        token: Path<String>,
    ) -> Result<Feed, Problem> {
        let secret = token.0.strip_suffix(".ics").unwrap_or(&token.0);
        let conn = self.app.db.read();
        let person = feed::whose(conn, secret).await?;
        let host = mail::host(&self.app.settings.http.public_url);
        let bytes = Bytes::from(feed::of_person(conn, person, host).await?);
        let length = bytes.len() as u64;
        let served = Served::new("text/calendar; charset=utf-8", length, stream::iter([Ok(bytes)]));
        Ok(Feed::Now(served.header(header::CACHE_CONTROL, "private, no-store")))
    }
}
