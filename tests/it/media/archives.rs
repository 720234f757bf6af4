//! Modules as zips over HTTP, and adoption.

use std::io::{Cursor, Read as _};

use maitrise::content::{Media, Tree};
use serde_json::json;

use super::{files, put, trainer};
use crate::bad_input::tally::Tally;
use crate::deeds::{draft_files, lesson_showing, picture, publish, zip_of};
use crate::support::Answer;
use crate::world::World;

const ZIP: &str = "application/zip";

/// What an archive holds, as a tree.
fn tree(answer: &Answer) -> Tree {
    let mut zip = zip::ZipArchive::new(Cursor::new(&answer.bytes)).expect("a zip");
    let mut tree = Tree::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("an entry");
        let (path, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("its bytes");
        match maitrise::content::media_kind_of_path(&path) {
            Some(_) => tree.insert_media(&path, Media::of(&bytes)).expect("a medium"),
            None => tree.insert(&path, bytes).expect("a text"),
        }
    }
    tree
}

#[tokio::test]
async fn a_module_goes_in_as_a_zip_is_published_and_comes_out_byte_for_byte() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let new = json!({ "code": "ZIPPE", "provider": "local:demonstration" });
    world.api.post("/api/v1/modules").bearer(&trainer).json(&new).await.expect(201);
    let (digest, png) = picture();
    let mut sent: Vec<(String, Vec<u8>)> = draft_files("ZIPPE", "local:demonstration", "")
        .into_iter()
        .map(|(path, text)| (format!("Mon dossier/{path}"), text.into_bytes()))
        .collect();
    let (path, text) = lesson_showing(&["media/carre.png"]);
    let lesson = sent.iter_mut().find(|(inside, _)| inside.ends_with(path)).expect("the lesson");
    lesson.1 = text.into_bytes();
    sent.push(("Mon dossier/media/carre.png".to_owned(), png));
    sent.push(("__MACOSX/Mon dossier/._module.toml".to_owned(), vec![0]));
    let sent: Vec<(&str, &[u8])> = sent.iter().map(|(p, b)| (p.as_str(), b.as_slice())).collect();
    let put = put(&world, &trainer, "ZIPPE", "archive", ZIP).await;
    let stands = put.body(zip_of(&sent)).await.expect(200);
    assert_eq!(stands.json()["files"].as_array().map(Vec::len), Some(4));
    let taken = world.api.get("/api/v1/modules/ZIPPE/draft/archive").bearer(&trainer);
    let taken = taken.await.expect(200);
    assert_eq!(taken.etag(), stands.etag());
    assert_eq!(tree(&taken).digest().to_string(), stands.json()["digest"].as_str().expect("text"));
    publish(&world, "ZIPPE").await;
    world.api.get(&format!("/media/{digest}")).await.expect(200);

    let auditor = world.known("auditeur@demonstration.example").await.token;
    let path = "/api/v1/modules/ZIPPE/versions/1/archive";
    let version = world.api.get(path).bearer(&auditor).await.expect(200);
    assert_eq!(version.bytes, taken.bytes, "the same tree is the same archive");
    assert_eq!(version.header("content-type"), Some(ZIP));
    let name = Some("attachment; filename=\"ZIPPE-v1.zip\"");
    assert_eq!(version.header("content-disposition"), name);
    let journal = world.api.get("/api/v1/journal?limit=5").bearer(&auditor).await.expect(200);
    assert!(journal.body.contains("archive.read"), "{}", journal.body);
    world.api.get(path).await.expect(401);
}

#[tokio::test]
async fn a_zip_that_is_a_trap_is_refused_by_entry_and_nothing_is_written() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let (before, kept) = (Tally::of(&world).await, files(&world));
    let bomb = vec![0; 60 << 20];
    let (png, none) = (picture().1, Vec::new());
    let traps = [
        ("../module.toml", vec![("../module.toml", &none)]),
        ("lessons/01-bombe.md", vec![("lessons/01-bombe.md", &bomb)]),
        ("media/film.mp4", vec![("module.toml", &none), ("media/film.mp4", &png)]),
        ("module.toml", vec![("media/carre.png", &png)]),
        ("MODULE.toml", vec![("MODULE.toml", &none), ("module.toml", &none)]),
    ];
    for (named, trap) in traps {
        let put = put(&world, &trainer, "PREMIERS-PAS", "archive", ZIP).await;
        let refused = put.body(zip_of(&trap)).await.expect(422);
        assert_eq!(refused.problem_code(), "bad-archive");
        let pointer = refused.json()["errors"][0]["pointer"].as_str().map(str::to_lowercase);
        assert_eq!(pointer, Some(named.to_lowercase()), "{}", refused.body);
    }
    world.is_as_before(&before).await;
    assert_eq!(files(&world), kept);
}

#[tokio::test]
async fn a_module_of_files_is_adopted_once_and_edited_from_then_on() {
    use maitrise::accounts::model::Role::{Publisher, Trainer};
    let world = World::new().await;
    let provider = world.provider("local:maitrise").await;
    let trainer = world.admit_as("formatrice-e1", Trainer, provider).await.token;
    let publisher = world.admit_as("editrice-e1", Publisher, provider).await.token;
    let open = || world.api.post("/api/v1/modules/E1/draft").bearer(&trainer);
    assert_eq!(open().await.expect(409).problem_code(), "module-from-files");
    let adopt = |token: &str| world.api.post("/api/v1/modules/E1/adopt").bearer(token);
    adopt(&trainer).await.expect(403);
    for _ in 0..2 {
        let adopted = adopt(&publisher).await.expect(200).json();
        assert_eq!(adopted, json!({ "code": "E1", "origin": "api" }));
    }
    open().await.expect(201);
    let auditor = world.known("auditeur@demonstration.example").await.token;
    let journal = world.api.get("/api/v1/journal?limit=20").bearer(&auditor).await.expect(200);
    assert_eq!(journal.body.matches("module.adopt").count(), 1, "told once");
    let stranger = world.known("editrice@demonstration.example").await.token;
    adopt(&stranger).await.expect(404);
}
