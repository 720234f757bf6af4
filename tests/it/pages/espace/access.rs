//! One's own and nobody else's: another's pages do not exist, nothing is done without the page's token.

use maitrise::accounts::model::web_session;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::super::assert_stays_here;
use super::super::atelier::{browser_of, send};
use super::{Browser, answer_all, begin, enrol, lessons, read_all};
use crate::pages::html::elements;
use crate::world::World;

const COMMUNE: &str = "insee:35021";

/// What belongs to one learner: pages, and forms with what they send.
struct Theirs {
    pages: Vec<String>,
    forms: Vec<(String, Vec<(&'static str, &'static str)>)>,
}

/// Everything that the élue has, a finished attempt, an open one and a thread included.
async fn theirs(world: &World, elue: &mut Browser) -> Theirs {
    let course = enrol(elue, "E1").await;
    let lesson = lessons(&elue.get(&course).await.expect(200), &course)[0].clone();
    let asked = [("genre", "question"), ("texte", "Et chez nous ?"), ("lecon", slug(&lesson))];
    let thread = send(elue, &format!("{course}/question"), &asked).await.expect(303).location();
    let path = send(elue, "/parcours/ELUS/inscription", &[]).await.expect(303).location();
    let over = begin(elue, &course).await;
    answer_all(world, elue, &over, "E1", false).await;
    send(elue, &over, &[]).await.expect(303);
    let open = begin(elue, &course).await;
    let done = enrol(elue, "E2").await;
    read_all(elue, &done).await;
    let last = begin(elue, &done).await;
    answer_all(world, elue, &last, "E2", true).await;
    send(elue, &last, &[]).await.expect(303);
    let attested = elue.get("/mes-attestations").await.expect(200);
    let links = elements(&attested.body, "a").into_iter().map(|link| link["href"].clone());
    let pdf = links.into_iter().find(|href| href.ends_with("/attestation.pdf")).expect("a PDF");
    let own = |more: &str| format!("{course}{more}");
    let pages = vec![
        course.clone(),
        lesson.clone(),
        own("/avis"),
        own("/question"),
        own("/quitter"),
        own("/version"),
        over.clone(),
        open.clone(),
        format!("{open}/1"),
        path.clone(),
        format!("{path}/quitter"),
        thread.clone(),
        pdf.replace("attestation.pdf", "certificat.pdf"),
        pdf,
    ];
    let forms = vec![
        (own("/test"), vec![]),
        (own("/avis"), vec![("useful", "5")]),
        (own("/question"), vec![("genre", "question"), ("texte", "x"), ("lecon", "x")]),
        (own("/quitter"), vec![("motif", "other")]),
        (own("/version"), vec![]),
        (format!("{lesson}/presence"), vec![("secondes", "60")]),
        (lesson, vec![]),
        (format!("{open}/1"), vec![("choix", "a"), ("aller", "suivante")]),
        (open, vec![]),
        (format!("{path}/modules/E1"), vec![]),
        (format!("{path}/quitter"), vec![("motif", "other")]),
        (thread, vec![("texte", "encore")]),
    ];
    Theirs { pages, forms }
}

fn slug(lesson: &str) -> &str {
    lesson.rsplit('/').next().expect("a slug")
}

async fn facts(world: &World) -> u64 {
    use maitrise::records::model::fact;
    fact::Entity::find().count(world.app.db.read()).await.expect("facts")
}

