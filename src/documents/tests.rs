//! How documents are made, without a database. What their files say and how they are formed is asked
//! of other programs in `tests/it/documents/`.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::compose::{Block, compose};
use super::model::{Attachment, Capacity, Kind, Outcome, Provider, Relation, Subject, Training};
use super::render;
use crate::sessions::attended::AttendedHalfDay;
use crate::sessions::model::{Half, Modality};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn subject() -> Subject {
    let address = "https://formation.example/verifier/7K3M9P2QX4W8RT6A5BC7DEF1G2";
    Subject {
        code: "7K3M9P2QX4W8RT6A5BC7DEF1G2".to_owned(),
        verification_url: address.to_owned(),
        qr: address.to_owned(),
        holder: "Françoise L’Hœst-Müller".to_owned(),
        capacity: Some(Capacity {
            elu: true,
            confirmed: true,
            organisation: Some("Saint-Barthélemy-d'Anjou".to_owned()),
        }),
        provider: Provider {
            name: "Association des maires de l'Exemple".to_owned(),
            legal_name: Some("AM 00".to_owned()),
            address: vec!["1 place de la Mairie".to_owned(), "00000 Exemple".to_owned()],
            siret: Some("12345678900012".to_owned()),
            activity_number: Some("11751234567".to_owned()),
            agrement: None,
            logo: None,
        },
        training: Training {
            module: "E1".to_owned(),
            title: "Comprendre l'IA pour décider".to_owned(),
            version: 2,
            extract: false,
            minutes: 45,
            objectives: vec!["Situer l'IA parmi les outils.".to_owned(); 4],
        },
        began_on: day("2026-02-03"),
        ended_on: day("2026-02-05"),
        completed_at: "2026-02-05T09:30:00Z".parse().expect("an instant"),
        issued_on: day("2026-02-05"),
        result: Some(Outcome { percent: 92, pass_mark_percent: 80 }),
        attended: Vec::new(),
    }
}

fn written(kind: Kind, subject: &Subject) -> String {
    format!("{:?}", compose(kind, subject)).replace("\\u{a0}", " ").replace("\\u{202f}", " ")
}

/// Pages of a file: their objects are not compressed.
fn pages(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    text.matches("/Type/Page").count() - text.matches("/Type/Pages").count()
}

#[test]
fn the_same_subject_gives_the_same_bytes_and_another_gives_others() {
    for kind in Kind::ALL {
        let once = render(kind, &subject(), None).expect("a document");
        assert!(once.starts_with(b"%PDF-1.7"));
        assert_eq!(once, render(kind, &subject(), None).expect("a document"));
        let other = Subject { holder: "Autre".to_owned(), ..subject() };
        assert_ne!(once, render(kind, &other, None).expect("a document"));
    }
}

#[test]
fn an_elu_is_told_when_the_training_is_not_agreee_and_nobody_else_is() {
    let without = "ne compte pas comme formation agréée au sens de l’article L. 1221-3";
    let elu = subject();
    let mut agreed = subject();
    agreed.provider.agrement = Some("2026-044".to_owned());
    let mut agent = subject();
    agent.capacity = agent.capacity.map(|held| Capacity { elu: false, ..held });
    for kind in Kind::ALL {
        assert!(written(kind, &elu).contains(without));
        assert!(!written(kind, &agreed).contains("ne compte pas"));
        assert!(written(kind, &agreed).contains("n° 2026-044"));
        assert!(!written(kind, &agent).contains("agréée"));
        assert!(written(kind, &agent).contains("Employeur"));
    }
}

#[test]
fn each_document_says_what_it_is_for_and_not_what_the_other_is() {
    let (attests, certifies) =
        (written(Kind::Attestation, &subject()), written(Kind::Certificat, &subject()));
    for said in ["Situer l’IA", "92 % de réussite", "seuil fixé à 80 %", "objectifs atteints"]
    {
        assert!(attests.contains(said), "{said}");
        assert!(!certifies.contains(said), "{said}");
    }
    for said in ["Du 3 février 2026 au 5 février 2026", "45 minutes", "SIRET 123 456 789 00012"] {
        assert!(attests.contains(said) && certifies.contains(said), "{said}");
    }
    let failed =
        Subject { result: Some(Outcome { percent: 79, pass_mark_percent: 80 }), ..subject() };
    assert!(written(Kind::Attestation, &failed).contains("objectifs non atteints"));
    let ungraded = Subject { result: None, ..subject() };
    assert!(written(Kind::Attestation, &ungraded).contains("ne comporte pas d’évaluation"));
    let mut declared = subject();
    declared.capacity = declared.capacity.map(|held| Capacity { confirmed: false, ..held });
    assert!(written(Kind::Certificat, &declared).contains("non confirmée"));
}

