//! What media must come with: captions and a transcript for a film, a transcript for a sound (RGAA
//! 4.1, topic 4), so that what is heard can be read.

use std::collections::BTreeMap;

use super::finding::{Finding, Sheet};
use super::hygiene::text_of;
use super::lesson_rules::check_transcript;
use super::media::{MediaKind, media_kind_of_path};
use super::shapes::is_slug;
use super::tree::Tree;

/// The path of the captions or the transcript (`ending` is `vtt` or `md`) of the medium at `path`.
pub(super) fn companion(path: &str, ending: &str) -> Option<String> {
    path.rsplit_once('.').map(|(stem, _)| format!("{stem}.{ending}"))
}

/// The captions and transcripts of a tree by path, those that could be read; every problem of them
/// and of what lacks one is noted.
pub(super) fn read_texts_of_media(
    tree: &Tree,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, String> {
    check_companions(tree, findings);
    let mut texts = BTreeMap::new();
    for (path, bytes) in tree.iter().filter(|(path, _)| is_text_of_media(path)) {
        let mut sheet = Sheet::new(path);
        if let Some(text) = text_of(bytes, &mut sheet) {
            check_text(path, &text, &mut sheet);
            texts.insert(path.to_owned(), text.into_owned());
        }
        findings.extend(sheet.into_findings());
    }
    texts
}

/// Whether a path is that of captions or of a transcript: `media/slug.vtt`, `media/slug.md`.
pub(super) fn is_text_of_media(path: &str) -> bool {
    path.strip_prefix("media/")
        .and_then(|name| name.strip_suffix(".vtt").or_else(|| name.strip_suffix(".md")))
        .is_some_and(is_slug)
}

/// Checks that films and sounds have their texts, and texts their film or sound.
fn check_companions(tree: &Tree, findings: &mut Vec<Finding>) {
    for (path, _) in tree.all_media() {
        let (captions, transcript) = match media_kind_of_path(path) {
            Some(MediaKind::Mp4 | MediaKind::Webm) => (true, true),
            Some(MediaKind::Mp3 | MediaKind::Ogg) => (false, true),
            _ => (false, false),
        };
        let lacks = |ending| companion(path, ending).is_some_and(|text| tree.get(&text).is_none());
        if captions && lacks("vtt") {
            let remedy = "ajoutez le fichier de même nom en .vtt (WebVTT)";
            findings.push(Finding::of_file(path, "ce film n’a pas de sous-titres", remedy));
        }
        if transcript && lacks("md") {
            let what = if captions { "ce film" } else { "ce son" };
            findings.push(Finding::of_file(
                path,
                format!("{what} n’a pas de transcription"),
                "ajoutez le fichier de même nom en .md : tout ce qui est dit et montré d’utile",
            ));
        }
    }
    for (path, _) in tree.iter().filter(|(path, _)| is_text_of_media(path)) {
        let endings: &[&str] =
            if path.ends_with(".vtt") { &["mp4", "webm"] } else { &["mp4", "webm", "mp3", "ogg"] };
        let has = |ending: &&str| companion(path, ending).is_some_and(|p| tree.media(&p).is_some());
        if !endings.iter().any(has) {
            findings.push(Finding::of_file(
                path,
                "aucun film ni son ne porte ce nom",
                format!(
                    "donnez-lui le nom d’un fichier en .{}, ou retirez-le",
                    endings.join(", .")
                ),
            ));
        }
    }
}

/// Checks captions or a transcript, by the ending of its path.
fn check_text(path: &str, text: &str, sheet: &mut Sheet) {
    if path.ends_with(".md") {
        return check_transcript(text, sheet);
    }
    let after = text.strip_prefix("WEBVTT");
    if !after.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n'])) {
        sheet.add(
            1,
            "ces sous-titres ne sont pas en WebVTT",
            "commencez le fichier par une ligne WEBVTT (convertissez un .srt)",
        );
    } else if !text.contains(" --> ") {
        sheet.add(
            None,
            "ces sous-titres n’ont aucune réplique",
            "écrivez-en : 00:00:01.000 --> 00:00:04.000, puis le texte à la ligne",
        );
    }
}
