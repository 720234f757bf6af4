//! Reading organisations.

use chrono::NaiveDate;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::details::{self, Details, Named};
use super::model::{AffiliationKind, LinkKind, OrganisationKind, Scheme, organisation};
use super::place::{self, Place};
use super::{OrgRef, find};
use crate::app::App;
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;

/// Organisations.
pub struct TerritoryApi {
    /// The application.
    pub app: App,
}

shown! {
    /// What an organisation is.
    KindShown of OrganisationKind {
        /// A commune.
        Commune,
        /// An EPCI à fiscalité propre.
        Epci,
        /// A département.
        Departement,
        /// A région.
        Region,
        /// A centre de gestion.
        Cdg,
        /// An association of élus.
        Association,
        /// A body that provides training.
        TrainingBody,
        /// Any other, such as an overseas collectivité.
        Other,
    }
}
shown! {
    /// The register that gave an identifier.
    SchemeShown of Scheme {
        /// SIREN.
        Siren,
        /// INSEE commune code.
        Insee,
        /// Département code.
        Dep,
        /// Région code.
        Reg,
        /// Code of a centre de gestion.
        Cdg,
        /// Given here.
        Local,
    }
}
shown! {
    /// What links two organisations.
    LinkShown of LinkKind {
        /// A commune in its EPCI.
        EpciMember,
        /// Located in a département.
        InDepartement,
        /// Located in a région.
        InRegion,
    }
}
shown! {
    /// How an organisation is affiliated to a CDG.
    AffiliationShown of AffiliationKind {
        /// Derived at import, to be confirmed.
        Presumed,
        /// Under 350 civil servants (CGFP L452-14).
        Mandatory,
        /// By choice.
        Voluntary,
        /// Socle commun of missions only.
        Socle,
        /// Not affiliated.
        None,
    }
}

/// An organisation in a list.
#[derive(Object)]
struct Organisation {
    /// How it is named: its SIREN, or `insee:97501`, `dep:974`, `reg:93`, `cdg:CIG-GC`, `local:…`.
    #[oai(rename = "ref")]
    reference: String,
    /// What it is.
    kind: KindShown,
    /// Its name.
    name: String,
    /// Inhabitants, where known.
    population: Option<i32>,
    /// `metro`, `drom` or `com`, where it has one.
    zone: Option<String>,
    /// The zone in which its deadlines fall.
    time_zone: String,
}

/// A page of organisations.
#[derive(Object)]
struct Organisations {
    /// Organisations, by name.
    items: Vec<Organisation>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// When a row holds, and where it is known from.
#[derive(Object)]
struct Dated {
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds.
    valid_to: Option<NaiveDate>,
    /// Where this is known from.
    source: String,
}

/// An identifier and when it holds.
#[derive(Object)]
struct Identifier {
    /// The register.
    scheme: SchemeShown,
    /// The code.
    value: String,
    /// When it holds, and says who.
    #[oai(flatten)]
    dated: Dated,
}

/// Another organisation.
#[derive(Object)]
struct Other {
    /// How it is named.
    #[oai(rename = "ref")]
    reference: String,
    /// Its name.
    name: String,
}

/// A link to another organisation and when it holds.
#[derive(Object)]
struct Link {
    /// What the link is.
    kind: LinkShown,
    /// What it is linked to.
    to: Other,
    /// When it holds, and says who.
    #[oai(flatten)]
    dated: Dated,
}

/// An affiliation and when it holds.
#[derive(Object)]
struct Affiliation {
    /// How it is affiliated.
    kind: AffiliationShown,
    /// The CDG; absent when `kind` is `none`.
    cdg: Option<Other>,
    /// When it holds, and says who.
    #[oai(flatten)]
    dated: Dated,
}

/// An organisation and what is known of it.
#[derive(Object)]
struct OrganisationDetails {
    /// Its summary.
    #[oai(flatten)]
    organisation: Organisation,
    /// Inhabitants, by stratum: `0-499`, `500-999`, `1000-1999`, `2000-3499`, `3500-4999`, `5000-9999`, `10000-19999`, `20000-49999`, `50000-99999`, `100000-`.
    stratum: Option<String>,
    /// The day on which it stands where the next four say.
    on: NaiveDate,
    /// The EPCI of which a commune is a member.
    epci: Option<Other>,
    /// The département of a commune.
    departement: Option<Other>,
    /// The région of a commune or a département.
    region: Option<Other>,
    /// The CDG to which it is affiliated.
    cdg: Option<Other>,
    /// Its identifiers, oldest first.
    identifiers: Vec<Identifier>,
    /// What it is linked to.
    links: Vec<Link>,
    /// Its CDG affiliations, oldest first.
    affiliations: Vec<Affiliation>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Territory")]
impl TerritoryApi {
    /// Organisations by name, accents and case aside
    #[oai(path = "/organisations", method = "get", operation_id = "list_organisations")]
    async fn list_organisations(
        &self,
        _who: SignedIn,
        /// Beginnings of words of the name, such as `évry`.
        #[oai(example = "crate::http::examples::commune", validator(max_length = 200))]
        q: Query<Option<String>>,
        /// One kind only.
        kind: Query<Option<KindShown>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Organisations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let after = page.before()?;
        let (conn, q) = (self.app.db.read(), q.0.as_deref().unwrap_or_default());
        let rows = find::search(conn, q, kind.0.map(Into::into), page.limit, after).await?;
        let mut refs = find::refs_of(conn, rows.iter().map(|row| row.id)).await?;
        let next = page.next(&rows, |row| row.id);
        let items =
            rows.into_iter().filter_map(|row| refs.remove(&row.id).map(|r| summary(&r, row)));
        Ok(Json(Organisations { items: items.collect(), next }))
    }

