//! What the draft changes in the published version: by lesson, by question, by word.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::{Crumbs, crumbs, desk, tell_keys};
use crate::catalogue::draft::Desk;
use crate::catalogue::{find, store};
use crate::content::{self, Difference, Passage, Piece, passages};
use crate::error::Result;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// Most passages that a page shows: nobody reads more at once.
const MOST_PASSAGES: usize = 300;

/// A place and what changed there.
pub(super) struct Place {
    /// « Leçon 01-intro », « texte ».
    pub(super) name: String,
    /// The passages.
    pub(super) passages: Vec<Passage>,
}

/// What changed, as a page shows it.
pub(super) struct Told {
    /// How many places.
    pub(super) total: usize,
    /// The first of them.
    pub(super) places: Vec<Place>,
    /// Places left out.
    pub(super) left_out: usize,
    /// What to say when no place differs; why nothing can be compared.
    pub(super) nothing: Option<&'static str>,
}

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/differences.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    code: String,
    told: Told,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code).await)
}

async fn page(member: &Member, code: &str) -> Result<Response> {
    let desk = desk(member, code).await?;
    tell_keys(member, &desk, None).await?;
    let told = told(member, &desk).await?;
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        code: desk.module.code,
        told,
    };
    Ok(member.page(StatusCode::OK, &page))
}

/// What the draft changes in the version published now.
pub(super) async fn told(member: &Member, desk: &Desk) -> Result<Told> {
    let conn = member.app.db.read();
    let Some(current) = find::latest(conn, desk.module.id).await? else {
        return Ok(Told::nothing("Rien n’est encore publié : tout est nouveau."));
    };
    let before = member.app.shelf.edition(conn, current.id).await?;
    let tree = store::draft_tree(conn, desk.draft.id).await?;
    let compared = tokio::task::spawn_blocking(move || {
        let after = content::recall(&tree).ok()?;
        let differences = content::diff(&before.content, &after);
        if differences.is_empty() {
            return Some(Told::nothing(content::alike(&before.content, &after)));
        }
        Some(Told::of(&differences))
    });
    let compared = compared.await.map_err(anyhow::Error::from)?;
    let unreadable = "Le brouillon ne forme pas encore un module : corrigez d’abord ses anomalies.";
    Ok(compared.unwrap_or_else(|| Told::nothing(unreadable)))
}

impl Told {
    fn nothing(why: &'static str) -> Self {
        Self { total: 0, places: Vec::new(), left_out: 0, nothing: Some(why) }
    }

    fn of(differences: &[Difference]) -> Self {
        let (mut places, mut count) = (Vec::new(), 0);
        for difference in differences {
            if count >= MOST_PASSAGES {
                break;
            }
            let mut passages = passages(difference);
            passages.truncate(MOST_PASSAGES - count);
            count += passages.len();
            places.push(Place { name: difference.place.join(" · "), passages });
        }
        let total = differences.len();
        Self { total, left_out: total - places.len(), places, nothing: None }
    }
}
