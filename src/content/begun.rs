//! One more file for a module that is being written, sound but for its blanks.

use chrono::NaiveDate;

use super::code::ModuleCode;
use super::module::{GLOSSARY_PATH, QUIZ_FOLDER};
use super::tree::Tree;

/// What can be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A lesson, after the others.
    Lesson,
    /// A bank of questions, after the others.
    Bank,
    /// A drawing.
    Figure,
    /// The glossary.
    Glossary,
}

/// The path and the text of one more file of that kind, called `title`.
#[must_use]
pub fn begun(
    kind: Begun,
    (code, tree): (&ModuleCode, &Tree),
    title: &str,
    today: NaiveDate,
) -> (String, String) {
    let (slug, quoted) = (slug(title), toml::Value::from(title).to_string());
    match kind {
        Begun::Lesson => {
            let path = format!("lessons/{:02}-{slug}.md", next(tree, "lessons/"));
            (path, LESSON.replace("{title}", &quoted))
        }
        Begun::Bank => {
            let path = format!("{QUIZ_FOLDER}{:02}-{slug}.toml", next(tree, QUIZ_FOLDER));
            let id = format!("{code}-Q{}", next_question(tree, code));
            let text = BANK.replace("{title}", &quoted).replace("{id}", &id);
            (path, text.replace("{today}", &today.to_string()))
        }
        Begun::Figure => {
            let named = title.replace('&', "&amp;").replace('<', "&lt;");
            (format!("figures/{slug}.svg"), FIGURE.replace("{title}", &named))
        }
        Begun::Glossary => (
            GLOSSARY_PATH.to_owned(),
            GLOSSARY
                .replace("{id}", &slug)
                .replace("{title}", &quoted)
                .replace("{today}", &today.to_string()),
        ),
    }
}

/// The number after the highest of a folder, from 1.
fn next(tree: &Tree, folder: &str) -> u32 {
    let number = |path: &str| path.strip_prefix(folder)?.split('-').next()?.parse::<u32>().ok();
    tree.files().filter_map(|(path, _)| number(path)).max().unwrap_or(0) + 1
}

/// The number after the highest question named after the module, from 1.
fn next_question(tree: &Tree, code: &ModuleCode) -> u32 {
    let mark = format!("\"{code}-Q");
    let banks = tree.iter().filter(|(path, _)| path.starts_with(QUIZ_FOLDER));
    let texts = banks.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let highest = |text: String| {
        let numbers = text.split(&mark).skip(1).filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
        });
        numbers.max()
    };
    texts.filter_map(highest).max().unwrap_or(0) + 1
}

/// A name of a file: « L’élue, 2e partie » is `l-elue-2e-partie`.
fn slug(title: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let letters = title.nfd().flat_map(char::to_lowercase).filter(|c| c.is_ascii() || !is_mark(*c));
    let spaced: String = letters.map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let short: String = slug.chars().take(60).collect();
    match short.trim_matches('-') {
        "" => "sans-titre".to_owned(),
        slug => slug.to_owned(),
    }
}

/// Whether a character only marks the one before it.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

const LESSON: &str = r#"+++
title = {title}
+++

## [À COMPLÉTER : une situation que vos apprenants connaissent]

[À COMPLÉTER : le texte de la leçon]
"#;

const BANK: &str = r#"title = {title}

[[question]]
id = "{id}"
kind = "single"
text = "[À COMPLÉTER : la question]"
explanation = "[À COMPLÉTER : pourquoi cette réponse est juste]"
reference = "[À COMPLÉTER : texte sur lequel repose la question]"
grade = "S"
verified_on = {today}

  [[question.choice]]
  id = "a"
  text = "[À COMPLÉTER : mauvaise réponse]"

  [[question.choice]]
  id = "b"
  text = "[À COMPLÉTER : bonne réponse]"
  correct = true
"#;

const FIGURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">
  <title>{title}</title>
  <desc>[À COMPLÉTER : ce que montre le dessin, pour qui ne le voit pas]</desc>
  <rect x="20" y="60" width="140" height="80" fill="none" stroke="#1c2326"/>
  <text x="90" y="105" text-anchor="middle">Avant</text>
  <line x1="160" y1="100" x2="240" y2="100" stroke="#1c2326"/>
  <rect x="240" y="60" width="140" height="80" fill="none" stroke="#1c2326"/>
  <text x="310" y="105" text-anchor="middle">Après</text>
</svg>
"##;

const GLOSSARY: &str = r#"[[term]]
id = "{id}"
term = {title}
definition = "[À COMPLÉTER : la définition]"
reference = "[À COMPLÉTER : texte sur lequel elle repose]"
grade = "S"
verified_on = {today}
"#;
