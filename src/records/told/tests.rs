//! What facts say, held in a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use serde_json::json;

use super::*;

fn one_of_each() -> Vec<Told> {
    let id = Uuid::from_u128(7);
    let day = NaiveDate::default();
    let enrolled = Enrolled {
        audience: "elu".to_owned(),
        manager: false,
        standing: "confirmed".to_owned(),
        capacity_id: id,
        module: "E1".to_owned(),
        version: 1,
        tree_digest: "d".to_owned(),
        due_on: Some(day),
        path_enrolment_id: Some(id),
        enrolled_for: Some(EnrolledFor {
            by: "employer".to_owned(),
            organisation_id: id,
            invitation_id: Some(id),
        }),
    };
    let graded = Graded {
        attempt_id: id,
        number: 1,
        seed: i64::MIN.to_string(),
        started_at: DateTime::default(),
        points: 5,
        out_of: 6,
        hundredths: 550,
        percent: 83,
        passed: true,
        pass_mark_percent: 80,
        answers: BTreeMap::from([("01-q".to_owned(), vec!["a".to_owned()])]),
        timed_out_at: None,
        keys: None,
    };
    let regraded = Regraded {
        graded: Graded { keys: Some(1), ..graded.clone() },
        regrade_id: id,
        was: WasGraded { fact_id: id, hundredths: 450, percent: 75, passed: false },
    };
    let completed = Completed {
        module: "E1".to_owned(),
        title: "Titre".to_owned(),
        version: 1,
        tree_digest: "d".to_owned(),
        status: "complete".to_owned(),
        legal_review: "none".to_owned(),
        verified_on: day,
        references: json!([{ "id": "r" }]),
        provider_id: id,
        duration_minutes: 20,
        pass_mark_percent: 80,
        percent: Some(83),
        attempts: 1,
        lessons: BTreeSet::from(["01-a".to_owned()]),
        capacity: Some(HeldCapacity {
            id,
            kind: "agent".to_owned(),
            standing: "declared".to_owned(),
            mandate: None,
            category: Some("A".to_owned()),
            organisation: None,
        }),
        holder: "h".to_owned(),
        spent_minutes: None,
        provider: None,
        time_zone: None,
    };
    let known_then = completed_then(completed.clone());
    let revoked = Revoked { attestation_id: id, reason: "error", of_fact_id: id };
    vec![
        Told::Enrolled(enrolled),
        Told::Withdrawn { reason: "other" },
        Told::LessonDone { lesson: "01-a".to_owned(), carried_from: None },
        Told::AttemptSubmitted(graded),
        Told::Completed(Box::new(completed)),
        Told::AttestationIssued { attestation_id: id, completion_fact_id: id },
        Told::PathEnrolled(PathEnrolled {
            audience: "elu".to_owned(),
            manager: false,
            standing: "confirmed".to_owned(),
            capacity_id: id,
            path: "ELUS".to_owned(),
            version: 1,
            digest: "d".to_owned(),
            enrolled_for: None,
        }),
        Told::PathWithdrawn { reason: "other" },
        Told::PathCompleted(Box::new(path_completed(id))),
        Told::Moved(Moved {
            reason: "moved",
            to_enrolment_id: id,
            to_version: 2,
            change: "legal".to_owned(),
        }),
        Told::LessonDone { lesson: "01-a".to_owned(), carried_from: Some(id) },
        Told::Annulled(Annulled { fact_id: id, reason: "fraud", document: Some("d".to_owned()) }),
        Told::AttestationRevoked(revoked.clone()),
        Told::AttestationReinstated(revoked),
        Told::Completed(Box::new(known_then)),
        Told::AttemptRegraded(Box::new(regraded)),
        Told::Recognised(Box::new(recognised(id, day))),
        Told::Attended(Box::new(attended(id))),
    ]
}

/// The same with what later versions of the program keep of that day.
fn completed_then(mut completed: Completed) -> Completed {
    let held = completed.capacity.as_mut().expect("a capacity");
    held.organisation = Some("Beaucé".to_owned());
    completed.time_zone = Some("Europe/Paris".to_owned());
    completed.provider = Some(ProviderThen {
        name: "Association".to_owned(),
        legal_name: Some("A".to_owned()),
        address: vec!["1 place".to_owned()],
        siret: Some("12345678900012".to_owned()),
        activity_number: None,
        agrement: Some("2026-044".to_owned()),
        logo: Some("d".to_owned()),
    });
    completed
}

fn recognised(id: Uuid, day: NaiveDate) -> Recognised {
    Recognised {
        module: "E1".to_owned(),
        title: "Titre".to_owned(),
        version: 1,
        tree_digest: "d".to_owned(),
        provider_id: id,
        duration_minutes: 20,
        basis: "diploma",
        acquired_on: day,
        document: "d".to_owned(),
        capacity: None,
    }
}

fn attended(id: Uuid) -> Attended {
    Attended {
        session_id: id,
        half_day_id: id,
        number: 1,
        title: "Titre".to_owned(),
        provider_id: id,
        modality: "on_site".to_owned(),
        day: NaiveDate::default(),
        half: "morning".to_owned(),
        starts_at: DateTime::default(),
        ends_at: DateTime::default(),
        minutes: 170,
        out_of_minutes: 180,
    }
}

fn path_completed(id: Uuid) -> PathCompleted {
    PathCompleted {
        path: "ELUS".to_owned(),
        title: "Titre".to_owned(),
        version: 1,
        digest: "d".to_owned(),
        provider_id: id,
        minutes: 20,
        modules: vec![PathModule {
            module: "E1".to_owned(),
            version: 2,
            minutes: 20,
            optional: false,
            completed_at: DateTime::default(),
            completion_fact_id: id,
        }],
        capacity_id: id,
    }
}

/// A promise of ten years: a change of this snapshot is a change of what was told.
#[test]
fn what_facts_say_and_the_keys_under_which_they_say_it_stay_as_they_are() {
    let shown = one_of_each().into_iter().map(|told| {
        json!({
            "kind": format!("{:?}", told.kind()),
            "key": told.natural_key(Uuid::from_u128(1)),
            "payload": told.payload(),
        })
    });
    insta::assert_json_snapshot!(shown.collect::<Vec<_>>());
}
