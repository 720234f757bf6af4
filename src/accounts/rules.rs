//! What one may give: never a role, a scope or an end beyond one's own.

use chrono::{DateTime, Utc};

use super::Principal;
use super::model::Role;
use super::policy::{self, Action, Target};
use super::principal::Held;
use crate::error::{Reason, Refusal, Result};

/// Whether someone may give this role over this target until then (for ever, if absent): by any of
/// their grants that gives it and lasts as long.
///
/// # Errors
/// `forbidden` or `not-found` for a target out of reach, `grant-too-wide` beyond one's own.
pub fn may_give(
    who: &Principal,
    role: Role,
    target: &Target,
    until: Option<DateTime<Utc>>,
) -> Result<()> {
    let lasts = |held: &&Held| held.valid_to.is_none_or(|end| until.is_some_and(|at| at <= end));
    if gives(who, role, target)?.iter().any(lasts) {
        return Ok(());
    }
    let refusal = Refusal::new(Reason::GrantTooWide).because(
        "La date de fin dépasse celle de votre propre droit.",
        "The end date is beyond that of your own grant.",
    );
    Err(refusal.into())
}

/// The grants by which someone gives this role over this target; one at least.
///
/// # Errors
/// As [`may_give`].
pub fn gives<'a>(who: &'a Principal, role: Role, target: &Target) -> Result<Vec<&'a Held>> {
    policy::allow(who, Action::ManageGrants, target)?;
    let fits = |held: &Role| match held {
        Role::NationalAdmin => true,
        Role::CdgAdmin => role == Role::EmployerManager,
        _ => false,
    };
    let gives = |held: &&Held| fits(&held.role) && policy::covers(held.scope, target);
    let found: Vec<_> = who.holding(Action::ManageGrants.roles()).filter(gives).collect();
    if found.is_empty() {
        let refusal = Refusal::new(Reason::GrantTooWide).because(
            "Ce rôle dépasse ceux que vous pouvez confier.",
            "This role is beyond yours to give.",
        );
        return Err(refusal.into());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use uuid::Uuid;

    use super::*;
    use crate::accounts::Scope;
    use crate::error::Error;

    const CDG: Uuid = Uuid::from_u128(35);

    fn day(day: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 12, day, 9, 0, 0).single().expect("an instant")
    }

    fn holder(grants: &[(Role, Scope, Option<DateTime<Utc>>)]) -> Principal {
        let id = Uuid::nil();
        let held = |&(role, scope, valid_to): &_| Held { id, role, scope, valid_to };
        Principal { account_id: id, person_id: id, grants: grants.iter().map(held).collect() }
    }

    fn reason(result: Result<()>) -> Option<Reason> {
        result.err().map(|error| match error {
            Error::Refused(refusal) => refusal.reason,
            error => panic!("{error}"),
        })
    }

    #[test]
    fn any_grant_that_gives_and_lasts_will_do_whichever_comes_first() {
        let ends = (Role::NationalAdmin, Scope::National, Some(day(10)));
        let endless = (Role::NationalAdmin, Scope::National, None);
        for grants in [[ends, endless], [endless, ends]] {
            let who = holder(&grants);
            assert_eq!(reason(may_give(&who, Role::Auditor, &Target::National, None)), None);
        }
        let who = holder(&[ends]);
        let give = |until| reason(may_give(&who, Role::Auditor, &Target::National, until));
        assert_eq!(give(Some(day(10))), None);
        assert_eq!(give(Some(day(11))), Some(Reason::GrantTooWide));
        assert_eq!(give(None), Some(Reason::GrantTooWide), "for ever is longer");
    }

    #[test]
    fn what_lasts_and_does_not_give_lends_nothing_to_what_gives_and_ends() {
        let who = holder(&[
            (Role::CdgAdmin, Scope::Perimeter(CDG), None),
            (Role::NationalAdmin, Scope::National, Some(day(10))),
        ]);
        let commune = Target::Organisation { id: Uuid::from_u128(1), cdgs: vec![CDG] };
        let give = |role, until| reason(may_give(&who, role, &commune, until));
        assert_eq!(give(Role::EmployerManager, None), None);
        assert_eq!(give(Role::Trainer, None), Some(Reason::GrantTooWide));
        assert_eq!(give(Role::Trainer, Some(day(9))), None);
    }

    #[test]
    fn a_cdg_makes_employer_managers_of_its_perimeter_and_nobody_else() {
        let who = holder(&[(Role::CdgAdmin, Scope::Perimeter(CDG), None)]);
        let near = Target::Organisation { id: Uuid::from_u128(1), cdgs: vec![CDG] };
        let far = Target::Organisation { id: Uuid::from_u128(2), cdgs: vec![Uuid::from_u128(33)] };
        let give = |role, target| reason(may_give(&who, role, target, None));
        assert_eq!(give(Role::EmployerManager, &near), None);
        assert_eq!(give(Role::EmployerManager, &far), Some(Reason::NotFound));
        assert_eq!(give(Role::CdgAdmin, &Target::Perimeter(CDG)), Some(Reason::GrantTooWide));
        let nobody = reason(may_give(&holder(&[]), Role::Trainer, &near, None));
        assert_eq!(nobody, Some(Reason::Forbidden));
    }
}
