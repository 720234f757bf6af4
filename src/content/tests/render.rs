//! Rendering and sanitising.

use super::super::render;
use super::hostile::{comes_to_an_end, hostile_markdown};

#[test]
fn a_lesson_becomes_plain_html_with_anchored_headings() {
    let html = render("## L’élu décide\n\nUn **gras**, un *autre*.\n\n- a\n- b\n");
    assert_eq!(
        html,
        "<h2 id=\"s-lélu-décide\">L’élu décide</h2>\n<p>Un <strong>gras</strong>, un <em>autre</em>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    );
}

#[test]
fn an_anchor_leads_to_the_heading_it_names() {
    let html = render("## Élu\n\n## Élu\n\n[un](#élu) [deux](#%C3%A9lu-1)\n");
    assert!(html.contains("id=\"s-élu\"") && html.contains("id=\"s-élu-1\""), "{html}");
    assert!(html.contains("href=\"#s-%C3%A9lu\""), "{html}");
    assert!(html.contains("href=\"#s-%C3%A9lu-1\""), "{html}");
}

#[test]
fn a_heading_of_level_1_is_lowered_because_the_page_has_its_own() {
    assert_eq!(render("# Un"), "<h2 id=\"s-un\">Un</h2>\n");
}

#[test]
fn raw_html_is_shown_not_run() {
    let html = render("<script>alert(1)</script>\n\nUn <b onclick=x>gras</b>.");
    assert!(html.contains("&lt;script&gt;") && html.contains("&lt;b onclick=x&gt;"), "{html}");
    assert!(!html.contains("<script") && !html.contains("<b"), "{html}");
}

#[test]
fn a_link_outside_says_nothing_of_where_it_comes_from() {
    let html = render("[Lex](https://eur-lex.europa.eu/?a=1&b=2 \"Titre\")");
    assert_eq!(
        html,
        "<p><a href=\"https://eur-lex.europa.eu/?a=1&amp;b=2\" title=\"Titre\" rel=\"noopener noreferrer\">Lex</a></p>\n"
    );
}

#[test]
fn a_link_that_may_not_be_followed_leaves_its_text() {
    for bad in
        ["javascript:alert(1)", "data:text/html,x", "http://x.example", "//x.example", "/a", "x.md"]
    {
        assert_eq!(render(&format!("[*texte*]({bad})")), "<p><em>texte</em></p>\n", "{bad}");
    }
}

#[test]
fn an_image_from_outside_leaves_its_text() {
    for bad in
        ["https://x.example/a.png", "//x.example/a.png", "data:image/png,x", "../a.png", "\\\\x\\a"]
    {
        let html = render(&format!("![un plan](<{bad}>)"));
        assert_eq!(html, "<p>un plan</p>\n", "{bad}");
    }
}

#[test]
fn a_lesson_link_leads_to_the_lesson_and_to_its_heading() {
    assert!(render("[suite](02-suite.md)").contains("href=\"02-suite\""));
    let html = render("[suite](02-suite.md#élu)");
    assert!(html.contains("href=\"02-suite#s-%C3%A9lu\""), "{html}");
}

#[test]
fn tables_say_what_their_columns_head() {
    let html = render("| Terme | Sens |\n|:--|--:|\n| IA | x |\n");
    assert!(html.contains("<th align=\"left\" scope=\"col\">Terme</th>"), "{html}");
    assert!(html.contains("<td align=\"right\">x</td>"), "{html}");
}

#[test]
fn footnotes_go_down_and_come_back_in_french() {
    let html = render("Une note[^n].\n\n[^n]: Dite en bas.\n");
    assert!(html.contains("href=\"#fn-n\"") && html.contains("id=\"fn-n\""), "{html}");
    assert!(html.contains("href=\"#fnref-n\"") && html.contains("id=\"fnref-n\""), "{html}");
    assert!(html.contains("aria-label=\"Retour à l’appel de note 1\""), "{html}");
    assert!(html.contains("<section class=\"footnotes\" aria-label=\"Notes\">"), "{html}");
}

#[test]
fn a_footnote_defined_twice_does_not_swallow_the_page() {
    let html = render("[^n]: Avant.\n\n## Titre\n\nUne note[^n].\n\n[^n]: Dite en bas.\n");
    assert!(html.starts_with("<h2 id=\"s-titre\">Titre</h2>"), "{html}");
    assert_eq!(html.matches("id=\"fn-n\"").count(), 1, "{html}");
}

#[test]
fn a_bare_address_stays_text() {
    assert_eq!(render("Voir https://x.example"), "<p>Voir https://x.example</p>\n");
}

#[test]
fn a_text_that_nests_too_deep_is_shown_as_written() {
    let html = render(&format!("{}<b>", "> ".repeat(30)));
    assert!(html.starts_with("<pre>&gt; ") && html.contains("&lt;b&gt;"), "{html}");
}

#[test]
fn a_hostile_text_is_rendered_to_its_end() {
    for (name, text) in hostile_markdown() {
        comes_to_an_end(name, || render(&text));
    }
}
