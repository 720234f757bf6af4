//! A lesson as a page shows it.

use super::super::{Module, read, render_lesson};
use super::lesson_links::{RICH, rich};
use super::{MANIFEST, put, safety, sound};

fn page(module: &Module) -> String {
    let html = render_lesson(module, "01-histoires").expect("a lesson");
    let tags = safety::inspect(&html).expect("a safe page");
    safety::ids(&tags).expect("ids of their own");
    html
}

fn rich_page() -> String {
    page(&read(&rich()).expect("a sound module"))
}

#[track_caller]
fn holds(html: &str, part: &str) {
    assert!(html.contains(part), "no {part} in {html}");
}

#[test]
fn an_unknown_lesson_is_none() {
    assert_eq!(render_lesson(&read(&sound()).expect("a sound module"), "09-rien"), None);
}

#[test]
fn a_lesson_opens_with_how_fresh_it_is() {
    let head = |html: &str| html.lines().next().unwrap_or_default().to_owned();
    assert_eq!(
        head(&rich_page()),
        "<p class=\"lesson-state\">À jour au 22 novembre 2026 · à relire avant le 22 février 2027 · non relu par un juriste</p>"
    );
    let mut tree = sound();
    let manifest = MANIFEST
        .replace("legal_review = \"none\"", "legal_review = \"CDG <35>\"")
        .replace("review_by = 2027-02-22", "review_by = 2027-03-01");
    put(&mut tree, "module.toml", &manifest);
    let html = page(&read(&tree).expect("a sound module"));
    assert!(head(&html).contains("avant le 1er mars 2027 · relu par CDG &lt;35&gt;</p>"), "{html}");
}

#[test]
fn a_text_cited_is_graded_listed_once_and_leads_back() {
    let html = rich_page();
    let grade = "<abbr class=\"grade\" title=\"lu dans une source datée\">V</abbr>";
    holds(
        &html,
        "<a id=\"r-ria-4\" class=\"ref\" href=\"#ref-ria-4\" rel=\"noopener noreferrer\">article 4</a>",
    );
    // In the text, twice, and in the list.
    assert_eq!(html.matches(grade).count(), 3, "{html}");
    assert_eq!(html.matches("id=\"ref-ria-4\"").count(), 1, "{html}");
    assert_eq!(html.matches("href=\"#ref-ria-4\"").count(), 2, "{html}");
    holds(&html, "<h2>Textes cités</h2>");
    holds(&html, "<li id=\"ref-ria-4\"><a href=\"https://eur-lex.europa.eu/eli/reg/2024/1689/oj\"");
    holds(&html, "lu dans une source datée, le 22 novembre 2026");
    holds(&html, "href=\"#r-ria-4\" aria-label=\"Retour au texte\"");
}

#[test]
fn a_term_leads_to_its_definition_and_back() {
    let html = rich_page();
    holds(&html, "<a id=\"t-rag\" class=\"term\" href=\"#terme-rag\"");
    holds(&html, "<h2>Glossaire</h2>");
    holds(&html, "<dt id=\"terme-rag\">RAG <a class=\"back\" href=\"#t-rag\"");
    holds(&html, "Génération &lt;augmentée&gt; par recherche. (Guide, p. 3)");
}

#[test]
fn a_lesson_that_cites_and_explains_nothing_has_no_list() {
    let html = page(&read(&sound()).expect("a sound module"));
    assert!(!html.contains("Textes cités") && !html.contains("Glossaire"), "{html}");
}

#[test]
fn an_unknown_text_term_or_file_leaves_its_words() {
    let mut module = read(&rich()).expect("a sound module");
    module.manifest.references.clear();
    module.glossary.clear();
    module.figures.clear();
    module.media.clear();
    let html = page(&module);
    holds(&html, "L’article 4 demande, et un RAG aide.");
    holds(&html, "la grille, et encore l’article.");
    holds(&html, "<p>De gauche à droite, trois rôles.</p>");
    assert!(!html.contains("<figure") && !html.contains("/media/"), "{html}");
}

#[test]
fn callouts_are_notes_with_a_title_of_ours_or_of_theirs() {
    let html = rich_page();
    holds(
        &html,
        "<div class=\"callout callout-warning\" role=\"note\">\n<p class=\"callout-title\">Attention</p>\n<p>Rien n’est <strong>signé</strong>.</p>\n</div>",
    );
    holds(&html, "<p class=\"callout-title\">Mon titre</p>");
    let mut tree = rich();
    put(&mut tree, "lessons/01-histoires.md", &RICH.replace("Mon titre", "Un <b> & \"deux\""));
    let html = page(&read(&tree).expect("a sound module"));
    holds(&html, "<p class=\"callout-title\">Un &lt;b&gt; &amp; \"deux\"</p>");
}

