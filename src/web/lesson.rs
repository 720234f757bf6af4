//! A lesson, as published: its text with figures, media and the texts that it cites, and the way on.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::page::{Around, Section};
use super::visitor::Visitor;
use super::words;
use crate::content::{self, ModuleCode, computed_minutes};
use crate::error::{Reason, Result};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "lesson.html")]
struct Page<'m> {
    around: Around,
    code: &'m str,
    module: &'m str,
    title: &'m str,
    /// Its place, from 1, and how many there are.
    place: (usize, usize),
    minutes: String,
    /// Sanitised where it was rendered.
    html: String,
    lessons: &'m [content::Lesson],
    before: Option<&'m content::Lesson>,
    after: Option<&'m content::Lesson>,
    questions: u32,
}

/// Shows a lesson.
#[handler]
pub(super) async fn show(visitor: Visitor, address: Path<(String, String)>) -> Response {
    let (code, slug) = address.0;
    let shown = page(&visitor, &code, &slug).await;
    visitor.answer(shown)
}

async fn page(visitor: &Visitor, code: &str, slug: &str) -> Result<Response> {
    let code = ModuleCode::parse(code).map_err(|_| Reason::NotFound)?;
    let shelf = &visitor.app.shelf;
    let catalogue = shelf.current(visitor.app.db.read()).await?;
    let edition = catalogue.get(&code).ok_or(Reason::NotFound)?;
    let lessons = &edition.content.lessons;
    let rank = lessons.iter().position(|one| one.slug == slug).ok_or(Reason::NotFound)?;
    let state = format!("{}-{rank}", edition.version.id);
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let html = shelf.page(edition, slug).await?.ok_or(Reason::NotFound)?;
    let lesson = &lessons[rank];
    let page = Page {
        around: visitor.around(Section::Catalogue),
        code: code.as_str(),
        module: &edition.content.manifest.title,
        title: &lesson.title,
        place: (rank + 1, lessons.len()),
        minutes: words::minutes(computed_minutes(lesson.words, 0, lesson.activity_minutes)),
        html: with_scrolling_tables(&html),
        lessons,
        before: rank.checked_sub(1).map(|before| &lessons[before]),
        after: lessons.get(rank + 1),
        questions: edition.content.quiz.asked(),
    };
    Ok(visitor.public(&state, &page))
}

/// Puts each table in a region that scrolls by itself, also with the keyboard: a wide one must not
/// make the whole page scroll sideways. Tags are written so by the sanitiser and by nobody else.
pub(super) fn with_scrolling_tables(html: &str) -> String {
    let mut parts = html.split("<table>");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (number, part) in (1..).zip(parts) {
        let label = format!("aria-label=\"Tableau {number}\"");
        out.push_str(&format!(
            "<div class=\"scroll\" role=\"region\" {label} tabindex=\"0\"><table>"
        ));
        out.push_str(&part.replacen("</table>", "</table></div>", 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_scrolls_by_itself() {
        let html = "<p>a</p><table><tr></tr></table><p>b</p><table></table>c";
        let shown = with_scrolling_tables(html);
        assert_eq!(shown.matches("<div class=\"scroll\"").count(), 2);
        assert!(shown.contains("Tableau 2\" tabindex=\"0\"><table></table></div>c"), "{shown}");
        assert_eq!(with_scrolling_tables("<p>&lt;table&gt;</p>"), "<p>&lt;table&gt;</p>");
    }
}
