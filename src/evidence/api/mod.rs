//! What stands behind an attestation, over HTTP.

mod bodies;
mod fill;
mod period;
mod shown;

use chrono::{NaiveDate, NaiveTime};
use poem::http::header;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use serde_json::json;
use uuid::Uuid;

use super::bundle::Scope;
use super::gather;
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::api::tell_reading;
use crate::error::{Faults, Reason, Result};
use crate::http::Tag;
use crate::http::guards::{EvidenceExporter, SignedIn};
use crate::http::problem::Problem;
use crate::http::served::Served;
use crate::obligations::rules::{due_at, instant, zone};
use crate::territory::{self, OrgRef};
use bodies::EvidenceOut;
use period::Within;

/// Evidence.
pub struct EvidenceApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Bundle {
    /// A zip, sent while it is made.
    #[oai(status = 200)]
    Now(Served),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Attestations")]
impl EvidenceApi {
    /// What stands behind an attestation: for its holder, auditors and the provider's publishers
    ///
    /// The exact content, what was done and when, what it satisfied and by which text of that moment.
    /// No key, no answer, no name. That somebody else read it is journalled.
    #[oai(path = "/attestations/:id/evidence", method = "get", operation_id = "get_evidence")]
    async fn get(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
    ) -> Result<Json<EvidenceOut>, Problem> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let shelf = &self.app.shelf;
        let (row, completion, edition, other) =
            gather::readable(conn, shelf, &who, id.0, now).await?;
        if other {
            let detail = json!({ "module": edition.module.code });
            let subject = ("attestation", row.id);
            tell_reading(&self.app, &who, "evidence.read", subject, detail).await?;
        }
        let evidence = gather::gather(conn, (row, completion, edition), now).await?;
        Ok(Json(evidence.into()))
    }

    /// What stands behind every attestation of an organisation and a period, verifiable offline
    ///
    /// A zip: the signed credentials with the names of then, what stands behind each, the digests of the
    /// versions, the status lists, the public keys, and a signed list of all digests;
    /// `maitrise verify --bundle` checks it. For an auditor and the employer; journalled.
    #[oai(
        path = "/organisations/:ref/evidence.zip",
        method = "get",
        operation_id = "get_evidence_bundle"
    )]
    async fn bundle(
        &self,
        who: EvidenceExporter,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        /// First day of the completions, where the organisation is.
        #[oai(example = "crate::http::examples::first_day")]
        from: Query<NaiveDate>,
        /// The last.
        #[oai(example = "crate::http::examples::last_day")]
        to: Query<NaiveDate>,
    ) -> Result<Bundle, Problem> {
        let (scope, within) = self.asked(&who, &reference, (from.0, to.0)).await?;
        let detail = json!({ "from": from.0, "to": to.0 });
        let subject = ("organisation", within.organisation_id);
        tell_reading(&self.app, &who, "evidence.export", subject, detail).await?;
        let name = format!("preuves-{}-{}-{}.zip", scope.organisation, from.0, to.0);
        let name: String = name.replace(':', "-");
        let served = Served::of("application/zip", fill::stream(self.app.clone(), scope, within));
        let name = format!("attachment; filename=\"{name}\"");
        Ok(Bundle::Now(served.header(header::CONTENT_DISPOSITION, &name)))
    }
}

impl EvidenceApi {
    /// What is asked for, if it may be: an organisation that is no more keeps its evidence.
    async fn asked(
        &self,
        who: &Principal,
        reference: &str,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<(Scope, Within)> {
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let reference: OrgRef = reference.parse().map_err(|_| Reason::NotFound)?;
        let organisation = territory::by_ref_ever(conn, &reference).await?;
        let target = Target::of(conn, Some(organisation.id), now).await?;
        policy::allow(who, Action::ExportEvidence, &target)?;
        let mut faults = Faults::default();
        faults.check(
            from <= to,
            "to",
            "une date qui ne précède pas le début",
            "a day that is not before the first",
        );
        faults.refuse()?;
        let zone = zone(&organisation.time_zone);
        let within = Within {
            organisation_id: organisation.id,
            from: instant(from, NaiveTime::MIN, zone),
            until: due_at(to, zone),
        };
        let (organisation, name) = (reference.to_string(), organisation.name);
        Ok((Scope { organisation, name, from, to }, within))
    }
}
