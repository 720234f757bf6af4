//! Where an organisation stands on a day.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn an_organisation_says_its_stratum_its_epci_departement_region_and_cdg_on_a_day() {
    let world = World::new().await;
    let elue = world.known("elue@demonstration.example").await.token;
    let get = async |path: &str| {
        let read = world.api.get(&format!("/api/v1/organisations/{path}")).bearer(&elue).await;
        read.expect(200).json()
    };
    let commune = get("insee:35021").await;
    let population = commune["population"].as_i64().expect("inhabitants");
    assert!((1_000..2_000).contains(&population), "{population}");
    assert_eq!(commune["stratum"], "1000-1999");
    assert_eq!(
        (&commune["departement"]["ref"], &commune["region"]["ref"]),
        (&json!("dep:35"), &json!("reg:53"))
    );
    assert_eq!(commune["cdg"]["ref"], "cdg:CDG-35");
    assert!(commune["epci"]["name"].as_str().is_some_and(|name| !name.is_empty()), "{commune}");
    assert_eq!(commune["time_zone"], "Europe/Paris");
    assert_eq!(get("dep:35").await["region"]["ref"], "reg:53");
    let known = commune["links"].as_array().expect("links");
    let since = known.iter().map(|link| link["valid_from"].as_str().expect("a day")).min();
    let since = since.expect("a first day");
    assert_eq!(get(&format!("insee:35021?on={since}")).await["on"], since);
    let before = world.api.get("/api/v1/organisations/insee:35021?on=1900-01-01").bearer(&elue);
    let before = before.await;
    assert!(before.status == 404 || before.json()["epci"] == Value::Null, "{}", before.body);
}
