//! What documents say, and to whom.

use maitrise::documents::{Kind, render};

use super::subject;
use super::tools::Kept;
use crate::deeds::learn;
use crate::world::World;

/// Both documents of an élue, whose provider holds no agrément.
#[tokio::test]
async fn both_documents_of_a_completion_are_downloaded_by_their_holder_alone_and_stay_the_same() {
    let world = World::new().await;
    let elue = world.token("elue").await;
    let attested = learn(&world, &elue, "E1").await;
    let id = attested["id"].as_str().expect("an id");
    let path = |kind: &str| format!("/api/v1/attestations/{id}/document.pdf?kind={kind}");
    for (kind, name) in [
        ("attestation", "attestation-de-fin-de-formation-E1-"),
        ("certificat", "certificat-de-realisation-E1-"),
    ] {
        let elue = world.token("elue").await;
        let first = world.api.get(&path(kind)).bearer(&elue).await.expect(200);
        assert_eq!(first.header("content-type"), Some("application/pdf"));
        assert_eq!(first.header("cache-control"), Some("no-store"));
        let disposition = first.header("content-disposition").expect("a name");
        assert!(
            disposition.starts_with(&format!("attachment; filename=\"{name}")),
            "{disposition}"
        );
        world.app.clock.advance(chrono::Duration::days(400));
        let again = world.api.get(&path(kind)).bearer(&world.token("elue").await).await.expect(200);
        assert_eq!(first.bytes, again.bytes, "the same bytes, a year later");
        let kept = Kept::new(&first.bytes);
        assert!(kept.is_sound());
        let text = kept.text();
        let code = attested["code"].as_str().expect("a code");
        let url = format!("/verifier/{code}");
        for said in ["ne compte pas comme formation agréée", "entièrement à distance", &url] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("conforme") && !text.contains("art. 4"), "{text}");
        assert_eq!(text.contains("Résultats de l’évaluation"), kind == "attestation", "{text}");
    }
    let default = format!("/api/v1/attestations/{id}/document.pdf");
    let elue = world.token("elue").await;
    let plain = world.api.get(&default).bearer(&elue).await.expect(200);
    let named = world.api.get(&path("attestation")).bearer(&elue).await.expect(200);
    assert_eq!(plain.bytes, named.bytes);
    let other = world.token("formatrice").await;
    assert_eq!(
        world.api.get(&default).bearer(&other).await.expect(404).problem_code(),
        "not-found"
    );
    world.api.get(&path("diplome")).bearer(&elue).await.expect(422);
}

#[test]
fn names_of_every_kind_are_written_whole_and_never_leave_the_page() {
    let long =
        "Anne-Charlotte-Maximilienne-Élisabeth de Montmorency-Beaumont-Luxembourg-Sainte-Aldegonde";
    let unbroken = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft";
    for name in
        ["Françoise L’Hœst", "D'Artagnan O'Brien", "Māhealani Teʻura Tetuanuiʻōrau", long, unbroken]
    {
        let mut named = subject();
        named.holder = name.to_owned();
        for kind in Kind::ALL {
            let kept = Kept::new(&render(kind, &named, None).expect("a document"));
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            assert!(squeezed(&kept.text()).contains(&squeezed(name)), "{name}: {}", kept.text());
            assert!(kept.right_edge() < 540.0, "{name}: {}", kept.right_edge());
        }
    }
}

#[test]
fn what_the_law_and_its_practice_want_on_each_is_there() {
    let both = [
        "Françoise L’Hœst",
        "« Comprendre l’IA pour décider »",
        "Collectivité",
        "Saint-Barthélemy-d’Anjou",
        "Du 3 février 2026 au 5 février 2026",
        "1 heure 30 minutes",
        "SIRET 123 456 789 00012",
        "n° 11 75 12345 67",
        "extrait du module",
        "https://formation.example/verifier/7K3M9P2QX4W8RT6A5BC7DEF1G2",
    ];
    for kind in Kind::ALL {
        let text = Kept::new(&render(kind, &subject(), None).expect("a document")).text();
        for said in both.iter().chain([&kind.title()]) {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}
