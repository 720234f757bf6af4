//! What is found, how it is ranked, and how it is shown.

use super::{catalogue, codes, edition, found, kit, shipped};
use crate::catalogue::Catalogue;
use crate::catalogue::search::{Filter, Matched, Part, related, search};
use crate::content::Manifest;
use crate::error::Reason;

/// One module whose lesson says this, among others that do not.
fn saying(text: &str) -> Catalogue {
    let about = |title: &str, m: &mut Manifest| {
        m.title = title.to_owned();
        m.themes = vec!["essai".to_owned()];
    };
    let other = |code: &str| edition(code, "Rien de cela ici.", |m| about("Autre", m));
    let own = edition("M1", text, |m| about("Module", m));
    catalogue(vec![own, other("Z1"), other("Z2")])
}

fn finds(text: &str, q: &str) -> bool {
    codes(&found(&saying(text), q)) == ["M1"]
}

#[test]
fn words_are_found_as_people_write_them() {
    for (text, q) in [
        ("Les élues décident.", "élu"),
        ("L’élue décide.", "ELUS"),
        ("Une agente instruit.", "agents"),
        ("Une œuvre protégée.", "oeuvres"),
        ("L'achat d'un outil.", "achat"),
        ("Le sous-traitant répond.", "sous traitants"),
        ("Le sous traitant répond.", "sous-traitant"),
        ("La sous-traitance en chaîne.", "sous traitant"),
        ("La sous-traitance en chaîne.", "soustraitance"),
        ("Une intelligence artificielle.", "IA"),
        ("L’IA du service.", "intelligence artificielle"),
        ("Le RGPD s'applique.", "données personnelles"),
        ("Les données à caractère personnel.", "rgpd"),
        ("La directive NIS 2 attend.", "NIS2"),
        ("La directive NIS2 attend.", "nis 2"),
        ("Voir l'art. L. 2123-12 du code.", "L2123-12"),
        ("Voir l'[article 50](https://exemple.example/50).", "art 50"),
        ("Une **régle**mentation locale.", "reglementation"),
        ("Un hameçonnage réussi.", "hameconnage"),
        ("Un hameçonnage réussi.", "phishing"),
    ] {
        assert!(finds(text, q), "{q} in {text}");
    }
    let said = edition("M1", "L'article 5 et cinquante, 50 fois.", |_| {});
    let cited = edition("M2", "L'article 50.", |_| {});
    assert_eq!(
        codes(&found(&catalogue(vec![said, cited]), "article 50")),
        ["M2"],
        "it is one thing"
    );
    assert!(
        !finds("Voir la [page](https://exemple.example/secret).", "secret"),
        "an address is not read"
    );
}

#[test]
fn one_slip_in_a_long_word_is_forgiven_and_ranked_below() {
    let text = "La délibération est votée.";
    for q in ["delibration", "deliberattion", "delibiration", "delibreation"] {
        let catalogue = saying(text);
        let found = found(&catalogue, q);
        assert_eq!(codes(&found), ["M1"], "{q}");
        assert_eq!(found.suggestion.as_deref(), Some("délibération"), "{q}");
    }
    assert!(!finds("Un chat dort.", "char"), "a short word is not corrected");
    let exact = edition("B1", "La délibération.", |_| {});
    let slip = found(&catalogue(vec![exact.clone()]), "delibration").hits[0].score;
    assert!(slip < found(&catalogue(vec![exact]), "deliberation").hits[0].score);
}

#[test]
fn the_title_outranks_the_summary_and_the_summary_the_text() {
    let plain = |code: &str, text: &str| edition(code, text, |m| m.title = "Module".to_owned());
    let many = "Le cimetière. ".repeat(40);
    let catalogue = catalogue(vec![
        plain("A1", &many),
        edition("B1", "Texte.", |m| {
            m.title = "Module".to_owned();
            m.summary = "Tenir le cimetière.".to_owned();
        }),
        edition("C1", "Texte.", |m| m.title = "Le cimetière communal".to_owned()),
        plain("D1", "Rien."),
    ]);
    assert_eq!(codes(&found(&catalogue, "cimetières")), ["C1", "B1", "A1"]);
}

#[test]
fn the_same_word_outranks_its_stem_and_its_synonyms() {
    let plain = |code: &str, text: &str| edition(code, text, |m| m.title = "Module".to_owned());
    let catalogue = catalogue(vec![
        plain("A1", "Un deepfake circule."),
        plain("B1", "Des hypertrucages circulent."),
        plain("C1", "Un hypertrucage circule."),
        plain("D1", "Rien."),
    ]);
    assert_eq!(codes(&found(&catalogue, "hypertrucage")), ["C1", "B1", "A1"]);
    assert_eq!(codes(&found(&catalogue, "deepfake")), ["A1", "B1", "C1"]);
}

#[test]
fn every_word_is_wanted_and_most_will_do_when_none_has_them_all() {
    let catalogue = saying("La délibération fixe le tarif de la cantine.");
    let all = found(&catalogue, "le tarif et la cantine");
    assert_eq!((codes(&all), all.matched), (vec!["M1".to_owned()], Some(Matched::All)));
    let most = found(&catalogue, "tarif cantine piscine");
    assert_eq!((codes(&most), most.matched), (vec!["M1".to_owned()], Some(Matched::Some)));
    let none = found(&catalogue, "piscine");
    assert!(none.hits.is_empty());
    assert_eq!(found(&catalogue, "rien de cela").hits.len(), 2, "empty words do not count");
    assert!(!found(&catalogue, "que la").hits.is_empty(), "unless there is nothing else");
    assert_eq!(found(&catalogue, " \u{a0} ").hits.len(), 3, "blanks ask for nothing");
}

