//! Asking for an account with a browser, in two steps: the organisation, then the person. The limits,
//! the time and the answer are those of the API.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Request, Response, handler};

use super::form::{Fields, Sent};
use super::organisations::{self, Asked, Choices, Found, known};
use super::page::{Around, Section, redirect};
use super::visitor::Visitor;
use crate::capacities::api::requests::{Wanted, ask_account};
use crate::error::{Error, Reason, Result};
use crate::http::context::Context;
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;

/// The page.
const PATH: &str = "/demander-un-compte";
/// What is said in every case.
const SAID: &str = "Votre demande est prise en compte : un courriel vous est envoyé. Il dit comment \
                    choisir votre mot de passe. Pensez à regarder dans les indésirables.";

/// The first step: which organisation.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "account_organisation.html")]
struct Which {
    around: Around,
    choices: Choices,
}

/// The second step: who.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "account_person.html")]
struct Who {
    around: Around,
    organisation: String,
    reference: String,
    typed: Typed,
    faults: Vec<(&'static str, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    given_name: String,
    family_name: String,
    email: String,
    kind: String,
    function: String,
}

/// Shows the step that the address asks for; whoever is signed in has an account.
#[handler]
pub(super) async fn show(visitor: Visitor, asked: Query<Asked>) -> Response {
    if visitor.signed.is_some() {
        return redirect("/");
    }
    let Asked { q, organisation } = asked.0;
    let shown = match organisation {
        Some(reference) => match known(&visitor.app, &reference).await {
            Ok(Some(found)) => {
                Ok(who(&visitor, StatusCode::OK, &found, Typed::default(), Vec::new()))
            }
            Ok(None) => which(&visitor, StatusCode::UNPROCESSABLE_ENTITY, "", true).await,
            Err(error) => Err(error),
        },
        None => which(&visitor, StatusCode::OK, q.as_deref().unwrap_or_default(), false).await,
    };
    visitor.answer(shown)
}

/// Takes a request.
#[handler]
pub(super) async fn send(request: &Request, sent: Sent) -> Response {
    let visitor = &sent.visitor;
    let answer = match known(&visitor.app, sent.fields.line("organisation")).await {
        Ok(Some(found)) => take(request, &sent, &found).await,
        Ok(None) => which(visitor, StatusCode::UNPROCESSABLE_ENTITY, "", true).await,
        Err(error) => Err(error),
    };
    visitor.answer(answer)
}

async fn take(request: &Request, sent: &Sent, found: &Found) -> Result<Response> {
    let (visitor, typed) = (&sent.visitor, Typed::of(&sent.fields));
    let Some(kind) = typed.kind() else {
        let fault = ("nature", "Dites si vous êtes élu·e ou agent·e.".to_owned());
        return Ok(who(visitor, StatusCode::UNPROCESSABLE_ENTITY, found, typed, vec![fault]));
    };
    let context = request.data::<Context>().ok_or(Reason::Internal)?;
    let wanted = typed.wanted(kind, found.reference.clone());
    match ask_account(&visitor.app, context.address, wanted).await {
        Ok(()) => Ok(visitor.send_on("/connexion", SAID)),
        Err(Error::Refused(refusal)) if !refusal.faults.is_empty() => {
            let faults = refusal.faults.into_iter().map(|fault| (field_of(&fault.at), fault.fr));
            let faults = faults.collect();
            Ok(who(visitor, StatusCode::UNPROCESSABLE_ENTITY, found, typed, faults))
        }
        Err(error) => Err(error),
    }
}

/// The field of the form that a pointer of the API names.
fn field_of(pointer: &str) -> &'static str {
    match pointer {
        "/given_name" => "prenom",
        "/family_name" => "nom",
        "/email" => "adresse",
        _ => "fonction",
    }
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let line = |name: &str| fields.line(name).trim().to_owned();
        Self {
            given_name: line("prenom"),
            family_name: line("nom"),
            email: line("adresse"),
            kind: line("nature"),
            function: line("fonction"),
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    fn kind(&self) -> Option<CapacityKind> {
        match self.kind.as_str() {
            "elu" => Some(CapacityKind::Elu),
            "agent" => Some(CapacityKind::Agent),
            _ => None,
        }
    }

    fn wanted(&self, kind: CapacityKind, organisation: String) -> Wanted {
        let person = NewPerson {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            address: self.email.clone(),
            shared: false,
        };
        let function = Some(self.function.clone()).filter(|text| !text.is_empty());
        Wanted { person, organisation, kind, function }
    }
}

impl Who {
    /// What is wrong with a field, if anything.
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, said)| said.as_str())
    }
}

async fn which(visitor: &Visitor, status: StatusCode, q: &str, unknown: bool) -> Result<Response> {
    let found = organisations::search(&visitor.app, PATH, q).await?;
    let choices = Choices { unknown, ..found };
    Ok(visitor.page(status, &Which { around: visitor.around(Section::Account), choices }))
}

fn who(
    visitor: &Visitor,
    status: StatusCode,
    found: &Found,
    typed: Typed,
    faults: Vec<(&'static str, String)>,
) -> Response {
    let around = visitor.around(Section::Account);
    let (organisation, reference) = (found.row.name.clone(), found.reference.clone());
    visitor.page(status, &Who { around, organisation, reference, typed, faults })
}
