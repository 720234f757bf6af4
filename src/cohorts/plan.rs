//! What becomes of each row, decided before anything is held: by where the person stands, what the
//! module or the path asks first, and what an élu has answered before.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ActiveEnum as _, ConnectionTrait};
use uuid::Uuid;

use super::invitations::{self, Asked};
use super::model::{OnBehalf, enrolment_invitation};
use super::rows::{Named, Terms};
use super::who::{Found, whom};
use crate::catalogue::paths::{self as published, PathEdition};
use crate::catalogue::{self, Edition, Shelf};
use crate::content::{ModuleCode, Prerequisite, PrerequisiteKind};
use crate::enrolments::many::{self, Begun};
use crate::enrolments::{Application, Learner, Wish, paths};
use crate::error::{Reason, Result};
use crate::people::model::{CapacityKind, capacity};
use crate::records;
use crate::records::told::EnrolledFor;
use crate::territory::model::organisation;

/// What people are enrolled in, as published now.
#[derive(Clone, Debug)]
pub enum Course {
    /// A module.
    Module(Arc<Edition>),
    /// A path.
    Path(Arc<PathEdition>),
}

impl Course {
    /// The module or the path that terms name.
    ///
    /// # Errors
    /// `not-found`, `module-retired`.
    pub async fn of(shelf: &Shelf, conn: &impl ConnectionTrait, terms: &Terms) -> Result<Self> {
        let code = terms.module.as_ref().or(terms.path.as_ref()).ok_or(Reason::NotFound)?;
        let code = ModuleCode::parse(code).map_err(|_| Reason::NotFound)?;
        if terms.module.is_none() {
            return Ok(Self::Path(published::find::current(shelf, conn, &code).await?));
        }
        match catalogue::find::last_by_code(shelf, conn, &code).await? {
            (_, true) => Err(Reason::ModuleRetired.into()),
            (edition, false) => Ok(Self::Module(edition)),
        }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        match self {
            Self::Module(edition) => &edition.version.title,
            Self::Path(edition) => &edition.version.title,
        }
    }

    /// The module, or the path.
    pub(super) fn ids(&self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Module(edition) => (Some(edition.module.id), None),
            Self::Path(edition) => (None, Some(edition.path.id)),
        }
    }

    fn required(&self) -> Vec<&Prerequisite> {
        let all = match self {
            Self::Module(edition) => &edition.content.manifest.prerequisites,
            Self::Path(edition) => &edition.content.prerequisites,
        };
        all.iter().filter(|p| p.kind == PrerequisiteKind::Required).collect()
    }

    async fn begun(
        &self,
        conn: &impl ConnectionTrait,
        people: &[Uuid],
        now: DateTime<Utc>,
    ) -> Result<HashMap<Uuid, Begun>> {
        match self {
            Self::Module(edition) => many::begun(conn, edition, people, now).await,
            Self::Path(edition) => paths::many::begun(conn, edition.path.id, people).await,
        }
    }
}

/// Who enrols whom in what.
#[derive(Clone, Debug)]
pub struct Order {
    /// The organisation whose people they are.
    pub organisation: organisation::Model,
    /// The account that asks.
    pub asked_by: Uuid,
    /// On whose behalf.
    pub by: OnBehalf,
    /// What holds for every row.
    pub terms: Terms,
    /// In what.
    pub course: Course,
}

impl Order {
    pub(super) fn learner(&self, person_id: Uuid) -> Learner {
        let enrolled_for = EnrolledFor {
            by: self.by.to_value(),
            organisation_id: self.organisation.id,
            invitation_id: None,
        };
        Learner { person_id, by: self.asked_by, enrolled_for: Some(enrolled_for) }
    }

    fn zone(&self) -> Result<Tz> {
        Ok(self.organisation.time_zone.parse().map_err(|_| Reason::Internal)?)
    }
}

/// What is to be done for a row.
#[derive(Clone, Debug)]
pub enum Act {
    /// Nothing: its outcome, what is particular to it, what it is about.
    Nothing(&'static str, Option<String>, Option<Uuid>),
    /// An enrolment in a module never begun before.
    First(Box<Application>),
    /// An enrolment in a module that was left, or is owed again.
    Again(Box<Application>),
    /// An enrolment in a path.
    Follow(Box<paths::Application>),
    /// An invitation.
    Invite(Box<enrolment_invitation::Model>),
}

impl Act {
    /// The outcome that is expected of it.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Nothing(outcome, ..) => outcome,
            Self::First(_) | Self::Again(_) | Self::Follow(_) => "enrolled",
            Self::Invite(_) => "invited",
        }
    }
}

/// A row and what is to be done for it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its number.
    pub number: i32,
    /// The person whom it names.
    pub person_id: Option<Uuid>,
    /// What is to be done.
    pub act: Act,
}

