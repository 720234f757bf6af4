//! The allow-list of the HTML of lessons: the second wall, which trusts nothing of the first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::shapes::{is_https, is_local_path, is_mailto};

/// Head of every heading's id.
pub(super) const ANCHOR_PREFIX: &str = "s-";

/// What comrak makes of a lesson, and no more.
const TAGS: &str = "h2 h3 h4 h5 h6 p br hr strong em code pre blockquote ul ol li a img sup section \
            table thead tbody tr th td";
/// Attributes by tag, separated by spaces; [`keep`] judges their values.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("h2", "id"),
    ("h3", "id"),
    ("h4", "id"),
    ("h5", "id"),
    ("h6", "id"),
    ("li", "id"),
    ("a", "id href title aria-label"),
    ("img", "src alt title"),
    ("ol", "start"),
    ("th", "align"),
    ("td", "align"),
];
/// Classes by tag: those of footnotes.
const CLASSES: &[(&str, &str)] =
    &[("sup", "footnote-ref"), ("a", "footnote-backref"), ("section", "footnotes")];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(builder);

/// Keeps of `html` what a lesson may show.
pub(super) fn sanitise(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// Text for the inside of an element or of a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn builder() -> Builder<'static> {
    let words = |text: &'static str| text.split(' ').collect::<HashSet<&'static str>>();
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
        .attribute_filter(keep);
    builder
}

/// The value to keep for an attribute of the allow-list, if any.
fn keep<'u>(tag: &str, attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let good = match (tag, attribute) {
        ("a", "href") => {
            value.starts_with('#') || is_https(value) || is_mailto(value) || is_local_path(value)
        }
        ("img", "src") => is_local_path(value),
        (_, "id") => ["s-", "fn-", "fnref-"].iter().any(|head| value.starts_with(head)),
        (_, "align") => matches!(value, "left" | "center" | "right"),
        (_, "aria-label") => {
            return Some(value.replace("Back to reference ", "Retour à l’appel de note ").into());
        }
        _ => true,
    };
    good.then_some(Cow::Borrowed(value))
}
