//! Parameters of lists and figures: a mistyped filter never answers an unfiltered figure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answers::{Tally, refused};
use crate::support::Answer;
use crate::world::World;

/// Every list that comes in pages, and who may read it.
const LISTS: [(&str, &str); 9] = [
    ("/api/v1/modules", ""),
    ("/api/v1/modules/E1/versions", ""),
    ("/api/v1/organisations", "elue"),
    ("/api/v1/me/enrolments", "elue"),
    ("/api/v1/me/obligations", "elue"),
    ("/api/v1/grants", "national"),
    ("/api/v1/reminder-rules", "national"),
    ("/api/v1/reminders", "national"),
    ("/api/v1/journal", "auditeur"),
];

/// Lists whose cursor is an identifier, and not any key of a short list.
const BY_ID: [&str; 6] = [
    "/api/v1/modules/E1/versions",
    "/api/v1/organisations",
    "/api/v1/me/enrolments",
    "/api/v1/me/obligations",
    "/api/v1/grants",
    "/api/v1/journal",
];

async fn get(world: &World, who: &str, path: &str) -> Answer {
    let call = world.api.get(path);
    if who.is_empty() {
        return call.await;
    }
    call.bearer(&world.known(&format!("{who}@demonstration.example")).await.token).await
}

#[tokio::test]
async fn every_page_is_between_one_and_two_hundred_rows() {
    let world = World::new().await;
    for (list, who) in LISTS {
        for (limit, code) in [
            ("0", "invalid-values"),
            ("201", "invalid-values"),
            ("18446744073709551615", "invalid-values"),
            ("99999999999999999999999999", "invalid-parameter"),
            ("-1", "invalid-parameter"),
            ("1.5", "invalid-parameter"),
            ("beaucoup", "invalid-parameter"),
            ("", "invalid-parameter"),
            ("%00", "invalid-parameter"),
        ] {
            let path = format!("{list}?limit={limit}");
            refused(&get(&world, who, &path).await, 422, code, &path);
        }
        for limit in ["1", "200"] {
            get(&world, who, &format!("{list}?limit={limit}")).await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_cursor_that_is_not_ours_is_refused_and_never_fails() {
    let world = World::new().await;
    for (list, who) in LISTS {
        for forged in ["!!!", "a", "%00", "w6k=", &URL_SAFE_NO_PAD.encode(b"\xff\xfe")] {
            let path = format!("{list}?after={forged}");
            refused(&get(&world, who, &path).await, 422, "invalid-parameter", &path);
        }
        for forged in ["", "x", "\0", "' OR 1=1 --", "2026-01-01T00:00:00Z x", "99999999999999"] {
            let path = format!("{list}?after={}", URL_SAFE_NO_PAD.encode(forged));
            let answer = get(&world, who, &path).await;
            if BY_ID.contains(&list) {
                refused(&answer, 422, "invalid-parameter", &format!("{list} after {forged:?}"));
            } else {
                answer.expect(200);
            }
        }
    }
    let stranger = URL_SAFE_NO_PAD.encode(maitrise::clock::new_id().to_string());
    let path = format!("/api/v1/organisations?after={stranger}");
    refused(&get(&world, "elue", &path).await, 422, "invalid-parameter", "a row that never was");
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_everywhere_and_named() {
    let world = World::new().await;
    let document = world.api.get("/openapi.json").await.expect(200).json();
    let public = document["paths"].as_object().expect("paths").iter().filter(|(path, item)| {
        item["get"]["operationId"].is_string()
            && item["get"]["security"].is_null()
            && !path.contains('{')
    });
    let mut all: Vec<(String, &str)> = public.map(|(path, _)| (path.clone(), "")).collect();
    assert!(all.len() >= 5, "{all:?}");
    all.extend(LISTS.map(|(path, who)| (path.to_owned(), who)));
    for (path, who) in [
        ("/api/v1/me", "elue"),
        ("/api/v1/me/attestations", "elue"),
        ("/api/v1/queues/mail", "exploitant"),
        ("/api/v1/organisations/insee:35021/people", "employeur"),
    ] {
        all.push((path.to_owned(), who));
    }
    for (path, who) in all {
        for intruder in ["audiance=elu", "LIMIT=5", "%6Cimit=5", "limit%00=5", "a[]=1"] {
            let asked = format!("{path}?{intruder}");
            refused(&get(&world, who, &asked).await, 422, "unknown-parameter", &asked);
        }
    }
    let figures = "/api/v1/statistics/completions?perimeter=cdg:CDG-35&modul=E1";
    let answer = get(&world, "cdg35", figures).await;
    refused(&answer, 422, "unknown-parameter", figures);
    assert_eq!(answer.json()["errors"][0]["pointer"], "modul");
}

#[tokio::test]
async fn a_filter_that_cannot_be_is_refused() {
    let world = World::new().await;
    let before = Tally::of(&world).await;
    let figures = "/api/v1/statistics/completions?perimeter=cdg:CDG-35&";
    for (who, path, status) in [
        ("", "/api/v1/modules?audience=maire".to_owned(), 422),
        ("", "/api/v1/modules?level=expert".to_owned(), 422),
        ("", "/api/v1/modules?recommendation=0".to_owned(), 422),
        ("", "/api/v1/modules?recommendation=12".to_owned(), 422),
        ("", "/api/v1/modules?recommendation=un".to_owned(), 422),
        ("", "/api/v1/modules?max_minutes=-5".to_owned(), 422),
        ("", format!("/api/v1/modules?q={}", "a".repeat(201)), 422),
        ("elue", "/api/v1/organisations?kind=ville".to_owned(), 422),
        ("cdg35", format!("{figures}as_of=demain"), 422),
        ("cdg35", format!("{figures}as_of=2026-02-30"), 422),
        ("cdg35", format!("{figures}as_of=2099-01-01"), 422),
        ("cdg35", format!("{figures}by=person"), 422),
        ("cdg35", format!("{figures}module=ZZZ"), 422),
        ("cdg35", format!("{figures}module='%20OR%201=1"), 422),
        ("cdg35", format!("{figures}audience=cadre"), 422),
        ("cdg35", format!("{figures}format=pdf"), 422),
        ("cdg35", "/api/v1/statistics/completions?perimeter=cdg:NULLE-PART".to_owned(), 404),
        ("cdg35", "/api/v1/statistics/completions?perimeter=insee:35021".to_owned(), 404),
        ("cdg35", "/api/v1/statistics/completions?perimeter=national".to_owned(), 404),
        ("cdg35", "/api/v1/statistics/completions?perimeter=tout".to_owned(), 422),
    ] {
        let answer = get(&world, who, &path).await;
        super::answers::problem(&answer, &path);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
    for q in ["%25", "_", "'", "%22", "\\", "%F0%9F%98%80"] {
        get(&world, "", &format!("/api/v1/modules?q={q}")).await.expect(200);
        get(&world, "elue", &format!("/api/v1/organisations?q={q}")).await.expect(200);
    }
    // SQLite looks in vain for a text that PostgreSQL does not take.
    for path in [format!("{figures}module=%00"), "/api/v1/organisations?q=a%00b".to_owned()] {
        let answer = get(&world, "cdg35", &path).await;
        assert!(matches!(answer.status, 200 | 400 | 422), "{path}: {}", answer.body);
    }
    world.is_as_before(&before).await;
}
