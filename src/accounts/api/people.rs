//! Inviting the people of an organisation, and its roster.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use sea_orm::ActiveEnum as _;
use serde_json::json;
use uuid::Uuid;

use crate::accounts::Principal;
use crate::accounts::grants::names;
use crate::accounts::invite::{self, Post};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::Reason;
use crate::error::{Faults, Result};
use crate::http::Tag;
use crate::http::guards::{PeopleManager, RosterReader};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::journal;
use crate::people::capacity::Detail;
use crate::people::detail::Span;
use crate::people::identity::NewPerson;
use crate::people::model::CapacityKind;
use crate::people::roster;
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef};

/// People of organisations.
pub struct PeopleApi {
    /// The application.
    pub app: App,
}

shown! {
    /// In what capacity a person is known.
    pub CapacityShown of CapacityKind {
        /// Elected official.
        Elu,
        /// Agent.
        Agent,
    }
}

/// Someone to invite.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct Invitation {
    /// Given name.
    #[oai(validator(min_length = 1, max_length = 100))]
    given_name: String,
    /// Family name.
    #[oai(validator(min_length = 1, max_length = 100))]
    family_name: String,
    /// A mailbox of their own: an invitation never goes to a shared one.
    #[oai(validator(min_length = 3, max_length = 254))]
    email: String,
    /// Élu or agent.
    capacity: CapacityShown,
    /// Mandate of an élu, as the Répertoire national des élus names it: conseiller municipal, maire …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    mandate: Option<String>,
    /// Function: maire, 1er adjoint, DGS …
    #[oai(default, validator(min_length = 1, max_length = 120))]
    function: Option<String>,
    /// Category A, B or C, for an agent.
    #[oai(default, validator(min_length = 1, max_length = 1))]
    category: Option<String>,
    /// Whether an administrative manager.
    #[oai(default)]
    manager: bool,
    /// First day of the mandate or post; today if absent.
    #[oai(default)]
    since: Option<NaiveDate>,
}

impl Example for Invitation {
    fn example() -> Self {
        Self {
            given_name: "Noëlla".to_owned(),
            family_name: "Le Goff".to_owned(),
            email: "noella.legoff@mairie.example".to_owned(),
            capacity: CapacityShown::Elu,
            mandate: Some("conseillère municipale".to_owned()),
            function: Some("2e adjointe".to_owned()),
            category: None,
            manager: false,
            since: NaiveDate::from_ymd_opt(2026, 3, 22),
        }
    }
}

/// Someone invited.
#[derive(Object)]
struct Invited {
    /// The person.
    person_id: Uuid,
    /// Their account.
    account_id: Uuid,
}

/// Someone of the organisation.
#[derive(Object)]
struct RosterLine {
    /// The person.
    person_id: Uuid,
    /// Given name.
    given_name: String,
    /// Family name.
    family_name: String,
    /// `elu` or `agent`.
    capacity: String,
    /// Function.
    #[oai(skip_serializing_if_is_none)]
    function: Option<String>,
    /// `declared` or `confirmed`.
    standing: String,
}

/// The people of an organisation.
#[derive(Object)]
struct Roster {
    /// People, those recorded last first.
    items: Vec<RosterLine>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[derive(ApiResponse)]
enum InvitationSent {
    /// The invitation is on its way.
    #[oai(status = 201)]
    Created(Json<Invited>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::People")]
impl PeopleApi {
    /// Invite someone of an organisation, whose capacity is thereby confirmed
    #[oai(path = "/organisations/:ref/people", method = "post", operation_id = "invite_person")]
    async fn invite(
        &self,
        who: PeopleManager,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        body: Json<Invitation>,
    ) -> Result<InvitationSent, Problem> {
        let now = self.app.clock.now();
        let organisation = self.organisation(&who, Action::ManagePeople, &reference.0, now).await?;
        let (person, post) = body.0.checked(&organisation, now)?;
        let (tokens, by) = (&self.app.settings.tokens, who.account_id);
        let tx = self.app.db.begin_write().await?;
        let account = invite::into_organisation(&tx, &person, post, tokens, by, now).await?;
        tx.commit().await?;
        let invited = Invited { person_id: account.person_id, account_id: account.id };
        Ok(InvitationSent::Created(Json(invited)))
    }

    /// The people of an organisation, for its managers and for its CDG if they granted it their names;
    /// reading it is journalled
    #[oai(path = "/organisations/:ref/people", method = "get", operation_id = "roster")]
    async fn roster(
        &self,
        who: RosterReader,
        #[oai(name = "ref", example = "crate::http::examples::organisation")] reference: Path<
            String,
        >,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Roster>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let now = self.app.clock.now();
        let organisation = self.organisation(&who, Action::ReadRoster, &reference.0, now).await?;
        let tx = self.app.db.begin_write().await?;
        let today = now.date_naive();
        let lines = roster::of(&tx, organisation.id, today, page.limit, page.before()?).await?;
        let next = page.next(&lines, |line| line.capacity.id);
        let (by, detail) = (Some(who.account_id), json!({ "persons": lines.len() }));
        let subject = ("organisation", organisation.id);
        journal::act(&tx, by, "roster.read", subject, detail, now).await?;
        tx.commit().await?;
        Ok(Json(Roster { items: lines.into_iter().map(RosterLine::from).collect(), next }))
    }
}

impl PeopleApi {
    async fn organisation(
        &self,
        who: &Principal,
        action: Action,
        reference: &str,
        now: DateTime<Utc>,
    ) -> Result<organisation::Model> {
        let conn = self.app.db.read();
        let reference: OrgRef = reference.parse().map_err(|_| Reason::NotFound)?;
        let found = territory::by_ref(conn, &reference, now.date_naive()).await?;
        let cdgs = territory::cdgs_of(conn, found.id, now.date_naive()).await?;
        let target = match action {
            Action::ReadRoster => names::target(conn, found.id, &cdgs, now).await?,
            _ => Target::Organisation { id: found.id, cdgs },
        };
        policy::allow(who, action, &target)?;
        Ok(found)
    }
}

impl Invitation {
    fn checked(
        self,
        organisation: &organisation::Model,
        now: DateTime<Utc>,
    ) -> Result<(NewPerson, Post)> {
        let person = NewPerson {
            given_name: self.given_name,
            family_name: self.family_name,
            address: self.email,
            shared: false,
        };
        let today = now.date_naive();
        let since = self.since.unwrap_or(today);
        let mut faults = Faults::default();
        person.check(&mut faults);
        let kind = self.capacity.into();
        let Self { mandate, function, category, manager, .. } = self;
        let detail = Detail { mandate, function, category, manager, ..Detail::default() };
        let detail = detail.settled(kind, Span { since, until: None }, "", &mut faults);
        detail.check_held_in(&organisation.kind.to_value(), "", &mut faults);
        faults.check(since <= today, "/since", "date passée ou du jour", "today or earlier");
        faults.refuse()?;
        Ok((person, Post { organisation_id: organisation.id, kind, detail, since }))
    }
}

impl From<roster::Line> for RosterLine {
    fn from(line: roster::Line) -> Self {
        Self {
            person_id: line.capacity.person_id,
            given_name: line.given_name,
            family_name: line.family_name,
            capacity: line.capacity.kind.to_value(),
            function: line.capacity.function,
            standing: line.capacity.standing.to_value(),
        }
    }
}
