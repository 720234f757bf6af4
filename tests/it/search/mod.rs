//! Searching, through HTTP: what people look for comes first, pages go on, excerpts say where.

mod pages;
mod queries;
mod synonyms;

use serde_json::Value;

use crate::world::World;

/// What these parameters of a search find.
async fn search(world: &World, parameters: &[(&str, &str)]) -> Value {
    let url = reqwest::Url::parse_with_params("http://x.example/api/v1/modules", parameters);
    let url = url.expect("parameters");
    let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    world.api.get(&path).await.expect(200).json()
}

/// The codes of the modules found, in order.
fn codes(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().expect("items").iter();
    items.map(|item| item["code"].as_str().expect("a code").to_owned()).collect()
}