#[test]
fn what_was_attended_is_said_by_half_day_and_only_then() {
    let remote = written(Kind::Certificat, &subject());
    assert!(remote.contains("suivie entièrement à distance") && !remote.contains("Présence"));
    let half = |half, modality, minutes| AttendedHalfDay {
        day: day("2026-02-04"),
        half,
        modality,
        minutes,
    };
    let mut present = subject();
    present.attended = vec![
        half(Half::Morning, Modality::OnSite, 180),
        half(Half::Afternoon, Modality::OnSite, 150),
    ];
    for kind in Kind::ALL {
        let text = written(kind, &present);
        for said in [
            "pour partie à distance, pour partie en salle",
            "Le 4 février 2026, matin : 3 heures ; après-midi : 2 heures 30 minutes",
            "5 heures 30 minutes de présence relevées",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains("entièrement"));
    }
    present.attended = vec![half(Half::Morning, Modality::Video, 60)];
    assert!(written(Kind::Certificat, &present).contains("dont une session par visioconférence"));
    present.attended.push(half(Half::Afternoon, Modality::Mixed, 60));
    assert!(written(Kind::Certificat, &present).contains("en salle ou par visioconférence"));
    let file = render(Kind::Certificat, &present, None).expect("a document");
    assert_eq!(file, render(Kind::Certificat, &present, None).expect("the same"));
}

/// The AI regulation asks for measures, not for certificates.
#[test]
fn no_document_claims_conformity_with_article_4() {
    for kind in Kind::ALL {
        let text = written(kind, &subject()).to_lowercase();
        assert!(
            !text.contains("conforme") && !text.contains("article 4") && !text.contains("art. 4")
        );
    }
}

#[test]
fn what_is_long_goes_on_overleaf_and_what_is_not_stays_on_one_page() {
    for kind in Kind::ALL {
        assert_eq!(pages(&render(kind, &subject(), None).expect("a document")), 1);
    }
    let mut long = subject();
    let objective = "Reconnaître les obligations de transparence qui pèsent sur la collectivité. ";
    long.training.objectives = vec![objective.repeat(6); 8];
    assert_eq!(pages(&render(Kind::Attestation, &long, None).expect("a document")), 2);
}

#[test]
fn a_file_may_be_attached_and_a_logo_that_is_none_is_left_out() {
    let attachment = Attachment {
        name: "attestation.json".to_owned(),
        media_type: "application/json".to_owned(),
        description: "La même attestation, signée".to_owned(),
        relation: Relation::Alternative,
        bytes: br#"{"a":1}"#.to_vec(),
    };
    let whole = render(Kind::Attestation, &subject(), Some(&attachment)).expect("a document");
    assert!(String::from_utf8_lossy(&whole).contains("/AFRelationship/Alternative"));
    let plain = render(Kind::Attestation, &subject(), None).expect("a document");
    for logo in [b"GIF89a".to_vec(), b"\x89PNG\r\n\x1a\ncut".to_vec(), Vec::new()] {
        let mut with = subject();
        with.provider.logo = Some(logo);
        assert_eq!(render(Kind::Attestation, &with, None).expect("a document"), plain);
    }
}

#[test]
fn an_address_with_a_signature_in_its_fragment_fits_in_the_code() {
    let mut with = subject();
    with.qr = format!("{}#{}", with.verification_url, "x".repeat(400));
    let file = render(Kind::Attestation, &with, None).expect("a document");
    assert_eq!(pages(&file), 1);
    let holds = |block: &Block| matches!(block, Block::Verification { qr, .. } if *qr == with.qr);
    assert!(compose(Kind::Attestation, &with).iter().any(holds));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Whatever people are called and modules say, a document is made, and is what it says it is:
    /// the writer refuses a glyph that is missing.
    #[test]
    fn whatever_is_written_a_document_is_made(holder in "\\PC{1,200}", title in "\\PC{1,150}") {
        let mut any = subject();
        any.training.title = title;
        any.holder = holder;
        prop_assert!(render(Kind::Attestation, &any, None).is_ok());
    }
}