#[test]
fn a_figure_is_drawn_in_the_page_with_its_caption() {
    let html = rich_page();
    holds(&html, "<figure class=\"figure\" role=\"figure\" aria-label=\"La *chaîne*\"><svg ");
    holds(&html, "aria-labelledby=\"f0--title f0--desc\"");
    holds(&html, "</svg><figcaption>La *chaîne*</figcaption></figure>");
}

#[test]
fn the_same_figure_twice_shares_no_id() {
    let mut tree = rich();
    let again = "![Encore](../figures/chaine.svg)\n\nUne note";
    put(&mut tree, "lessons/01-histoires.md", &RICH.replace("Une note", again));
    let html = page(&read(&tree).expect("a sound module"));
    assert!(html.contains("id=\"f0-ciel\"") && html.contains("id=\"f4-ciel\""), "{html}");
}

#[test]
fn images_films_and_sounds_come_from_the_site_with_what_says_them() {
    let html = rich_page();
    let address = |path: &str| format!("/media/{}", super::super::blob_digest(path.as_bytes()));
    let image = address("media/mairie.png");
    holds(
        &html,
        &format!(
            "<figure class=\"figure\"><img src=\"{image}\" alt=\"Une mairie\" loading=\"lazy\"></figure>"
        ),
    );
    let film = address("media/visite.mp4");
    holds(
        &html,
        &format!(
            "<video controls preload=\"metadata\" src=\"{film}\" aria-label=\"La visite\"><track kind=\"captions\" srclang=\"fr\" label=\"Sous-titres\" src=\"/media/"
        ),
    );
    holds(
        &html,
        "<summary>Transcription</summary><p>Le maire : « Bonjour. »</p>\n<ul>\n<li>un</li>",
    );
    let sound = address("media/entretien.mp3");
    holds(&html, &format!("<audio controls preload=\"metadata\" src=\"{sound}\""));
    holds(&html, &format!("<a href=\"{}\"", address("media/grille.pdf")));
}

#[test]
fn a_transcript_stands_once_in_a_page_and_later_showings_lead_to_it() {
    let mut module = read(&rich()).expect("a sound module");
    module.lessons[0].markdown =
        "![Film](../media/visite.mp4)\n\n![Son](../media/entretien.mp3)\n\n".repeat(3);
    let html = page(&module);
    assert_eq!((html.matches("<video").count(), html.matches("<audio").count()), (3, 3));
    assert_eq!(html.matches("Le maire").count(), 1, "{html}");
    holds(&html, "<details id=\"m-0-texte\" class=\"transcript\"><summary>");
    holds(&html, "<details id=\"m-1-texte\" class=\"transcript\"><summary>");
    let back =
        |place| html.matches(&format!("<a href=\"#m-{place}-texte\">Transcription, plus")).count();
    assert_eq!([back(0), back(1)], [2, 2], "{html}");
}

#[test]
fn no_text_of_an_author_becomes_a_place() {
    let forged = "<figure id=\"m-0\"></figure>";
    let escaped = "&lt;figure id=&quot;m-0&quot;&gt;&lt;/figure&gt;";
    for text in [forged, escaped] {
        let lesson = format!(
            "+++\ntitle = \"Riche\"\n+++\n\n{text} `{text}`\n\n![a{escaped}](../figures/chaine.svg '{text}')\n\n\
             > [!NOTE] {text}\n> b\n\n[{text}](https://x.example '{text}')\n\n```\n{text}\n```\n"
        );
        let mut module = read(&rich()).expect("a sound module");
        module.lessons[0].markdown = lesson;
        let html = page(&module);
        assert_eq!(html.matches("<svg").count(), 1, "{html}");
        assert!(!html.contains("<figure id"), "{html}");
    }
}

#[test]
fn no_more_is_shown_in_a_lesson_than_the_bound() {
    let mut module = read(&rich()).expect("a sound module");
    module.lessons[0].markdown = "![Une mairie](../media/mairie.png)\n\n".repeat(100);
    let html = page(&module);
    assert_eq!(html.matches("<img").count(), 30);
    assert_eq!(html.matches("<p>Une mairie</p>").count(), 70);
}
