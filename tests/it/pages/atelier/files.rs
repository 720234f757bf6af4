//! Files: added from a model, renamed, deleted; media and archives from a browser.

use reqwest::Method;

use super::{Browser, editor, said, send};
use crate::deeds::{draft_files, picture, zip_of};
use crate::support::Answer;
use crate::world::World;

const CODE: &str = "PREMIERS-PAS";

/// Sends a file as a browser does: the fields first.
async fn upload(
    world: &World,
    browser: &Browser,
    (path, token): (&str, &str),
    (name, bytes): (&str, &[u8]),
) -> Answer {
    let head = format!(
        "--limite\r\nContent-Disposition: form-data; name=\"jeton\"\r\n\r\n{token}\r\n--limite\r\n\
         Content-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--limite--\r\n"].concat();
    let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let call = world.api.call(Method::POST, path).header("cookie", &cookies.join("; "));
    let call = call.header("accept", "text/html").header("sec-fetch-site", "same-origin");
    call.header("content-type", "multipart/form-data; boundary=limite").body(body).await
}

#[tokio::test]
async fn a_file_is_added_from_a_model_renamed_and_deleted() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let at = |form: &str| format!("/atelier/{CODE}/{form}");
    let new = [("genre", "lecon"), ("nom", "L’élue et l’outil")];
    let sent = send(&mut trainer, &at("ajouter"), &new).await.expect(303);
    assert!(sent.location().ends_with("lessons/02-l-elue-et-l-outil.md"), "{}", sent.location());
    let page = said(&mut trainer, sent).await;
    assert!(page.contains("title = &#34;L’élue et l’outil&#34;") && page.contains("À corriger"));
    let (from, to) = ("lessons/02-l-elue-et-l-outil.md", "lessons/02-outil.md");
    let taken = [("path", from), ("vers", super::LESSON)];
    let refused = send(&mut trainer, &at("renommer"), &taken).await.expect(422);
    assert!(refused.body.contains("un fichier a déjà ce chemin"), "{}", refused.body);
    let other_kind = [("path", from), ("vers", "media/film.mp4")];
    send(&mut trainer, &at("renommer"), &other_kind).await.expect(422);
    send(&mut trainer, &at("renommer"), &[("path", from), ("vers", to)]).await.expect(303);
    trainer.get(&editor(CODE, from)).await.expect(404);
    trainer.get(&editor(CODE, to)).await.expect(200);
    send(&mut trainer, &at("supprimer"), &[("path", to)]).await.expect(303);
    trainer.get(&editor(CODE, to)).await.expect(404);
    send(&mut trainer, &at("supprimer"), &[("path", to)]).await.expect(404);
    let nameless = [("genre", "figure"), ("nom", "  ")];
    let refused = send(&mut trainer, &at("ajouter"), &nameless).await.expect(422);
    assert!(refused.body.contains("entre 1 et 100 caractères"), "{}", refused.body);
}

#[tokio::test]
async fn a_medium_and_an_archive_are_sent_by_who_writes_and_by_nobody_else() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let token = trainer.token().await;
    let (digest, bytes) = picture();
    let to = format!("/atelier/{CODE}/televerser");
    for wrong in ["", "0123456789abcdef0123456789abcdef"] {
        upload(&world, &trainer, (&to, wrong), ("a.png", &bytes)).await.expect(403);
    }
    let elue = Browser::of(&world, "elue").await;
    upload(&world, &elue, (&to, &token), ("a.png", &bytes)).await.expect(403);
    let sent = upload(&world, &trainer, (&to, &token), ("L’été (1).PNG", &bytes)).await;
    assert!(sent.expect(303).location().ends_with("media/l-ete-1.png"));
    let medium = format!("/atelier/{CODE}/media/{digest}");
    let shown = trainer.get(&medium).await.expect(200);
    assert_eq!(
        (shown.bytes, shown.headers["content-type"].to_str().ok()),
        (bytes.clone(), Some("image/png"))
    );
    let mut elue = elue;
    elue.get(&medium).await.expect(403);
    world.api.get(&format!("/media/{digest}")).await.expect(404);
    let text = upload(&world, &trainer, (&to, &token), ("notes.txt", b"x")).await.expect(422);
    assert!(text.body.contains("role=\"alert\""), "{}", text.body);
    let fake = upload(&world, &trainer, (&to, &token), ("faux.png", b"pas une image")).await;
    assert!(fake.expect(422).body.contains("n’est pas un fichier png"));

    let to = format!("/atelier/{CODE}/archive");
    let broken = upload(&world, &trainer, (&to, &token), ("a.zip", b"pas un zip")).await;
    assert!(broken.status >= 400 && broken.body.contains("role=\"alert\""), "{}", broken.body);
    let files = draft_files(CODE, "local:demonstration", "");
    let zip = zip_of(&files);
    upload(&world, &trainer, (&to, &token), ("module.zip", &zip)).await.expect(303);
    trainer.get(&editor(CODE, "media/l-ete-1.png")).await.expect(404);
    trainer.get(&editor(CODE, super::LESSON)).await.expect(200);
}
