//! A module that is being written, as its readers will see it: what the preview of a folder and that
//! of a draft share.

use crate::content::{self, Bank, Lesson, Module, Reference, Term, Tree};

/// Everything but the lessons' own pages; whatever could be read.
pub struct Sheet<'r> {
    /// What the manifest says, label and value.
    pub manifest: Vec<(&'static str, String)>,
    /// Its summary.
    pub summary: &'r str,
    /// Slug and title of its lessons.
    pub lessons: Vec<(String, String)>,
    /// Where the pages of lessons are.
    pub lessons_at: String,
    /// Its questions, with their keys.
    pub quiz: Vec<&'r Bank>,
    /// The texts that it cites.
    pub references: &'r [Reference],
    /// Its glossary.
    pub terms: &'r [Term],
}

impl std::fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("lessons", &self.lessons).finish_non_exhaustive()
    }
}

impl<'r> Sheet<'r> {
    /// What can be shown of these files, and of the module that they make if they make one.
    pub fn of(module: Option<&'r Module>, tree: &Tree, lessons_at: &str) -> Self {
        let manifest = module.map(|module| &module.manifest);
        Self {
            manifest: module.map(said).unwrap_or_default(),
            summary: manifest.map_or("", |manifest| &manifest.summary),
            lessons: lessons(module, tree),
            lessons_at: lessons_at.to_owned(),
            quiz: module.map(|module| module.quiz.banks.iter().collect()).unwrap_or_default(),
            references: manifest.map_or(&[], |manifest| &manifest.references),
            terms: module.map_or(&[], |module| &module.glossary),
        }
    }
}

/// Slug and title of the lessons; where there is no module, of the files that look like lessons.
pub fn lessons(module: Option<&Module>, tree: &Tree) -> Vec<(String, String)> {
    if let Some(module) = module {
        let title = |lesson: &Lesson| (lesson.slug.clone(), lesson.title.clone());
        return module.lessons.iter().map(title).collect();
    }
    let slug = |path: &str| Some(path.strip_prefix("lessons/")?.strip_suffix(".md")?.to_owned());
    let slugs = tree.files().filter_map(|(path, _)| slug(path));
    slugs.map(|slug| (slug.clone(), slug)).collect()
}

/// A lesson as HTML; where it is part of no module yet, what can be shown of its file.
pub fn html(module: Option<&Module>, tree: &Tree, slug: &str) -> String {
    let rendered = module.and_then(|module| content::render_lesson(module, slug));
    rendered.unwrap_or_else(|| content::render(&body(tree, &format!("lessons/{slug}.md"))))
}

/// The Markdown of a lesson: what follows its front matter.
fn body(tree: &Tree, path: &str) -> String {
    let text = String::from_utf8_lossy(tree.get(path).unwrap_or_default()).into_owned();
    let after = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    after.map(|(_, body)| body.to_owned()).unwrap_or(text)
}

fn said(module: &Module) -> Vec<(&'static str, String)> {
    let manifest = &module.manifest;
    let list = |items: Vec<String>| items.join(", ");
    vec![
        ("Code", manifest.code.to_string()),
        ("Fournisseur", manifest.provider.clone()),
        ("Publics", list(manifest.audiences.iter().map(ToString::to_string).collect())),
        ("Niveau", manifest.level.to_string()),
        ("État", manifest.status.to_string()),
        (
            "Durée",
            format!(
                "{} minutes annoncées, {} calculées",
                manifest.duration_minutes, module.computed_minutes
            ),
        ),
        ("Objectifs", manifest.objectives.join(" ; ")),
        ("Thèmes", list(manifest.themes.clone())),
        ("Licence", manifest.licence.clone()),
        ("Accessibilité", manifest.accessibility.clone()),
        ("Contact", manifest.contact.clone()),
        ("Sources lues le", manifest.verified_on.to_string()),
        ("À relire avant le", manifest.review_by.to_string()),
        ("Relecture juridique", manifest.legal_review.clone()),
        ("Seuil de réussite", format!("{} %", manifest.pass_mark_percent)),
    ]
}
