//! The Markdown of a lesson to HTML, before sanitising: what comrak makes of it, with our links, our
//! callouts, and a place kept for each figure and medium.
//!
//! Two walls: here raw HTML is escaped and only what a lesson may hold is written; then
//! [`sanitise`](super::sanitise) lets through an allow-list written for exactly that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::sync::Mutex;

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{Node, NodeAlert, NodeLink, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Anchorizer, Arena};

use super::callout;
use super::french;
use super::glossary::Term;
use super::lesson_links::only_image;
use super::links::{Target, own_file, percent_decoded, target};
use super::markdown;
use super::media::{MediaKind, media_kind_of_path};
use super::module::Module;
use super::reference::Reference;
use super::sanitise::{ANCHOR_PREFIX, escaped};

/// Most figures and media shown in one lesson: each is part of the page, or asked of the server
/// with it.
pub(super) const MAX_SHOWN: usize = 30;

/// What a lesson may name, and what it named while it was rendered.
#[derive(Debug, Default)]
pub(super) struct Page<'m> {
    module: Option<&'m Module>,
    references: BTreeMap<&'m str, &'m Reference>,
    terms: BTreeMap<&'m str, &'m Term>,
    /// The texts cited, in the order of their first mention.
    pub(super) cited: Vec<&'m Reference>,
    /// The terms linked.
    pub(super) explained: BTreeSet<&'m str>,
    /// The figures and media, by the number of their place.
    pub(super) shown: Vec<Shown>,
    cited_ids: BTreeSet<&'m str>,
    /// Whether the paragraph being left gave its place to a figure.
    replaced: bool,
}

/// A figure or medium in a lesson.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its path in the module.
    pub(super) path: String,
    /// The text that stands for it.
    pub(super) alt: String,
    /// Its caption, or nothing.
    pub(super) caption: String,
}

impl<'m> Page<'m> {
    pub(super) fn of(module: &'m Module) -> Self {
        let references = module.manifest.references.iter();
        Self {
            module: Some(module),
            references: references.map(|one| (one.id.as_str(), one)).collect(),
            terms: module.glossary.iter().map(|one| (one.id.as_str(), one)).collect(),
            ..Self::default()
        }
    }
}

/// Renders Markdown by itself, out of any module: nothing that a module holds is found.
#[must_use]
pub fn render(markdown: &str) -> String {
    super::sanitise::sanitise(&body(markdown, Page::default()).0)
}

/// Renders a body: HTML to be sanitised, and what it named.
///
/// Any text is accepted. Links of no kind that a lesson may hold, and those to what is not in the
/// module, leave their text; so do images that are not a figure or medium of the module alone in its
/// paragraph. A heading of level 1 becomes level 2. A text that nests too deep (a finding for the
/// lint) is shown as it is written, in a `pre`. Ids begin with `s-` (headings: `s-` and the anchor),
/// `fn-` or `fnref-` (footnotes), `r-` and `t-` (first mention of a text, of a term), `m-` (the
/// place of a figure, and the transcript that stands there), so that none meets an id of the page around.
pub(super) fn body<'m>(markdown: &str, page: Page<'m>) -> (String, Page<'m>) {
    let arena = Arena::new();
    let Ok(root) = markdown::parse(&arena, markdown) else {
        return (format!("<pre>{}</pre>\n", escaped(markdown)), page);
    };
    let headings = Headings::default();
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let (mut html, options) = (String::new(), markdown::options());
    let page =
        format_document_with_formatter(root, &options, &mut html, &plugins, format_node, page)
            .expect("writing to a String does not fail");
    (html, page)
}

fn format_node(
    context: &mut Context<'_, '_, Page<'_>>,
    node: Node<'_>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::Alert(alert) => format_callout(context, alert, entering),
        NodeValue::Link(link) => format_link(context, link, entering),
        // An image that could not take the place of its paragraph: its text stays.
        NodeValue::Image(_) => Ok(ChildRendering::Plain),
        NodeValue::Paragraph => match place(context, node, entering)? {
            true => Ok(ChildRendering::Skip),
            false => format_node_default(context, node, entering),
        },
        _ => format_node_default(context, node, entering),
    }
}

fn format_callout(
    context: &mut Context<'_, '_, Page<'_>>,
    alert: &NodeAlert,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    context.cr()?;
    if entering {
        let title = alert.title.as_deref().unwrap_or_else(|| callout::title(alert.alert_type));
        let (class, title) = (callout::class(alert.alert_type), escaped(title));
        writeln!(context, "<div class=\"{class}\" role=\"note\">")?;
        writeln!(context, "<p class=\"callout-title\">{title}</p>")?;
    } else {
        writeln!(context, "</div>")?;
    }
    Ok(ChildRendering::HTML)
}

