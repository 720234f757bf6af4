//! Figures: what a drawing may hold, and what becomes of it.

use super::super::figure::read_figure;
use super::super::finding::Sheet;
use super::super::{Finding, Tree};
use super::safety;

pub(super) const DRAWING: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" role="img" version="1.1">
  <title>La chaîne</title>
  <desc>Du fournisseur à l’élu.</desc>
  <defs>
    <linearGradient id="ciel"><stop offset="0" stop-color="#00417a"/></linearGradient>
    <marker id="bout" refX="5" refY="5"><path d="M 0 0 L 10 5 L 0 10 z"/></marker>
  </defs>
  <!-- une note du dessinateur -->
  <g fill="none" transform="translate(5 5)">
    <rect x="1" y="2" width="50%" height="20" fill="url(#ciel)"/>
    <line x1="0" y1="0" x2="9" y2="9" marker-end="url(#bout)"/>
    <text x="3" y="9" font-family="Arial, sans-serif">L’&#233;lu &lt;décide&gt; <tspan dy="4">ici</tspan></text>
  </g>
</svg>
"##;

fn findings(text: &str) -> Vec<Finding> {
    let mut sheet = Sheet::new("figures/chaine.svg");
    if let Some(figure) = read_figure(text, &mut sheet) {
        safety::inspect(&figure.in_page("f0-")).expect("what is kept is safe, whatever is said");
    }
    sheet.into_findings()
}

/// Asserts that the sound drawing with `from` replaced by `to` has one finding, with these words.
#[track_caller]
fn one(from: &str, to: &str, line: u32, words: &str) {
    assert!(DRAWING.contains(from), "« {from} » is not in the drawing");
    let found = findings(&DRAWING.replacen(from, to, 1));
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert_eq!(found[0].line, Some(line), "{said:?}");
    assert!(said[0].contains(words), "{said:?}");
}

#[test]
fn a_drawing_is_written_again_with_its_ids_under_a_prefix() {
    let mut sheet = Sheet::new("figures/chaine.svg");
    let figure = read_figure(DRAWING, &mut sheet).expect("a sound drawing");
    let svg = figure.in_page("f3-");
    assert!(svg.starts_with(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"f3--title f3--desc\" viewBox=\"0 0 200 100\"><title id=\"f3--title\">La chaîne</title><desc id=\"f3--desc\">"
    ), "{svg}");
    assert!(svg.contains("id=\"f3-ciel\"") && svg.contains("fill=\"url(#f3-ciel)\""), "{svg}");
    assert!(svg.contains("marker-end=\"url(#f3-bout)\""), "{svg}");
    assert!(svg.contains("L’élu &lt;décide&gt; <tspan dy=\"4\">ici</tspan>"), "{svg}");
    assert!(!svg.contains("note du dessinateur") && !svg.contains("version"), "{svg}");
    let tags = safety::inspect(&svg).expect("safe");
    safety::ids(&tags).expect("ids of their own");
    roxmltree::Document::parse(&svg).expect("well formed");
}

#[test]
fn a_drawing_says_what_it_is() {
    one(" viewBox=\"0 0 200 100\"", "", 2, "« viewBox » manque");
    one("<title>La chaîne</title>", "", 2, "un <title> et un seul");
    one("<title>La chaîne</title>", "<title> </title>", 2, "un <title> et un seul");
    one("<desc>Du fournisseur à l’élu.</desc>", "", 2, "un <desc> et un seul");
    one("</desc>", "</desc><title>Deux</title>", 2, "un <title> et un seul");
}

#[test]
fn each_element_that_is_not_on_the_list_is_refused_where_it_stands() {
    for bad in [
        "<script>alert(1)</script>",
        "<style>*{fill:red}</style>",
        "<use href=\"#ciel\"/>",
        "<image href=\"https://x.example/a.png\"/>",
        "<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>",
        "<animate attributeName=\"x\"/>",
        "<set attributeName=\"onclick\" to=\"x\"/>",
        "<a href=\"javascript:alert(1)\"><text>x</text></a>",
        "<svg viewBox=\"0 0 1 1\"/>",
        "<filter id=\"x\"/>",
        "<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>",
        "<rect xmlns=\"urn:autre\"/>",
        "<metadata/>",
        "<SCRIPT/>",
    ] {
        let bare: String = bad.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
        one("<rect ", &format!("{bad}<rect "), 11, &format!("l’élément <{bare}> n’est pas admis"));
    }
}