    /// One organisation: identifiers, links and affiliations, dated and with their source
    #[oai(path = "/organisations/:ref", method = "get", operation_id = "get_organisation")]
    async fn get_organisation(
        &self,
        _who: SignedIn,
        /// Its SIREN, or `insee:…`, `dep:…`, `reg:…`, `cdg:…`, `local:…`.
        #[oai(name = "ref", example = "crate::http::examples::organisation")]
        reference: Path<String>,
        /// The day on which it bears this reference and stands where it does; today if absent.
        #[oai(example = "crate::http::examples::day")]
        on: Query<Option<NaiveDate>>,
    ) -> Result<Json<OrganisationDetails>, Problem> {
        let conn = self.app.db.read();
        let on = on.0.unwrap_or_else(|| self.app.clock.now().date_naive());
        let found = find::by_ref(conn, &reference.0.parse()?, on).await?;
        let place = place::of(conn, found.id, on).await?;
        Ok(Json(OrganisationDetails::of(details::details(conn, found).await?, place, on)))
    }
}

fn summary(reference: &OrgRef, row: organisation::Model) -> Organisation {
    Organisation {
        reference: reference.to_string(),
        kind: row.kind.into(),
        name: row.name,
        population: row.population,
        zone: row.zone,
        time_zone: row.time_zone,
    }
}

impl Dated {
    fn of(valid_from: NaiveDate, valid_to: Option<NaiveDate>, source: String) -> Self {
        Self { valid_from, valid_to, source }
    }
}

impl From<Named> for Other {
    fn from(named: Named) -> Self {
        Self { reference: named.reference.to_string(), name: named.name }
    }
}

impl OrganisationDetails {
    fn of(details: Details, place: Place, on: NaiveDate) -> Self {
        let identifiers = details.identifiers.into_iter().map(|row| Identifier {
            scheme: row.scheme.into(),
            value: row.value,
            dated: Dated::of(row.valid_from, row.valid_to, row.source),
        });
        let links = details.links.into_iter().map(|(row, to)| Link {
            kind: row.kind.into(),
            to: to.into(),
            dated: Dated::of(row.valid_from, row.valid_to, row.source),
        });
        let affiliations = details.affiliations.into_iter().map(|(row, cdg)| Affiliation {
            kind: row.kind.into(),
            cdg: cdg.map(Into::into),
            dated: Dated::of(row.valid_from, row.valid_to, row.source),
        });
        Self {
            stratum: details.organisation.population.map(|n| place::stratum(n).to_owned()),
            organisation: summary(&details.reference, details.organisation),
            on,
            epci: place.epci.map(Into::into),
            departement: place.departement.map(Into::into),
            region: place.region.map(Into::into),
            cdg: place.cdg.map(Into::into),
            identifiers: identifiers.collect(),
            links: links.collect(),
            affiliations: affiliations.collect(),
        }
    }
}