/// What is known of the people of some rows.
struct Known {
    begun: HashMap<Uuid, Begun>,
    completed: HashMap<Uuid, BTreeSet<String>>,
    asked: HashMap<Uuid, Asked>,
}

/// What is to be done for some rows; `before` are the people whom earlier rows of the order named, with
/// the first row of each.
///
/// # Errors
/// When the database fails.
pub async fn plan(
    conn: &impl ConnectionTrait,
    order: &Order,
    rows: &[(i32, Named)],
    before: &mut HashMap<Uuid, i32>,
    now: DateTime<Utc>,
) -> Result<Vec<Planned>> {
    let found = whom(conn, order.organisation.id, rows, now.date_naive()).await?;
    let people: BTreeSet<Uuid> = found
        .iter()
        .filter_map(|found| match found {
            Found::One(capacity) => Some(capacity.person_id),
            _ => None,
        })
        .collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let known = known(conn, order, &people, now).await?;
    let mut plan = Vec::with_capacity(rows.len());
    for ((number, _), found) in rows.iter().zip(found) {
        let (person_id, act) = match found {
            Found::Nobody => (None, Act::Nothing("unknown_person", None, None)),
            Found::Several => (None, Act::Nothing("ambiguous", None, None)),
            Found::CalledOtherwise => (None, Act::Nothing("name_differs", None, None)),
            Found::One(capacity) => {
                let first = *before.entry(capacity.person_id).or_insert(*number);
                (
                    Some(capacity.person_id),
                    match first == *number {
                        true => act(order, *capacity, &known, now)?,
                        false => Act::Nothing("duplicate", Some(format!("row {first}")), None),
                    },
                )
            }
        };
        plan.push(Planned { number: *number, person_id, act });
    }
    Ok(plan)
}

async fn known(
    conn: &impl ConnectionTrait,
    order: &Order,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Known> {
    let begun = order.course.begun(conn, people, now).await?;
    let completed = match order.course.required().is_empty() {
        true => HashMap::new(),
        false => records::read::completed_codes(conn, people).await?,
    };
    let asked =
        invitations::asked(conn, order.course.ids(), order.organisation.id, people, now).await?;
    Ok(Known { begun, completed, asked })
}

fn act(order: &Order, capacity: capacity::Model, known: &Known, now: DateTime<Utc>) -> Result<Act> {
    let person = capacity.person_id;
    let begun = known.begun.get(&person);
    match begun {
        Some(Begun::Follows(id)) => return Ok(Act::Nothing("already", None, Some(*id))),
        Some(Begun::Completed(id)) => return Ok(Act::Nothing("completed", None, Some(*id))),
        Some(Begun::MayAgain) | None => {}
    }
    if let Some(missing) = missing(order, known.completed.get(&person)) {
        return Ok(Act::Nothing("prerequisite_missing", Some(missing), None));
    }
    if capacity.kind == CapacityKind::Elu {
        return Ok(invited(order, person, known.asked.get(&person), now));
    }
    let (learner, zone) = (order.learner(person), order.zone()?);
    Ok(match &order.course {
        Course::Path(edition) => {
            Act::Follow(Box::new(paths::Application::new(learner, edition, capacity, now)))
        }
        Course::Module(edition) => {
            let wish = Wish { due_on: order.terms.due_on, through: None };
            let under = (capacity, zone);
            let application = Box::new(Application::new(learner, edition, under, wish, now));
            if begun.is_some() { Act::Again(application) } else { Act::First(application) }
        }
    })
}

/// An élu is asked, unless they were and have not answered, or have lately declined.
fn invited(order: &Order, person: Uuid, asked: Option<&Asked>, now: DateTime<Utc>) -> Act {
    match asked {
        Some(Asked::Waits(id)) => Act::Nothing("already_invited", None, Some(*id)),
        Some(Asked::Declined(id)) => Act::Nothing("declined", None, Some(*id)),
        Some(Asked::Before(times)) => {
            Act::Invite(Box::new(invitations::new(order, person, *times, now)))
        }
        None => Act::Invite(Box::new(invitations::new(order, person, 0, now))),
    }
}

/// The codes of what is to be completed first, alternatives apart by `|`; none when nothing is.
fn missing(order: &Order, completed: Option<&BTreeSet<String>>) -> Option<String> {
    let is_done =
        |code: &ModuleCode| completed.is_some_and(|completed| completed.contains(code.as_str()));
    let required = order.course.required();
    let lacking = required.into_iter().filter(|p| !p.is_met(is_done)).map(|p| {
        let codes: Vec<&str> = p.any_of.iter().map(ModuleCode::as_str).collect();
        codes.join("|")
    });
    let lacking: Vec<String> = lacking.collect();
    (!lacking.is_empty()).then(|| lacking.join(","))
}
