//! Asking for an account: the same limits, the same time and the same answer for the API and the page,
//! whether the address is known or not.

use std::net::IpAddr;
use std::time::Duration;

use poem::Request;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::named;
use crate::accounts::api::people::CapacityShown;
use crate::app::App;
use crate::capacities::ask::{self, Asked};
use crate::error::{Faults, Reason, Result};
use crate::http::Tag;
use crate::http::context::Context;
use crate::http::problem::Problem;
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;
use crate::text;

/// What asking takes, longer than writing the account and the mail does.
const PACE: Duration = Duration::from_millis(80);

/// How often another process may open the same account meanwhile before we give up.
const TIMES: usize = 3;

/// Requests for accounts.
pub struct AccountRequestsApi {
    /// The application.
    pub app: App,
}

/// Who asks for an account.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct AccountRequest {
    /// Given name.
    #[oai(validator(min_length = 1, max_length = 100))]
    given_name: String,
    /// Family name.
    #[oai(validator(min_length = 1, max_length = 100))]
    family_name: String,
    /// A mailbox of one's own: it opens the account.
    #[oai(validator(min_length = 3, max_length = 254))]
    email: String,
    /// Reference of the organisation: a SIREN, or `insee:…` for a commune.
    #[oai(validator(min_length = 1, max_length = 100))]
    organisation: String,
    /// Élu or agent.
    kind: CapacityShown,
    /// Function: maire, secrétaire de mairie …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    function: Option<String>,
}

impl Example for AccountRequest {
    fn example() -> Self {
        Self {
            given_name: "Noëlla".to_owned(),
            family_name: "Le Goff".to_owned(),
            email: "noella.legoff@mairie.example".to_owned(),
            organisation: crate::http::examples::organisation(),
            kind: CapacityShown::Elu,
            function: Some("2e adjointe".to_owned()),
        }
    }
}

#[derive(ApiResponse)]
enum Accepted {
    /// A mail is on its way, whether the address is known or not.
    #[oai(status = 202)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Accounts")]
impl AccountRequestsApi {
    /// Ask for an account, as élu or agent of an organisation
    ///
    /// The answer is the same whether the address is known or not; a link to choose a password goes by
    /// mail. One learns at once, under a declared capacity, which the organisation may confirm.
    #[oai(path = "/account-requests", method = "post", operation_id = "ask_account")]
    async fn ask(
        &self,
        request: &Request,
        body: Json<AccountRequest>,
    ) -> Result<Accepted, Problem> {
        let context = request.data::<Context>().ok_or(Reason::Internal)?;
        ask_account(&self.app, context.address, body.0.into()).await?;
        Ok(Accepted::Done)
    }
}

/// What somebody asks, as it was typed.
pub(crate) struct Wanted {
    /// The person.
    pub person: NewPerson,
    /// Reference of the organisation.
    pub organisation: String,
    /// Élu or agent.
    pub kind: CapacityKind,
    /// Function.
    pub function: Option<String>,
}

impl From<AccountRequest> for Wanted {
    fn from(body: AccountRequest) -> Self {
        let person = NewPerson {
            given_name: body.given_name,
            family_name: body.family_name,
            address: body.email,
            shared: false,
        };
        let (kind, function) = (body.kind.into(), body.function);
        Self { person, organisation: body.organisation, kind, function }
    }
}

/// Takes a request for an account.
///
/// # Errors
/// `invalid-values`, `too-many-requests` when the name or the address asked too often.
pub(crate) async fn ask_account(app: &App, address: IpAddr, wanted: Wanted) -> Result<()> {
    let now = app.clock.now();
    let organisation = named(app, &wanted.organisation, now).await?;
    let request = ask::Request {
        person: wanted.person,
        organisation_id: organisation.id,
        organisation: organisation.name,
        kind: wanted.kind,
        function: wanted.function,
    };
    let mut faults = Faults::default();
    request.check(&mut faults);
    faults.refuse()?;
    let name = text::sign_in_name(&request.person.address);
    app.sign_in_limits.count(&name, address, now)?;
    // Begun before the account is looked for, so that the answer takes as long whatever is found.
    let pace = tokio::time::sleep(PACE);
    for _ in 0..TIMES {
        let tx = app.db.begin_write().await?;
        if ask::ask(&tx, &request, &app.settings.tokens, now).await? == Asked::Done {
            tx.commit().await?;
            pace.await;
            return Ok(());
        }
        tx.rollback().await?;
    }
    Err(Reason::Conflict.into())
}
