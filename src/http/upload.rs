//! Bodies that are not read before their handler asks: media and archives, up to 64 MiB.
//!
//! The front door bounds them as they go by, in size and in time, so that the guard speaks before
//! anything arrives, and nothing is held in memory.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _, try_unfold};
use poem::Body;

use crate::error::{Reason, Result};

/// Largest body, in bytes: that of the largest medium.
pub const MAX_UPLOAD_BYTES: u64 = crate::content::MAX_MEDIA_BYTES;
/// The media types that are sent so.
pub const STREAMED: [&str; 2] = ["application/octet-stream", "application/zip"];
/// How many times longer than any other request such a one may take: sixty-four times as many bytes, on
/// a line that sends most of the time.
pub const PATIENCE: u32 = 20;

/// The same body, refused once it is too large or sends nothing for that long.
pub fn bounded(body: Body, patience: Duration) -> Body {
    let source = Box::pin(body.into_bytes_stream());
    Body::from_bytes_stream(try_unfold((source, 0), move |(mut source, read)| async move {
        let next = tokio::time::timeout(patience, source.next()).await;
        let Some(bytes) = next.map_err(|_| io::ErrorKind::TimedOut)?.transpose()? else {
            return Ok::<_, io::Error>(None);
        };
        let read = read + bytes.len() as u64;
        if read > MAX_UPLOAD_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Some((bytes, (source, read))))
    }))
}

/// The bytes of a body as they arrive.
pub fn stream(body: Body) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    body.into_bytes_stream()
}

/// A body that must fit in memory.
///
/// # Errors
/// `too-large` beyond `most` bytes; `timeout`, `unreadable-body` when it does not arrive whole.
pub async fn read(body: Body, most: usize) -> Result<Vec<u8>> {
    let mut source = Box::pin(body.into_bytes_stream());
    let mut all = Vec::new();
    while let Some(bytes) =
        source.next().await.transpose().map_err(|e| Reason::from_cut(e.kind()))?
    {
        if all.len() + bytes.len() > most {
            return Err(Reason::TooLarge.into());
        }
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use futures_util::stream;

    fn reason(refused: Result<Vec<u8>>) -> Reason {
        match refused {
            Err(Error::Refused(refusal)) => refusal.reason,
            other => panic!("{other:?}"),
        }
    }

    fn body(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
        bounded(Body::from_bytes_stream(pieces), Duration::from_millis(20))
    }

    #[tokio::test]
    async fn a_body_goes_by_as_it_is() {
        let pieces = ["de", "", "ux"].map(|piece| Ok(Bytes::from(piece)));
        let all = read(body(stream::iter(pieces)), 4).await.expect("read");
        assert_eq!(all, b"deux");
    }

    #[tokio::test]
    async fn one_that_is_too_large_stops_or_breaks_is_refused_for_what_it_is() {
        let many = stream::repeat_with(|| Ok(Bytes::from_static(&[0; 1 << 20])));
        assert_eq!(reason(read(body(many), usize::MAX).await), Reason::TooLarge);
        let five = stream::iter([Ok(Bytes::from_static(b"cinq!"))]);
        assert_eq!(reason(read(body(five), 4).await), Reason::TooLarge);
        assert_eq!(reason(read(body(stream::pending()), 4).await), Reason::Timeout);
        let cut = stream::iter([Err(io::ErrorKind::ConnectionReset.into())]);
        assert_eq!(reason(read(body(cut), 4).await), Reason::UnreadableBody);
    }
}
