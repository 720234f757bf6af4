//! Whatever is typed or written, nothing panics, and what is shown is what was written.

use proptest::prelude::*;

use super::{catalogue, edition, found, shipped};
use crate::catalogue::Catalogue;
use crate::catalogue::search::{Filter, search};

fn ours() -> &'static Catalogue {
    static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    CATALOGUE.get_or_init(shipped)
}

/// Pieces that questions are made of, apt ones and hostile ones.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[a-zàéèœç'’-]{1,14}",
        "[0-9]{1,4}",
        prop::sample::select(vec![
            "article",
            "art.",
            "L.",
            "2123-12",
            "sous-traitant",
            "données",
            "protection",
            "des",
            "IA",
            "l'",
            "🙂",
            "\u{202e}",
            "\u{0}",
            "\u{ad}",
            "e\u{301}",
            "\u{feff}",
            "ﬁ",
            "½",
            "İ",
            "ß",
            "(",
            "\"",
            "*",
            "intelligense",
            "العربية",
            "日本",
            "AND",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_question_is_answered_or_refused(pieces in prop::collection::vec(piece(), 0..8), sep in "[ \\-']?") {
        let q = pieces.join(&sep);
        let filter = Filter { q: Some(q.clone()), ..Filter::default() };
        if let Ok(found) = search(ours(), &filter) {
            for hit in found.hits.iter().take(3) {
                if let Some(shown) = found.highlights(hit) {
                    let title: String = shown.title.iter().map(|part| part.text.as_str()).collect();
                    prop_assert_eq!(title, hit.edition.content.manifest.title.clone());
                    let summary: String = shown.summary.iter().map(|p| p.text.as_str()).collect();
                    prop_assert_eq!(summary, hit.edition.content.manifest.summary.clone());
                }
            }
        }
    }

    #[test]
    fn any_lesson_is_indexed_and_shown(lines in prop::collection::vec("(mot|[\\[\\](){}*_`|>#!^\\\\:~ -]|\\PC){0,30}", 1..6)) {
        let mut module = edition("M1", "Texte.", |_| {});
        let inner = std::sync::Arc::make_mut(&mut module);
        std::sync::Arc::make_mut(&mut inner.content).lessons[0].markdown = lines.join("\n");
        let catalogue = catalogue(vec![module]);
        for q in ["mot", "essai"] {
            let found = found(&catalogue, q);
            found.hits.iter().for_each(|hit| drop(found.highlights(hit)));
        }
    }
}
