//! Callouts: the boxes of a lesson, written as block quotes that begin with `[!NOTE]` and the like.
//! The words are those of forges, so that any editor shows them; the titles are ours, in French.

use comrak::nodes::{AlertType, Node, NodeValue};

/// The words that begin a callout.
pub(super) const WORDS: &str = "[!NOTE], [!TIP], [!IMPORTANT], [!WARNING], [!CAUTION]";

/// The title of a callout that gives itself none.
pub(super) fn title(kind: AlertType) -> &'static str {
    match kind {
        AlertType::Note => "À savoir",
        AlertType::Tip => "À faire",
        AlertType::Important => "Ce que dit le texte",
        AlertType::Warning => "Attention",
        AlertType::Caution => "Idée reçue",
    }
}

/// The classes of a callout's box.
pub(super) fn class(kind: AlertType) -> &'static str {
    match kind {
        AlertType::Note => "callout callout-note",
        AlertType::Tip => "callout callout-tip",
        AlertType::Important => "callout callout-important",
        AlertType::Warning => "callout callout-warning",
        AlertType::Caution => "callout callout-caution",
    }
}

/// The word between `[!` and `]` of a quotation that wants to be a callout and is none.
pub(super) fn mistaken_word(quote: Node<'_>) -> Option<String> {
    let first = quote.first_child()?;
    if !matches!(first.data().value, NodeValue::Paragraph) {
        return None;
    }
    // The first inline nodes are enough, and a long quotation is not read whole.
    let head: String = first.children().take(4).map(|node| node.collect_text()).collect();
    let word = head.strip_prefix("[!")?.split(']').next().unwrap_or_default();
    Some(word.chars().take(20).collect())
}
