//! The catalogue, a module and a lesson, as anyone reads them.

use super::html::elements;
use super::{assert_is_a_page_of_ours, assert_is_keepable, browse::Browser};
use crate::sign_in::encoded;
use crate::world::World;

/// The codes that a page lists, in its order.
fn listed(html: &str) -> Vec<String> {
    let hits = html.split("<ol class=\"hits\">").nth(1).unwrap_or_default();
    let hits = hits.split("</ol>").next().unwrap_or_default();
    let links = elements(hits, "a").into_iter();
    let codes = links.filter_map(|link| Some(link["href"].strip_prefix("/modules/")?.to_owned()));
    codes.filter(|code| !code.contains('/')).collect()
}

/// The codes that the API finds.
async fn found(world: &World, query: &str) -> Vec<String> {
    let list = world.api.get(&format!("/api/v1/modules?limit=200&{query}")).await.expect(200);
    let items = list.json()["items"].as_array().expect("a list").clone();
    items.iter().map(|item| item["code"].as_str().expect("a code").to_owned()).collect()
}

#[tokio::test]
async fn the_catalogue_finds_what_the_api_finds_and_narrows_by_links() {
    let world = World::new().await;
    for (page, api) in [
        ("", ""),
        ("q=ia", "q=ia"),
        ("q=RGPD&public=agent", "q=RGPD&audience=agent"),
        ("theme=nis-2&niveau=awareness", "theme=nis-2&level=awareness"),
        ("recommandation=8", "recommendation=8"),
        ("q=l%27%C3%A9lu", "q=l%27%C3%A9lu"),
        ("q=zzzzzz", "q=zzzzzz"),
    ] {
        let shown = world.api.get(&format!("/catalogue?{page}")).await.expect(200);
        assert_is_keepable(&shown);
        let mut found = found(&world, api).await;
        found.truncate(20);
        assert_eq!(listed(&shown.body), found, "{page}");
    }
    let page = world.api.get("/catalogue?q=ia").await.expect(200);
    let filters = page.body.split("id=\"filtres\"").nth(1).expect("filters").to_owned();
    for (link, text) in elements(&filters, "a").iter().zip(filters.split("<a ").skip(1)) {
        let href = link["href"].replace("&#38;", "&");
        if !href.starts_with("/catalogue") {
            continue;
        }
        let count = text.split("<span class=\"small\">").nth(1);
        let count = count.and_then(|rest| rest.split('<').next()?.parse::<usize>().ok());
        let narrowed = world.api.get(&href).await.expect(200);
        if let Some(count) = count {
            assert_eq!(listed(&narrowed.body).len(), count, "{href}");
            assert!(narrowed.body.contains("Retirer : "), "{href}");
        }
    }
}

#[tokio::test]
async fn orders_and_pages_are_addresses() {
    let world = World::new().await;
    let minutes = async |query: &str| {
        let page = world.api.get(&format!("/catalogue?{query}")).await.expect(200);
        let mut durations = Vec::new();
        for code in listed(&page.body) {
            let module = world.api.get(&format!("/api/v1/modules/{code}")).await.expect(200).json();
            durations.push(module["duration_minutes"].as_u64().expect("minutes"));
        }
        durations
    };
    let shortest = minutes("tri=duree").await;
    assert!(shortest.is_sorted() && shortest.len() == 15, "{shortest:?}");
    assert!(!minutes("").await.is_sorted());
    let beyond = world.api.get("/catalogue?page=7").await.expect(200);
    assert!(beyond.body.contains("Il n’y a pas tant de pages"), "{}", beyond.body);
    super::copies::publish_copies(&world, 30).await;
    let first = world.api.get("/catalogue").await.expect(200);
    assert!(first.body.contains("Page 1 sur 3"), "{}", first.body);
    let (mut seen, mut next) = (Vec::new(), Some("/catalogue".to_owned()));
    while let Some(path) = next {
        let page = world.api.get(&path).await.expect(200);
        seen.extend(listed(&page.body));
        let links = elements(&page.body, "a");
        let link = links.iter().find(|link| link.get("rel").is_some_and(|rel| rel == "next"));
        next = link.map(|link| link["href"].replace("&#38;", "&"));
    }
    assert_eq!(seen, found(&world, "").await);
}

#[tokio::test]
async fn what_means_nothing_is_refused_with_the_search_box_at_hand() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let long = format!("q={}", "a".repeat(10_000));
    for (query, status) in [
        ("public=maire", 422),
        ("niveau=x&tri=y", 422),
        ("recommandation=99", 422),
        ("page=0", 422),
        (long.as_str(), 422),
        ("q=%00", 400),
        ("q=%FF", 400),
    ] {
        let page = browser.get(&format!("/catalogue?{query}")).await.expect(status);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("id=\"q\"") && page.body.contains("class=\"fault\""));
        assert!(!page.body.contains("aaaaaaaa"), "it is not repeated");
    }
    for none in ["AND OR \"\" * ?", "🦀"] {
        let page = browser.get(&format!("/catalogue?q={}", encoded(none))).await.expect(422);
        assert_is_a_page_of_ours(&page);
    }
    for odd in ["\u{202e}abc", "<script>alert(1)</script>", "' OR 1=1 --"] {
        let page = browser.get(&format!("/catalogue?q={}", encoded(odd))).await.expect(200);
        assert_is_keepable(&page);
    }
}

