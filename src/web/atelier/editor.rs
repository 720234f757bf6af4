//! The editor of a file: its text, and beside its lines what the lint and reviewers say of them.
//!
//! What is saved is compared with the file as it was read, not with the whole draft: two people may
//! write two files at once, and whoever saves the same file second is shown both texts.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::lines::{Line, Note, numbered};
use super::{Crumbs, Refused, asked, crumbs, desk, kept, may, reviewed, tell_keys, words};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk, DraftFile};
use crate::catalogue::model::DraftState;
use crate::content::{
    Difference, Media, MediaKind, Passage, Piece, QUIZ_FOLDER, blob_digest, passages,
};
use crate::error::{Reason, Result, found};
use crate::http::query::encoded;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// Longest text that a form sends, in bytes: its letters may take three times as many on the way.
const LONGEST: usize = 300 << 10;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/editor.html")]
struct Editor {
    around: Around,
    crumbs: Crumbs,
    token: String,
    code: String,
    path: String,
    size: String,
    /// The text; none for a medium and for what is no text.
    text: Option<String>,
    medium: Option<Medium>,
    digest: String,
    lines: Vec<Line>,
    notes: Vec<Note>,
    elsewhere: usize,
    writes: bool,
    frozen: bool,
    too_long: bool,
}

/// A medium, as the page shows it.
struct Medium {
    address: String,
    kind: &'static str,
    image: bool,
}

/// Both texts, when somebody else saved meanwhile.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/conflict.html")]
struct Conflict {
    around: Around,
    crumbs: Crumbs,
    token: String,
    code: String,
    path: String,
    theirs: Option<String>,
    mine: String,
    digest: String,
    passages: Vec<Passage>,
}

/// The address of the editor of a file.
pub(super) fn address(code: &str, path: &str) -> String {
    format!("/atelier/{code}/fichiers?path={}", encoded(path))
}

/// Shows a file.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code).await)
}

async fn page(member: &Member, code: &str) -> Result<Response> {
    let path = asked(member, "path").ok_or(Reason::NotFound)?;
    let desk = desk(member, code).await?;
    let conn = member.app.db.read();
    let file = draft::read_file(conn, &desk.draft, &path).await?;
    if path.starts_with(QUIZ_FOLDER) {
        tell_keys(member, &desk, Some(&path)).await?;
    }
    let reading = draft::reading(conn, &desk, member.app.clock.now().date_naive()).await?;
    let own = reading.findings.iter().filter(|finding| finding.path == path);
    let mut notes: Vec<Note> = own.map(Note::of_finding).collect();
    let elsewhere = reading.findings.len() - notes.len();
    notes.extend(reviewed::notes(conn, &desk, &path).await?);
    notes.sort_by_key(|note| note.line);
    let page = Editor {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        elsewhere,
        notes,
        ..Editor::of(member, &desk, path, file)
    };
    let lines = page.text.as_deref().map(|text| numbered(text, &page.notes)).unwrap_or_default();
    Ok(member.page(StatusCode::OK, &Editor { lines, ..page }))
}

impl Editor {
    /// The file itself, of which nothing is said yet.
    fn of(member: &Member, desk: &Desk, path: String, file: DraftFile) -> Self {
        let code = desk.module.code.clone();
        let (text, medium, bytes, digest) = match file {
            DraftFile::Media(media) => {
                (None, Medium::of(&code, &media), media.bytes, media.digest.to_string())
            }
            DraftFile::Text(bytes) => {
                let (length, digest) = (bytes.len() as u64, blob_digest(&bytes).to_string());
                (String::from_utf8(bytes).ok(), None, length, digest)
            }
        };
        let writes = may(member, Action::WriteDraft, &desk.module);
        Self {
            around: member.around(Section::Desk),
            crumbs: Vec::new(),
            token: member.signed.token.clone(),
            code,
            path,
            size: words::size(bytes),
            too_long: text.as_ref().is_some_and(|text| text.len() > LONGEST),
            text,
            medium,
            digest,
            lines: Vec::new(),
            notes: Vec::new(),
            elsewhere: 0,
            writes,
            frozen: desk.draft.state != DraftState::Writing,
        }
    }
}

