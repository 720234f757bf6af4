//! Figures: drawings in SVG, read against an allow-list and written again from what was allowed.
//!
//! No byte of the author's file reaches a page: the drawing is parsed (no DTD, no entity), every
//! offence is a finding, and what is kept is written anew from the parsed tree.

use std::collections::BTreeSet;

use roxmltree::{Document, Error, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

use super::finding::Sheet;
use super::sanitise::escaped;
use super::svg_bounds::{MAX_ELEMENTS, is_bounded};
use super::svg_list as list;

/// Stands before every id until the drawing is put in a page. XML refuses this character, hence no
/// author can have written it.
const SLOT: char = '\u{1}';
/// Most findings for one figure: a file that was never meant as one is refused in a few lines.
const MAX_FINDINGS: usize = 30;

/// One figure that may stand in a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The drawing, written from the allow-list, with a slot before each id.
    drawing: String,
}

impl Figure {
    /// The drawing as it stands in a page, its ids beginning with `prefix`, so that two drawings of
    /// a page never share one.
    #[must_use]
    pub fn in_page(&self, prefix: &str) -> String {
        self.drawing.replace(SLOT, prefix)
    }
}

/// Reads a figure, noting every problem; `None` when it is not a drawing at all. What is not allowed
/// is left out, so that an older version goes on being shown when the list grows shorter.
pub(super) fn read_figure(text: &str, sheet: &mut Sheet) -> Option<Figure> {
    if !is_bounded(text, sheet) {
        return None;
    }
    let nodes_limit = u32::try_from(4 * MAX_ELEMENTS).unwrap_or(u32::MAX);
    let document = match Document::parse_with_options(
        text,
        ParsingOptions { nodes_limit, ..Default::default() },
    ) {
        Ok(document) => document,
        Err(error) => {
            let (what, remedy) = refusal(&error);
            sheet.add(error.pos().row, what, remedy);
            return None;
        }
    };
    let mut reading = Reading::new(&document, text, sheet);
    reading.root(document.root_element());
    let drawing = reading.drawing;
    (!drawing.is_empty()).then_some(Figure { drawing })
}

fn refusal(error: &Error) -> (String, &'static str) {
    match error {
        Error::DtdDetected => {
            ("une DTD est déclarée".to_owned(), "retirez la déclaration <!DOCTYPE …>")
        }
        Error::UnknownEntityReference(name, _) => (
            format!("l’entité « &{name}; » n’existe pas"),
            "écrivez le caractère lui-même : une figure n’a pas d’entité",
        ),
        Error::UnexpectedCloseTag(expected, found, _) => (
            format!("la balise </{found}> ferme <{expected}>"),
            "fermez les éléments dans l’ordre où ils s’ouvrent",
        ),
        Error::DuplicatedAttribute(name, _) => {
            (format!("l’attribut « {name} » est écrit deux fois"), "gardez-en un")
        }
        Error::NodesLimitReached => ("trop d’éléments".to_owned(), "simplifiez la figure"),
        Error::UnknownNamespace(name, _) => {
            (format!("le préfixe « {name} » n’est pas déclaré"), "enregistrez en « SVG simple »")
        }
        _ => (
            "le fichier n’est pas du XML bien formé".to_owned(),
            "enregistrez-le à nouveau au format SVG, en « SVG simple »",
        ),
    }
}

/// A drawing being read and written again.
struct Reading<'d, 's> {
    ids: BTreeSet<&'d str>,
    line_starts: Vec<usize>,
    sheet: &'s mut Sheet,
    findings: usize,
    drawing: String,
}

impl<'d, 's> Reading<'d, 's> {
    fn new(document: &'d Document<'_>, text: &str, sheet: &'s mut Sheet) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let ids = document.descendants().filter_map(|node| node.attribute("id")).collect();
        Self {
            ids,
            line_starts: std::iter::once(0).chain(starts).collect(),
            sheet,
            findings: 0,
            drawing: String::new(),
        }
    }

    fn refuse(&mut self, at: usize, what: impl Into<String>, remedy: &str) {
        self.findings += 1;
        if self.findings <= MAX_FINDINGS {
            let line = self.line_starts.partition_point(|&start| start <= at);
            self.sheet.add(u32::try_from(line).unwrap_or(u32::MAX), what, remedy);
        }
    }

