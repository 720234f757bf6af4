//! The one policy function: who may do what, over what.
//!
//! A role that may not is told so (403). A role that may, but not there, is told that it does not
//! exist (404): what is not yours is not yours to know about.

use super::model::Role;
pub use super::target::Target;
use super::{Principal, Scope};
use crate::error::{Reason, Result};

/// What can be asked for. Each names the roles that may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Learn, and see what is one's own.
    Learn,
    /// Write a draft.
    WriteDraft,
    /// Read a draft.
    ReadDraft,
    /// Review a draft.
    ReviewDraft,
    /// Ask somebody of another provider to review a draft, or no longer.
    AskReview,
    /// Publish a reviewed draft.
    Publish,
    /// Say who is a provider, under which regimes, with which agréments.
    ManageProviders,
    /// Say how a provider is reached, with which logo; see who works for it.
    KeepProvider,
    /// Read legal references and who cites them.
    ReadReferences,
    /// Record what a legal reference says.
    RecordReferences,
    /// Read what learners report and ask, and what they thought of a module.
    ReadFeedback,
    /// Answer learners, and decide on what they report.
    AnswerFeedback,
    /// Read, answer and close complaints: a provider's, or the platform's.
    HandleComplaints,
    /// Arrange attempts for one learner: more time, more of them.
    Accommodate,
    /// Plan sessions, see who registered, record who was there.
    KeepSessions,
    /// Annul what was recorded wrongly.
    CorrectFacts,
    /// Revoke an attestation, and reinstate it.
    RevokeAttestations,
    /// Recognise what learners had learnt before.
    Recognise,
    /// Read what stands behind somebody else's attestation.
    ReadEvidence,
    /// Take what stands behind the attestations of an organisation, names included.
    ExportEvidence,
    /// Read counts of a perimeter.
    ReadStatistics,
    /// Read reminder rules and the ledger's counts.
    ReadReminders,
    /// Change reminder rules.
    EditReminderRules,
    /// Say what is required of whom.
    ManageRequirements,
    /// Exempt people of an organisation from what they owe.
    ExemptPeople,
    /// Read why somebody else owes something.
    ExplainObligations,
    /// Invite people into an organisation.
    ManagePeople,
    /// Read the names of an organisation's people.
    ReadRoster,
    /// Enrol many people of an organisation at once.
    EnrolPeople,
    /// Let a CDG read the names of an organisation's people.
    GrantNames,
    /// Say what the people of an organisation are, and decide on what they say they are.
    KeepCapacities,
    /// Give and revoke grants.
    ManageGrants,
    /// Read the journal.
    ReadJournal,
    /// Read the depth of queues, without bodies.
    ReadQueues,
}

impl Action {
    /// The roles that may, somewhere. Empty: anyone signed in.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Action::Learn => &[],
            Action::WriteDraft => &[Role::Trainer],
            Action::ReadDraft => &[Role::Trainer, Role::Reviewer, Role::Publisher, Role::Auditor],
            Action::ReviewDraft => &[Role::Reviewer],
            Action::AskReview => &[Role::Trainer, Role::Publisher],
            Action::Publish => &[Role::Publisher],
            Action::ManageProviders => &[Role::NationalAdmin],
            Action::KeepProvider => &[Role::Publisher, Role::NationalAdmin],
            Action::ReadReferences => &[
                Role::Trainer,
                Role::Reviewer,
                Role::Publisher,
                Role::Auditor,
                Role::NationalAdmin,
            ],
            // The law is everyone's: what one reviewer reads in it, all who cite it must hear.
            Action::RecordReferences => &[Role::Reviewer, Role::NationalAdmin],
            Action::ReadFeedback => &[Role::Trainer, Role::Reviewer, Role::Publisher],
            Action::AnswerFeedback => &[Role::Trainer],
            Action::KeepSessions => &[Role::Trainer, Role::Publisher],
            Action::Accommodate => &[Role::Trainer, Role::Publisher, Role::NationalAdmin],
            Action::HandleComplaints => &[Role::Publisher, Role::NationalAdmin],
            Action::ReadStatistics | Action::ReadReminders => {
                &[Role::CdgAdmin, Role::NationalAdmin]
            }
            // They answer for what their modules teach, and have read the document.
            Action::Recognise => &[Role::Publisher],
            Action::ReadEvidence => &[Role::Auditor, Role::Publisher],
            Action::ExportEvidence => &[Role::Auditor, Role::EmployerManager],
            Action::CorrectFacts => &[Role::NationalAdmin],
            Action::RevokeAttestations => &[Role::Publisher, Role::NationalAdmin],
            Action::EditReminderRules => &[Role::NationalAdmin],
            Action::ManageRequirements => &[Role::NationalAdmin],
            Action::ExemptPeople => &[Role::EmployerManager],
            Action::ExplainObligations => &[Role::EmployerManager, Role::Auditor],
            Action::ManagePeople => &[Role::EmployerManager, Role::NationalAdmin],
            Action::ReadRoster | Action::EnrolPeople => &[Role::EmployerManager, Role::CdgAdmin],
            Action::KeepCapacities | Action::GrantNames => &[Role::EmployerManager],
            Action::ManageGrants => &[Role::CdgAdmin, Role::NationalAdmin],
            Action::ReadJournal => &[Role::Auditor],
            Action::ReadQueues => &[Role::Operator],
        }
    }
}