fn format_link(
    context: &mut Context<'_, '_, Page<'_>>,
    link: &NodeLink,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let page = &context.user;
    match target(&link.url) {
        Some(Target::Reference(id)) => {
            if let Some(&reference) = page.references.get(id) {
                format_reference(context, reference, entering)?;
            }
        }
        Some(Target::Term(id)) => {
            if let Some(&term) = page.terms.get(id) {
                let first = entering && context.user.explained.insert(&term.id);
                let mark = if first { format!(" id=\"t-{id}\"") } else { String::new() };
                tag(context, entering, &format!("{mark} class=\"term\" href=\"#terme-{id}\""))?;
            }
        }
        Some(Target::Anchor(anchor)) => {
            address(
                context,
                entering,
                &format!("#{ANCHOR_PREFIX}{}", percent_decoded(anchor)),
                "",
            )?;
        }
        Some(Target::Lesson { slug, anchor }) => {
            let anchor = anchor.map(percent_decoded);
            let anchor = anchor.map(|a| format!("#{ANCHOR_PREFIX}{a}")).unwrap_or_default();
            address(context, entering, &format!("{slug}{anchor}"), &link.title)?;
        }
        Some(Target::File(path)) => {
            let media = page.module.and_then(|module| module.media.get(path));
            if let Some(digest) = media.map(|media| media.digest) {
                address(context, entering, &format!("/media/{digest}"), &link.title)?;
            }
        }
        Some(Target::Outside(url)) => address(context, entering, url, &link.title)?,
        None => {}
    }
    Ok(ChildRendering::HTML)
}

/// A link to a text cited, followed by its grade.
fn format_reference<'m>(
    context: &mut Context<'_, '_, Page<'m>>,
    reference: &'m Reference,
    entering: bool,
) -> fmt::Result {
    let id = &reference.id;
    let mut mark = String::new();
    if entering && context.user.cited_ids.insert(id) {
        context.user.cited.push(reference);
        mark = format!(" id=\"r-{id}\"");
    }
    tag(context, entering, &format!("{mark} class=\"ref\" href=\"#ref-{id}\""))?;
    if !entering {
        let (grade, meaning) = (reference.grade, french::grade(reference.grade));
        write!(context, "\u{a0}<abbr class=\"grade\" title=\"{meaning}\">{grade}</abbr>")?;
    }
    Ok(())
}

fn address(
    context: &mut Context<'_, '_, Page<'_>>,
    entering: bool,
    url: &str,
    title: &str,
) -> fmt::Result {
    if !entering {
        return tag(context, false, "");
    }
    context.write_str("<a href=\"")?;
    context.escape_href(url)?;
    if !title.is_empty() {
        write!(context, "\" title=\"{}", escaped(title))?;
    }
    context.write_str("\">")
}

fn tag(context: &mut Context<'_, '_, Page<'_>>, entering: bool, attributes: &str) -> fmt::Result {
    if entering { write!(context, "<a{attributes}>") } else { context.write_str("</a>") }
}

/// Keeps a place for a figure or medium instead of the paragraph that it is alone in; whether the
/// paragraph is not to be written.
fn place(
    context: &mut Context<'_, '_, Page<'_>>,
    paragraph: Node<'_>,
    entering: bool,
) -> Result<bool, fmt::Error> {
    if !entering {
        return Ok(std::mem::take(&mut context.user.replaced));
    }
    let number = context.user.shown.len();
    let Some(image) = only_image(paragraph).filter(|_| number < MAX_SHOWN) else {
        return Ok(false);
    };
    let data = image.data();
    let NodeValue::Image(link) = &data.value else { return Ok(false) };
    let Some(path) = own_file(&link.url).filter(|path| is_shown(context.user.module, path)) else {
        return Ok(false);
    };
    let (path, alt, caption) = (path.to_owned(), image.collect_text(), link.title.clone());
    context.user.shown.push(Shown { path, alt, caption });
    context.user.replaced = true;
    context.cr()?;
    writeln!(context, "<figure id=\"m-{number}\"></figure>")?;
    Ok(true)
}

/// Whether a file of the module is one that a page shows.
fn is_shown(module: Option<&Module>, path: &str) -> bool {
    let Some(module) = module else { return false };
    let seen = media_kind_of_path(path).is_some_and(|kind| kind != MediaKind::Pdf);
    module.figures.contains_key(path) || seen && module.media.contains_key(path)
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
