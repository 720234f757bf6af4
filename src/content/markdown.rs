//! The Markdown of lessons: which extensions exist, how deep it may nest, its anchors, its words.
//!
//! Linting and rendering go through the same parse and the same anchors, so that what the lint
//! accepts is what the reader gets.

use comrak::nodes::{Node, NodeValue};
use comrak::{Anchorizer, Arena, Options};

/// Deepest nesting of lists and block quotes.
pub(super) const MAX_NESTING: usize = 20;
/// Deepest tree of any nodes: what follows parsing costs time in proportion to depth.
const MAX_DEPTH: usize = 100;
/// Widest indentation of a line, in columns: indentation is the other way to nest lists.
const MAX_INDENT: usize = 200;

/// Most footnotes called or defined in a text: each call is a link there and a link back, some fifty
/// times longer in the page than in the text, and looking them up costs more than in proportion.
pub(super) const MAX_NOTES: usize = 1_000;

/// Why a text is not worth parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// It nests deeper than [`MAX_NESTING`].
    Nesting,
    /// It has more than [`MAX_NOTES`] footnotes.
    Notes,
}

/// A text that is not parsed, and where it goes too far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    /// Why.
    pub(super) excess: Excess,
    /// Line in the Markdown, from 1.
    pub(super) line: u32,
}

/// CommonMark with tables, footnotes and callouts; bare addresses stay text, raw HTML is escaped.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.autolink = false;
    options.render.escape = true;
    options.render.r#unsafe = false;
    options
}

/// Parses a text whose nesting and footnotes are bounded.
///
/// # Errors
/// [`Refused`]: before parsing when a line alone opens too many blocks (block parsing costs lines ×
/// depth) or the text has too many footnotes, or after it when the tree is too deep for the HTML tools
/// downstream.
pub(super) fn parse<'a>(arena: &'a Arena<'a>, markdown: &str) -> Result<Node<'a>, Refused> {
    let mut notes = 0;
    for (line, text) in (1..).zip(markdown.split('\n')) {
        let (markers, indent) = prefix(text);
        if markers > MAX_NESTING || indent > MAX_INDENT {
            return Err(Refused { excess: Excess::Nesting, line });
        }
        notes += text.matches("[^").count();
        if notes > MAX_NOTES {
            return Err(Refused { excess: Excess::Notes, line });
        }
    }
    let root = comrak::parse_document(arena, markdown, &options());
    let mut stack = vec![(root, 0, 0)];
    while let Some((node, depth, nesting)) = stack.pop() {
        let nests = matches!(
            node.data().value,
            NodeValue::BlockQuote | NodeValue::Alert(_) | NodeValue::List(_)
        );
        let nesting = nesting + usize::from(nests);
        if depth > MAX_DEPTH || nesting > MAX_NESTING {
            return Err(Refused { excess: Excess::Nesting, line: line_of(node) });
        }
        stack.extend(node.children().map(|child| (child, depth + 1, nesting)));
    }
    drop_stray_footnotes(root);
    Ok(root)
}

/// Takes out footnotes that nothing calls. comrak gathers at the end those that are called, but when
/// one is defined twice it leaves the other where it was written, and whatever follows that one
/// would be rendered as a part of the notes.
fn drop_stray_footnotes<'a>(root: Node<'a>) {
    let stray = |node: &Node<'a>| matches!(&node.data().value, NodeValue::FootnoteDefinition(note) if note.total_references == 0);
    let strays: Vec<Node<'a>> = root.descendants().filter(stray).collect();
    strays.into_iter().for_each(|note| note.detach());
}

/// How many quotes and list items a line could open, and how many columns of space it has.
fn prefix(line: &str) -> (usize, usize) {
    let (mut markers, mut indent) = (0, 0);
    let mut rest = line.as_bytes();
    while let Some(&first) = rest.first() {
        let length = match first {
            b' ' | b'\t' => {
                indent += if first == b' ' { 1 } else { 4 };
                1
            }
            b'>' => {
                markers += 1;
                1
            }
            _ => match list_marker(rest) {
                Some(length) => {
                    markers += 1;
                    length
                }
                None => break,
            },
        };
        rest = &rest[length..];
    }
    (markers, indent)
}

/// Length of the list marker that begins `rest`: `-`, `*`, `+`, or one to nine digits and `.` or
/// `)`, followed by white space (CommonMark 0.31, §5.2).
fn list_marker(rest: &[u8]) -> Option<usize> {
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let marks: &[u8] = if digits == 0 { b"-*+" } else { b".)" };
    let marked = digits <= 9 && rest.get(digits).is_some_and(|b| marks.contains(b));
    let spaced = matches!(rest.get(digits + 1), None | Some(b' ' | b'\t'));
    (marked && spaced).then_some(digits + 1)
}

/// The line where a node starts; inline nodes without a position take their parent's.
pub(super) fn line_of(node: Node<'_>) -> u32 {
    node.ancestors()
        .map(|near| near.data().sourcepos.start.line)
        .find(|&line| line > 0)
        .and_then(|line| u32::try_from(line).ok())
        .unwrap_or(1)
}

/// The anchors of the headings, in document order: lower case, spaces to dashes, punctuation
/// dropped, letters with accents kept, `-1`, `-2` … for repeated ones (the rule of forges).
pub(super) fn anchors(root: Node<'_>) -> Vec<String> {
    let mut anchorizer = Anchorizer::new();
    root.descendants()
        .filter(|node| matches!(node.data().value, NodeValue::Heading(_)))
        .map(|heading| anchorizer.anchorize(&heading.collect_text()))
        .collect()
}

/// Number of words that a reader reads.
///
/// A word is a run of characters without white space that holds at least one letter or digit, so
/// that « and : do not count and `l’élu` counts once. Headings, paragraphs, lists, tables,
/// footnotes, callouts, code and the text standing for an image count; front matter, addresses of links and
/// footnotes that nothing calls do not.
pub(super) fn count_words(root: Node<'_>) -> u32 {
    let mut text = String::new();
    for edge in root.traverse() {
        match edge {
            comrak::arena_tree::NodeEdge::Start(node) => match &node.data().value {
                NodeValue::Text(literal) => text.push_str(literal),
                NodeValue::Code(code) => text.push_str(&code.literal),
                NodeValue::CodeBlock(code) => text.push_str(&code.literal),
                NodeValue::Alert(alert) => {
                    text.push_str(alert.title.as_deref().unwrap_or_default());
                    text.push(' ');
                }
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            },
            comrak::arena_tree::NodeEdge::End(node) if node.data().value.block() => text.push(' '),
            comrak::arena_tree::NodeEdge::End(_) => {}
        }
    }
    let words = text.split_whitespace().filter(|run| run.contains(char::is_alphanumeric)).count();
    u32::try_from(words).unwrap_or(u32::MAX)
}
