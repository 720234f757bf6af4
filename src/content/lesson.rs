//! One lesson: TOML front matter between two `+++` lines, then Markdown.

use comrak::Arena;
use serde::{Deserialize, Serialize};

use super::fields::read_toml;
use super::finding::Sheet;
use super::lesson_rules::check_markdown;
use super::markdown;
use super::surroundings::Surroundings;

/// Longest activity of one lesson, in minutes (10 hours): beyond it, a typing slip.
const MAX_ACTIVITY_MINUTES: u32 = 600;

/// One lesson of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// `NN-slug`, the file name without `.md`; lessons follow each other in this order.
    pub slug: String,
    /// 1 to 150 characters.
    pub title: String,
    /// Declared activity of this lesson, in minutes; counted in the module's duration.
    pub activity_minutes: u32,
    /// The body, without the front matter.
    pub markdown: String,
    /// Words a reader reads: those of the rendered body, code and footnotes included, front
    /// matter and addresses excluded. A word is a run without white space holding at least one
    /// letter or digit. 0 when it nests too deep to be read, which the lint refuses.
    pub words: u32,
}

/// Number of words of a Markdown text, counted as in [`Lesson::words`]; 0 when it nests too deep
/// to be read.
#[must_use]
pub fn words(markdown: &str) -> u32 {
    let arena = Arena::new();
    markdown::parse(&arena, markdown).map_or(0, markdown::count_words)
}

/// Reads `lessons/{slug}.md`, noting every problem. `around` is what it may name.
pub(super) fn read_lesson(
    slug: &str,
    text: &str,
    around: &Surroundings,
    sheet: &mut Sheet,
) -> Option<Lesson> {
    let Some((front, body)) = split(text) else {
        sheet.add(
            1,
            "l’en-tête manque",
            "commencez par une ligne +++, puis title = \"…\", puis une ligne +++",
        );
        check_markdown(slug, text, 0, around, sheet);
        return None;
    };
    let front = read_toml(front, 1, sheet, |fields| {
        let title = fields.required("title").and_then(|value| value.line_of_text(150));
        let activity = fields
            .optional("activity_minutes")
            .map_or(Some(0), |value| value.integer(0..=MAX_ACTIVITY_MINUTES));
        title.zip(activity)
    });
    let before = text[..text.len() - body.len()].matches('\n').count();
    let before = u32::try_from(before).unwrap_or(u32::MAX / 2);
    let words = check_markdown(slug, body, before, around, sheet);
    if body.trim().is_empty() {
        sheet.add(before, "la leçon est vide", "écrivez le texte après l’en-tête");
    }
    let (title, activity_minutes) = front?;
    let (slug, markdown) = (slug.to_owned(), body.to_owned());
    Some(Lesson { slug, title, activity_minutes, markdown, words: words.unwrap_or_default() })
}

/// The front matter and what follows its closing line.
fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("+++\n")?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line == "+++\n" || line == "+++" {
            return Some((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    None
}