#[tokio::test]
async fn what_is_anothers_does_not_exist_and_a_form_from_elsewhere_does_nothing() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let Theirs { pages, forms } = theirs(&world, &mut elue).await;
    let stranger = world.admit("voisin").await;
    world.elect(&stranger, COMMUNE).await;
    let mut stranger = browser_of(&world, &stranger).await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let before = facts(&world).await;
    for page in &pages {
        elue.get(page).await.expect(200);
        let sent = Browser::new(&world).get(page).await.expect(303);
        assert!(sent.location().starts_with("/connexion?retour="), "{page}");
        for other in [&mut stranger, &mut trainer] {
            let absent = other.get(page).await.expect(404);
            assert!(absent.header("content-type").expect("a type").starts_with("text/html"));
        }
    }
    for (form, fields) in &forms {
        for other in [&mut stranger, &mut trainer] {
            send(other, form, fields).await.expect(404);
        }
        elue.post(form, fields).await.expect(403);
        Browser::new(&world).post(form, fields).await.expect(403);
        let token = elue.token().await;
        let away = [("origin", "https://ailleurs.example")];
        let forged: Vec<_> =
            [("jeton", token.as_str())].into_iter().chain(fields.clone()).collect();
        elue.post_from(&away, form, &forged).await.expect(403);
    }
    assert_eq!(facts(&world).await, before);
    for page in ["/mes-formations/x", "/mes-tests/x/1", "/mes-questions/x", "/mes-obligations/x"] {
        elue.get(page).await.expect(404);
    }
    elue.get("/modules/RIEN/inscription").await.expect(404);
    elue.get("/parcours/RIEN/inscription").await.expect(404);
}

#[tokio::test]
async fn every_page_is_small_stays_here_and_runs_our_script_only_where_something_may_be_lost() {
    let world = World::new().await;
    let mut elue = Browser::of(&world, "elue").await;
    let Theirs { mut pages, .. } = theirs(&world, &mut elue).await;
    pages.retain(|page| !page.ends_with(".pdf"));
    let own =
        ["/mon-espace", "/mes-attestations", "/mes-sessions", "/mes-questions", "/mes-donnees"];
    pages.extend(own.map(str::to_owned));
    pages.extend(
        ["/mes-questions/reclamation", "/modules/E3/inscription", "/mes-donnees/qualite"]
            .map(str::to_owned),
    );
    let mut scripted = 0;
    for page in &pages {
        let shown = elue.get(page).await.expect(200);
        assert_stays_here(&shown.body);
        assert!(shown.bytes.len() < 60 << 10, "{page}: {} bytes", shown.bytes.len());
        assert_eq!(shown.header("cache-control"), Some("no-store"), "{page}");
        assert_eq!(elements(&shown.body, "h1").len(), 1, "{page}");
        let policies: Vec<_> = shown.headers.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 1, "{page}");
        let policy = policies[0].to_str().expect("a policy");
        let scripts = elements(&shown.body, "script");
        let runs =
            page.contains("/lecons/") || (page.starts_with("/mes-tests/") && !scripts.is_empty());
        assert_eq!(
            policy.contains("script-src 'self'; connect-src 'self'"),
            runs,
            "{page}: {policy}"
        );
        assert!(!policy.contains("unsafe") && policy.contains("default-src 'none'"));
        assert_eq!(scripts.len(), usize::from(runs), "{page}");
        for script in scripts {
            assert!(script["src"].starts_with("/apprendre.js?v="), "{script:?}");
            let script = elue.get(&script["src"]).await.expect(200);
            assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
            scripted += 1;
        }
        for (name, html) in [("style", &shown.body), ("iframe", &shown.body)] {
            assert!(elements(html, name).is_empty(), "{page}: {name}");
        }
    }
    assert_eq!(scripted, 3, "a lesson, a question, and an attempt before it is handed in");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_browser_and_every_token() {
    let world = World::new().await;
    let mut here = Browser::of(&world, "elue").await;
    let mut there = Browser::of(&world, "elue").await;
    let token = world.token("elue").await;
    let data = here.get("/mes-donnees").await.expect(200);
    assert!(data.body.contains("Camille") && data.body.contains("élu·e"), "{}", data.body);
    let out = send(&mut here, "/mes-donnees/deconnecter", &[]).await.expect(303);
    assert_eq!(out.location(), "/connexion");
    assert!(!here.is_signed_in().await && !there.is_signed_in().await);
    world.api.get("/api/v1/me/enrolments").bearer(&token).await.expect(401);
    assert_eq!(web_session::Entity::find().count(world.app.db.read()).await.expect("rows"), 0);
}
