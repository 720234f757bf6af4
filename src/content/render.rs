//! Markdown to HTML that is safe to put in a page and asks nothing of the outside.
//!
//! Two walls: comrak escapes raw HTML and the tree is rid of what a lesson may not hold, then
//! ammonia lets through an allow-list written for exactly what comrak makes of a lesson.

use std::fmt;
use std::sync::Mutex;

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::{Node, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Anchorizer, Arena};

use super::lesson_rules::{lesson_file, percent_decoded};
use super::markdown;
use super::sanitise::{ANCHOR_PREFIX, escaped, sanitise};
use super::shapes::{is_https, is_local_path, is_mailto};

/// Renders Markdown, links between lessons becoming relative (`02-suite.md` → `02-suite`).
#[must_use]
pub fn render(markdown: &str) -> String {
    render_with(markdown, &|slug| slug.to_owned())
}

/// Renders Markdown to sanitised HTML; `lesson_address` turns a lesson's slug into its address,
/// a path inside the site.
///
/// Any text is accepted and the result depends on nothing else. Links that are not `https:`,
/// `mailto:`, an anchor or a lesson, and images that are not inside the site, leave only their
/// text. A heading of level 1 becomes level 2. A text that nests too deep (a finding for the lint)
/// is shown as it is written, in a `pre`. Ids start with `s-` (headings: `s-` and the anchor),
/// `fn-` or `fnref-` (footnotes), so that none meets an id of the page around.
#[must_use]
pub(super) fn render_with(markdown: &str, lesson_address: &dyn Fn(&str) -> String) -> String {
    let arena = Arena::new();
    let Ok(root) = markdown::parse(&arena, markdown) else {
        return format!("<pre>{}</pre>\n", escaped(markdown));
    };
    tidy(root, lesson_address);
    let headings = Headings::default();
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let mut html = String::new();
    comrak::format_html_with_plugins(root, &markdown::options(), &mut html, &plugins)
        .expect("writing to a String does not fail");
    sanitise(&html)
}

/// Rewrites the links of the tree and unwraps those, and the images, that may not be followed.
fn tidy(root: Node<'_>, lesson_address: &dyn Fn(&str) -> String) {
    let nodes: Vec<Node<'_>> = root.descendants().collect();
    for node in nodes {
        let kept = match &mut node.data_mut().value {
            NodeValue::Link(link) => {
                let address = link_address(&link.url, lesson_address);
                address.map(|address| link.url = address).is_some()
            }
            NodeValue::Image(image) => is_local_path(&image.url),
            _ => true,
        };
        if !kept {
            unwrap(node);
        }
    }
}

fn link_address(url: &str, lesson_address: &dyn Fn(&str) -> String) -> Option<String> {
    if let Some(anchor) = url.strip_prefix('#') {
        return Some(format!("#{ANCHOR_PREFIX}{}", percent_decoded(anchor)));
    }
    if let Some(slug) = lesson_file(url) {
        return Some(lesson_address(slug));
    }
    (is_https(url) || is_mailto(url)).then(|| url.to_owned())
}

/// Puts a node's children in its place.
fn unwrap(node: Node<'_>) {
    let children: Vec<Node<'_>> = node.children().collect();
    for child in children {
        node.insert_before(child);
    }
    node.detach();
}

/// Headings with an id and nothing else: comrak's own add an empty link labelled in English.
#[derive(Default)]
struct Headings(Mutex<Anchorizer>);

impl HeadingAdapter for Headings {
    fn enter(
        &self,
        output: &mut dyn fmt::Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut anchors = self.0.lock().map_err(|_| fmt::Error)?;
        let anchor = anchors.anchorize(&heading.content);
        let level = heading.level.max(2);
        write!(output, "<h{level} id=\"{ANCHOR_PREFIX}{}\">", escaped(&anchor))
    }

    fn exit(&self, output: &mut dyn fmt::Write, heading: &HeadingMeta) -> fmt::Result {
        writeln!(output, "</h{}>", heading.level.max(2))
    }
}