#[tokio::test]
async fn a_modules_page_says_what_the_api_says_and_leads_to_its_lessons() {
    let world = World::new().await;
    for code in found(&world, "").await {
        let page = world.api.get(&format!("/modules/{code}")).await.expect(200);
        assert_is_keepable(&page);
        let module = world.api.get(&format!("/api/v1/modules/{code}")).await.expect(200).json();
        let shown = |text: &str| {
            let text = text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
            text.replace('\'', "&#39;").replace('"', "&#34;")
        };
        for name in ["title", "summary", "contact", "accessibility"] {
            let value = module[name].as_str().expect(name);
            assert!(page.body.contains(&shown(value)), "{code}: {name}");
        }
        for reference in module["references"].as_array().expect("references") {
            let text = reference["text"].as_str().expect("a text");
            assert!(page.body.contains(&shown(text)), "{code}: {text}");
        }
        for lesson in module["lessons"].as_array().expect("lessons") {
            let slug = lesson["slug"].as_str().expect("a slug");
            let path = format!("/modules/{code}/lecons/{slug}");
            assert!(page.body.contains(&format!("href=\"{path}\"")), "{path}");
            let lesson = world.api.get(&path).await.expect(200);
            assert_is_keepable(&lesson);
            assert!(lesson.body.contains("À jour au"), "{path}");
            leads_on(&world, &path, &lesson.body).await;
        }
        assert!(page.body.contains("Version 1, le "), "{code}");
    }
}

/// That every link of a lesson to another of its module, or to a place in the page, leads there.
async fn leads_on(world: &World, path: &str, html: &str) {
    let folder = path.rsplit_once('/').expect("a folder").0;
    for link in elements(html, "a") {
        let href = &link["href"];
        if let Some(place) = href.strip_prefix('#') {
            let place = maitrise::http::query::decoded(place).expect("an anchor");
            assert!(html.contains(&format!("id=\"{place}\"")), "{path}: {href}");
        } else if !href.contains('/') && !href.contains(':') {
            let target = href.split('#').next().unwrap_or_default();
            world.api.get(&format!("{folder}/{target}")).await.expect(200);
        }
    }
}

#[tokio::test]
async fn what_is_not_published_is_no_page() {
    let world = World::new().await;
    let mut browser = Browser::of(&world, "elue").await;
    for path in [
        "/modules/RIEN",
        "/modules/PREMIERS-PAS",
        "/modules/e1",
        "/modules/%27--",
        "/modules/E1/lecons/rien",
        "/modules/E1/lecons/..%2F..%2Fmodule",
        "/modules/E1/lecons/",
        "/modules/",
    ] {
        let page = browser.get(path).await.expect(404);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("<h1>Introuvable</h1>"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn a_public_page_may_be_kept_by_anybody_and_is_made_for_one_when_signed_in() {
    let world = World::new().await;
    let mut signed = Browser::of(&world, "elue").await;
    let lesson = {
        let module = world.api.get("/modules/E1").await.expect(200);
        let links = elements(&module.body, "a");
        let link = links.into_iter().find(|link| link["href"].contains("/lecons/"));
        link.expect("a lesson")["href"].clone()
    };
    for path in ["/", "/catalogue?q=ia", "/modules/E1", &lesson, "/parcours", "/parcours/ELUS"] {
        let tag = world.api.get(path).await.expect(200).etag();
        let again = world.api.get(path).header("if-none-match", &tag).await.expect(304);
        assert!(again.body.is_empty() && again.etag() == tag);
        let own = signed.get(path).await.expect(200);
        assert_is_a_page_of_ours(&own);
        assert!(own.header("etag").is_none() && own.body.contains("Se déconnecter"));
        let cookie = format!("session={}", signed.cookies["session"]);
        let call = world.api.get(path).header("cookie", &cookie);
        call.header("if-none-match", &tag).await.expect(200);
    }
    let before = world.api.get("/catalogue").await.expect(200).etag();
    super::copies::publish_copies(&world, 1).await;
    let call = world.api.get("/catalogue").header("if-none-match", &before);
    assert_ne!(call.await.expect(200).etag(), before, "something was published");
}

#[tokio::test]
async fn public_pages_are_served_when_the_database_is_away() {
    let world = World::new().await;
    world.api.get("/catalogue").await.expect(200);
    world.app.db.clone().close().await.expect("closed");
    let links = elements(&world.api.get("/modules/E1").await.expect(200).body, "a");
    let lesson = links.iter().find(|link| link["href"].contains("/lecons/")).expect("a lesson");
    for path in ["/", "/catalogue?q=ia", &lesson["href"]] {
        world.api.get(path).await.expect(200);
    }
    let module = world.api.get("/modules/E1").await.expect(200);
    assert!(module.body.contains("momentanément indisponible"), "{}", module.body);
    assert_eq!(module.header("cache-control"), Some("no-store"), "it is not whole");
}

#[tokio::test]
async fn every_page_of_every_module_is_small() {
    let world = World::new().await;
    let style = world.api.get("/style.css").await.expect(200).bytes.len();
    assert!(style < 20 << 10, "the stylesheet has {style} bytes");
    let mut paths = vec!["/".to_owned(), "/catalogue".to_owned()];
    for code in found(&world, "").await {
        let page = world.api.get(&format!("/modules/{code}")).await.expect(200);
        let links = elements(&page.body, "a").into_iter().map(|link| link["href"].clone());
        paths.extend(links.filter(|href| href.contains("/lecons/")));
        paths.push(format!("/modules/{code}"));
    }
    let mut heaviest = (0, String::new());
    for path in paths {
        let bytes = world.api.get(&path).await.expect(200).bytes.len() + style;
        assert!(bytes <= 60 << 10, "{path}: {bytes} bytes with the stylesheet");
        heaviest = heaviest.max((bytes, path));
    }
    println!("the heaviest page, stylesheet included: {heaviest:?}");
}
