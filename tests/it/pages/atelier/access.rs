//! Who may: nobody without an account, nobody without a role, nobody of another provider.

use maitrise::accounts::model::Role;
use sea_orm::EntityTrait as _;

use super::super::assert_stays_here;
use super::{Browser, browser_of, send};
use crate::world::World;

/// Every page of a module.
const PAGES: [&str; 14] = [
    "",
    "/fiche",
    "/fichiers?path=module.toml",
    "/ajouter",
    "/renommer?path=module.toml",
    "/supprimer?path=module.toml",
    "/televerser",
    "/archive",
    "/apercu",
    "/apercu/01-trois-questions-avant-dessayer",
    "/differences",
    "/relecture",
    "/relecteurs",
    "/publier",
];

/// Every form of a module, with what it sends.
const FORMS: [(&str, &[(&str, &str)]); 10] = [
    ("/ouvrir", &[]),
    ("/soumettre", &[]),
    ("/fiche", &[("empreinte", ""), ("title", "x")]),
    ("/fichiers", &[("path", "module.toml"), ("empreinte", ""), ("texte", "x")]),
    ("/ajouter", &[("genre", "lecon"), ("nom", "Encore")]),
    ("/renommer", &[("path", "module.toml"), ("vers", "autre.toml")]),
    ("/supprimer", &[("path", "module.toml")]),
    ("/relecture", &[("faire", "rendre"), ("genre", "both"), ("conclusion", "accepted")]),
    ("/publier", &[("change", "substantive"), ("empreinte", "0")]),
    ("/publier/annuler", &[]),
];

async fn trace(world: &World) -> Vec<(String, i32)> {
    use maitrise::catalogue::model::{draft, draft_file};
    let drafts = draft::Entity::find().all(world.app.db.read()).await.expect("drafts");
    let files = draft_file::Entity::find().all(world.app.db.read()).await.expect("files");
    let drafts = drafts.into_iter().map(|draft| (draft.id.to_string(), draft.revision));
    let files = files.into_iter().map(|file| (format!("{}{}", file.path, file.blob_digest), 0));
    drafts.chain(files).collect()
}

#[tokio::test]
async fn a_workbench_is_for_who_teaches_and_only_theirs() {
    let world = World::new().await;
    let there = world.provider("local:ailleurs").await;
    let stranger = world.admit_as("ailleurs", Role::Trainer, there).await;
    let reviewer = world.admit_as("relit-ailleurs", Role::Reviewer, there).await;
    let before = trace(&world).await;
    let mut elue = Browser::of(&world, "elue").await;
    elue.get("/atelier").await.expect(403);
    elue.get("/atelier/nouveau").await.expect(403);
    elue.get("/atelier/a-revoir").await.expect(403);
    let mut others = [browser_of(&world, &stranger).await, browser_of(&world, &reviewer).await];
    for page in PAGES {
        let path = format!("/atelier/PREMIERS-PAS{page}");
        let mut nobody = Browser::new(&world);
        let sent = nobody.get(&path).await.expect(303);
        assert!(sent.location().starts_with("/connexion?retour=/atelier/PREMIERS-PAS"));
        elue.get(&path).await.expect(403);
        for other in &mut others {
            let refused = other.get(&path).await.expect(404);
            assert!(!refused.body.contains("questions avant d"), "{}", refused.body);
        }
        others[0].get(&format!("/atelier/RIEN{page}")).await.expect(404);
    }
    for (form, fields) in FORMS {
        let path = format!("/atelier/PREMIERS-PAS{form}");
        Browser::new(&world).post(&path, fields).await.expect(403);
        assert_eq!(elue.post(&path, fields).await.status, 403, "without a token");
        for browser in others.iter_mut().chain([&mut elue]) {
            let refused = send(browser, &path, fields).await;
            assert!([403, 404].contains(&refused.status), "{path}: {}", refused.status);
        }
    }
    assert_eq!(trace(&world).await, before);
}

#[tokio::test]
async fn every_page_of_a_module_is_small_and_leads_nowhere_else() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let mut publisher = Browser::of(&world, "editrice").await;
    for page in PAGES.iter().filter(|page| **page != "/archive") {
        let path = format!("/atelier/PREMIERS-PAS{page}");
        let who = if *page == "/publier" { &mut publisher } else { &mut trainer };
        let shown = who.get(&path).await.expect(200);
        assert_stays_here(&shown.body);
        assert!(shown.bytes.len() < 60 << 10, "{path}: {} bytes", shown.bytes.len());
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        assert_eq!(super::elements(&shown.body, "h1").len(), 1, "{path}");
        for forbidden in ["script", "style", "iframe"] {
            assert!(super::elements(&shown.body, forbidden).is_empty(), "{path}: {forbidden}");
        }
    }
    trainer.get("/atelier/PREMIERS-PAS/publier").await.expect(403);
    trainer.get("/atelier/PREMIERS-PAS/retirer").await.expect(403);
    let bench = trainer.get("/atelier").await.expect(200);
    assert!(bench.body.contains("PREMIERS-PAS") && bench.body.contains("en cours d’écriture"));
    let zip = trainer.get("/atelier/PREMIERS-PAS/archive").await.expect(200);
    assert_eq!(zip.header("content-type"), Some("application/zip"));
}
