//! The checklist, line by line.

use super::*;

#[tokio::test]
async fn a_required_prerequisite_is_satisfiable_once_one_of_its_modules_is_published() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let asked = "[[prerequisite]]\nany_of = [\"P1\", \"P2\"]\nkind = \"required\"\n";
    let manifest = format!("{}{asked}", kit::manifest("T1")).into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = desk.expect("put");
    let holds = async |tx: &DatabaseTransaction| {
        let seen = preview(tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
        seen.checks.iter().find(|check| check.code == "prerequisites").expect("a line").holds
    };
    assert!(!holds(&tx).await);
    let folders = vec![("P2".to_owned(), kit::tree("P2", "Texte."))];
    let sound = import::check(folders, now().date_naive()).expect("sound");
    import::import(&tx, &sound, CHANGE.kind, now()).await.expect("imported");
    assert!(holds(&tx).await);
}

#[tokio::test]
async fn a_text_to_read_again_stops_a_publication_and_not_a_review() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let desk = kit::written(&tx, &team.trainer, "T1").await;
    let cited = "[[reference]]\nid = \"ria-4\"\ntext = \"RIA\"\ngrade = \"V\"\n\
                 verified_on = 2026-01-01\nsuperseded_by = \"Un autre\"\n";
    let manifest = format!("{}{cited}", kit::manifest("T1")).into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = draft::submit(&tx, &team.trainer, desk.expect("put"), now()).await;
    let digest = digest_of(&desk.expect("submitted"));
    let desk = judge(&tx, &team.reviewer, &digest, Verdict::Accepted).await.expect("accepted");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let broken: Vec<_> = seen.checks.iter().filter(|c| c.stops()).map(|c| c.code).collect();
    assert_eq!(broken, ["references"]);
    let go = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(go), Some(Reason::ContentFindings));
}

/// A draft of which nothing stops the publication.
fn sound(module: &content::Module) -> Candidate<'_> {
    Candidate {
        state: DraftState::Reviewed,
        findings: 0,
        dues: 0,
        reviewed_as_it_stands: true,
        legally_reviewed: false,
        module: Some(module),
        change: CHANGE.kind,
        unknown_prerequisites: Vec::new(),
        circle: None,
        unchanged: false,
        production: false,
        declared: Declared::default(),
        today: now().date_naive(),
    }
}

#[test]
fn every_line_of_the_checklist_blocks_by_itself() {
    let module = content::read(&kit::tree("T1", "Texte.")).expect("sound");
    let fine = sound(&module);
    let refused = |c: &Candidate<'_>| reason(must_hold(c.state, &checklist(c)));
    assert_eq!(refused(&fine), None);
    let last_day = module.manifest.review_by;
    let too_late = Candidate { today: last_day, ..fine.clone() };
    assert_eq!(refused(&too_late), Some(Reason::ContentFindings));
    let text_due = Candidate { dues: 1, ..fine.clone() };
    assert_eq!(refused(&text_due), Some(Reason::ContentFindings));
    let unchanged = Candidate { unchanged: true, ..fine.clone() };
    assert_eq!(refused(&unchanged), Some(Reason::ContentFindings));
    let unknown = Candidate { unknown_prerequisites: vec![code("Z1")], ..fine.clone() };
    assert_eq!(refused(&unknown), Some(Reason::ContentFindings));
    let circle = Candidate { circle: Some(vec![code("T1"), code("Z1")]), ..fine.clone() };
    assert_eq!(refused(&circle), Some(Reason::ContentFindings));
    let law = Candidate { change: ChangeKind::Legal, ..fine.clone() };
    assert_eq!(refused(&law), Some(Reason::ContentFindings), "a change of the law is read by one");
    assert_eq!(refused(&Candidate { legally_reviewed: true, ..law }), None);
    let real = Candidate { production: true, ..fine.clone() };
    assert_eq!(refused(&real), Some(Reason::ContentFindings));
    assert_eq!(refused(&Candidate { legally_reviewed: true, ..real }), None);
    let unreviewed = Candidate { reviewed_as_it_stands: false, ..fine.clone() };
    assert_eq!(refused(&unreviewed), Some(Reason::DraftNotReviewed));
    let writing = Candidate { state: DraftState::Writing, ..fine };
    assert_eq!(refused(&writing), Some(Reason::DraftNotSubmitted));
}

