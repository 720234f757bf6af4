//! Media of a module: images, sounds, films and documents beside the text, known by their digest.
//!
//! A tree names them and never holds them. What a medium is comes from its first bytes, and must
//! agree with its name: a page that serves it says what it is, and a browser must not guess.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

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

/// How many of the first bytes say what a medium is.
const HEAD: usize = 512;

/// Says what a medium is while its bytes go by, so that nobody need hold them.
#[derive(Debug, Default)]
pub struct MediaReader {
    hasher: Sha256,
    head: Vec<u8>,
    bytes: u64,
}

impl MediaReader {
    /// The next bytes.
    pub fn update(&mut self, next: &[u8]) {
        let missing = HEAD - self.head.len();
        self.head.extend_from_slice(&next[..missing.min(next.len())]);
        self.hasher.update(next);
        self.bytes += next.len() as u64;
    }

    /// How many bytes went by.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What they are, once enough of them went by to tell.
    #[must_use]
    pub fn kind(&self) -> Option<Option<MediaKind>> {
        (self.head.len() == HEAD).then(|| sniff(&self.head))
    }

    /// What went by, all of it.
    #[must_use]
    pub fn finish(self) -> Media {
        let digest = Digest(self.hasher.finalize().into());
        Media { digest, bytes: self.bytes, kind: sniff(&self.head) }
    }
}

impl Media {
    /// What these bytes are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut reader = MediaReader::default();
        reader.update(bytes);
        reader.finish()
    }
}

/// What the first bytes of a file say that it is; `None` when they are nothing that is accepted.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<MediaKind> {
    use infer::{archive, audio, image, video};
    type Is = fn(&[u8]) -> bool;
    let tests: [(MediaKind, Is); 9] = [
        (MediaKind::Png, image::is_png),
        (MediaKind::Jpeg, image::is_jpeg),
        (MediaKind::Webp, image::is_webp),
        (MediaKind::Mp3, audio::is_mp3),
        (MediaKind::Ogg, audio::is_ogg),
        (MediaKind::Mp4, video::is_mp4),
        // What iTunes and some telephones write; the same container under another brand.
        (MediaKind::Mp4, video::is_m4v),
        (MediaKind::Webm, video::is_webm),
        (MediaKind::Pdf, archive::is_pdf),
    ];
    tests.into_iter().find(|(_, is)| is(head)).map(|(kind, _)| kind)
}

/// What the medium at `path` claims to be; `None` when the path is not that of a medium.
#[must_use]
pub fn media_kind_of_path(path: &str) -> Option<MediaKind> {
    MediaKind::parse(path.strip_prefix("media/")?.rsplit_once('.')?.1)
}
