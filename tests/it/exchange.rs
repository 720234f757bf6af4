//! The catalogue as others read it: what a validator, a search engine and a spreadsheet make of it.

use std::collections::HashMap;
use std::process::Command;

use serde_json::{Value, json};

use crate::deeds::fill_draft;
use crate::support::Answer;
use crate::world::World;

/// Texts that want out of the format that holds them.
const HOSTILE: &str = "&<>]]> \u{1F600} --> \\u0007 \"'";

/// What the demonstration's draft is called, and its second objective.
const TITLE: &str =
    "title = \"Premiers pas : poser les bonnes questions avant d'essayer un outil d'IA\"";
const SECOND: &str = "  \"Reconnaître qu'une commune utilisatrice est « déployeur »\",\n";

/// A text as TOML quotes it.
fn toml(text: &str) -> String {
    format!("\"{}\"", text.trim().replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether the State's schema accepts a document, and what it says.
fn valid(xml: &str) -> Result<(), String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lheo.xml");
    std::fs::write(&file, xml).expect("written");
    let checked = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(root.join("tests/fixtures/lheo-2.3.xsd"))
        .arg(&file)
        .output()
        .expect("xmllint, of Debian's package libxml2-utils");
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    if checked.status.success() { Ok(()) } else { Err(said) }
}

async fn lheo(world: &World) -> Answer {
    world.api.get("/api/v1/catalogue.lheo.xml").await
}

/// Publishes a module of the demonstration's provider, whatever its texts.
async fn publish(world: &World, code: &str, replace: &[(&str, &str)]) {
    let trainer = world.token("formatrice").await;
    fill_draft(world, &trainer, code, "local:demonstration", "").await;
    let path = format!("/api/v1/modules/{code}/draft");
    let file = format!("{path}/files?path=module.toml");
    let read = world.api.get(&file).bearer(&trainer).await.expect(200);
    let text = replace.iter().fold(read.body.clone(), |t, (from, to)| {
        assert!(t.contains(from), "{from}");
        t.replacen(from, to, 1)
    });
    let put = world.api.put(&file).bearer(&trainer).header("If-Match", &read.etag());
    put.header("Content-Type", "text/plain; charset=utf-8").body(text).await.expect(200);
    world.api.post(&format!("{path}/submit")).bearer(&trainer).await.expect(200);
    let draft = world.api.get(&path).bearer(&trainer).await.expect(200).json();
    let review = json!({ "verdict": "accepted", "comment": "Relu.", "digest": draft["digest"] });
    let reviewer = world.token("relecteur").await;
    world.api.post(&format!("{path}/review")).bearer(&reviewer).json(&review).await.expect(200);
    let publisher = world.token("editrice").await;
    let change = json!({ "change": "substantive" });
    let preview = world.api.post(&format!("{path}/publish/preview")).bearer(&publisher);
    let digest = preview.json(&change).await.expect(200).json()["digest"].take();
    let body = json!({ "change": "substantive", "digest": digest });
    let publish = world.api.post(&format!("{path}/publish")).bearer(&publisher);
    let published = publish.json(&body).await;
    assert!(published.status < 300, "{}", published.body);
}

#[tokio::test]
async fn the_state_accepts_the_catalogue_in_lheo_and_hostile_texts_with_it() {
    let world = World::new().await;
    let shipped = lheo(&world).await.expect(200);
    valid(&shipped.body).expect("the shipped catalogue");
    let document = roxmltree::Document::parse(&shipped.body).expect("XML");
    let formations =
        document.descendants().filter(|n| n.has_tag_name(("http://lheo.gouv.fr/2.3", "formation")));
    assert_eq!(formations.count(), 15);
    assert!(
        shipped.body.contains("15 formations. 0 modules laissés de côté"),
        "{}",
        &shipped.body[..300]
    );
    let objective = toml(&format!("{HOSTILE} {}", "mot ".repeat(60)));
    let objectives: Vec<_> =
        (1..=8).map(|n| objective.replacen("\"", &format!("\"{n} "), 1)).collect();
    let first = "  \"Poser trois questions avant d'essayer un outil d'IA\",\n";
    let replaced = format!("  {},\n", objectives.join(", "));
    let title = format!("title = {}", toml(HOSTILE));
    publish(&world, "HOSTILE", &[(TITLE, &title), (first, &replaced), (SECOND, "")]).await;
    let hostile = lheo(&world).await.expect(200);
    valid(&hostile.body).expect("hostile texts");
    let document = roxmltree::Document::parse(&hostile.body).expect("XML");
    let titles: Vec<_> = document
        .descendants()
        .filter(|n| n.tag_name().name() == "intitule-formation")
        .filter_map(|n| n.text())
        .collect();
    assert!(titles.contains(&HOSTILE), "{titles:?}");
}

#[tokio::test]
async fn a_schema_that_accepted_everything_would_be_noticed() {
    let world = World::new().await;
    let told = lheo(&world).await.expect(200).body;
    valid(&told.replacen("<certifiante>0<", "<certifiante>7<", 1)).expect_err("no such word");
}

#[tokio::test]
async fn what_a_provider_has_not_said_leaves_its_modules_out_of_lheo_and_is_told() {
    let world = World::new().await;
    publish(&world, "DIT", &[]).await;
    let national = world.token("national").await;
    let provider = "/api/v1/providers/local:maitrise";
    let tag = world.api.get(provider).await.expect(200).etag();
    let silent = json!({ "name": "Contenus", "legal_name": "Contenus", "kind": "training_body" });
    let put = world.api.put(provider).bearer(&national).header("If-Match", &tag).json(&silent);
    put.await.expect(200);
    let told = lheo(&world).await.expect(200);
    valid(&told.body).expect("what is left");
    assert!(told.body.contains("1 formations. 15 modules laissés de côté"), "{}", told.body);
    let alone = world.api.get("/api/v1/catalogue.lheo.xml?provider=local:maitrise").await;
    let alone = alone.expect(404).json();
    assert!(alone["detail"].as_str().expect("a detail").contains("15 laissés"), "{alone}");
}

#[tokio::test]
async fn search_engines_read_a_course_with_its_one_instance() {
    let world = World::new().await;
    let answer = world.api.get("/api/v1/catalogue.jsonld").await.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/ld+json"));
    let list = answer.json();
    assert_eq!(
        (&list["@context"], &list["@type"]),
        (&json!("https://schema.org"), &json!("ItemList"))
    );
    let courses: HashMap<String, Value> = list["itemListElement"]
        .as_array()
        .expect("items")
        .iter()
        .map(|i| (i["item"]["courseCode"].as_str().expect("a code").to_owned(), i["item"].clone()))
        .collect();
    assert_eq!(list["numberOfItems"], courses.len());
    let e1 = &courses["E1"];
    assert_eq!(e1["@type"], "Course");
    assert_eq!(e1["educationalLevel"], "sensibilisation");
    assert_eq!(e1["hasCourseInstance"]["courseWorkload"], "PT22M");
    assert_eq!(e1["hasCourseInstance"]["courseMode"], "online");
    assert_eq!(e1["provider"]["identifier"][0]["value"], "99999999800001");
    assert_eq!(e1["license"], "https://spdx.org/licenses/etalab-2.0.html");
    let url = &world.app.settings.http.public_url;
    for (code, course) in &courses {
        let id = course["@id"].as_str().expect("an id");
        assert_eq!(id, format!("{}/modules/{code}", url.trim_end_matches('/')));
        assert!(course["provider"]["@id"].as_str().expect("an id").starts_with("http"));
    }
    let told = world.api.get("/api/v1/catalogue.jsonld").header("If-None-Match", &answer.etag());
    told.await.expect(304);
    let none = world.api.get("/api/v1/catalogue.jsonld?provider=local:personne").await.expect(200);
    assert_eq!(none.json()["numberOfItems"], 0);
}

#[tokio::test]
async fn a_spreadsheet_reads_french_and_runs_no_formula() {
    let world = World::new().await;
    let formula = "title = \"=HYPERLINK(\\\"https://essai.example\\\";\\\"ici\\\")\"";
    publish(&world, "FORMULE", &[(TITLE, formula)]).await;
    let answer = world.api.get("/api/v1/catalogue.csv").await.expect(200);
    let kind = Some("text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-type"), kind);
    let saved = answer.header("content-disposition").expect("a name");
    assert_eq!(saved, "attachment; filename=\"catalogue.csv\"");
    let text = answer.body.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("headers").get(2), Some("Intitulé"));
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 16);
    let row = rows.iter().find(|row| &row[0] == "FORMULE").expect("the module");
    assert!(row[2].starts_with("'=HYPERLINK("), "{}", &row[2]);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}
