//! What a lesson links to and shows: links that lead somewhere and nowhere else, images that have a
//! text and stand by themselves (RGAA 4.1, topics 1 and 6).

use comrak::nodes::{Node, NodeValue};

use super::lesson_rules::{Notes, Place};
use super::links::{Target, own_file, percent_decoded, target};
use super::media::{MediaKind, media_kind_of_path};
use super::shapes::is_local_path;

pub(super) fn check_link(node: Node<'_>, url: &str, place: &Place<'_>, notes: &mut Notes<'_>) {
    refuse_silent(node, url, notes);
    let shown = shown(url);
    match target(url) {
        Some(Target::Anchor(anchor)) => {
            if !place.anchors.contains(&percent_decoded(anchor)) {
                notes.add(
                    node,
                    format!("aucun titre de cette leçon ne répond à l’ancre « {shown} »"),
                    "reprenez le titre en minuscules, les espaces devenant des tirets",
                );
            }
        }
        Some(Target::Lesson { slug, anchor }) => {
            if !place.around.lessons.contains(slug) {
                let otherwise = "corrigez le nom du fichier";
                notes.add(
                    node,
                    format!("la leçon « {shown} » n’existe pas dans ce module"),
                    place.around.guess(slug, &place.around.lessons, otherwise),
                );
            } else if let Some(anchor) = anchor {
                let path = format!("lessons/{}.md", place.slug);
                place.around.cross(&path, notes.line(node), slug, percent_decoded(anchor));
            }
        }
        Some(Target::Reference(id)) => {
            if let Some(known) = place.around.references.as_ref().filter(|ids| !ids.contains(id)) {
                let otherwise = "ajoutez ce texte à module.toml, dans une table [[reference]]";
                notes.add(
                    node,
                    format!("le texte « {shown} » n’est pas dans module.toml"),
                    place.around.guess(id, known, otherwise),
                );
            }
        }
        Some(Target::Term(id)) => {
            if let Some(known) = place.around.terms.as_ref().filter(|ids| !ids.contains(id)) {
                let otherwise = "ajoutez ce terme à glossary.toml, dans une table [[term]]";
                notes.add(
                    node,
                    format!("le terme « {shown} » n’est pas dans glossary.toml"),
                    place.around.guess(id, known, otherwise),
                );
            }
        }
        Some(Target::File(path)) => check_document(node, path, place, notes),
        Some(Target::Outside(_)) => {}
        None => notes.add(
            node,
            format!("adresse refusée : « {shown} »"),
            "un lien mène à https://, mailto:, #titre, une autre leçon (02-suite.md), un texte cité (ref:…), un terme (terme:…) ou un document (../media/grille.pdf)",
        ),
    }
}

/// A link in a transcript leads outside: the transcript may be shown in several lessons.
pub(super) fn check_transcript_link(node: Node<'_>, url: &str, notes: &mut Notes<'_>) {
    refuse_silent(node, url, notes);
    if !matches!(target(url), Some(Target::Outside(_))) {
        notes.add(
            node,
            format!("adresse refusée : « {} »", shown(url)),
            "dans une transcription, un lien mène à https:// ou mailto:",
        );
    }
}

fn refuse_silent(node: Node<'_>, url: &str, notes: &mut Notes<'_>) {
    if node.collect_text().trim().is_empty() {
        notes.add(
            node,
            format!("le lien vers « {} » n’a pas de texte", shown(url)),
            "écrivez entre crochets où il mène",
        );
    }
}

fn check_document(node: Node<'_>, path: &str, place: &Place<'_>, notes: &mut Notes<'_>) {
    if !place.around.files.contains(path) {
        let otherwise = "ajoutez le fichier, ou corrigez son nom";
        notes.add(
            node,
            format!("le fichier « {} » n’existe pas dans ce module", shown(path)),
            place.around.guess(path, &place.around.files, otherwise),
        );
        return;
    }
    place.around.name(path);
    if media_kind_of_path(path) != Some(MediaKind::Pdf) {
        notes.add(
            node,
            format!("le lien mène à « {path} », qui n’est pas un document PDF"),
            format!("montrez-le : ![texte de remplacement](../{path}), seul dans son paragraphe"),
        );
    }
}

pub(super) fn check_image(node: Node<'_>, url: &str, place: &Place<'_>, notes: &mut Notes<'_>) {
    let shown = shown(url);
    let text = node.collect_text();
    if text.trim().is_empty() {
        notes.add(
            node,
            format!("l’image « {shown} » n’a pas de texte de remplacement"),
            "décrivez-la entre les crochets : ![description](fichier)",
        );
    } else if is_file_name(text.trim()) {
        notes.add(
            node,
            format!("le texte de remplacement de l’image « {shown} » est un nom de fichier"),
            "dites ce que montre l’image à qui ne la voit pas",
        );
    }
    let Some(path) = own_file(url) else {
        let (what, remedy) = if is_local_path(url) || url.starts_with("../") {
            (
                "n’existe pas dans ce module",
                "une image est ../figures/nom.svg ou ../media/nom.png (nom : minuscules, chiffres, tirets)",
            )
        } else {
            (
                "vient d’ailleurs que du module",
                "retirez-la : rien n’est chargé depuis un autre site",
            )
        };
        return notes.add(node, format!("l’image « {shown} » {what}"), remedy);
    };
    if !place.around.files.contains(path) {
        let otherwise = "ajoutez le fichier, ou corrigez son nom";
        let remedy = place.around.guess(path, &place.around.files, otherwise);
        return notes.add(node, format!("l’image « {shown} » n’existe pas dans ce module"), remedy);
    }
    place.around.name(path);
    if media_kind_of_path(path) == Some(MediaKind::Pdf) {
        notes.add(
            node,
            format!("« {path} » est un document, pas une image"),
            format!("faites-en un lien, sans point d’exclamation : [titre du document](../{path})"),
        );
    } else if alone(node).is_none() {
        notes.add(
            node,
            format!("l’image « {shown} » n’est pas seule dans son paragraphe"),
            "laissez une ligne vide avant et après elle, hors des notes et des tableaux",
        );
    }
}

/// The paragraph that an image is alone in, and that it may take the place of.
pub(super) fn alone(image: Node<'_>) -> Option<Node<'_>> {
    image.parent().filter(|parent| only_image(parent).is_some())
}

/// The image that a paragraph consists of. A paragraph of a footnote is none: it also holds the way
/// back to the text.
pub(super) fn only_image(paragraph: Node<'_>) -> Option<Node<'_>> {
    let first = paragraph.first_child()?;
    let sound = matches!(paragraph.data().value, NodeValue::Paragraph)
        && first.next_sibling().is_none()
        && matches!(first.data().value, NodeValue::Image(_))
        && !paragraph
            .parent()
            .is_some_and(|above| matches!(above.data().value, NodeValue::FootnoteDefinition(_)));
    sound.then_some(first)
}

fn is_file_name(text: &str) -> bool {
    const ENDINGS: [&str; 12] =
        ["svg", "png", "jpg", "jpeg", "webp", "gif", "mp3", "ogg", "mp4", "webm", "pdf", "tiff"];
    !text.contains(char::is_whitespace)
        && text
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ENDINGS.contains(&ending.to_lowercase().as_str()))
}

fn shown(url: &str) -> String {
    url.chars().take(80).collect()
}
