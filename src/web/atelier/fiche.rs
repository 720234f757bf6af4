//! The sheet of a module as a form: what every manifest says, without its syntax. What is saved is the
//! same file as the editor's, whose text stays a link away.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::{Crumbs, Refused, crumbs, desk, may, words};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk, DraftFile};
use crate::catalogue::model::DraftState;
use crate::content::{
    Audience, Finding, Level, MANIFEST_PATH, SHEET_KEYS, SheetKind, SheetValues, blob_digest,
    sheet_lines, sheet_values, with_sheet_values,
};
use crate::error::{Reason, Result};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/fiche.html")]
struct Fiche {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    digest: String,
    /// Whether the manifest can be read; if not, its text is to be mended first.
    readable: bool,
    writes: bool,
    /// Whether somebody else saved meanwhile.
    conflict: bool,
    fields: Vec<Field>,
    /// What is said of the manifest beside the fields of the form.
    elsewhere: usize,
}

/// A field.
struct Field {
    key: &'static str,
    label: &'static str,
    help: &'static str,
    /// `line`, `lines` or `ticks`.
    shape: &'static str,
    /// What it holds; one a line for a list.
    value: String,
    choices: Vec<(&'static str, &'static str, bool)>,
    /// What the lint says of it.
    said: Vec<String>,
}

impl Field {
    fn described(&self) -> String {
        let said = if self.said.is_empty() { String::new() } else { format!(" {}-dit", self.key) };
        format!("{}-aide{said}", self.key)
    }
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code, None, None).await)
}

/// Saves it.
#[handler]
pub(super) async fn save(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let typed = typed(&fields);
    let answered = match write(&member, &code, &fields, &typed).await {
        Ok(true) => Ok(member.send_on(&format!("/atelier/{code}/fiche"), "Fiche enregistrée.")),
        Ok(false) => page(&member, &code, Some(typed), None).await,
        Err(error) => page(&member, &code, Some(typed), Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

/// What was typed, by key: the lines of a list without those that are blank.
fn typed(fields: &Fields) -> SheetValues {
    let values = SHEET_KEYS.map(|(key, kind)| {
        let lines: Vec<String> = match (kind, shape(key)) {
            (SheetKind::List, "lines") => fields.text(key).lines().map(str::to_owned).collect(),
            _ => fields.all(key).map(|value| value.replace("\r\n", "\n")).collect(),
        };
        let kept = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        (key, kept.map(str::to_owned).collect())
    });
    values.into_iter().collect()
}

/// Writes what was typed into the manifest, unless it is not the one that was read any more.
async fn write(member: &Member, code: &str, fields: &Fields, typed: &SheetValues) -> Result<bool> {
    let (code, who) = (code_of(code)?, &member.signed.principal);
    let tx = member.app.db.begin_write().await?;
    let desk = draft::lock(&tx, who, Action::WriteDraft, &code).await?;
    desk.must_be_writing()?;
    let bytes = text_of(draft::read_file(&tx, &desk.draft, MANIFEST_PATH).await?)?;
    if blob_digest(bytes.as_bytes()).to_string() != fields.line("empreinte") {
        return Ok(false);
    }
    let text = with_sheet_values(&bytes, typed).ok_or(Reason::InvalidValues)?;
    draft::put_file(&tx, who, desk, MANIFEST_PATH, text.into_bytes(), member.app.clock.now())
        .await?;
    tx.commit().await?;
    Ok(true)
}

fn text_of(file: DraftFile) -> Result<String> {
    match file {
        DraftFile::Text(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        DraftFile::Media(_) => Err(Reason::NotFound.into()),
    }
}

/// The page, with what was typed where it was not saved.
async fn page(
    member: &Member,
    code: &str,
    typed: Option<SheetValues>,
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    let conn = member.app.db.read();
    let text = text_of(draft::read_file(conn, &desk.draft, MANIFEST_PATH).await?)?;
    let today = member.app.clock.now().date_naive();
    let reading = draft::reading(conn, &desk, today).await?;
    let own: Vec<&Finding> =
        reading.findings.iter().filter(|finding| finding.path == MANIFEST_PATH).collect();
    let conflict = typed.is_some() && refused.is_none();
    let held = sheet_values(&text);
    let fields = fields(&typed.or_else(|| held.clone()).unwrap_or_default(), &text, &own);
    let status = match &refused {
        Some(refused) => refused.status,
        None if conflict => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let page = Fiche {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        refused,
        digest: blob_digest(text.as_bytes()).to_string(),
        readable: held.is_some(),
        writes: writes(member, &desk),
        conflict,
        elsewhere: own.len() - fields.iter().map(|field| field.said.len()).sum::<usize>(),
        fields,
        code: desk.module.code,
    };
    Ok(member.page(status, &page))
}

fn writes(member: &Member, desk: &Desk) -> bool {
    may(member, Action::WriteDraft, &desk.module) && desk.draft.state == DraftState::Writing
}

fn fields(values: &SheetValues, text: &str, findings: &[&Finding]) -> Vec<Field> {
    let lines = sheet_lines(text);
    let field = |(key, _): (&'static str, SheetKind)| {
        let (label, help) = words::sheet_field(key);
        let value = values.get(key).cloned().unwrap_or_default();
        let about = |finding: &&&Finding| match (finding.line, lines.get(key)) {
            (Some(line), Some(own)) => own.contains(&line),
            _ => finding.what.contains(&format!("« {key} »")),
        };
        let said = findings.iter().filter(about);
        Field {
            key,
            label,
            help,
            shape: shape(key),
            choices: choices(key, &value),
            value: value.join("\n"),
            said: said.map(|finding| format!("{} — {}", finding.what, finding.remedy)).collect(),
        }
    };
    SHEET_KEYS.into_iter().map(field).collect()
}

/// How a key is asked for.
fn shape(key: &str) -> &'static str {
    match key {
        "summary" | "objectives" | "themes" => "lines",
        "level" => "radios",
        "audiences" => "ticks",
        _ => "line",
    }
}

fn choices(key: &str, chosen: &[String]) -> Vec<(&'static str, &'static str, bool)> {
    let is = |word: &str| chosen.iter().any(|known| known == word);
    match key {
        "level" => Level::WORDS
            .iter()
            .map(|(word, level)| (*word, of_pages::level(*level), is(word)))
            .collect(),
        "audiences" => Audience::WORDS
            .iter()
            .map(|(word, audience)| (*word, of_pages::audience(*audience), is(word)))
            .collect(),
        _ => Vec::new(),
    }
}
