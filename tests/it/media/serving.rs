//! `GET /media/{digest}`: what published versions show, and nothing else.

use super::{put, trainer};
use crate::deeds::{fill_draft, picture, publish, publish_with_media, put_media, show_media};
use crate::world::World;

#[tokio::test]
async fn a_published_medium_is_served_for_ever_as_what_it_is_and_runs_nothing() {
    let world = World::new().await;
    let (digest, bytes) = picture();
    let path = format!("/media/{digest}");
    publish_with_media(&world, &trainer(&world).await, "ILLUSTRE").await;
    let served = world.api.get(&path).await.expect(200);
    assert_eq!(served.bytes, bytes);
    for (header, value) in [
        ("content-type", "image/png"),
        ("content-length", "2008"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("accept-ranges", "bytes"),
        ("etag", format!("\"{digest}\"").as_str()),
    ] {
        assert_eq!(served.header(header), Some(value), "{header}");
    }
    let head = world.api.head(&path).await.expect(200);
    assert!(head.bytes.is_empty());
    assert_eq!(head.header("content-length"), Some("2008"));
    let known = world.api.get(&path).header("If-None-Match", &served.etag()).await.expect(304);
    assert!(known.bytes.is_empty());
    world.api.post(&path).await.expect(405);
}

#[tokio::test]
async fn a_player_asks_for_ranges() {
    let world = World::new().await;
    let (digest, bytes) = picture();
    publish_with_media(&world, &trainer(&world).await, "ILLUSTRE").await;
    let ask = |range: &str| world.api.get(&format!("/media/{digest}")).header("Range", range);
    for (range, told, expected) in [
        ("bytes=0-7", "bytes 0-7/2008", &bytes[..8]),
        ("bytes=2000-", "bytes 2000-2007/2008", &bytes[2_000..]),
        ("bytes=-8", "bytes 2000-2007/2008", &bytes[2_000..]),
    ] {
        let part = ask(range).await.expect(206);
        assert_eq!(part.header("content-range"), Some(told));
        assert_eq!(part.header("content-length"), Some(expected.len().to_string().as_str()));
        assert_eq!(part.bytes, expected, "{range}");
    }
    let beyond = ask("bytes=2008-").await.expect(416);
    assert_eq!(beyond.problem_code(), "range-not-satisfiable");
    assert_eq!(beyond.header("content-range"), Some("bytes */2008"));
    assert_eq!(ask("bytes=0-1,4-5").await.expect(200).bytes, bytes, "several are as none");
    let other = ask("bytes=0-7").header("If-Range", "\"other\"").await.expect(200);
    assert_eq!(other.bytes, bytes);
}

#[tokio::test]
async fn what_only_a_draft_holds_and_what_is_no_medium_are_not_public() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let (digest, bytes) = picture();
    let path = format!("/media/{digest}");
    fill_draft(&world, &trainer, "ILLUSTRE", "local:demonstration", "").await;
    put_media(&world, &trainer, "ILLUSTRE", "media/carre.png", bytes).await;
    show_media(&world, &trainer, "ILLUSTRE", &["media/carre.png"]).await;
    world.api.get(&path).await.expect(404);
    let draft = world.api.get("/api/v1/modules/ILLUSTRE/draft").bearer(&trainer).await.json();
    publish(&world, "ILLUSTRE").await;
    world.api.get(&path).await.expect(200);
    for file in draft["files"].as_array().expect("files") {
        let (name, sha256) = (&file["path"], file["sha256"].as_str().expect("a digest"));
        let expected = if name == "media/carre.png" { 200 } else { 404 };
        assert_eq!(world.api.get(&format!("/media/{sha256}")).await.status, expected, "{name}");
    }
    for odd in [digest.to_uppercase(), "0".repeat(64), "x".to_owned()] {
        world.api.get(&format!("/media/{odd}")).await.expect(404);
    }
}

#[tokio::test]
async fn captions_and_documents_are_served_as_such() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    fill_draft(&world, &trainer, "ILLUSTRE", "local:demonstration", "").await;
    let captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour.\n";
    let film = [b"\0\0\0\x20ftypisom\0\0\x02\0".as_slice(), &[1; 900]].concat();
    let document = b"%PDF-1.7\nune grille".to_vec();
    put_media(&world, &trainer, "ILLUSTRE", "media/film.mp4", film.clone()).await;
    put_media(&world, &trainer, "ILLUSTRE", "media/grille.pdf", document.clone()).await;
    for (path, text) in [("media/film.vtt", captions), ("media/film.md", "Bonjour.\n")] {
        let rest = format!("files?path={path}");
        let put = put(&world, &trainer, "ILLUSTRE", &rest, "text/plain").await;
        put.body(text).await.expect(200);
    }
    show_media(&world, &trainer, "ILLUSTRE", &["media/film.mp4", "media/grille.pdf"]).await;
    publish(&world, "ILLUSTRE").await;
    let get =
        |bytes: &[u8]| world.api.get(&format!("/media/{}", maitrise::content::blob_digest(bytes)));
    let served = get(captions.as_bytes()).await.expect(200);
    assert_eq!(served.header("content-type"), Some("text/vtt; charset=utf-8"));
    assert_eq!(served.body, captions);
    let part = get(captions.as_bytes()).header("Range", "bytes=0-5").await.expect(206);
    assert_eq!(part.body, "WEBVTT");
    assert_eq!(get(&film).await.expect(200).header("content-type"), Some("video/mp4"));
    let served = get(&document).await.expect(200);
    assert_eq!(served.header("content-type"), Some("application/pdf"));
    let saved = Some("attachment; filename=\"grille.pdf\"");
    assert_eq!(served.header("content-disposition"), saved);
    get(b"Bonjour.\n").await.expect(404);
}
