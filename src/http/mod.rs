//! What every endpoint shares: assembly, guards, problem+json, pages of results, limits, health.
//!
//! [`routes`] is the one place where the application becomes an endpoint: `serve`, the tests and the
//! committed OpenAPI document all come from it.

pub mod context;
mod cors;
pub mod etag;
pub mod examples;
mod framework;
mod front;
pub mod guards;
pub mod health;
mod json;
pub mod limits;
pub mod metrics;
pub mod operations;
mod outage;
pub mod page;
pub mod prepared;
pub mod problem;
pub mod query;
pub mod range;
pub mod serve;
pub mod served;
mod shape;
#[cfg(test)]
mod shape_tests;
pub mod shown;
pub mod upload;

use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderValue, header};
use poem::{EndpointExt as _, Response, Route};
use poem_openapi::{OpenApi, OpenApiService, Tags};

use crate::app::App;
use crate::{
    accounts, attestations, capacities, catalogue, cohorts, documents, enrolments, evidence,
    exchange, feedback, jobs, journal, learning, mail, obligations, providers, publication,
    references, regrades, reminders, requirements, sessions, statistics, territory, web,
};
use front::Front;
use operations::Operations;

/// The capabilities, as the document groups them.
#[derive(Debug, Tags)]
pub enum Tag {
    /// Sign-in, tokens, grants.
    Accounts,
    /// Organisations and perimeters.
    Territory,
    /// Persons and capacities.
    People,
    /// Who provides modules.
    Providers,
    /// Published modules and drafts.
    Catalogue,
    /// The catalogue as others read it.
    Exchange,
    /// From draft to publication.
    Publication,
    /// The texts that modules cite, and what is to be reviewed because of them.
    References,
    /// Learning paths, and who follows them.
    Paths,
    /// Enrolments.
    Enrolments,
    /// Lessons and quiz attempts.
    Learning,
    /// Dated sessions, seats, attendance, calendars.
    Sessions,
    /// Reports, questions, complaints, satisfaction.
    Feedback,
    /// What is required of whom.
    Requirements,
    /// What a person owes.
    Obligations,
    /// Attestations and their verification.
    Attestations,
    /// Rules and ledger.
    Reminders,
    /// Completion statistics.
    Statistics,
    /// Who did what.
    Journal,
    /// The mail queue.
    Mail,
    /// Long work, row by row.
    Jobs,
    /// Health and measures.
    Health,
}

/// The title of the API document.
const TITLE: &str = "maitrise";

fn service(app: &App) -> OpenApiService<impl OpenApi + use<>, ()> {
    let app = || app.clone();
    let access = (
        accounts::api::AccountsApi { app: app() },
        accounts::api::me::MeApi { app: app() },
        accounts::api::people::PeopleApi { app: app() },
        accounts::api::grants::GrantsApi { app: app() },
        accounts::api::names::NamesApi { app: app() },
        territory::api::TerritoryApi { app: app() },
    );
    let taught = (
        exchange::api::ExchangeApi { app: app() },
        providers::api::ProvidersApi { app: app() },
        providers::api::edit::EditApi { app: app() },
        catalogue::api::CatalogueApi { app: app() },
        catalogue::api::DraftsApi { app: app() },
        catalogue::api::ArchivesApi { app: app() },
        catalogue::api::MediaApi { app: app() },
        publication::api::PublicationApi { app: app() },
        publication::api::ReviewsApi { app: app() },
        publication::api::ReviewersApi { app: app() },
        regrades::api::RegradesApi { app: app() },
        references::api::ReferencesApi { app: app() },
        references::api::ToReviewApi { app: app() },
        catalogue::api::PathsApi { app: app() },
    );
    let learnt = (
        enrolments::api::EnrolmentsApi { app: app() },
        enrolments::api::PathEnrolmentsApi { app: app() },
        learning::api::LearningApi { app: app() },
        learning::api::AccommodationApi { app: app() },
        learning::api::PresenceApi { app: app() },
        learning::api::MovingApi { app: app() },
        learning::api::CorrectionsApi { app: app() },
        learning::api::RecognitionsApi { app: app() },
        evidence::api::EvidenceApi { app: app() },
        obligations::api::ObligationsApi { app: app() },
        requirements::api::RequirementsApi { app: app() },
        requirements::api::OwedApi { app: app() },
        attestations::api::AttestationsApi { app: app() },
        attestations::api::CredentialsApi { app: app() },
        attestations::api::RevocationsApi { app: app() },
        documents::api::DocumentsApi { app: app() },
    );
    let watched = (
        statistics::api::StatisticsApi { app: app() },
        reminders::api::RemindersApi { app: app() },
        journal::api::JournalApi { app: app() },
        mail::api::MailApi { app: app() },
        health::HealthApi { app: app() },
    );
    let others = (
        cohorts::api::CohortsApi { app: app() },
        cohorts::api::invitations::InvitationsApi { app: app() },
        jobs::api::JobsApi { app: app() },
    );
    let said = (
        feedback::api::FeedbackApi { app: app() },
        feedback::api::ComplaintsApi { app: app() },
        feedback::api::SatisfactionApi { app: app() },
    );
    let known = (
        capacities::api::kept::CapacitiesApi { app: app() },
        capacities::api::claims::ClaimsApi { app: app() },
        capacities::api::mine::MyCapacitiesApi { app: app() },
        capacities::api::requests::AccountRequestsApi { app: app() },
    );
    let dated = (
        sessions::api::SessionsApi { app: app() },
        sessions::api::SeatsApi { app: app() },
        sessions::api::CalendarApi { app: app() },
    );
    let apis = (access, known, taught, learnt, others, dated, said, watched);
    OpenApiService::new(apis, TITLE, env!("CARGO_PKG_VERSION")).description(
        "Training catalogue and e-learning back end for French local government. \
         Failures are problem+json (RFC 9457); lists are keyset pages; edits need If-Match.",
    )
}

/// The OpenAPI document, as committed in `openapi.json`.
pub fn document(app: &App) -> String {
    let mut text = service(app).spec();
    text.push('\n');
    text
}

/// The whole application as one endpoint.
pub fn routes(app: &App) -> BoxEndpoint<'static, Response> {
    let service = service(app);
    let document = document(app);
    let operations = Operations::of(&document, &web::PATHS);
    let docs = service.swagger_ui().after(|result| async { result.map(allow_inline) });
    let json = poem::endpoint::make_sync(move |_| {
        Response::builder().content_type("application/json; charset=utf-8").body(document.clone())
    });
    let router = web::add_to(Route::new())
        .at("/openapi.json", poem::get(json))
        .nest("/docs", docs)
        .nest("/", web::before(service));
    Front::new(router, app.clone(), operations).boxed()
}

/// Other operations behind the same front door: what `benches/` measures layer by layer.
pub fn behind_the_front_door(
    app: &App,
    api: impl OpenApi + 'static,
) -> BoxEndpoint<'static, Response> {
    let service = OpenApiService::new(api, TITLE, env!("CARGO_PKG_VERSION"));
    let operations = Operations::of(&service.spec(), &[]);
    Front::new(Route::new().nest("/", service), app.clone(), operations).boxed()
}

/// The documentation page carries its own script and style; nothing comes from elsewhere.
fn allow_inline<R: poem::IntoResponse>(response: R) -> Response {
    let mut response = response.into_response();
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
        ),
    );
    response
}
