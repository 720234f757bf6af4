//! What was recorded wrongly, and who says so.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::super::annul;
use super::bodies::Progress;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::enrolments::find;
use crate::http::Tag;
use crate::http::guards::FactCorrector;
use crate::http::problem::Problem;
use crate::records;
use crate::records::model::fact;

/// Corrections.
pub struct CorrectionsApi {
    /// The application.
    pub app: App,
}

/// Why a fact is annulled: a word from a list, because what is kept for ever must name nobody.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum CorrectionReason {
    /// Another person did it under this account.
    AnotherPerson,
    /// It was not done by the person themselves.
    Fraud,
    /// The program recorded what had not happened.
    Malfunction,
    /// It was recorded in the wrong enrolment.
    WrongEnrolment,
    /// A court or an authority decided so.
    Decision,
}

impl CorrectionReason {
    const fn word(self) -> &'static str {
        match self {
            Self::AnotherPerson => "another_person",
            Self::Fraud => "fraud",
            Self::Malfunction => "malfunction",
            Self::WrongEnrolment => "wrong_enrolment",
            Self::Decision => "decision",
        }
    }
}

/// What is done to a fact.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum CorrectionKind {
    /// It counts for nothing any more, and stays.
    Annul,
}

/// A correction.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct CorrectionWish {
    /// The fact: a lesson read, an attempt or a completion of this enrolment.
    fact_id: Uuid,
    /// What is done to it.
    kind: CorrectionKind,
    /// Why.
    reason: CorrectionReason,
    /// SHA-256, in hexadecimal, of the document that decides it.
    #[oai(default, validator(max_length = 64))]
    document_digest: Option<String>,
}

impl Example for CorrectionWish {
    fn example() -> Self {
        Self {
            fact_id: crate::http::examples::id(),
            kind: CorrectionKind::Annul,
            reason: CorrectionReason::Malfunction,
            document_digest: None,
        }
    }
}

/// A fact that corrects another.
#[derive(Object)]
struct AnnulledFact {
    /// The correction.
    id: Uuid,
    /// The fact that counts for nothing any more.
    supersedes: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Why.
    reason: String,
}

/// Corrections, and where the enrolment stands after them.
#[derive(Object)]
struct Corrections {
    /// What was said, the fact that was named first.
    items: Vec<AnnulledFact>,
    /// Where the enrolment stands now.
    progress: Progress,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Learning")]
impl CorrectionsApi {
    /// Annul what was recorded wrongly; both facts stay
    #[oai(path = "/enrolments/:id/corrections", method = "post", operation_id = "correct_fact")]
    async fn correct(
        &self,
        who: FactCorrector,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<CorrectionWish>,
    ) -> Result<Json<Corrections>, Problem> {
        policy::allow(&who, Action::CorrectFacts, &Target::National)?;
        let (CorrectionKind::Annul, wish) = (body.0.kind, wish(body.0));
        wish.check()?;
        let tx = self.app.db.begin_write().await?;
        let enrolment = find::any_locked(&tx, id.0).await?;
        let edition = self.app.shelf.edition(&tx, enrolment.version_id).await?;
        let now = self.app.clock.now();
        let told = annul::annul(&tx, who.account_id, (&enrolment, &edition), &wish, now).await?;
        let facts = records::read::of_enrolment(&tx, enrolment.id).await?;
        tx.commit().await?;
        let items = told.into_iter().map(shown).collect();
        Ok(Json(Corrections { items, progress: records::recorded(&facts).into() }))
    }
}

fn wish(body: CorrectionWish) -> annul::Wish {
    let (reason, document) = (body.reason.word(), body.document_digest);
    annul::Wish { fact_id: body.fact_id, reason, document }
}

fn shown(told: fact::Model) -> AnnulledFact {
    let reason = told.payload["reason"].as_str().unwrap_or_default().to_owned();
    let supersedes = told.supersedes_id.unwrap_or_default();
    AnnulledFact { id: told.id, supersedes, at: told.occurred_at, reason }
}
