//! The committed list of what people look for, on the modules that are shipped.

use serde::Deserialize;

use super::{codes, found, shipped};

#[derive(Deserialize)]
struct Queries {
    query: Vec<Query>,
}

#[derive(Deserialize)]
struct Query {
    q: String,
    first: Vec<String>,
}

#[test]
fn what_people_look_for_comes_first() {
    let text = include_str!("../../../../tests/search/queries.toml");
    let queries: Queries = toml::from_str(text).expect("queries");
    assert!(queries.query.len() >= 80);
    let catalogue = shipped();
    let mut missed = Vec::new();
    for Query { q, first } in &queries.query {
        let found = found(&catalogue, q);
        let mut top: Vec<String> = codes(&found).into_iter().take(first.len()).collect();
        let mut wanted = first.clone();
        top.sort();
        wanted.sort();
        if top != wanted {
            let shown = found
                .hits
                .iter()
                .take(5)
                .map(|hit| format!("{} {}", hit.edition.code(), hit.score));
            let shown: Vec<String> = shown.collect();
            missed.push(format!(
                "{q} → {first:?}: {shown:?} ({:?}, {:?})",
                found.matched, found.suggestion
            ));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {}:\n{}",
        missed.len(),
        queries.query.len(),
        missed.join("\n")
    );
}
