//! The committed list of what people look for.

use serde::Deserialize;

use super::{codes, search};
use crate::world::World;

#[derive(Deserialize)]
struct Queries {
    query: Vec<Query>,
}

#[derive(Deserialize)]
struct Query {
    q: String,
    first: Vec<String>,
}

#[tokio::test]
async fn what_people_look_for_comes_first() {
    let world = World::new().await;
    let queries: Queries =
        toml::from_str(include_str!("../../search/queries.toml")).expect("queries");
    assert!(queries.query.len() >= 80);
    let mut missed = Vec::new();
    for Query { q, first } in &queries.query {
        let found = codes(&search(&world, &[("q", q), ("limit", "5")]).await);
        let mut top: Vec<String> = found.iter().take(first.len()).cloned().collect();
        let mut wanted = first.clone();
        top.sort();
        wanted.sort();
        if top != wanted {
            missed.push(format!("{q} → {first:?}: {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}
