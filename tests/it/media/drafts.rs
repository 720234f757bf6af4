//! Media in drafts: put as they arrive, refused with nothing kept.

use super::{files, put, trainer};
use crate::bad_input::tally::Tally;
use crate::bad_input::wire::Wire;
use crate::deeds::{picture, put_media};
use crate::world::World;

const MODULE: &str = "PREMIERS-PAS";
const BYTES: &str = "application/octet-stream";

#[tokio::test]
async fn a_medium_is_put_listed_read_back_replaced_and_taken_out() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let (digest, bytes) = picture();
    put_media(&world, &trainer, MODULE, "media/carre.png", bytes.clone()).await;
    let file = format!("/api/v1/modules/{MODULE}/draft/files?path=media/carre.png");
    let read = world.api.get(&file).bearer(&trainer).await.expect(200);
    assert_eq!(
        (read.bytes, read.headers["content-type"].as_bytes()),
        (bytes, b"image/png".as_slice())
    );
    let draft = world.api.get(&format!("/api/v1/modules/{MODULE}/draft")).bearer(&trainer).await;
    let listed = draft.json();
    let listed = listed["files"].as_array().expect("files").iter();
    let listed = listed.clone().find(|file| file["path"] == "media/carre.png").expect("listed");
    assert_eq!((&listed["bytes"], &listed["sha256"]), (&2008.into(), &digest.into()));
    let other = [b"\x89PNG\r\n\x1a\n".as_slice(), b"another"].concat();
    put_media(&world, &trainer, MODULE, "media/carre.png", other.clone()).await;
    assert_eq!(world.api.get(&file).bearer(&trainer).await.expect(200).bytes, other);
    let tag = world.api.get(&file).bearer(&trainer).await.etag();
    world.api.delete(&file).bearer(&trainer).header("If-Match", &tag).await.expect(200);
    world.api.get(&file).bearer(&trainer).await.expect(404);
}

#[tokio::test]
async fn a_film_larger_than_any_other_body_is_put() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let film = [b"\0\0\0\x20ftypisom\0\0\x02\0".as_slice(), &vec![3; 5 << 20]].concat();
    put_media(&world, &trainer, MODULE, "media/film.mp4", film.clone()).await;
    let file = format!("/api/v1/modules/{MODULE}/draft/files?path=media/film.mp4");
    assert!(world.api.get(&file).bearer(&trainer).await.expect(200).bytes == film);
}

#[tokio::test]
async fn what_is_another_thing_than_its_name_says_is_refused_and_not_kept() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let (before, kept) = (Tally::of(&world).await, files(&world));
    let png = picture().1;
    for (path, bytes) in [
        ("media/film.mp4", png.clone()),
        ("media/page.png", b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
        ("media/vide.png", Vec::new()),
        ("media/a/../b.png", png.clone()),
        ("media/é.png", png.clone()),
    ] {
        let put = put(&world, &trainer, MODULE, &format!("files?path={path}"), BYTES).await;
        let refused = put.body(bytes).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-values", "{path}");
        assert_eq!(refused.json()["errors"][0]["pointer"], "path");
    }
    let text = put(&world, &trainer, MODULE, "files?path=media/a.png", "text/plain").await;
    assert_eq!(text.body("texte").await.expect(422).problem_code(), "invalid-values");
    let long = put(&world, &trainer, MODULE, "files?path=lessons/09-a.md", BYTES).await;
    assert_eq!(long.body(vec![b'a'; (1 << 20) + 1]).await.expect(413).problem_code(), "too-large");
    world.is_as_before(&before).await;
    assert_eq!(files(&world), kept);
}

fn head(world_token: Option<&str>, tag: &str, length: u64) -> String {
    let token = world_token.map(|t| format!("Authorization: Bearer {t}\r\n")).unwrap_or_default();
    format!(
        "PUT /api/v1/modules/{MODULE}/draft/files?path=media/film.mp4 HTTP/1.1\r\nHost: l\r\n\
         Connection: close\r\n{token}If-Match: {tag}\r\nContent-Type: {BYTES}\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn who_may_not_or_quotes_what_was_is_answered_before_anything_is_sent() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let elue = world.known("elue@demonstration.example").await.token;
    let draft = format!("/api/v1/modules/{MODULE}/draft");
    let tag = world.api.get(&draft).bearer(&trainer).await.etag();
    for (token, tag, length, status) in [
        (None, tag.as_str(), 1_000_000, 401),
        (Some(&elue), tag.as_str(), 1_000_000, 403),
        (Some(&trainer), "\"0\"", 1_000_000, 412),
        (Some(&trainer), tag.as_str(), (64 << 20) + 1, 413),
    ] {
        let mut wire = Wire::to(&world).await;
        wire.send(head(token.map(String::as_str), tag, length).as_bytes()).await;
        let answer = wire.answer().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
    }
    world.api.post(&format!("{draft}/submit")).bearer(&trainer).await.expect(200);
    let frozen = world.api.get(&draft).bearer(&trainer).await.etag();
    let mut wire = Wire::to(&world).await;
    wire.send(head(Some(&trainer), &frozen, 1_000_000).as_bytes()).await;
    let answer = wire.answer().await;
    assert!(answer.contains("\"code\":\"draft-frozen\""), "{answer}");
}

#[tokio::test]
async fn a_film_that_is_cut_or_never_ends_leaves_nothing() {
    let world = World::with(|settings| settings.http.request_timeout_seconds = 1).await;
    let trainer = trainer(&world).await;
    let tag =
        world.api.get(&format!("/api/v1/modules/{MODULE}/draft")).bearer(&trainer).await.etag();
    let (before, kept) = (Tally::of(&world).await, files(&world));
    let film = [b"\0\0\0\x20ftypisom\0\0\x02\0".as_slice(), &[3; 9_000]].concat();
    let mut wire = Wire::to(&world).await;
    wire.send(head(Some(&trainer), &tag, 20_000).as_bytes()).await;
    wire.send(&film).await;
    wire.hang_up().await;
    drop(wire.answer().await);
    let mut wire = Wire::to(&world).await;
    wire.send(head(Some(&trainer), &tag, 20_000).as_bytes()).await;
    wire.send(&film).await;
    let answer = wire.answer().await;
    assert!(answer.contains("\"code\":\"timeout\""), "{answer}");
    world.is_as_before(&before).await;
    assert_eq!(files(&world), kept);
}

#[tokio::test]
async fn whoever_reads_the_questions_of_a_draft_is_written_down_and_its_lessons_are_free() {
    let world = World::new().await;
    let trainer = trainer(&world).await;
    let auditor = world.known("auditeur@demonstration.example").await.token;
    let draft = format!("/api/v1/modules/{MODULE}/draft/files?path=");
    let read = async |path: &str| {
        let answer = world.api.get(&format!("{draft}{path}")).bearer(&trainer).await;
        let journal = world.api.get("/api/v1/journal?limit=1").bearer(&auditor).await.expect(200);
        (answer.status, journal.json()["items"][0].clone())
    };
    let (status, before) = read("lessons/01-trois-questions-avant-dessayer.md").await;
    assert_eq!(status, 200);
    assert_ne!(before["action"], "questions.read");
    let (status, last) = read("quiz/01-quiz.toml").await;
    assert_eq!((status, last["action"].as_str()), (200, Some("questions.read")));
    assert_eq!(last["detail"]["path"], "quiz/01-quiz.toml");
}
