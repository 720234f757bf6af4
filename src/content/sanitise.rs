//! The allow-list of the HTML of lessons: the second wall, which trusts nothing of the first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::shapes::{is_https, is_local_path, is_mailto};

/// Head of every heading's id.
pub(super) const ANCHOR_PREFIX: &str = "s-";

/// What rendering makes of a lesson, and no more.
const TAGS: &str = "h2 h3 h4 h5 h6 p br hr strong em code pre blockquote ul ol li a sup section div \
            abbr dl dt dd figure table thead tbody tr th td";
/// Attributes by tag, separated by spaces; [`keep`] judges their values.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("h2", "id"),
    ("h3", "id"),
    ("h4", "id"),
    ("h5", "id"),
    ("h6", "id"),
    ("li", "id"),
    ("a", "id href title aria-label"),
    ("abbr", "title"),
    ("div", "role"),
    ("dt", "id"),
    ("figure", "id"),
    ("ol", "start"),
    ("th", "align"),
    ("td", "align"),
];
/// Classes by tag.
const CLASSES: &[(&str, &str)] = &[
    ("sup", "footnote-ref"),
    ("a", "footnote-backref ref term back"),
    ("abbr", "grade"),
    ("p", "lesson-state callout-title"),
    (
        "div",
        "callout callout-note callout-tip callout-important callout-warning callout-caution cited \
         glossary",
    ),
    ("section", "footnotes"),
];
/// Heads of ids: what the page around uses none of.
const IDS: [&str; 8] = ["s-", "fn-", "fnref-", "ref-", "r-", "terme-", "t-", "m-"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(keep));
static APART: LazyLock<Builder<'static>> = LazyLock::new(|| builder(keep_apart));

/// Keeps of `html` what a lesson may show.
pub(super) fn sanitise(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// The same, for a text beside the lesson: no id, and no link to one.
pub(super) fn sanitise_apart(html: &str) -> String {
    APART.clean(html).to_string()
}

/// Text for the inside of an element or of a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Judges an attribute: tag, name and value to the value to keep.
type Judge = for<'u> fn(&str, &str, &'u str) -> Option<Cow<'u, str>>;

fn builder(judge: Judge) -> Builder<'static> {
    let words = |text: &'static str| text.split_whitespace().collect::<HashSet<&'static str>>();
    let table =
        |pairs: &[(&'static str, &'static str)]| -> HashMap<&'static str, HashSet<&'static str>> {
            pairs.iter().map(|&(tag, list)| (tag, words(list))).collect()
        };
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.split_whitespace().collect())
        .tag_attributes(table(ATTRIBUTES))
        .allowed_classes(table(CLASSES))
        .url_schemes(["https", "mailto"].into())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        // RGAA 4.1, 5.7: a header cell says what it heads.
        .set_tag_attribute_value("th", "scope", "col")
        .set_tag_attribute_value("section", "aria-label", "Notes")
        .attribute_filter(judge);
    builder
}

/// The value to keep for an attribute of the allow-list, if any.
fn keep<'u>(tag: &str, attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let good = match (tag, attribute) {
        ("a", "href") => {
            let inside = value.split('#').next().unwrap_or_default();
            is_https(value) || is_mailto(value) || inside.is_empty() || is_local_path(inside)
        }
        (_, "id") => IDS.iter().any(|head| value.starts_with(head)),
        (_, "role") => value == "note",
        (_, "align") => matches!(value, "left" | "center" | "right"),
        (_, "aria-label") => {
            return Some(value.replace("Back to reference ", "Retour à l’appel de note ").into());
        }
        _ => true,
    };
    good.then_some(Cow::Borrowed(value))
}

fn keep_apart<'u>(tag: &str, attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let leads_here = attribute == "href" && value.starts_with('#');
    if attribute == "id" || leads_here { None } else { keep(tag, attribute, value) }
}
