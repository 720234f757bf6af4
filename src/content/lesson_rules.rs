//! What a lesson's Markdown must hold to: a sound outline, no HTML, callouts that are known, tables
//! that a screen reader can say (RGAA 4.1, topics 5 and 9). Links and images are in `lesson_links`.

use std::collections::BTreeSet;

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};

use super::callout;
use super::finding::Sheet;
use super::lesson_links::{check_image, check_link, check_transcript_link};
use super::links::own_file;
use super::markdown::{self, Excess, MAX_NESTING, MAX_NOTES, Refused, anchors, line_of};
use super::render::MAX_SHOWN;
use super::surroundings::Surroundings;

/// Largest transcript, in bytes: some three hours of speech. It is rendered with each lesson.
pub(super) const MAX_TRANSCRIPT_BYTES: usize = 128 << 10;

/// Most bytes that the figures and transcripts of a lesson add to its page, as their files count
/// them: a figure each time that it is shown, a transcript once.
const MAX_ADDED_BYTES: usize = 2 << 20;

/// Checks the body of a lesson and counts its words; `None` when it cannot be read for its nesting or its notes.
/// `before` is the number of lines of the file that precede it.
pub(super) fn check_markdown(
    slug: &str,
    body: &str,
    before: u32,
    around: &Surroundings,
    sheet: &mut Sheet,
) -> Option<u32> {
    let arena = Arena::new();
    let root = match markdown::parse(&arena, body) {
        Ok(root) => root,
        Err(refused) => {
            refuse_excess(refused, before, sheet);
            return None;
        }
    };
    let mut notes = Notes { before, sheet };
    check_headings(root, &mut notes);
    let anchors: BTreeSet<String> = anchors(root).into_iter().collect();
    let place = Place { slug, anchors: &anchors, around };
    for node in root.descendants() {
        check_node(node, &place, &mut notes);
    }
    around.keep_anchors(slug, anchors);
    check_images(root, around, &mut notes);
    for line in uncalled_footnotes(body) {
        notes.sheet.add(
            line + before,
            "cette note n’est appelée nulle part, ou elle est définie deux fois",
            "appelez-la par [^nom] dans le texte, ou retirez-la : elle ne serait pas affichée",
        );
    }
    Some(markdown::count_words(root))
}

/// Images past the number that a page shows would leave their text alone; those past its weight
/// would make it slow to come.
fn check_images(root: Node<'_>, around: &Surroundings, notes: &mut Notes<'_>) {
    let image = |node: &Node<'_>| matches!(node.data().value, NodeValue::Image(_));
    if let Some(first) = root.descendants().filter(image).nth(MAX_SHOWN) {
        let what = format!("plus de {MAX_SHOWN} images dans la leçon");
        notes.add(first, what, "partagez la leçon, ou retirez des images");
    }
    let (mut added, mut transcripts) = (0, BTreeSet::new());
    for node in root.descendants().filter(image).take(MAX_SHOWN) {
        let NodeValue::Image(link) = &node.data().value else { continue };
        let Some(path) = own_file(&link.url) else { continue };
        added += around.added_bytes(path, &mut transcripts);
        if added > MAX_ADDED_BYTES {
            let most = MAX_ADDED_BYTES >> 20;
            let what = format!("les figures et transcriptions de la leçon dépassent {most} Mio");
            return notes.add(node, what, "partagez la leçon, ou simplifiez ses figures");
        }
    }
}

fn refuse_excess(Refused { excess, line }: Refused, before: u32, sheet: &mut Sheet) {
    let (what, remedy) = match excess {
        Excess::Nesting => (
            format!("plus de {MAX_NESTING} niveaux de listes ou de citations"),
            "aplanissez ce passage",
        ),
        Excess::Notes => {
            (format!("plus de {MAX_NOTES} notes"), "partagez ce texte, ou retirez des notes")
        }
    };
    sheet.add(line + before, what, remedy);
}

/// Checks a transcript: paragraphs, lists and links to the outside, shown folded in a lesson.
pub(super) fn check_transcript(text: &str, sheet: &mut Sheet) {
    if text.trim().is_empty() {
        sheet.add(1, "la transcription est vide", "écrivez ce qui est dit et montré d’utile");
    }
    if text.len() > MAX_TRANSCRIPT_BYTES {
        let what = format!("la transcription pèse {} octets", text.len());
        return sheet.add(None, what, format!("{} Kio au plus", MAX_TRANSCRIPT_BYTES >> 10));
    }
    let arena = Arena::new();
    let root = match markdown::parse(&arena, text) {
        Ok(root) => root,
        Err(refused) => return refuse_excess(refused, 0, sheet),
    };
    let mut notes = Notes { before: 0, sheet };
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => refuse_html(node, &mut notes),
            NodeValue::Link(link) => check_transcript_link(node, &link.url, &mut notes),
            NodeValue::Heading(_) => {
                notes.add(node, "titre dans une transcription", "écrivez-le en **gras**");
            }
            NodeValue::Image(_) => {
                notes.add(node, "image dans une transcription", "montrez-la dans la leçon");
            }
            NodeValue::Text(text) if text.contains("[^") => {
                notes.add(node, "note dans une transcription", "écrivez-la dans le texte");
            }
            NodeValue::FootnoteReference(_) => {
                notes.add(node, "note dans une transcription", "écrivez-la dans le texte");
            }
            _ => {}
        }
    }
}

