//! Parameters of lists and figures: a mistyped filter never answers an unfiltered figure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answers::refused;
use super::tally::Tally;
use crate::support::Answer;
use crate::world::World;

/// Every list that comes in pages, and who may read it.
const LISTS: &[(&str, &str)] = &[
    ("/api/v1/modules", ""),
    ("/api/v1/modules/E1/versions", ""),
    ("/api/v1/organisations", "elue"),
    ("/api/v1/me/enrolments", "elue"),
    ("/api/v1/me/path-enrolments", "elue"),
    ("/api/v1/paths", ""),
    ("/api/v1/paths/ELUS/versions", ""),
    ("/api/v1/me/obligations", "elue"),
    ("/api/v1/grants", "national"),
    ("/api/v1/organisations/insee:35021/claims", "employeur"),
    ("/api/v1/reminder-rules", "national"),
    ("/api/v1/reminders", "national"),
    ("/api/v1/journal", "auditeur"),
    ("/api/v1/references", "relecteur"),
    ("/api/v1/to-review", "relecteur"),
];

/// Lists whose cursor is an identifier, and not any key of a short list.
const BY_ID: &[&str] = &[
    "/api/v1/modules/E1/versions",
    "/api/v1/organisations",
    "/api/v1/me/enrolments",
    "/api/v1/me/path-enrolments",
    "/api/v1/paths/ELUS/versions",
    "/api/v1/me/obligations",
    "/api/v1/grants",
    "/api/v1/organisations/insee:35021/claims",
    "/api/v1/journal",
    "/api/v1/to-review",
];

async fn get(world: &World, who: &str, path: &str) -> Answer {
    let call = world.api.get(path);
    if who.is_empty() {
        return call.await;
    }
    call.bearer(&world.known(&format!("{who}@demonstration.example")).await.token).await
}

#[tokio::test]
async fn a_page_of_one_and_of_two_hundred_is_served_and_a_cursor_not_of_ours_refused() {
    let world = World::new().await;
    for (list, who) in LISTS {
        for limit in [1, 200] {
            get(&world, who, &format!("{list}?limit={limit}")).await.expect(200);
        }
        for forged in ["!!!", "a", "w6k=", &URL_SAFE_NO_PAD.encode(b"\xff\xfe")] {
            let path = format!("{list}?after={forged}");
            refused(&get(&world, who, &path).await, 422, "invalid-parameter", &path);
        }
        for forged in ["", "x", "\0", "' OR 1=1 --", "2026-01-01T00:00:00Z x", "99999999999999"] {
            let path = format!("{list}?after={}", URL_SAFE_NO_PAD.encode(forged));
            let answer = get(&world, who, &path).await;
            if BY_ID.contains(list) {
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
async fn a_filter_that_cannot_be_is_refused() {
    let world = World::new().await;
    let before = Tally::of(&world).await;
    let figures = "/api/v1/statistics/completions?perimeter=cdg:CDG-35&";
    for (who, path, status) in [
        ("cdg35", format!("{figures}as_of=2099-01-01"), 422),
        ("cdg35", format!("{figures}module=ZZZ"), 422),
        ("cdg35", format!("{figures}module='%20OR%201=1"), 422),
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
        let path = format!("/api/v1/modules?q={q}");
        refused(&get(&world, "", &path).await, 422, "invalid-parameter", &path);
        get(&world, "elue", &format!("/api/v1/organisations?q={q}")).await.expect(200);
    }
    world.is_as_before(&before).await;
}
