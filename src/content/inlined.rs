//! Figures and media put in the places that rendering kept for them, after sanitising: a drawing is
//! SVG written from its own allow-list, which the one of text would not let through.
//!
//! A place is the element `<figure id="m-N"></figure>`. No author can write one: in sanitised HTML a
//! `<` of a text is `&lt;` and a `"` of an attribute is `&quot;`, so that this run of characters is
//! always a tag, and raw HTML never becomes one.
//!
//! What stands for a figure to who does not see it (RGAA 4.1, topic 1): a drawing says it by itself,
//! by its `title` and `desc`, so that it does in every lesson that shows it; the text that the
//! lesson gives is an image's `alt`, the label of a film or sound, and what is left of a drawing
//! where it cannot be shown.

use std::collections::BTreeMap;

use super::digest::blob_digest;
use super::lesson_rules::MAX_TRANSCRIPT_BYTES;
use super::media::{Media, MediaKind, media_kind_of_path};
use super::media_rules::companion;
use super::module::Module;
use super::render::{Page, Shown, body};
use super::sanitise::{escaped, sanitise_apart};

const PLACE: &str = "<figure id=\"m-";
const END: &str = "\"></figure>";

/// Sanitised HTML with its places filled.
pub(super) fn fill(html: &str, shown: &[Shown], module: &Module) -> String {
    let mut filled = String::with_capacity(html.len());
    let mut told = BTreeMap::new();
    let mut rest = html;
    while let Some(at) = rest.find(PLACE) {
        filled.push_str(&rest[..at]);
        rest = &rest[at + PLACE.len()..];
        let Some((number, after)) = rest.split_once(END) else { break };
        rest = after;
        let number: Option<usize> = number.parse().ok();
        if let Some((number, one)) = number.and_then(|n| Some((n, shown.get(n)?))) {
            filled.push_str(&figure(number, one, module, &mut told));
        }
    }
    filled.push_str(rest);
    filled
}

/// The place where each transcript stands in the page, by its path: it is there once.
type Told = BTreeMap<String, usize>;

fn figure(number: usize, shown: &Shown, module: &Module, told: &mut Told) -> String {
    let drawing = module.figures.get(&shown.path).map(|own| own.in_page(&format!("f{number}-")));
    let medium = || {
        let medium = module.media.get(&shown.path)?;
        Some(self::medium(number, shown, medium, module, told))
    };
    let content = drawing.or_else(medium).unwrap_or_else(|| escaped(&shown.alt));
    if shown.caption.trim().is_empty() {
        return format!("<figure class=\"figure\">{content}</figure>");
    }
    // RGAA 4.1, criterion 1.9: the caption and what it is of are one thing, and named by it.
    let caption = escaped(&shown.caption);
    format!(
        "<figure class=\"figure\" role=\"figure\" aria-label=\"{caption}\">{content}<figcaption>{caption}</figcaption></figure>"
    )
}

fn medium(
    number: usize,
    shown: &Shown,
    medium: &Media,
    module: &Module,
    told: &mut Told,
) -> String {
    let (address, alt) = (format!("/media/{}", medium.digest), escaped(&shown.alt));
    match media_kind_of_path(&shown.path) {
        Some(MediaKind::Mp4 | MediaKind::Webm) => format!(
            "<video controls preload=\"metadata\" src=\"{address}\" aria-label=\"{alt}\">{}</video>{}",
            captions(shown, module),
            transcript(number, shown, module, told)
        ),
        Some(MediaKind::Mp3 | MediaKind::Ogg) => format!(
            "<audio controls preload=\"metadata\" src=\"{address}\" aria-label=\"{alt}\"></audio>{}",
            transcript(number, shown, module, told)
        ),
        _ => format!("<img src=\"{address}\" alt=\"{alt}\" loading=\"lazy\">"),
    }
}

/// Captions are a text of the tree, served by its digest as media are.
fn captions(shown: &Shown, module: &Module) -> String {
    let text = companion(&shown.path, "vtt").and_then(|path| module.texts_of_media.get(&path));
    let Some(text) = text else { return String::new() };
    format!(
        "<track kind=\"captions\" srclang=\"{}\" label=\"Sous-titres\" src=\"/media/{}\">",
        escaped(&module.manifest.language),
        blob_digest(text.as_bytes())
    )
}

/// The transcript, folded, through the same two walls as a lesson, without the ids of its own text:
/// several may stand in one page. A showing that comes after the first leads back to it.
fn transcript(number: usize, shown: &Shown, module: &Module, told: &mut Told) -> String {
    let own = |path: String| Some((module.texts_of_media.get(&path)?, path));
    let text = companion(&shown.path, "md").and_then(own);
    let Some((text, path)) = text.filter(|(text, _)| text.len() <= MAX_TRANSCRIPT_BYTES) else {
        return String::new();
    };
    let first = *told.entry(path).or_insert(number);
    if first != number {
        return format!(
            "<p class=\"transcript\"><a href=\"#m-{first}-texte\">Transcription, plus haut</a></p>"
        );
    }
    let (html, _) = body(text, Page::default());
    format!(
        "<details id=\"m-{number}-texte\" class=\"transcript\"><summary>Transcription</summary>{}</details>",
        sanitise_apart(&html)
    )
}
