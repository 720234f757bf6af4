//! What must hold of any lesson and of any drawing: the page is safe, whoever reads it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::figure::read_figure;
use super::super::finding::Sheet;
use super::super::{Module, read, render_lesson};
use super::figure::DRAWING;
use super::lesson_links::{RICH, rich};
use super::{put, safety};

/// What means something in a lesson of a module that has figures, media, texts and terms.
const MARKDOWN: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "## ",
    "- ",
    "> ",
    "1. ",
    "|",
    "|-|\n",
    "*",
    "**",
    "`",
    "```\n",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](../figures/chaine.svg)",
    "](../media/visite.mp4 \"Titre\")",
    "](../media/mairie.png)",
    "](../media/entretien.mp3)",
    "](../media/grille.pdf)",
    "](ref:ria-4)",
    "](terme:rag)",
    "](02-suite.md#a)",
    "](#a)",
    "](javascript:alert(1))",
    "](data:text/html,x)",
    "](https://x.example)",
    "](ref:\"><script>)",
    "> [!NOTE]",
    "> [!TIP] <b>",
    "> [!FOO]\n",
    "[^1]",
    "[^1]: ",
    "<script>",
    "</svg>",
    "<figure id=\"m-0\"></figure>",
    "&lt;",
    "&quot;",
    "&#60;script&#62;",
    "\"",
    "'",
    "\\",
    "é",
    "a",
    "<img src=x onerror=a>",
    "]: javascript:a\n",
    "\u{1}",
    "\u{0}",
    "\t",
    "<a:b>",
    "<https://x.example>",
];

/// What means something in a drawing.
const SVG: &[&str] = &[
    "<g>",
    "</g>",
    "<g",
    ">",
    "/>",
    "<rect x=\"1\"/>",
    "<script>",
    "</script>",
    "<use href=\"#ciel\"/>",
    " fill=\"url(#ciel)\"",
    " fill=\"url(#mer)\"",
    " fill=\"url(https://x.example)\"",
    " onload=\"a\"",
    " style=\"a:b\"",
    " href=\"javascript:a\"",
    " xlink:href=\"a\"",
    " id=\"a\"",
    " id=\"\u{1}a\"",
    "<title>",
    "</title>",
    "<desc>",
    "</desc>",
    "<text>",
    "</text>",
    "&lt;script&gt;",
    "&#1;",
    "&a;",
    "<![CDATA[",
    "]]>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<?x ?>",
    "<!DOCTYPE svg>",
    "\"",
    "'",
    "<svg",
    "</svg>",
    " xmlns=\"http://www.w3.org/1999/xhtml\"",
    " xmlns:a=\"b\"",
    "a:",
    "é",
    " ",
    "\n",
    "<image/>",
    "<foreignObject>",
    " viewBox=\"&quot;&gt;\"",
    " d=\"M&#10;0\"",
];

fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    vec(prop_oneof![6 => select(pieces).prop_map(str::to_owned), 1 => any::<String>()], 0..40)
        .prop_map(|parts| parts.concat())
}

/// A sound text where something else was put in at random, so that the rest is still understood.
fn spoiled(text: &'static str, pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let chars = text.chars().count();
    (0..chars, 0..20_usize, soup(pieces)).prop_map(move |(start, length, instead)| {
        let head: String = text.chars().take(start).collect();
        let tail: String = text.chars().skip(start + length).collect();
        head + &instead + &tail
    })
}

fn with_lesson(markdown: String) -> Module {
    let mut module = read(&rich()).expect("a sound module");
    module.lessons[0].markdown = markdown;
    module
}

/// That the page holds to the lists, closes what it opens, and has each id once but for those that
/// an author can repeat (footnotes of the same name).
fn is_safe(module: &Module) -> Result<(), TestCaseError> {
    let html = render_lesson(module, "01-histoires").expect("a lesson");
    let tags = safety::inspect(&html)
        .map_err(|fault| TestCaseError::fail(format!("{fault} in {html}")))?;
    if let Err(fault) = safety::ids(&tags) {
        return Err(TestCaseError::fail(format!("{fault} in {html}")));
    }
    prop_assert_eq!(&html, &render_lesson(module, "01-histoires").expect("a lesson"));
    Ok(())
}

fn drawing_is_safe(text: &str) -> Result<bool, TestCaseError> {
    let mut sheet = Sheet::new("figures/a.svg");
    let figure = read_figure(text, &mut sheet);
    let refused = !sheet.into_findings().is_empty();
    prop_assert!(figure.is_some() || refused, "left out in silence");
    let Some(figure) = figure else { return Ok(false) };
    let svg = figure.in_page("f0-");
    prop_assert!(roxmltree::Document::parse(&svg).is_ok(), "{}", svg);
    prop_assert_eq!(safety::inspect(&svg).err(), None);
    Ok(!refused)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_soup_makes_a_safe_lesson(markdown in soup(MARKDOWN)) {
        is_safe(&with_lesson(markdown))?;
    }

    #[test]
    fn a_spoiled_lesson_makes_a_safe_lesson(lesson in spoiled(RICH, MARKDOWN)) {
        is_safe(&with_lesson(lesson.clone()))?;
        let mut tree = rich();
        put(&mut tree, "lessons/01-histoires.md", &lesson);
        if let Ok(module) = read(&tree) {
            is_safe(&module)?;
        }
    }

    #[test]
    fn any_transcript_makes_a_safe_lesson(text in soup(MARKDOWN)) {
        let mut module = read(&rich()).expect("a sound module");
        module.texts_of_media.insert("media/visite.md".to_owned(), text);
        is_safe(&module)?;
    }

    #[test]
    fn any_words_of_the_manifest_and_glossary_make_a_safe_lesson(
        text in soup(MARKDOWN), other in any::<String>(),
    ) {
        let mut module = read(&rich()).expect("a sound module");
        module.manifest.legal_review = text.clone();
        module.manifest.references[0].text = text.clone();
        module.manifest.references[0].url = Some(other.clone());
        module.glossary[0].term = other;
        module.glossary[0].definition = text;
        is_safe(&module)?;
    }

    #[test]
    fn any_bytes_are_read_as_a_drawing_without_panic(bytes in vec(any::<u8>(), 0..300)) {
        drawing_is_safe(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_soup_of_svg_is_refused_or_safe(text in soup(SVG)) {
        drawing_is_safe(&text)?;
    }

    #[test]
    fn a_spoiled_drawing_is_refused_or_safe(text in spoiled(DRAWING, SVG)) {
        drawing_is_safe(&text)?;
    }
}
