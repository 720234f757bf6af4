//! The catalogue over HTTP.

use poem::http::StatusCode;
use poem::test::TestClient;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};

use crate::accounts::model::{Role, access_grant};
use crate::accounts::{Principal, Scope, token};
use crate::app::App;
use crate::catalogue::import;
use crate::catalogue::model::ChangeKind;
use crate::catalogue::tests::kit::{self, now};
use crate::clock::{self, Clock};
use crate::keys::{self, KeyRing};
use crate::media::MediaStore;
use crate::{config, http, testing};

struct House {
    _folders: [tempfile::TempDir; 2],
    app: App,
    client: TestClient<poem::endpoint::BoxEndpoint<'static, poem::Response>>,
}

async fn house() -> House {
    let (folder, db) = testing::database().await;
    let keys_folder = tempfile::tempdir().expect("a folder");
    keys::create_missing(keys_folder.path(), now()).expect("keys");
    let ring = KeyRing::load(keys_folder.path()).expect("a ring");
    let settings = config::load(None, Some(folder.path())).expect("settings");
    let app = App::new(settings, db, Clock::default(), ring, MediaStore::in_memory());
    let tx = app.db.begin_write().await.expect("tx");
    let folders = import::embedded().expect("embedded");
    let sound = import::check(folders, now().date_naive()).expect("sound modules");
    import::import(&tx, &sound, ChangeKind::Editorial, now()).await.expect("import");
    tx.commit().await.expect("commit");
    let client = TestClient::new(http::routes(&app));
    House { _folders: [folder, keys_folder], app, client }
}

impl House {
    /// A bearer token of someone new who holds a role.
    async fn bearer(&self, role: Role, scope: Scope) -> String {
        let tx = self.app.db.begin_write().await.expect("tx");
        let Principal { account_id, .. } = kit::someone(&tx, &[role], scope).await;
        let (scope_kind, scope_id) = scope.columns();
        access_grant::ActiveModel {
            id: Set(clock::new_id()),
            account_id: Set(account_id),
            role: Set(role),
            scope_kind: Set(scope_kind),
            scope_id: Set(scope_id),
            valid_from: Set(now() - chrono::Duration::days(10_000)),
            valid_to: Set(None),
            granted_by: Set(None),
            granted_at: Set(now()),
            revoked_at: Set(None),
            revoked_by: Set(None),
        }
        .insert(&tx)
        .await
        .expect("a grant");
        tx.commit().await.expect("commit");
        let issuer = &self.app.settings.http.public_url;
        let now = self.app.clock.now();
        let token = token::issue(&self.app.keys, issuer, (account_id, 0), 15, now).expect("token");
        format!("Bearer {token}")
    }

    async fn json(&self, path: &str) -> Value {
        let response = self.client.get(path).send().await;
        response.assert_status_is_ok();
        serde_json::from_slice(&response.0.into_body().into_bytes().await.expect("a body"))
            .expect("JSON")
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.client.get(path).send().await.0.status()
    }

    async fn provider(&self) -> Scope {
        let tx = self.app.db.begin_write().await.expect("tx");
        let id = kit::maitrise(&tx).await;
        tx.commit().await.expect("commit");
        Scope::Provider(id)
    }
}