impl Medium {
    fn of(code: &str, media: &Media) -> Option<Self> {
        let kind = media.kind?;
        let image = matches!(kind, MediaKind::Png | MediaKind::Jpeg | MediaKind::Webp);
        let address = format!("/atelier/{code}/media/{}", media.digest);
        Some(Self { address, kind: kind.media_type(), image })
    }
}

/// Saves it.
#[handler]
pub(super) async fn save(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let path = fields.line("path").to_owned();
    let answered = match write(&member, &code, &path, &fields).await {
        Ok(None) => saved(&member, &code, &path).await,
        Ok(Some(theirs)) => Ok(conflict(&member, &code, &path, &fields, theirs)),
        Err(error) => {
            let typed = (path.as_str(), typed(&fields));
            Ok(kept::page(&member, &code, Refused::of(error), typed))
        }
    };
    member.answer(answered)
}

/// What was typed, as a file has it: lines end with a line feed, the last one too.
fn typed(fields: &Fields) -> String {
    let mut text = fields.text("texte");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The text that stands there now, when it is not the one that was read.
type Theirs = Option<Option<String>>;

/// Writes the text, unless the file is not what was read any more: then answers what it is.
async fn write(member: &Member, code: &str, path: &str, fields: &Fields) -> Result<Theirs> {
    let (code, who) = (code_of(code)?, &member.signed.principal);
    let tx = member.app.db.begin_write().await?;
    let desk = draft::lock(&tx, who, Action::WriteDraft, &code).await?;
    desk.must_be_writing()?;
    let now = match found(draft::read_file(&tx, &desk.draft, path).await)? {
        Some(DraftFile::Text(bytes)) => Some(bytes),
        Some(DraftFile::Media(_)) => return Err(Reason::NotFound.into()),
        None => None,
    };
    let digest = now.as_ref().map(|bytes| blob_digest(bytes).to_string());
    if digest.as_deref().unwrap_or_default() != fields.line("empreinte") {
        // The page to come shows the text that stands there, with its keys if it is a bank.
        tx.rollback().await?;
        if now.is_some() && path.starts_with(QUIZ_FOLDER) {
            tell_keys(member, &desk, Some(path)).await?;
        }
        return Ok(Some(now.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())));
    }
    let text = typed(fields).into_bytes();
    draft::put_file(&tx, who, desk, path, text, member.app.clock.now()).await?;
    tx.commit().await?;
    Ok(None)
}

async fn saved(member: &Member, code: &str, path: &str) -> Result<Response> {
    let desk = desk(member, code).await?;
    let today = member.app.clock.now().date_naive();
    let reading = draft::reading(member.app.db.read(), &desk, today).await?;
    let left = reading.findings.iter().filter(|finding| finding.path == path).count();
    let said = match left {
        0 => "Enregistré : rien à signaler dans ce fichier.".to_owned(),
        _ => format!("Enregistré. À corriger ou à relire dans ce fichier : {left}."),
    };
    Ok(member.send_on(&address(code, path), &said))
}

fn conflict(
    member: &Member,
    code: &str,
    path: &str,
    fields: &Fields,
    theirs: Option<String>,
) -> Response {
    let mine = typed(fields);
    let digest = theirs.as_ref().map(|text| blob_digest(text.as_bytes()).to_string());
    let difference =
        Difference { place: Vec::new(), before: theirs.clone(), after: Some(mine.clone()) };
    let page = Conflict {
        around: member.around(Section::Desk),
        crumbs: crumbs(code),
        token: member.signed.token.clone(),
        code: code.to_owned(),
        path: path.to_owned(),
        passages: if theirs.is_some() { passages(&difference) } else { Vec::new() },
        theirs,
        mine,
        digest: digest.unwrap_or_default(),
    };
    member.page(StatusCode::CONFLICT, &page)
}
