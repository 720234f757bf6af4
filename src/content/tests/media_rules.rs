//! Captions and transcripts.

use super::lesson_links::rich;
use super::{put, said};

#[track_caller]
fn one(path: &str, text: Option<&str>, start: &str, words: &str) {
    let mut tree = rich();
    match text {
        Some(text) => put(&mut tree, path, text),
        None => drop(tree.remove(path)),
    }
    let said = said(&tree);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with(start) && said.contains(words), "{said}");
}

#[test]
fn a_film_has_captions_and_a_transcript_and_a_sound_has_a_transcript() {
    one("media/visite.vtt", None, "media/visite.mp4: ", "n’a pas de sous-titres");
    one("media/visite.md", None, "media/visite.mp4: ", "ce film n’a pas de transcription");
    one("media/entretien.md", None, "media/entretien.mp3: ", "ce son n’a pas de transcription");
}

#[test]
fn captions_and_transcripts_have_their_film_or_sound() {
    let captions = Some("WEBVTT\n\n00:01.000 --> 00:02.000\nOui.\n");
    one("media/mairie.vtt", captions, "media/mairie.vtt: ", "aucun film ni son ne porte ce nom");
    one("media/entretien.vtt", captions, "media/entretien.vtt: ", "en .mp4, .webm");
    one("media/perdu.md", Some("Texte."), "media/perdu.md: ", "aucun film ni son");
}

#[test]
fn captions_are_webvtt() {
    let path = "media/visite.vtt";
    let cue = "00:01.000 --> 00:02.000\nOui.\n";
    one(path, Some(&format!("1\n{cue}")), "media/visite.vtt:1: ", "pas en WebVTT");
    one(path, Some(&format!("WEBVTTX\n\n{cue}")), "media/visite.vtt:1: ", "pas en WebVTT");
    one(path, Some(""), "media/visite.vtt:1: ", "pas en WebVTT");
    one(path, Some("WEBVTT - visite\n\nOui.\n"), "media/visite.vtt: ", "aucune réplique");
}

#[test]
fn a_transcript_is_plain_text_that_is_not_empty() {
    let path = "media/entretien.md";
    let refused = |text: &str, line: u32, words: &str| {
        one(path, Some(text), &format!("media/entretien.md:{line}: "), words);
    };
    refused(" \n", 1, "la transcription est vide");
    refused("Oui.\n\n<div>Non</div>\n", 3, "du HTML");
    refused("Oui.\n\n## Non\n", 3, "titre dans une transcription");
    refused("![a](../media/mairie.png)\n", 1, "image dans une transcription");
    refused("Un [lien](javascript:alert(1)).\n", 1, "adresse refusée");
    refused("Un [lien](#titre).\n", 1, "adresse refusée");
    refused("Une note[^1].\n", 1, "note dans une transcription");
    refused(&"> ".repeat(30), 1, "20 niveaux");
    let long = "mot ".repeat(40_000);
    one(path, Some(&long), "media/entretien.md: ", "la transcription pèse 160000 octets");
}
