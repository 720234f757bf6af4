//! Where a link or an image of a lesson leads, read once for the lint and for rendering, so that
//! what the one accepts the other follows.

use super::shapes::{is_https, is_mailto, is_numbered_slug, is_slug};

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'u> {
    /// A heading of the same lesson, as it is written (perhaps percent-encoded).
    Anchor(&'u str),
    /// Another lesson of the module: its slug, and a heading of it.
    Lesson { slug: &'u str, anchor: Option<&'u str> },
    /// A text of `module.toml`, by id.
    Reference(&'u str),
    /// A term of `glossary.toml`, by id.
    Term(&'u str),
    /// A file of `media/`, by its path in the module.
    File(&'u str),
    /// Outside: `https:` or `mailto:`.
    Outside(&'u str),
}

/// Reads the address of a link; `None` when it is of no kind that a lesson may hold.
pub(super) fn target(url: &str) -> Option<Target<'_>> {
    if let Some(anchor) = url.strip_prefix('#') {
        return Some(Target::Anchor(anchor));
    }
    if let Some(id) = url.strip_prefix("ref:") {
        return Some(Target::Reference(id));
    }
    if let Some(id) = url.strip_prefix("terme:") {
        return Some(Target::Term(id));
    }
    if let Some(path) = own_file(url).filter(|path| path.starts_with("media/")) {
        return Some(Target::File(path));
    }
    let (file, anchor) =
        url.split_once('#').map_or((url, None), |(file, anchor)| (file, Some(anchor)));
    if let Some(slug) = file.strip_suffix(".md").filter(|slug| is_numbered_slug(slug)) {
        return Some(Target::Lesson { slug, anchor });
    }
    (is_https(url) || is_mailto(url)).then_some(Target::Outside(url))
}

/// The path in the module of a file that a lesson names from its own folder:
/// `../figures/chaine.svg` is `figures/chaine.svg`.
pub(super) fn own_file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("../")?;
    let (folder, name) = path.split_once('/')?;
    let (stem, ending) = name.rsplit_once('.')?;
    let plain = is_slug(stem) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    (plain && matches!(folder, "figures" | "media")).then_some(path)
}

/// Anchors with accents may be written percent-encoded. Bytes that are not UTF-8 match nothing.
pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|pair| bytes[at] == b'%' && pair.iter().all(u8::is_ascii_hexdigit))
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
