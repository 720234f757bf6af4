//! Where a module cites its texts: the lessons that link to each, and the questions that rest on it.

use std::collections::{BTreeMap, BTreeSet};

use comrak::Arena;
use comrak::nodes::NodeValue;

use super::links::{Target, target};
use super::markdown;
use super::module::Module;

/// What of a module cites one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Citations {
    /// Slugs of lessons, in their order.
    pub lessons: Vec<String>,
    /// Ids of questions, in the order of the files.
    pub questions: Vec<String>,
}

/// Every text that a lesson links to or a question rests on, by its id in the manifest.
#[must_use]
pub fn citations(module: &Module) -> BTreeMap<String, Citations> {
    let mut all: BTreeMap<String, Citations> = BTreeMap::new();
    for lesson in &module.lessons {
        for id in linked(&lesson.markdown) {
            all.entry(id).or_default().lessons.push(lesson.slug.clone());
        }
    }
    for question in module.quiz.questions() {
        for id in question.cites.iter().collect::<BTreeSet<_>>() {
            all.entry(id.clone()).or_default().questions.push(question.id.clone());
        }
    }
    all
}

/// The texts that a lesson links to, each once; none of a lesson that nests too deep to be read.
fn linked(text: &str) -> BTreeSet<String> {
    if !text.contains("ref:") {
        return BTreeSet::new();
    }
    let arena = Arena::new();
    let Ok(root) = markdown::parse(&arena, text) else { return BTreeSet::new() };
    let of_node = |value: &NodeValue| match value {
        NodeValue::Link(link) => match target(&link.url) {
            Some(Target::Reference(id)) => Some(id.to_owned()),
            _ => None,
        },
        _ => None,
    };
    root.descendants().filter_map(|node| of_node(&node.data().value)).collect()
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn a_text_is_cited_by_a_link_and_not_by_a_word_or_a_sample_of_code() {
        let text = "[L'article 5](ref:ria-5), puis [encore](ref:ria-5) et [lui](ref:rgpd-4-7).\n\n\
                    Voir ref:ria-3.\n\n```\n[x](ref:ria-4)\n```\n";
        assert_eq!(linked(text).into_iter().collect::<Vec<_>>(), ["rgpd-4-7", "ria-5"]);
        assert!(linked("Rien.").is_empty());
    }
}
