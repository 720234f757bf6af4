//! What a lesson's Markdown must hold to: a sound outline, no HTML, links that lead somewhere and
//! nowhere else, tables and images that a screen reader can say (RGAA 4.1, topics 1, 5, 6 and 9).

use std::collections::BTreeSet;

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};

use super::finding::Sheet;
use super::markdown::{self, MAX_NESTING, TooDeep, anchors, line_of};
use super::shapes::{is_https, is_local_path, is_mailto};

/// Checks a body and counts its words; `None` when it nests too deep to be read.
/// `before` is the number of lines of the file that precede it.
pub(super) fn check_markdown(
    body: &str,
    before: u32,
    lessons: &BTreeSet<&str>,
    sheet: &mut Sheet,
) -> Option<u32> {
    let arena = Arena::new();
    let root = match markdown::parse(&arena, body) {
        Ok(root) => root,
        Err(TooDeep { line }) => {
            sheet.add(
                line + before,
                format!("plus de {MAX_NESTING} niveaux de listes ou de citations"),
                "aplanissez ce passage",
            );
            return None;
        }
    };
    let mut notes = Notes { before, sheet };
    check_headings(root, &mut notes);
    let anchors: BTreeSet<String> = anchors(root).into_iter().collect();
    for node in root.descendants() {
        check_node(node, &anchors, lessons, &mut notes);
    }
    for line in uncalled_footnotes(body) {
        notes.sheet.add(
            line + before,
            "cette note n’est appelée nulle part, ou elle est définie deux fois",
            "appelez-la par [^nom] dans le texte, ou retirez-la : elle ne serait pas affichée",
        );
    }
    Some(markdown::count_words(root))
}

fn check_node(
    node: Node<'_>,
    anchors: &BTreeSet<String>,
    lessons: &BTreeSet<&str>,
    notes: &mut Notes<'_>,
) {
    match &node.data().value {
        NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => notes.add(
            node,
            "du HTML est écrit dans la leçon",
            "écrivez en Markdown ; pour montrer une balise, entourez-la d’apostrophes inverses `…`",
        ),
        NodeValue::Link(link) => check_link(node, &link.url, anchors, lessons, notes),
        NodeValue::Image(image) => check_image(node, &image.url, notes),
        NodeValue::Text(text) if text.contains("[^") => notes.add(
            node,
            "une note est appelée sans être définie",
            "ajoutez une ligne [^nom]: … ou corrigez le nom de l’appel",
        ),
        NodeValue::TableRow(true) => check_header(node, notes),
        _ => {}
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
struct Notes<'s> {
    before: u32,
    sheet: &'s mut Sheet,
}

impl Notes<'_> {
    fn add(&mut self, node: Node<'_>, what: impl Into<String>, remedy: impl Into<String>) {
        self.sheet.add(line_of(node) + self.before, what, remedy);
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

fn check_link(
    node: Node<'_>,
    url: &str,
    anchors: &BTreeSet<String>,
    lessons: &BTreeSet<&str>,
    notes: &mut Notes<'_>,
) {
    let shown: String = url.chars().take(80).collect();
    if node.collect_text().trim().is_empty() {
        notes.add(
            node,
            format!("le lien vers « {shown} » n’a pas de texte"),
            "écrivez entre crochets où il mène",
        );
    }
    if let Some(anchor) = url.strip_prefix('#') {
        if !anchors.contains(&percent_decoded(anchor)) {
            notes.add(
                node,
                format!("aucun titre de cette leçon ne répond à l’ancre « {shown} »"),
                "reprenez le titre en minuscules, les espaces devenant des tirets",
            );
        }
    } else if lesson_file(url).is_some() {
        if !lessons.contains(url) {
            notes.add(
                node,
                format!("la leçon « {shown} » n’existe pas dans ce module"),
                "corrigez le nom du fichier",
            );
        }
    } else if !is_https(url) && !is_mailto(url) {
        notes.add(
            node,
            format!("adresse refusée : « {shown} »"),
            "un lien mène à https://, mailto:, #titre, ou à une autre leçon (02-suite.md)",
        );
    }
}

/// The slug of the lesson that a link names, if it has the shape of a lesson's file.
pub(super) fn lesson_file(url: &str) -> Option<&str> {
    url.strip_suffix(".md").filter(|slug| super::shapes::is_numbered_slug(slug))
}

/// No figure can be in a tree yet, so that an image can only lead nowhere or outside.
fn check_image(node: Node<'_>, url: &str, notes: &mut Notes<'_>) {
    let shown: String = url.chars().take(80).collect();
    if node.collect_text().trim().is_empty() {
        notes.add(
            node,
            format!("l’image « {shown} » n’a pas de texte de remplacement"),
            "décrivez-la entre les crochets : ![description](fichier)",
        );
    }
    let (what, remedy) = if is_local_path(url) {
        ("n’existe pas dans ce module", "retirez-la : les figures ne sont pas encore acceptées")
    } else {
        ("vient d’ailleurs que du module", "retirez-la : rien n’est chargé depuis un autre site")
    };
    notes.add(node, format!("l’image « {shown} » {what}"), remedy);
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