/// Where a node stands: its lesson, the anchors of it, and what is around.
pub(super) struct Place<'p> {
    pub(super) slug: &'p str,
    pub(super) anchors: &'p BTreeSet<String>,
    pub(super) around: &'p Surroundings,
}

fn check_node(node: Node<'_>, place: &Place<'_>, notes: &mut Notes<'_>) {
    match &node.data().value {
        NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => refuse_html(node, notes),
        NodeValue::Link(link) => check_link(node, &link.url, place, notes),
        NodeValue::Image(image) => check_image(node, &image.url, place, notes),
        NodeValue::Text(text) if text.contains("[^") => notes.add(
            node,
            "une note est appelée sans être définie",
            "ajoutez une ligne [^nom]: … ou corrigez le nom de l’appel",
        ),
        NodeValue::TableRow(true) => check_header(node, notes),
        NodeValue::Alert(_) if node.first_child().is_none() => notes.add(
            node,
            "cet encadré est vide",
            "écrivez son texte sur les lignes suivantes, chacune après « > »",
        ),
        NodeValue::BlockQuote => check_quote(node, notes),
        _ => {}
    }
}

fn refuse_html(node: Node<'_>, notes: &mut Notes<'_>) {
    notes.add(
        node,
        "du HTML est écrit dans le texte",
        "écrivez en Markdown ; pour montrer une balise, entourez-la d’apostrophes inverses `…`",
    );
}

fn check_quote(quote: Node<'_>, notes: &mut Notes<'_>) {
    if let Some(word) = callout::mistaken_word(quote) {
        notes.add(
            quote,
            format!("encadré inconnu : [!{word}]"),
            format!("commencez par « > » et l’un de {}", callout::WORDS),
        );
    }
}

/// Lines of the footnotes that rendering would drop. Parsing drops them too, unless told to leave
/// every definition where it stands: hence this second parse.
fn uncalled_footnotes(body: &str) -> Vec<u32> {
    if !body.contains("[^") {
        return Vec::new();
    }
    let arena = Arena::new();
    let mut options = markdown::options();
    options.parse.leave_footnote_definitions = true;
    comrak::parse_document(&arena, body, &options)
        .descendants()
        .filter(|node| {
            matches!(&node.data().value, NodeValue::FootnoteDefinition(note) if note.total_references == 0)
        })
        .map(line_of)
        .collect()
}

/// A sheet on which lines of the body become lines of the file.
pub(super) struct Notes<'s> {
    before: u32,
    sheet: &'s mut Sheet,
}

impl Notes<'_> {
    pub(super) fn add(
        &mut self,
        node: Node<'_>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.sheet.add(self.line(node), what, remedy);
    }

    /// The line of a node in the file.
    pub(super) fn line(&self, node: Node<'_>) -> u32 {
        line_of(node) + self.before
    }
}

/// The lesson's title is level 1: the body goes on at level 2 and goes down one level at a time.
fn check_headings(root: Node<'_>, notes: &mut Notes<'_>) {
    let mut above = 1;
    for node in root.descendants() {
        let level = match &node.data().value {
            NodeValue::Heading(heading) => heading.level,
            _ => continue,
        };
        if level == 1 {
            notes.add(
                node,
                "titre de niveau 1 dans le corps de la leçon",
                "commencez à ## : le niveau 1 est le titre de l’en-tête",
            );
        } else if level > above + 1 {
            notes.add(
                node,
                format!("titre de niveau {level} après le niveau {above}"),
                format!("passez au niveau {} ({})", above + 1, "#".repeat(above.into()) + "#"),
            );
        }
        if node.collect_text().trim().is_empty() {
            notes.add(node, "titre vide", "écrivez le titre ou retirez les #");
        }
        above = level;
    }
}

fn check_header(row: Node<'_>, notes: &mut Notes<'_>) {
    let empty = |cell: &Node<'_>| cell.collect_text().trim().is_empty();
    if row.children().any(|cell| empty(&cell)) {
        notes.add(
            row,
            "une cellule d’en-tête du tableau est vide",
            "donnez un nom à chaque colonne",
        );
    }
}