#[test]
fn a_regime_stops_whoever_is_declared_under_it_and_advises_the_others() {
    let module = content::read(&kit::tree("T1", "Texte.")).expect("sound");
    let mut candidate = sound(&module);
    let failing = |c: &Candidate<'_>| -> Vec<&str> {
        checklist(c).iter().filter(|check| !check.holds).map(|check| check.code).collect()
    };
    let stopping = |c: &Candidate<'_>| -> Vec<&str> {
        checklist(c).iter().filter(|check| check.stops()).map(|check| check.code).collect()
    };
    let advice = failing(&candidate);
    assert!(advice.contains(&"distance-assistance") && stopping(&candidate).is_empty());
    candidate.declared.regimes = vec![Regime::Distance];
    assert_eq!(stopping(&candidate), ["distance-assistance", "distance-durations"]);
    candidate.declared.contacts = vec![ContactKind::Distance];
    assert_eq!(stopping(&candidate), ["distance-durations"], "ten minutes are of no lesson");
    candidate.declared.regimes = vec![Regime::Qualiopi];
    assert_eq!(stopping(&candidate), ["qualiopi-1-disability"]);
    candidate.declared.regimes = vec![Regime::Lheo];
    assert_eq!(stopping(&candidate), ["lheo-activity-number", "lheo-siret", "lheo-address"]);
    candidate.declared.siret = true;
    candidate.declared.activity_number = true;
    candidate.declared.address = true;
    assert!(stopping(&candidate).is_empty());
}

#[tokio::test]
async fn required_prerequisites_that_would_go_round_in_a_circle_stop_a_publication() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let team = team(&tx).await;
    let asking = |code: &str, other: &str| {
        format!(
            "{}[[prerequisite]]\nmodule = \"{other}\"\nkind = \"required\"\n",
            kit::manifest(code)
        )
    };
    published(&tx, &team).await;
    // P1 requires T1, and is published; T1 may not require P1 in its turn.
    let mut tree = kit::tree("P1", "Texte.");
    tree.remove("module.toml");
    tree.insert("module.toml", asking("P1", "T1").into_bytes()).expect("a path");
    let folders =
        vec![("T1".to_owned(), kit::tree("T1", "Voici une leçon.")), ("P1".to_owned(), tree)];
    let sound = import::check(folders, now().date_naive()).expect("sound");
    import::import(&tx, &sound, CHANGE.kind, now()).await.expect("imported");
    let (desk, _) = draft::open_draft(&tx, &team.trainer, &code("T1"), now()).await.expect("open");
    let manifest = asking("T1", "P1").into_bytes();
    let desk = draft::put_file(&tx, &team.trainer, desk, "module.toml", manifest, now()).await;
    let desk = draft::submit(&tx, &team.trainer, desk.expect("put"), now()).await.expect("sent");
    let desk = judge(&tx, &team.reviewer, &digest_of(&desk), Verdict::Accepted).await.expect("ok");
    let seen = preview(&tx, &desk, CHANGE, HOUSE, now()).await.expect("preview");
    let broken: Vec<_> = seen.checks.iter().filter(|c| c.stops()).collect();
    assert_eq!(broken.iter().map(|c| c.code).collect::<Vec<_>>(), ["prerequisites-circle"]);
    assert_eq!(broken[0].found.as_deref(), Some("T1 → P1 → T1"));
    let go = publish(&tx, &team.publisher, &code("T1"), request(&seen.digest), HOUSE, now()).await;
    assert_eq!(reason(go), Some(Reason::ContentFindings));
}
