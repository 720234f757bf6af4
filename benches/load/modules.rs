//! Modules made up for measuring: as long as real ones, each unlike the others.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use maitrise::catalogue::import;

/// Lessons of a module.
pub const LESSONS: usize = 5;
/// Words of a lesson: a module of 3,000 words takes some twenty minutes.
pub const WORDS: usize = 600;
/// Questions of a module, all asked.
const QUESTIONS: usize = 9;

/// Words of the shipped lessons, to be dealt out in another order to each module.
pub struct Words(Vec<String>);

impl Words {
    /// Those of module E1.
    pub fn shipped() -> anyhow::Result<Self> {
        let embedded = import::embedded()?;
        let (_, tree) = embedded.iter().find(|(name, _)| name == "E1").context("module E1")?;
        let plain = |word: &&str| word.chars().all(char::is_alphabetic);
        let mut words = Vec::new();
        for (path, bytes) in tree.iter().filter(|(path, _)| path.starts_with("lessons/")) {
            let text = std::str::from_utf8(bytes).context(path.to_owned())?;
            words.extend(text.split_whitespace().filter(plain).map(str::to_owned));
        }
        Ok(Self(words))
    }

    /// A word, by a rank that may be any.
    pub fn nth(&self, rank: usize) -> &str {
        &self.0[rank % self.0.len()]
    }

    /// `count` words, from a place that depends on `seed`: paragraphs of sixty, some emphasis, a list.
    pub fn prose(&self, count: usize, seed: usize) -> String {
        let mut text = String::new();
        for nth in 0..count {
            let word = &self.0[(seed * 7_919 + nth * 31) % self.0.len()];
            match nth % 60 {
                0 if nth > 0 => drop(write!(text, ".\n\n{word}")),
                17 => drop(write!(text, " **{word}**")),
                40 if nth % 180 == 40 => drop(write!(text, " :\n\n- {word}")),
                50 if nth % 180 == 50 => drop(write!(text, "\n- {word}")),
                _ => drop(write!(text, " {word}")),
            }
        }
        text.trim().to_owned() + ".\n"
    }
}

/// Writes the folders of `count` modules into `dir/modules`.
pub fn write(dir: &Path, count: usize, words: &Words) -> anyhow::Result<()> {
    for rank in 0..count {
        let folder = dir.join("modules").join(code(rank));
        fs::create_dir_all(folder.join("lessons"))?;
        fs::create_dir_all(folder.join("quiz"))?;
        fs::write(folder.join("module.toml"), manifest(rank, 1, words))?;
        fs::write(folder.join("quiz/01-quiz.toml"), quiz(rank, words))?;
        for lesson in 0..LESSONS {
            let path = folder.join(format!("lessons/{:02}-lecon.md", lesson + 1));
            let prose = words.prose(WORDS, rank * LESSONS + lesson);
            fs::write(
                path,
                format!("+++\ntitle = \"Leçon {lesson}\"\n+++\n\n## Titre\n\n{prose}"),
            )?;
        }
    }
    Ok(())
}

/// The code of a module, by its rank.
pub fn code(rank: usize) -> String {
    format!("BANC-{rank:04}")
}

/// The manifest of a module; `edition` changes its title and nothing else.
pub fn manifest(rank: usize, edition: usize, words: &Words) -> String {
    let minutes = LESSONS * WORDS / 180 + QUESTIONS;
    let summary = words.prose(40, rank).replace("**", "").replace('\n', " ");
    let mut text = format!(
        r#"code = "{}"
title = "Module {rank}, édition {edition}"
summary = "{summary}"
provider = "local:maitrise"
audiences = ["elu", "agent"]
level = "training"
language = "fr"
status = "complete"
duration_minutes = {minutes}
objectives = ["Mesurer", "Comparer", "Conclure"]
recommendations = [1, 9]
themes = ["ia"]
licence = "etalab-2.0"
accessibility = "Texte seul."
contact = "contenus@maitrise.example"
verified_on = 2026-11-22
review_by = 2099-01-01
legal_review = "none"
"#,
        code(rank)
    );
    for nth in 0..10 {
        let _ = write!(
            text,
            "\n[[reference]]\nid = \"texte-{nth}\"\ntext = \"Règlement (UE) 2024/1689, art. {nth}, texte consolidé\"\nurl = \"https://eur-lex.europa.eu/eli/reg/2024/1689/oj\"\ngrade = \"V\"\nverified_on = 2026-11-22\n"
        );
    }
    text
}

fn quiz(rank: usize, words: &Words) -> String {
    let mut text = "title = \"Quiz\"\n".to_owned();
    for nth in 0..QUESTIONS {
        let seed = rank * QUESTIONS + nth;
        let phrase = |count, from: usize| {
            words.prose(count, seed + from * 1_000).replace("**", "").replace('\n', " ")
        };
        let _ = write!(
            text,
            "\n[[question]]\nid = \"Q{nth}\"\nkind = \"single\"\ntext = \"{}\"\nexplanation = \"{}\"\nreference = \"RIA, art. {nth}\"\ngrade = \"V\"\nverified_on = 2026-11-22\n",
            phrase(20, 1),
            phrase(35, 2)
        );
        for (choice, letter) in ["a", "b", "c"].into_iter().enumerate() {
            let right = if choice == nth % 3 { "correct = true\n" } else { "" };
            // The right one is never the longest, or the check would say so of some by chance.
            let length = if right.is_empty() { 16 } else { 8 };
            let _ = write!(
                text,
                "[[question.choice]]\nid = \"{letter}\"\ntext = \"{} {letter}\"\n{right}",
                phrase(length, 3 + choice)
            );
        }
    }
    text
}
