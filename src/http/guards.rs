//! Guards: the first parameter of every operation that is not public.
//!
//! Having one proves that the caller is signed in and holds a role that may do this somewhere; the
//! handler then asks [`crate::accounts::policy::allow`] whether it extends to the thing at hand. Being
//! first, a guard speaks before any error about path, query or body.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use poem::http::header;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::operations::Operation;
use super::problem::Problem;
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::{Principal, token};
use crate::app::App;
use crate::error::{Reason, Result};

const SCHEME: &str = "AccessToken";

/// A caller who may do `A` somewhere.
#[derive(Debug)]
pub struct May<A>(Principal, PhantomData<A>);

impl<A> Deref for May<A> {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

/// Ties a marker type to the action it stands for.
pub trait Asks: Send + Sync + 'static {
    /// The action.
    const ACTION: Action;
}

macro_rules! guards {
    ($($(#[$doc:meta])* $guard:ident = $action:ident;)*) => {
        /// The markers of the actions.
        pub mod asks {
            $(
                /// Marks a guard.
                #[derive(Debug)]
                pub struct $action;
            )*
        }
        $(
            impl Asks for asks::$action {
                const ACTION: Action = Action::$action;
            }
            $(#[$doc])*
            pub type $guard = May<asks::$action>;
        )*
    };
}

guards! {
    /// Anyone signed in, who is a learner by that alone.
    SignedIn = Learn;
    /// Writes drafts.
    DraftWriter = WriteDraft;
    /// Reads drafts.
    DraftReader = ReadDraft;
    /// Reviews drafts.
    DraftReviewer = ReviewDraft;
    /// Asks for reviews.
    ReviewAsker = AskReview;
    /// Publishes.
    Publisher = Publish;
    /// Says who is a provider.
    ProviderManager = ManageProviders;
    /// Says how a provider is reached.
    ProviderKeeper = KeepProvider;
    /// Reads legal references.
    ReferenceReader = ReadReferences;
    /// Records legal references.
    ReferenceRecorder = RecordReferences;
    /// Reads what learners report, ask and think.
    FeedbackReader = ReadFeedback;
    /// Answers learners.
    FeedbackAnswerer = AnswerFeedback;
    /// Handles complaints.
    ComplaintHandler = HandleComplaints;
    /// Arranges attempts for a learner.
    Accommodator = Accommodate;
    /// Plans sessions.
    SessionKeeper = KeepSessions;
    /// Annuls what was recorded wrongly.
    FactCorrector = CorrectFacts;
    /// Revokes attestations.
    AttestationRevoker = RevokeAttestations;
    /// Recognises what learners had learnt before.
    Recogniser = Recognise;
    /// Takes the evidence of an organisation.
    EvidenceExporter = ExportEvidence;
    /// Reads counts.
    StatisticsReader = ReadStatistics;
    /// Reads reminder rules and counts.
    ReminderReader = ReadReminders;
    /// Changes reminder rules.
    ReminderEditor = EditReminderRules;
    /// Says what is required of whom.
    RequirementManager = ManageRequirements;
    /// Exempts people.
    Exempter = ExemptPeople;
    /// Invites people.
    PeopleManager = ManagePeople;
    /// Reads rosters.
    RosterReader = ReadRoster;
    /// Enrols many people at once.
    PeopleEnroller = EnrolPeople;
    /// Lets a CDG read names.
    NamesGranter = GrantNames;
    /// Says what people are.
    CapacityKeeper = KeepCapacities;
    /// Gives grants.
    GrantManager = ManageGrants;
    /// Reads the journal.
    JournalReader = ReadJournal;
    /// Reads queue depths.
    QueueReader = ReadQueues;
}

impl<'a, A: Asks> ApiExtractor<'a> for May<A> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            SCHEME,
            MetaSecurityScheme {
                ty: "http",
                description: Some("Access token of /api/v1/sign-in (JWT, RFC 9068)."),
                name: None,
                key_in: None,
                scheme: Some("bearer"),
                bearer_format: Some("JWT"),
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let principal = admit(request, A::ACTION).await.map_err(Problem::from)?;
        Ok(Self(principal, PhantomData))
    }
}

async fn admit(request: &Request, action: Action) -> Result<Principal> {
    let app = request.data::<App>().ok_or(Reason::Internal)?;
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(Reason::Unauthenticated)?;
    let now = app.clock.now();
    let claims = token::verify(&app.keys, &app.settings.http.public_url, bearer, now)?;
    let principal = Principal::load(app.db.read(), claims.sub, claims.generation, now).await?;
    tracing::Span::current().record("account", tracing::field::display(principal.account_id));
    policy::allow(&principal, action, &Target::Anywhere)?;
    // What the front door found; a guarded operation that it does not know would go unchecked.
    let operation = request.data::<Arc<Operation>>().ok_or(Reason::Internal)?;
    operation.check_query(request)?;
    operation.check_body(request)?;
    Ok(principal)
}