/// Decides whether `who` may do `action` over `target`.
///
/// # Errors
/// `forbidden` when no role in force may, `not-found` when one may but its scope does not extend there.
pub fn allow(who: &Principal, action: Action, target: &Target) -> Result<()> {
    let roles = action.roles();
    if roles.is_empty() {
        return Ok(());
    }
    if who.holding(roles).next().is_none() {
        return Err(Reason::Forbidden.into());
    }
    let reaches = |scope| covers(scope, target) && !lacks_names(scope, action, target);
    if who.holding(roles).any(|held| reaches(held.scope)) || is_lent(who, action, target) {
        return Ok(());
    }
    Err(Reason::NotFound.into())
}

/// Whether somebody who reviews at a provider was asked to read or review this draft of another.
fn is_lent(who: &Principal, action: Action, target: &Target) -> bool {
    matches!(target, Target::LentDraft(_))
        && matches!(action, Action::ReadDraft | Action::ReviewDraft)
        && who.holding(&[Role::Reviewer]).next().is_some()
}

/// Whether names are wanted of an organisation that is not known to have granted them: being of the
/// perimeter is not enough for whoever is not of the organisation.
fn lacks_names(scope: Scope, action: Action, target: &Target) -> bool {
    matches!(action, Action::ReadRoster | Action::EnrolPeople)
        && matches!(scope, Scope::Perimeter(_))
        && !matches!(target, Target::Names { .. } | Target::Anywhere)
}

/// Whether a scope extends over a target.
pub fn covers(scope: Scope, target: &Target) -> bool {
    match (scope, target) {
        (_, Target::Anywhere) => true,
        (Scope::Machine, Target::Machine) => true,
        (Scope::Machine, _) | (_, Target::Machine) => false,
        (Scope::National, _) => true,
        (Scope::Provider(mine), Target::Provider(id) | Target::LentDraft(id)) => mine == *id,
        (Scope::Organisation(mine), Target::Organisation { id, .. } | Target::Names { id, .. }) => {
            mine == *id
        }
        (
            Scope::Perimeter(mine),
            Target::Organisation { cdgs, .. } | Target::Names { cdgs, .. },
        ) => cdgs.contains(&mine),
        (Scope::Perimeter(mine), Target::Perimeter(id)) => mine == *id,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Held;
    use crate::error::Error;
    use uuid::Uuid;

    fn someone(role: Role, scope: Scope) -> Principal {
        let id = Uuid::nil();
        let grants = vec![Held { id, role, scope, valid_to: None }];
        Principal { account_id: id, person_id: id, grants }
    }

    fn reason(result: Result<()>) -> Option<Reason> {
        match result {
            Err(Error::Refused(refusal)) => Some(refusal.reason),
            _ => None,
        }
    }

    #[test]
    fn a_cdg_administrator_sees_their_perimeter_and_no_other() {
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let who = someone(Role::CdgAdmin, Scope::Perimeter(mine));
        assert!(allow(&who, Action::ReadStatistics, &Target::Perimeter(mine)).is_ok());
        let refused = allow(&who, Action::ReadStatistics, &Target::Perimeter(other));
        assert_eq!(reason(refused), Some(Reason::NotFound));
        let refused = allow(&who, Action::ReadStatistics, &Target::National);
        assert_eq!(reason(refused), Some(Reason::NotFound));
    }

    #[test]
    fn a_cdg_reads_names_where_they_were_granted_to_it_and_nowhere_else() {
        let (id, mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let who = someone(Role::CdgAdmin, Scope::Perimeter(mine));
        let manager = someone(Role::EmployerManager, Scope::Organisation(id));
        for action in [Action::ReadRoster, Action::EnrolPeople] {
            assert!(allow(&who, action, &Target::Names { id, cdgs: vec![mine] }).is_ok());
            for refused in [
                Target::Names { id, cdgs: vec![other] },
                Target::Names { id, cdgs: Vec::new() },
                Target::Organisation { id, cdgs: vec![mine] },
                Target::Perimeter(mine),
            ] {
                let refused = allow(&who, action, &refused);
                assert_eq!(reason(refused), Some(Reason::NotFound));
            }
            assert!(allow(&manager, action, &Target::Names { id, cdgs: Vec::new() }).is_ok());
        }
        let refused = allow(&who, Action::GrantNames, &Target::Names { id, cdgs: vec![mine] });
        assert_eq!(reason(refused), Some(Reason::Forbidden));
    }

    #[test]
    fn a_role_that_may_not_is_told_so() {
        let who = someone(Role::Trainer, Scope::Provider(Uuid::nil()));
        let refused = allow(&who, Action::ReadStatistics, &Target::National);
        assert_eq!(reason(refused), Some(Reason::Forbidden));
    }

    #[test]
    fn a_draft_that_is_lent_is_read_and_reviewed_by_a_reviewer_and_nothing_more() {
        let (mine, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let lent = Target::LentDraft(theirs);
        let reviewer = someone(Role::Reviewer, Scope::Provider(mine));
        for action in [Action::ReadDraft, Action::ReviewDraft] {
            assert!(allow(&reviewer, action, &lent).is_ok());
            let other = allow(&reviewer, action, &Target::Provider(theirs));
            assert_eq!(reason(other), Some(Reason::NotFound));
        }
        let trainer = someone(Role::Trainer, Scope::Provider(mine));
        assert_eq!(reason(allow(&trainer, Action::ReadDraft, &lent)), Some(Reason::NotFound));
        let trainer = allow(&trainer, Action::WriteDraft, &lent);
        assert_eq!(reason(trainer), Some(Reason::NotFound));
        let publisher = someone(Role::Publisher, Scope::Provider(mine));
        assert_eq!(reason(allow(&publisher, Action::Publish, &lent)), Some(Reason::NotFound));
    }

    #[test]
    fn an_operator_never_reaches_beyond_the_machine_nor_the_nation_the_machine() {
        assert!(!covers(Scope::Machine, &Target::National));
        assert!(!covers(Scope::National, &Target::Machine));
    }
}
