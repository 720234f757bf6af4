//! Media of a module: images, sounds, films and documents beside the text, known by their digest.
//!
//! A tree names them and never holds them. What a medium is comes from its first bytes, and must
//! agree with its name: a page that serves it says what it is, and a browser must not guess.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::words::words;

words! {
    /// What a medium is. Its word is the ending of its file.
    MediaKind {
        /// Image, PNG.
        Png = "png",
        /// Image, JPEG.
        Jpeg = "jpg",
        /// Image, WebP.
        Webp = "webp",
        /// Sound, MP3.
        Mp3 = "mp3",
        /// Sound, Ogg.
        Ogg = "ogg",
        /// Film, MPEG-4.
        Mp4 = "mp4",
        /// Film, WebM.
        Webm = "webm",
        /// Document, PDF.
        Pdf = "pdf",
    }
}

impl MediaKind {
    /// The media type (RFC 6838) under which it is served.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::Pdf => "application/pdf",
        }
    }
}

/// One medium: what its bytes are, without the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// Size, in bytes.
    pub bytes: u64,
    /// What they are, as their first bytes say; `None` when they are nothing that is accepted.
    pub kind: Option<MediaKind>,
}

/// What the medium at `path` claims to be; `None` when the path is not that of a medium.
#[must_use]
pub fn media_kind_of_path(path: &str) -> Option<MediaKind> {
    MediaKind::parse(path.strip_prefix("media/")?.rsplit_once('.')?.1)
}
