//! Links and images of lessons, against what the module holds.

use super::super::{Media, MediaKind, Tree, blob_digest};
use super::figure::DRAWING;
use super::{LESSON, MANIFEST, broken, put, said, sound};

pub(super) const GLOSSARY: &str = "[[term]]
id = \"rag\"
term = \"RAG\"
definition = \"Génération <augmentée> par recherche.\"
reference = \"Guide, p. 3\"
grade = \"S\"
verified_on = 2026-11-22
";

const CAPTIONS: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nBonjour.\n";

/// A lesson that uses all that a lesson may use.
pub(super) const RICH: &str = "+++
title = \"Riche\"
+++

## Une définition

L’[article 4](ref:ria-4) demande, et un [RAG](terme:rag) aide. Voir [la suite](02-suite.md#suite),
[la grille](../media/grille.pdf), et [encore l’article](ref:ria-4).

![De gauche à droite, trois rôles.](../figures/chaine.svg \"La *chaîne*\")

![Une mairie](../media/mairie.png)

![La visite](../media/visite.mp4 \"Visite\")

![L’entretien](../media/entretien.mp3)

> [!WARNING]
> Rien n’est **signé**.

> [!NOTE] Mon titre
> Un texte.

Une note[^1].

[^1]: Dite en bas.
";

/// The sound module with a figure, media, a glossary, and a lesson that shows them all.
pub(super) fn rich() -> Tree {
    let mut tree = sound();
    put(&mut tree, "lessons/01-histoires.md", RICH);
    put(&mut tree, "glossary.toml", GLOSSARY);
    put(&mut tree, "figures/chaine.svg", DRAWING);
    for (path, kind) in [
        ("media/mairie.png", MediaKind::Png),
        ("media/visite.mp4", MediaKind::Mp4),
        ("media/entretien.mp3", MediaKind::Mp3),
        ("media/grille.pdf", MediaKind::Pdf),
    ] {
        let digest = blob_digest(path.as_bytes());
        tree.insert_media(path, Media { digest, bytes: 9, kind: Some(kind) }).expect("a good path");
    }
    put(&mut tree, "media/visite.vtt", CAPTIONS);
    put(&mut tree, "media/visite.md", "Le maire : « Bonjour. »\n\n- un\n- deux\n");
    put(&mut tree, "media/entretien.md", "Une **question**.\n");
    tree
}

/// Asserts that the rich module with a lesson's text changed gives one finding, with these words.
#[track_caller]
fn one(from: &str, to: &str, words: &[&str]) {
    assert!(RICH.contains(from), "« {from} » is not in the lesson");
    let mut tree = rich();
    put(&mut tree, "lessons/01-histoires.md", &RICH.replacen(from, to, 1));
    let said = said(&tree);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("lessons/01-histoires.md:"), "{said}");
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
}

#[test]
fn a_rich_module_has_nothing_to_mend() {
    assert_eq!(said(&rich()), "");
}

#[test]
fn a_link_names_a_text_a_term_a_heading_or_a_document_that_is_there() {
    let near = |name: &str| format!("vouliez-vous écrire « {name} »");
    one("(ref:ria-4) demande", "(ref:ria-44) demande", &["pas dans module.toml", &near("ria-4")]);
    one("terme:rag", "terme:rga", &["pas dans glossary.toml", &near("rag")]);
    one("02-suite.md#suite", "02-suites.md#suite", &["n’existe pas", &near("02-suite")]);
    one("02-suite.md#suite", "02-suite.md#fin", &[":7: ", "la leçon « 02-suite »", "#fin"]);
    let both = {
        let mut tree = rich();
        let lesson = RICH.replace("media/grille.pdf", "media/grile.pdf");
        put(&mut tree, "lessons/01-histoires.md", &lesson);
        said(&tree)
    };
    assert!(both.contains(&near("media/grille.pdf")), "{both}");
    assert!(both.contains("media/grille.pdf: jamais montré"), "{both}");
    one("un [RAG]", "une [photo](../media/mairie.png), un [RAG]", &["pas un document PDF"]);
}

#[test]
fn nothing_is_said_of_terms_and_texts_that_could_not_be_read() {
    let mut tree = rich();
    put(&mut tree, "glossary.toml", "[[term");
    put(&mut tree, "module.toml", &MANIFEST.replace("title =", "titre ="));
    let said = said(&tree);
    assert!(!said.contains("pas dans"), "{said}");
}

#[test]
fn an_image_says_what_it_shows() {
    one("[Une mairie]", "[]", &["pas de texte de remplacement"]);
    one("[Une mairie]", "[mairie.png]", &["est un nom de fichier"]);
    one("[Une mairie]", "[IMG-2043.JPEG]", &["est un nom de fichier"]);
}

#[test]
fn an_image_is_a_file_of_the_module_alone_in_its_paragraph() {
    one("![Une mairie]", "Voici ![Une mairie]", &["pas seule dans son paragraphe"]);
    one("mairie.png)\n", "mairie.png)\nqui dort.\n", &["pas seule dans son paragraphe"]);
    one(
        "![Une mairie](../media/mairie.png)",
        "| a |\n|---|\n| ![b](../media/mairie.png) |",
        &["pas seule"],
    );
    one("Dite en bas.", "![b](../media/mairie.png)", &["pas seule dans son paragraphe"]);
    one("Une note", "![b](../media/grille.pdf)\n\nUne note", &["est un document, pas une image"]);
    one("Une note", "![b](../figures/chaîne.svg)\n\nUne note", &["n’existe pas"]);
    one("Une note", "![b](../figures/chaines.svg)\n\nUne note", &["« figures/chaine.svg »"]);
    one("Une note", "![b](../lessons/x.svg)\n\nUne note", &["../figures/nom.svg"]);
    let many = "![b](../media/mairie.png)\n\n".repeat(27) + "Une note";
    one("Une note", &many, &["plus de 30 images"]);
}

#[test]
fn what_figures_and_transcripts_add_to_a_page_has_a_bound() {
    let figure = DRAWING.replace("</svg>", &format!("<!--{}--></svg>", " ".repeat(250 << 10)));
    let told = |figures: usize, films: usize| {
        let shown = "![b](../figures/chaine.svg)\n\n".repeat(figures)
            + &"![b](../media/visite.mp4)\n\n".repeat(films)
            + "Une note";
        let mut tree = rich();
        put(&mut tree, "figures/chaine.svg", &figure);
        put(&mut tree, "media/visite.md", &"mot ".repeat(30_000));
        put(&mut tree, "lessons/01-histoires.md", &RICH.replace("Une note", &shown));
        said(&tree)
    };
    // The lesson shows the figure and the film once already.
    assert_eq!(told(6, 19), "", "seven times the figure, and the transcript once");
    let heavy = told(8, 0);
    assert_eq!(heavy.lines().count(), 1, "{heavy}");
    assert!(
        heavy.contains("les figures et transcriptions de la leçon dépassent 2 Mio — "),
        "{heavy}"
    );
}

#[test]
fn what_no_lesson_shows_is_said() {
    let mut tree = rich();
    put(&mut tree, "lessons/01-histoires.md", LESSON);
    let said = said(&tree);
    let never: Vec<&str> = said.lines().filter(|line| line.contains("jamais montré")).collect();
    assert_eq!(never.len(), 5, "{said}");
    assert!(said.contains("![texte de remplacement](../figures/chaine.svg)"), "{said}");
}

#[test]
fn nothing_is_said_to_be_never_shown_while_a_lesson_cannot_be_read() {
    let mut tree = rich();
    put(&mut tree, "lessons/01-histoires.md", LESSON);
    put(&mut tree, "lessons/02-suite.md", &format!("+++\ntitle = \"a\"\n+++\n{}", ">".repeat(300)));
    let said = said(&tree);
    assert!(said.contains("niveaux de listes"), "{said}");
    assert!(!said.contains("jamais montré"), "{said}");
}

#[test]
fn callouts_are_known_and_hold_something() {
    one("[!WARNING]", "[!ATTENTION]", &["encadré inconnu : [!ATTENTION]", "[!CAUTION]"]);
    one("> [!WARNING]\n> Rien n’est **signé**.\n", "> [!WARNING]\n", &["cet encadré est vide"]);
    one("> [!WARNING]", "> Deux mots.\n>\n> > [!NOTE", &["encadré inconnu"]);
    let quoted = broken("lessons/01-histoires.md", "Une note", "> « Je décide. »\n\nUne note");
    assert_eq!(said(&quoted), "");
}

#[test]
fn words_of_callouts_count_and_those_of_transcripts_do_not() {
    assert_eq!(super::super::words("> [!NOTE] Mon titre\n> Un texte."), 4);
    assert_eq!(super::super::words("> [!NOTE]\n> Un texte."), 2);
    let words = |tree: &Tree| super::super::read(tree).expect("a sound module").lessons[0].words;
    let mut longer = rich();
    put(&mut longer, "media/entretien.md", &"mot ".repeat(500));
    assert_eq!(words(&rich()), words(&longer));
}