#[tokio::test]
async fn anyone_reads_the_catalogue_and_never_a_key() {
    let house = house().await;
    let list = house.json("/api/v1/modules?audience=elu").await;
    let codes: Vec<_> =
        list["items"].as_array().expect("items").iter().map(|i| &i["code"]).collect();
    assert!(codes.contains(&&json!("E1")), "{codes:?}");
    assert_eq!(list["items"][0]["provider"]["ref"], "local:maitrise");
    let page = house.json("/api/v1/modules?limit=1").await;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    let cursor = page["next"].as_str().expect("more");
    let rest = house.json(&format!("/api/v1/modules?limit=200&after={cursor}")).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(14));
    assert_eq!((&rest["next"], &rest["facets"]["theme"]), (&Value::Null, &page["facets"]["theme"]));
    let module = house.json("/api/v1/modules/E1").await;
    assert!(module["questions"].as_u64().is_some_and(|n| n > 0));
    let version = house.json("/api/v1/modules/E1/versions/1").await;
    let text = format!("{module}{version}");
    assert!(!text.contains("\"correct\"") && !text.contains("explanation"));
    assert!(version["lessons"][0]["html"].as_str().is_some_and(|html| html.contains("<h2")));
    let versions = house.json("/api/v1/modules/E1/versions").await;
    assert_eq!((&versions["items"][0]["number"], &versions["next"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let house = house().await;
    for path in ["/api/v1/modules", "/api/v1/modules/E1", "/api/v1/modules/E1/versions/1"] {
        let first = house.client.get(path).send().await.0;
        let tag = first.headers().get("etag").expect("a tag").clone();
        let again = house.client.get(path).header("if-none-match", tag.clone()).send().await.0;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(again.headers().get("etag"), Some(&tag));
    }
}

#[tokio::test]
async fn bad_codes_are_not_found_and_bad_filters_are_said() {
    let house = house().await;
    let bad = ["e1", "E1'--", "%27%20OR%201=1", "%3Cscript%3E", "Z9", "É"];
    for code in bad {
        for rest in ["", "/versions", "/versions/1"] {
            let path = format!("/api/v1/modules/{code}{rest}");
            assert_eq!(house.status(&path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for path in ["versions/0", "versions/99", "versions/x", "versions/99999999999"] {
        let path = format!("/api/v1/modules/E1/{path}");
        assert_eq!(house.status(&path).await, StatusCode::NOT_FOUND, "{path}");
    }
    for query in ["audience=maire", "level=x", "recommendation=12", "limit=0", "audiance=elu"] {
        let status = house.status(&format!("/api/v1/modules?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test]
async fn keys_are_for_the_provider_s_people_and_reading_them_is_journalled() {
    let house = house().await;
    let path = "/api/v1/modules/E1/versions/1/questions";
    assert_eq!(house.status(path).await, StatusCode::UNAUTHORIZED);
    let mine = house.bearer(Role::Trainer, house.provider().await).await;
    let other = house.bearer(Role::Trainer, Scope::Provider(clock::new_id())).await;
    let learner = house.bearer(Role::CdgAdmin, Scope::National).await;
    let get = |bearer: &str| house.client.get(path).header("authorization", bearer).send();
    get(&other).await.assert_status(StatusCode::NOT_FOUND);
    get(&learner).await.assert_status(StatusCode::FORBIDDEN);
    get(&mine).await.assert_status_is_ok();
    let entries = crate::journal::record::list(house.app.db.read(), 10, None).await.expect("list");
    assert_eq!(entries.iter().filter(|e| e.action == "questions.read").count(), 1);
}

#[tokio::test]
async fn an_edit_quotes_the_draft_as_it_was_read() {
    let house = house().await;
    let bearer = house.bearer(Role::Trainer, house.provider().await).await;
    let body = json!({ "code": "T1", "provider": "local:maitrise" });
    let post = house.client.post("/api/v1/modules").header("authorization", &bearer);
    let created = post.body_json(&body).send().await.0;
    assert_eq!(created.status(), StatusCode::CREATED);
    assert_eq!(created.headers()["location"], "/api/v1/modules/T1/draft");
    let tag = created.headers()["etag"].to_str().expect("a tag").to_owned();
    let put = |if_match: Option<&str>, kind: &str, bytes: Vec<u8>| {
        let request = house
            .client
            .put("/api/v1/modules/T1/draft/files?path=module.toml")
            .header("authorization", &bearer)
            .content_type(kind);
        let request = match if_match {
            Some(tag) => request.header("if-match", tag),
            None => request,
        };
        request.body(bytes).send()
    };
    let text = "text/plain; charset=utf-8";
    let manifest = || kit::manifest("T1").into_bytes();
    put(None, text, manifest()).await.assert_status(StatusCode::PRECONDITION_REQUIRED);
    put(Some("*"), text, manifest()).await.assert_status(StatusCode::PRECONDITION_FAILED);
    put(Some(&tag), text, vec![0xff]).await.assert_status(StatusCode::BAD_REQUEST);
    put(Some(&tag), "image/png", vec![]).await.assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let stored = put(Some(&tag), text, manifest()).await.0;
    assert_eq!(stored.status(), StatusCode::OK);
    let next = stored.headers()["etag"].to_str().expect("a tag").to_owned();
    put(Some(&tag), text, manifest()).await.assert_status(StatusCode::PRECONDITION_FAILED);
    put(Some(&next), "application/octet-stream", manifest()).await.assert_status_is_ok();
    let path = "/api/v1/modules/T1/draft/files?path=module.toml";
    let file = house.client.get(path).header("authorization", &bearer).send().await;
    file.assert_header("content-type", "text/plain; charset=utf-8");
    file.assert_bytes(manifest()).await;
    assert_eq!(house.status("/api/v1/modules/T1").await, StatusCode::NOT_FOUND, "not published");
}

#[tokio::test]
async fn every_operation_stands_in_the_document_under_a_path_of_its_own() {
    let house = house().await;
    let text = http::document(&house.app);
    let read = http::operations::Operations::of(&text, &[]).iter().count();
    assert_eq!(read, text.matches("\"operationId\"").count(), "a path in two API structs");
}

#[tokio::test]
async fn a_module_says_what_finds_its_texts_again_and_what_comes_before_it() {
    let house = house().await;
    let module = house.json("/api/v1/modules/E1").await;
    let references = module["references"].as_array().expect("references");
    let found = references.iter().find(|r| r["id"] == "ria-3").expect("a reference");
    assert_eq!(found["celex"], "02024R1689-20260727");
    assert!(found.get("in_force_to").is_none() && module.get("validity").is_none());

    let more = "external_code = \"CAT-7\"\nvalidity = \"P2Y\"\n\
                [[prerequisite]]\nany_of = [\"A1\", \"E1\"]\nkind = \"advised\"\n\
                [[prerequisite]]\nmodule = \"C2\"\nkind = \"advised\"\n";
    let mut tree = kit::tree("T1", "Texte.");
    let manifest = kit::manifest("T1").replace("duration_minutes = 11", "duration_minutes = 36");
    tree.insert("module.toml", format!("{manifest}{more}").into_bytes()).expect("a path");
    let lesson = kit::lesson("Texte.").replace("leçon\"\n", "leçon\"\nactivity_minutes = 25\n");
    tree.insert("lessons/01-essai.md", lesson.into_bytes()).expect("a path");
    let tx = house.app.db.begin_write().await.expect("tx");
    let folders = vec![("T1".to_owned(), tree)];
    let sound = import::check(folders, now().date_naive()).expect("sound");
    import::import(&tx, &sound, ChangeKind::Editorial, now()).await.expect("import");
    tx.commit().await.expect("commit");
    house.app.shelf.refresh_if_moved(house.app.db.read()).await.expect("refreshed");
    let module = house.json("/api/v1/modules/T1").await;
    assert_eq!(module["external_code"], "CAT-7");
    assert_eq!(module["validity"], "P2Y");
    assert_eq!(module["lessons"][0]["minutes"], 25);
    let any = json!({ "any_of": ["A1", "E1"], "kind": "advised" });
    let one = json!({ "module": "C2", "any_of": ["C2"], "kind": "advised" });
    assert_eq!(module["prerequisites"], json!([any, one]));
}
