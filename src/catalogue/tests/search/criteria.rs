//! Filters, facets and orders.

use super::{catalogue, codes, edition, kit, published};
use crate::catalogue::Catalogue;
use crate::catalogue::search::{Band, Filter, Sort, search};
use crate::content::{self, Audience, Level};

fn two() -> Catalogue {
    let editions = vec![
        edition("B1", "Texte.", |m| {
            m.audiences = vec![Audience::Agent, Audience::Cadre];
            m.title = "Protéger les données".to_owned();
            m.level = Level::Training;
            m.recommendations = vec![3];
            m.themes = vec!["rgpd".to_owned()];
            m.duration_minutes = 45;
        }),
        edition("A1", "Texte.", |_| {}),
    ];
    catalogue(editions)
}

fn of(filter: &Filter) -> Vec<String> {
    codes(&search(&two(), filter).expect("found"))
}

#[test]
fn criteria_add_up_and_values_of_one_are_alternatives() {
    let both = Filter::default();
    assert_eq!(of(&both), ["A1", "B1"]);
    assert_eq!(of(&Filter { audience: vec![Audience::Cadre], ..both.clone() }), ["B1"]);
    let either = vec![Audience::Cadre, Audience::Elu];
    assert_eq!(of(&Filter { audience: either, ..both.clone() }), ["A1", "B1"]);
    assert_eq!(of(&Filter { level: vec![Level::Awareness], ..both.clone() }), ["A1"]);
    assert_eq!(of(&Filter { recommendation: vec![8], ..both.clone() }), ["A1"]);
    assert_eq!(of(&Filter { max_minutes: Some(20), ..both.clone() }), ["A1"]);
    assert_eq!(of(&Filter { duration: vec![Band::UpTo60], ..both.clone() }), ["B1"]);
    assert_eq!(of(&Filter { theme: vec!["rgpd".to_owned()], ..both.clone() }), ["B1"]);
    assert_eq!(of(&Filter { theme: vec!["inconnu".to_owned()], ..both.clone() }), [""; 0]);
    let contradiction =
        Filter { theme: vec!["rgpd".to_owned()], max_minutes: Some(20), ..both.clone() };
    assert_eq!(of(&contradiction), [""; 0]);
    let worded = Filter { q: Some("élu".to_owned()), level: vec![Level::Training], ..both };
    assert_eq!(of(&worded), [""; 0]);
}

#[test]
fn a_facet_counts_what_its_other_values_would_find() {
    let catalogue = two();
    let all = search(&catalogue, &Filter::default()).expect("found").facets;
    assert_eq!((all.level.len(), all.audience.len(), all.recommendation["3"]), (2, 3, 1));
    assert_eq!(all.provider["local:maitrise"], 2);
    assert_eq!(all.language["fr"], 2);
    assert_eq!((all.duration["0-15"], all.duration["31-60"]), (1, 1));
    let filter = Filter { audience: vec![Audience::Elu], ..Filter::default() };
    let elu = search(&catalogue, &filter).expect("found").facets;
    assert_eq!(elu.audience, all.audience, "its own filter does not apply");
    assert_eq!(elu.theme.len(), 1, "that of another does");
    let filter = Filter { theme: vec!["rgpd".to_owned()], ..filter };
    let none = search(&catalogue, &filter).expect("found");
    assert!(none.hits.is_empty());
    assert_eq!((none.facets.audience["cadre"], none.facets.theme["ia"]), (1, 1));
    assert!(none.facets.level.is_empty(), "nothing passes both filters");
    let worded = Filter { q: Some("protéger".to_owned()), ..Filter::default() };
    assert_eq!(search(&catalogue, &worded).expect("found").facets.level.len(), 1);
}

#[test]
fn orders_are_stable_and_a_cursor_goes_on_where_it_stopped() {
    let module = |code: &str| content::read(&kit::tree(code, "Texte.")).expect("sound");
    let editions =
        [("A1", 3), ("B1", 9), ("C1", 3), ("D1", 12)].map(|(c, d)| published(module(c), d));
    let catalogue = catalogue(editions.to_vec());
    for (sort, expected) in [
        (Sort::Date, ["D1", "B1", "A1", "C1"]),
        (Sort::Duration, ["A1", "B1", "C1", "D1"]),
        (Sort::Relevance, ["A1", "B1", "C1", "D1"]),
        (Sort::Code, ["A1", "B1", "C1", "D1"]),
    ] {
        let q = Some("essai".to_owned());
        let found = search(&catalogue, &Filter { q, sort: Some(sort), ..Filter::default() });
        let found = found.expect("found");
        assert_eq!(codes(&found), expected, "{sort:?}");
        for (rank, hit) in found.hits.iter().enumerate() {
            let after = sort.read(&sort.written(&sort.key(hit))).expect("a cursor of ours");
            let rest = found.hits.iter().filter(|hit| sort.key(hit) > after);
            assert_eq!(rest.count(), 3 - rank, "{sort:?}");
        }
    }
    assert!(Sort::Date.read("m:11:A1").is_err() && Sort::Date.read("A1").is_err());
    assert!(Sort::Code.read("d:-5:A1").is_err() && Sort::Code.read("A1").is_ok());
}
