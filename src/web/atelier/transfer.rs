//! Media and archives, from the browser and back.

use askama::Template;
use bytes::Bytes;
use futures_util::stream;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};
use serde_json::json;

use super::{Crumbs, Refused, crumbs, desk, editor};
use crate::accounts::policy::Action;
use crate::catalogue::api::{code_of, receive as receive_archive, tell_reading, zipped};
use crate::catalogue::draft;
use crate::catalogue::store;
use crate::content::{Body, Digest};
use crate::error::{Reason, Result};
use crate::http::served::Served;
use crate::web::page::{Around, Section};
use crate::web::upload::Uploaded;
use crate::web::visitor::Member;

/// A file that somebody sent runs nothing and loads nothing, even opened by itself.
const POLICY: &str = "default-src 'none'; sandbox";

/// The forms.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/transfer.html")]
struct Transfer {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
}

/// Asks for a file.
#[handler]
pub(super) async fn ask(member: Member, Path(code): Path<String>) -> Response {
    member.answer(forms(&member, &code, None).await)
}

async fn forms(member: &Member, code: &str, refused: Option<Refused>) -> Result<Response> {
    let desk = desk(member, code).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Transfer {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        refused,
        code: desk.module.code,
    };
    Ok(member.page(status, &page))
}

/// Keeps a medium.
#[handler]
pub(super) async fn receive(sent: Uploaded, Path(code): Path<String>) -> Response {
    let member = sent.member.clone();
    let answered = match received(sent, &code).await {
        Ok(path) => Ok(member.send_on(&editor::address(&code, &path), "Média ajouté.")),
        Err(error) => forms(&member, &code, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn received(sent: Uploaded, code: &str) -> Result<String> {
    let (member, code) = (sent.member.clone(), code_of(code)?);
    let (app, who) = (&member.app, &member.signed.principal);
    let path = format!("media/{}", file_name(&sent.name));
    // Nothing long is received for what would be refused.
    let desk = draft::look(app.db.read(), who, Action::WriteDraft, &code).await?;
    desk.must_be_writing()?;
    draft::must_have_room(app.db.read(), &desk.draft, &path, 0).await?;
    let medium = draft::keep_medium(&app.media, &path, sent.bytes()).await?;
    let tx = app.db.begin_write().await?;
    let desk = draft::lock(&tx, who, Action::WriteDraft, &code).await?;
    draft::put_medium(&tx, who, desk, &path, medium, app.clock.now()).await?;
    tx.commit().await?;
    Ok(path)
}

/// The name of a file as a path may hold it: its letters without accents, hyphens for the rest.
fn file_name(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let plain = |text: &str| {
        let folded = crate::text::folded(text);
        let kept = folded.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' });
        kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join("-")
    };
    let stem: String = plain(stem).chars().take(80).collect();
    format!("{}.{}", if stem.is_empty() { "media" } else { &stem }, plain(end))
}

/// Replaces every file of the draft by those of an archive.
#[handler]
pub(super) async fn replace(sent: Uploaded, Path(code): Path<String>) -> Response {
    let member = sent.member.clone();
    let answered = match replaced(sent, &code).await {
        Ok(()) => {
            let said = "Les fichiers du brouillon sont maintenant ceux de l’archive.";
            Ok(member.send_on(&format!("/atelier/{code}"), said))
        }
        Err(error) => forms(&member, &code, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn replaced(sent: Uploaded, code: &str) -> Result<()> {
    let (member, code) = (sent.member.clone(), code_of(code)?);
    let (app, who) = (&member.app, &member.signed.principal);
    let before = draft::look(app.db.read(), who, Action::WriteDraft, &code).await?;
    before.must_be_writing()?;
    let tree = receive_archive(app, sent.body).await?;
    let tx = app.db.begin_write().await?;
    let desk = draft::lock(&tx, who, Action::WriteDraft, &code).await?;
    if desk.stamp() != before.stamp() {
        return Err(Reason::Stale.into());
    }
    draft::replace_files(&tx, who, desk, &tree, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Every file of the draft, as a zip.
#[handler]
pub(super) async fn archive(member: Member, Path(code): Path<String>) -> Response {
    member.answer(archived(&member, &code).await)
}

async fn archived(member: &Member, code: &str) -> Result<Response> {
    let (desk, app) = (desk(member, code).await?, &member.app);
    let tree = store::draft_tree(app.db.read(), desk.draft.id).await?;
    let detail = json!({ "module": desk.module.code, "digest": tree.digest() });
    let subject = ("draft", desk.draft.id);
    tell_reading(app, &member.signed.principal, "archive.read", subject, detail).await?;
    let name = format!("{}-brouillon.zip", desk.module.code);
    Ok(private(zipped(app, tree, &name).await?))
}

/// A medium of the draft, or captions, for who may read it.
#[handler]
pub(super) async fn show_medium(
    member: Member,
    Path((code, digest)): Path<(String, String)>,
) -> Response {
    member.answer(served(&member, &code, &digest).await)
}

async fn served(member: &Member, code: &str, digest: &str) -> Result<Response> {
    let digest: Digest = digest.parse().map_err(|_| Reason::NotFound)?;
    let (desk, app) = (desk(member, code).await?, &member.app);
    let tree = store::draft_tree(app.db.read(), desk.draft.id).await?;
    let found = tree.files().find(|(path, body)| {
        body.digest() == digest && (matches!(body, Body::Media(_)) || path.ends_with(".vtt"))
    });
    let (_, body) = found.ok_or(Reason::NotFound)?;
    let served = match body {
        Body::Media(media) => {
            let kind = media.kind.ok_or(Reason::NotFound)?;
            Served::new(kind.media_type(), media.bytes, app.media.get(&digest, None).await?)
        }
        Body::Text(bytes) => {
            let bytes = Bytes::from(bytes.to_vec());
            Served::new("text/vtt; charset=utf-8", bytes.len() as u64, stream::iter([Ok(bytes)]))
        }
    };
    Ok(private(served.header(header::CONTENT_SECURITY_POLICY, POLICY)))
}

fn private(served: Served) -> Response {
    served.header(header::CACHE_CONTROL, "no-store").into_response()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn the_name_of_a_file_becomes_one_that_a_path_may_hold() {
        for (sent, kept) in [
            ("photo.png", "photo.png"),
            ("C:\\Mes images\\L’élue (2).JPG", "l-elue-2.jpg"),
            ("../../etc/passwd", "passwd."),
            (".png", "media.png"),
        ] {
            assert_eq!(file_name(sent), kept);
        }
    }
}