    fn root(&mut self, root: Node<'d, '_>) {
        if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(list::NAMESPACE) {
            self.refuse(
                root.range().start,
                "la racine n’est pas un élément <svg>",
                "commencez par <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 …\">",
            );
            return;
        }
        let start = root.range().start;
        if root.attribute("viewBox").is_none() {
            let remedy = "ajoutez viewBox=\"0 0 largeur hauteur\" à <svg> : la figure suit l’écran";
            self.refuse(start, "l’attribut « viewBox » manque", remedy);
        }
        self.demand(root, "title", "<title>Ce que montre la figure</title>");
        self.demand(root, "desc", "<desc>Ce qu’il faut en lire, en entier</desc>");
        for instruction in root.document().root().descendants().filter(Node::is_pi) {
            self.refuse(
                instruction.range().start,
                "une instruction <?…?> est écrite dans la figure",
                "retirez-la : une figure n’appelle pas de feuille de style",
            );
        }
        self.drawing.push_str(&format!("<svg xmlns=\"{}\" role=\"img\"", list::NAMESPACE));
        self.drawing.push_str(&format!(" aria-labelledby=\"{SLOT}-title {SLOT}-desc\""));
        self.attributes(root, true);
        self.drawing.push('>');
        self.children(root, true);
        self.drawing.push_str("</svg>");
    }

    /// A drawing says what it is to who does not see it (RGAA 4.1, criterion 1.1).
    fn demand(&mut self, root: Node<'d, '_>, name: &str, example: &str) {
        let own = root.children().filter(|node| node.has_tag_name((list::NAMESPACE, name)));
        let said = own.clone().filter(|node| !text_of(*node).trim().is_empty()).count();
        if (own.count(), said) != (1, 1) {
            let what = format!("<svg> n’a pas un <{name}> et un seul, rempli");
            self.refuse(root.range().start, what, &format!("écrivez juste sous <svg> : {example}"));
        }
    }

    fn children(&mut self, parent: Node<'d, '_>, at_root: bool) {
        let holds_text = list::holds_text(parent.tag_name().name());
        for child in parent.children() {
            if child.is_element() {
                self.element(child, at_root);
            } else if let Some(text) = child.text().filter(|_| child.is_text()) {
                if holds_text {
                    self.drawing.push_str(&escaped(text));
                } else if !text.trim().is_empty() {
                    let what = "du texte est écrit hors de <text>";
                    let at = child.range().start + text.len() - text.trim_start().len();
                    self.refuse(at, what, "mettez-le dans un élément <text>");
                }
            }
        }
    }

    fn element(&mut self, node: Node<'d, '_>, at_root: bool) {
        let name = node.tag_name().name();
        let foreign = node.tag_name().namespace() != Some(list::NAMESPACE);
        if foreign || !list::is_element(name) {
            let shown: String = name.chars().take(40).collect();
            let what = format!("l’élément <{shown}> n’est pas admis dans une figure");
            self.refuse(node.range().start, what, list::remedy_for_element(name));
            return;
        }
        self.drawing.push('<');
        self.drawing.push_str(name);
        if at_root && matches!(name, "title" | "desc") {
            self.drawing.push_str(&format!(" id=\"{SLOT}-{name}\""));
        } else {
            self.attributes(node, false);
        }
        self.drawing.push('>');
        self.children(node, false);
        self.drawing.push_str(&format!("</{name}>"));
    }

    fn attributes(&mut self, node: Node<'d, '_>, of_root: bool) {
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            let at = attribute.range().start;
            if attribute.namespace().is_some() || !list::is_attribute(name) {
                if of_root && list::is_ours_at_root(name) {
                    continue;
                }
                let shown: String = name.chars().take(40).collect();
                let what = format!("l’attribut « {shown} » n’est pas admis dans une figure");
                self.refuse(at, what, list::remedy_for_attribute(name));
                continue;
            }
            if let Some(value) = self.value(name, value, at) {
                self.drawing.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
            }
        }
    }

    /// The value to write for an attribute of the list; `None` when it was refused.
    fn value(&mut self, name: &str, value: &str, at: usize) -> Option<String> {
        if name == "id" {
            if list::is_id(value) {
                return Some(format!("{SLOT}{value}"));
            }
            self.refuse(
                at,
                "un « id » n’est pas un mot simple",
                "écrivez une lettre, puis des lettres, des chiffres, « _ » ou « - »",
            );
        } else if let Some(id) = list::own_id(value) {
            if self.ids.contains(id) {
                return Some(format!("url(#{SLOT}{id})"));
            }
            let what = format!("« {name} » renvoie à « #{id} », qui n’est pas dans la figure");
            self.refuse(at, what, "donnez cet id à un élément de la figure, ou retirez l’attribut");
        } else if list::is_plain(value) {
            return Some(value.to_owned());
        } else {
            let shown: String = value.chars().take(40).collect();
            self.refuse(
                at,
                format!("« {name} » vaut « {shown} »"),
                "écrivez des nombres, une couleur ou url(#id) : rien ne vient d’ailleurs",
            );
        }
        None
    }
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}
