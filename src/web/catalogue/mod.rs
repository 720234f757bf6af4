//! The catalogue as pages: what is published, searched and narrowed, without a script. Each state is
//! an address, so that it is kept, sent and come back to.

pub mod finds;
pub mod looked;

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::page::{Around, Section};
use super::visitor::Visitor;
use super::words;
use crate::error::{Error, Result};
use crate::http::problem;
use finds::{Facet, Finds, Hit};
use looked::{LONGEST, Looked, PER_PAGE, Sort};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "catalogue.html")]
struct Catalogue {
    around: Around,
    q: String,
    longest: usize,
    /// What narrows besides the words, to be sent with them.
    narrowing: Vec<(&'static str, String)>,
    /// What is wrong with the address, if anything is.
    faults: Vec<String>,
    total: String,
    empty: bool,
    hits: Vec<Hit>,
    most_words: bool,
    meant: Option<(String, String)>,
    facets: Vec<Facet>,
    sorts: Vec<Link>,
    /// The address without what narrows, where anything does.
    widened: Option<String>,
    before: Option<String>,
    after: Option<String>,
    /// « Page 2 sur 5 », where there are several.
    place: Option<String>,
}

/// A link, and whether it leads here.
struct Link {
    label: &'static str,
    href: String,
    here: bool,
}

/// Shows what is found.
#[handler]
pub(super) async fn show(visitor: Visitor) -> Response {
    let shown = page(&visitor).await;
    visitor.answer(shown)
}

async fn page(visitor: &Visitor) -> Result<Response> {
    let looked = match Looked::read(&visitor.asked) {
        Ok(looked) => looked,
        Err(error) => return Ok(refused(visitor, error)),
    };
    let catalogue = visitor.app.shelf.current(visitor.app.db.read()).await?;
    let state = format!("{}-{}", catalogue.revision, looked.address());
    if let Some(unchanged) = visitor.unchanged(&state) {
        return Ok(unchanged);
    }
    let finds = match finds::look(&catalogue, &looked) {
        Ok(finds) => finds,
        Err(error) => return Ok(refused(visitor, error)),
    };
    Ok(visitor.public(&state, &Catalogue::of(visitor.around(Section::Catalogue), looked, finds)))
}

/// The same page without results: the search box, and what is wrong.
fn refused(visitor: &Visitor, error: Error) -> Response {
    let refusal = problem::refusal_of(error);
    let faults = refusal.faults.iter().map(|fault| format!("{} : {}", fault.at, fault.fr));
    let faults = faults.chain(refusal.detail.iter().map(|(fr, _)| fr.clone())).collect();
    let page =
        Catalogue::of(visitor.around(Section::Catalogue), Looked::default(), Finds::default());
    let status: StatusCode = problem::status(refusal.reason.kind());
    visitor.page(status, &Catalogue { faults, ..page })
}

impl Catalogue {
    fn of(around: Around, looked: Looked, finds: Finds) -> Self {
        let Finds { total, hits, facets, most_words, meant } = finds;
        let pages = total.div_ceil(PER_PAGE);
        let at = |page: usize| Looked { page, ..looked.clone() }.address();
        let link = |(sort, _, label): (Sort, &str, &'static str)| Link {
            label,
            href: looked.changed(|other| other.sort = sort),
            here: looked.sort == sort,
        };
        Self {
            around,
            longest: LONGEST,
            faults: Vec::new(),
            total: words::count(total, "module", "modules"),
            empty: total == 0,
            sorts: Sort::ALL.map(link).into(),
            widened: looked.is_narrowed().then(|| {
                Looked { q: looked.q.clone(), sort: looked.sort, ..Looked::default() }.address()
            }),
            before: looked.page.checked_sub(1).filter(|page| *page < pages).map(at),
            after: Some(looked.page + 1).filter(|page| *page < pages).map(at),
            place: (pages > 1).then(|| format!("Page {} sur {pages}", looked.page + 1)),
            narrowing: looked.narrowing(),
            q: looked.q,
            hits,
            facets,
            most_words,
            meant,
        }
    }
}
