//! A look at a drawing's bytes before any parser: what makes parsers slow is refused here, in one
//! pass over the text.
//!
//! An XML parser compares the attributes of an element with one another and copies the namespaces
//! of an element into its children; writing the drawing again goes as deep as its elements. Each
//! has its bound, generous for a drawing made by hand or by a drawing program.

use super::finding::Sheet;
use super::hygiene::line_at;

/// Largest drawing, in bytes: it is part of the page.
pub(super) const MAX_BYTES: usize = 256 << 10;
/// Most elements in a drawing.
pub(super) const MAX_ELEMENTS: usize = 5_000;
/// Most elements inside one another.
pub(super) const MAX_DEPTH: usize = 40;
/// Most attributes of one element.
pub(super) const MAX_ATTRIBUTES: usize = 60;
/// Most namespace declarations.
const MAX_NAMESPACES: usize = 30;

/// Notes the first thing for which the drawing is not worth parsing; whether there was none.
pub(super) fn is_bounded(text: &str, sheet: &mut Sheet) -> bool {
    if text.len() > MAX_BYTES {
        sheet.add(
            None,
            format!("la figure pèse {} octets", text.len()),
            format!("simplifiez-la : {} Kio au plus", MAX_BYTES >> 10),
        );
        return false;
    }
    if text.matches("xmlns").count() > MAX_NAMESPACES {
        sheet.add(
            None,
            format!("plus de {MAX_NAMESPACES} espaces de noms (xmlns)"),
            "enregistrez la figure en « SVG simple »",
        );
        return false;
    }
    match Scan::of(text) {
        Ok(()) => true,
        Err(Excess { at, what, remedy }) => {
            sheet.add(line_at(text.as_bytes(), at), what, remedy);
            false
        }
    }
}

struct Excess {
    at: usize,
    what: String,
    remedy: &'static str,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    elements: usize,
}

impl<'t> Scan<'t> {
    fn of(text: &'t str) -> Result<(), Excess> {
        let mut scan = Self { text, at: 0, depth: 0, elements: 0 };
        while let Some(next) = scan.text[scan.at..].find('<') {
            scan.at += next;
            scan.markup()?;
        }
        Ok(())
    }

    /// Reads what begins with the `<` at hand.
    fn markup(&mut self) -> Result<(), Excess> {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!--") {
            self.skip_past("-->");
        } else if rest.starts_with("<![CDATA[") {
            self.skip_past("]]>");
        } else if rest.starts_with("<?") {
            self.skip_past("?>");
        } else if rest.starts_with("<!") {
            return self.excess(
                "une DTD ou une entité est déclarée (<!DOCTYPE, <!ENTITY)".to_owned(),
                "retirez la déclaration : une figure n’a ni DTD ni entité",
            );
        } else if rest.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.skip_past(">");
        } else {
            return self.element();
        }
        Ok(())
    }

    fn element(&mut self) -> Result<(), Excess> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            let what = format!("plus de {MAX_ELEMENTS} éléments");
            return self.excess(what, "simplifiez la figure : elle se charge avec la page");
        }
        let (mut attributes, mut quote, mut last) = (0, None, b'<');
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        while let Some(&byte) = bytes.get(end) {
            match quote {
                Some(mark) if byte == mark => quote = None,
                Some(_) => {}
                None if byte == b'>' => break,
                None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                None => attributes += usize::from(byte == b'='),
            }
            last = byte;
            end += 1;
        }
        if attributes > MAX_ATTRIBUTES {
            let what = format!("un élément a plus de {MAX_ATTRIBUTES} attributs");
            return self.excess(what, "retirez ceux qui ne servent pas");
        }
        self.depth += usize::from(last != b'/');
        if self.depth > MAX_DEPTH {
            let what = format!("plus de {MAX_DEPTH} éléments les uns dans les autres");
            return self.excess(what, "dégroupez la figure dans le logiciel de dessin");
        }
        self.at = (end + 1).min(bytes.len());
        Ok(())
    }

    fn skip_past(&mut self, end: &str) {
        let found = self.text[self.at..].find(end);
        self.at = found.map_or(self.text.len(), |found| self.at + found + end.len());
    }

    fn excess(&self, what: String, remedy: &'static str) -> Result<(), Excess> {
        Err(Excess { at: self.at, what, remedy })
    }
}