#[test]
fn each_attribute_that_is_not_on_the_list_is_refused_where_it_stands() {
    for bad in [
        "onclick=\"x\"",
        "onload=\"x\"",
        "style=\"fill:url(https://x.example)\"",
        "class=\"a\"",
        "href=\"#ciel\"",
        "xmlns:x=\"http://www.w3.org/1999/xlink\" x:href=\"#ciel\"",
        "tabindex=\"0\"",
        "xml:base=\"https://x.example/\"",
        "role=\"button\"",
    ] {
        one("<rect ", &format!("<rect {bad} "), 11, "n’est pas admis dans une figure");
    }
}

#[test]
fn each_value_stays_in_the_drawing() {
    for bad in [
        "url(https://x.example/#a)",
        "url(//x.example)",
        "url(#ciel) url(#ciel)",
        "URL(#ciel)",
        "javascript:alert(1)",
        "data:image/svg+xml,x",
        "expression{1}",
        "\\75rl(x)",
    ] {
        one("url(#ciel)", bad, 11, "rien ne vient d’ailleurs");
    }
    one("url(#ciel)", "url(#mer)", 11, "« #mer », qui n’est pas dans la figure");
    for bad in ["1", "", "bout à bout", "\u{e9}", "a:b", "a)"] {
        let said = findings(&DRAWING.replace("id=\"bout\"", &format!("id=\"{bad}\"")));
        assert_eq!(said.len(), 2, "the id, and what leads to it: {said:?}");
        assert!(said[0].what.contains("n’est pas un mot simple"), "{said:?}");
    }
}

#[test]
fn declarations_entities_and_instructions_are_refused() {
    let laughs = "<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<svg";
    one("<svg", laughs, 2, "une DTD ou une entité est déclarée");
    one("<svg", "<!DOCTYPE svg>\n<svg", 2, "une DTD ou une entité est déclarée");
    one("ici", "&rien;", 13, "l’entité « &rien; » n’existe pas");
    one("<svg", "<?xml-stylesheet href=\"a.css\"?>\n<svg", 2, "une instruction <?…?>");
    one("</tspan>", "</text>", 13, "ferme");
    one("<rect x=\"1\"", "<rect x=\"1\" x=\"2\"", 11, "« x » est écrit deux fois");
    one("<g fill", "égaré <g fill", 10, "du texte est écrit hors de <text>");
    one("svg xmlns=\"http://www.w3.org/2000/svg\"", "svg", 2, "n’est pas un élément <svg>");
}

#[test]
fn what_is_not_a_drawing_is_refused_in_a_few_lines() {
    for text in ["", "<", "<svg", "{}", "<html/>", "\u{0}", "GIF89a", "<svg></svg><svg></svg>"] {
        assert!(!findings(text).is_empty(), "{text}");
    }
    let foreign = "<x/>".repeat(4_000);
    let found = findings(&DRAWING.replace("<rect ", &format!("{foreign}<rect ")));
    assert_eq!(found.len(), 30);
}

#[test]
fn what_makes_a_parser_slow_is_refused_before_it() {
    let deep = DRAWING.replace("<rect ", &("<g>".repeat(60_000) + "<rect "));
    assert!(findings(&deep)[0].what.contains("plus de 40 éléments les uns dans les autres"));
    let many = DRAWING.replace("<rect ", &("<g/>".repeat(5_000) + "<rect "));
    assert!(findings(&many)[0].what.contains("plus de 5000 éléments"));
    let attributes: String = (0..9_000).map(|n| format!("a{n}=\"\" ")).collect();
    let wide = DRAWING.replace("<rect ", &format!("<rect {attributes}"));
    assert!(findings(&wide)[0].what.contains("plus de 60 attributs"));
    let namespaces: String = (0..900).map(|n| format!("<g xmlns:a{n}=\"urn:a\"/>")).collect();
    let named = DRAWING.replace("<rect ", &format!("{namespaces}<rect "));
    assert!(findings(&named)[0].what.contains("espaces de noms"));
    let big = DRAWING.replace("M 0 0", &"M 0 0 ".repeat(50_000));
    assert!(findings(&big)[0].what.contains("la figure pèse 3"), "{:?}", findings(&big));
    let huge = DRAWING.repeat(20 << 10).into_bytes();
    let refused = Tree::new().insert("figures/chaine.svg", huge).expect_err("over a tree's bound");
    assert!(refused.to_string().contains("« figures/chaine.svg » : fichier de plus de 1 Mio"));
}