#[test]
fn when_nothing_is_found_something_near_is_suggested() {
    let catalogue = saying("La délibération fixe le tarif.");
    let found = found(&catalogue, "delibrasion");
    assert!(found.hits.is_empty());
    assert_eq!(found.suggestion.as_deref(), Some("délibération"));
    assert_eq!(super::found(&catalogue, "xyzxyzxyz").suggestion, None);
}

#[test]
fn what_has_no_word_is_refused_with_what_to_do() {
    let catalogue = saying("Texte.");
    for q in ["AND OR \"\" * ?", "*", "???", "«»", "🙂", "-- ;", "\u{202e}", "or"] {
        let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
        let refused = search(&catalogue, &filter).map(drop);
        assert_eq!(kit::reason(refused), Some(Reason::InvalidParameter), "{q}");
    }
}

#[test]
fn what_was_found_is_shown_in_parts() {
    let text = "## Un titre\n\nUne ligne sans rien.\n\nVoir la [délibération](https://exemple.example) **signée** : 5 < 6 & 7.";
    let catalogue = saying(text);
    let found = found(&catalogue, "module délibérations");
    let highlights = found.highlights(&found.hits[0]).expect("words were looked for");
    let shown = |parts: &[Part]| -> String {
        parts
            .iter()
            .map(|p| if p.mark { format!("[{}]", p.text) } else { p.text.clone() })
            .collect()
    };
    assert_eq!(shown(&highlights.title), "[Module]");
    assert_eq!(shown(&highlights.summary), "Un essai.");
    let lesson = highlights.lesson.expect("an excerpt");
    assert_eq!((lesson.slug.as_str(), lesson.title.as_str()), ("01-essai", "Une leçon"));
    assert_eq!(shown(&lesson.parts), "Voir la [délibération] signée : 5 < 6 & 7.");
    let whole = search(&catalogue, &Filter::default()).expect("everything");
    assert_eq!(whole.highlights(&whole.hits[0]), None);
}

#[test]
fn every_excerpt_of_the_shipped_modules_marks_what_was_looked_for() {
    let catalogue = shipped();
    for q in ["article 28", "mot de passe", "données personnelles", "sous-traitant", "hypertrucage"]
    {
        let found = found(&catalogue, q);
        assert!(!found.hits.is_empty());
        let marked = found.hits.iter().filter(|hit| {
            let shown = found.highlights(hit).expect("words");
            let lesson = shown.lesson.map(|lesson| lesson.parts).unwrap_or_default();
            shown.title.iter().chain(&shown.summary).chain(&lesson).any(|part| part.mark)
        });
        assert_eq!(marked.count(), found.hits.len(), "{q}");
    }
}

#[test]
fn a_catalogue_after_another_finds_the_same_as_one_made_anew() {
    let first = catalogue(vec![
        edition("A1", "La piscine municipale.", |_| {}),
        edition("B1", "Le cimetière.", |_| {}),
    ]);
    let kept = first.editions().next().expect("A1").clone();
    let added = edition("C1", "Une autre piscine.", |_| {});
    let synonyms = crate::catalogue::synonyms::SHIPPED;
    let next = Catalogue::new(2, vec![kept, added], synonyms, Some(&first));
    assert_eq!(codes(&found(&next, "piscine")), ["A1", "C1"]);
    assert_eq!(codes(&found(&next, "cimetière")), [""; 0], "what has left is found no more");
    let own = "[[group]]\nwords = [\"bassin\", \"piscine\"]\n";
    assert_eq!(codes(&found(&next, "bassin")), [""; 0]);
    let editions = next.editions().cloned().collect();
    let other = Catalogue::new(3, editions, own, Some(&next));
    assert_eq!(codes(&found(&other, "bassin")), ["A1", "C1"], "other synonyms apply to all");
}

#[test]
fn related_modules_share_themes_or_follow_each_other() {
    let catalogue = shipped();
    let of = |code: &str| -> Vec<String> {
        let found = related(&catalogue, &kit::code(code));
        found.iter().map(|edition| edition.code().to_string()).collect()
    };
    for code in ["C3", "A3", "E1", "C6"] {
        let found = of(code);
        assert!((1..=5).contains(&found.len()) && !found.contains(&code.to_owned()), "{found:?}");
        assert_eq!(found, of(code), "it does not depend on chance");
    }
    assert!(of("C3").contains(&"A3".to_owned()), "{:?}", of("C3"));
    assert!(of("A3").contains(&"C3".to_owned()), "{:?}", of("A3"));
    assert!(of("E4").contains(&"E1".to_owned()), "its prerequisite: {:?}", of("E4"));
    assert!(of("C6").contains(&"A4".to_owned()), "{:?}", of("C6"));
    assert_eq!(of("ABSENT"), [""; 0]);
}

/// What is typed wrong is compared with every word of the catalogue: eight times, not forty.
#[test]
fn few_words_of_a_question_are_corrected_and_few_are_read() {
    let catalogue = saying("Une intelligence artificielle.");
    let corrected = |count: usize| {
        let q = vec!["intelligense"; count].join(" ");
        let found = found(&catalogue, &q);
        let meant = found.suggestion.clone().expect("a correction");
        (meant.matches("intelligence").count(), meant.matches("intelligense").count())
    };
    assert_eq!(corrected(1), (1, 0));
    assert_eq!(corrected(8), (8, 0));
    assert_eq!(corrected(12), (8, 4), "the rest is left as it was typed");
    assert_eq!(corrected(60), (8, 24), "and what comes after the thirty-second is passed over");
}
