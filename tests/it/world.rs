//! A whole application in this process, on a copy of a database prepared once: the real territory,
//! the real modules, one person for every role and learners at every stage.
//!
//! It listens on a real socket, so that what is tested is what is served.

use std::path::{Path, PathBuf};
use std::process::Child;

use maitrise::app::App;
use maitrise::clock::Clock;
use maitrise::config::{self, Mode, Settings};
use maitrise::db::Db;
use maitrise::demo;
use maitrise::demo::cast::CAST;
use maitrise::http::serve;
use maitrise::keys::{self, KeyRing};
use maitrise::media::MediaStore;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::support::{Api, Cluster, Database, Engine, leash};

const TEMPLATE: &str = "prepared";

static PREPARED: OnceCell<Prepared> = OnceCell::const_new();

/// What every world is a copy of.
struct Prepared {
    folder: PathBuf,
    /// Kept for its stdin: nothing else removes the folder, since what is static is never dropped.
    _sweeper: Child,
}

/// An application that serves on a port of its own until dropped.
pub struct World {
    /// The application.
    pub app: App,
    /// A client of it.
    pub api: Api,
    server: tokio::task::JoinHandle<()>,
    _folder: TempDir,
    _database: Option<Database>,
}

impl World {
    /// A fresh copy of the prepared database, served.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let prepared = PREPARED.get_or_init(prepare).await.folder.as_path();
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy_keys(&prepared.join("keys"), &folder.path().join("keys"));
        copy_media(prepared, folder.path());
        let database = copy(prepared, folder.path());
        let mut settings = settings(folder.path(), database.as_ref().map(Database::url));
        change(&mut settings);
        let app = open(settings, folder.path()).await;
        let bound = serve::bind(&app).await.expect("a free port");
        let app = app.reachable_at(bound.address);
        let api = Api::new(&format!("http://{}", bound.address));
        let serving = app.clone();
        let server = tokio::spawn(async move {
            serve::run(&serving, bound, std::future::pending()).await.expect("serving");
        });
        Self { app, api, server, _folder: folder, _database: database }
    }

    /// An access token of someone of the cast.
    pub async fn token(&self, word: &str) -> String {
        let part = CAST.iter().find(|p| p.word == word).expect("someone of the cast");
        let body = json!({ "login": part.login(), "password": part.password(&self.app) });
        let answer = self.api.post("/api/v1/sign-in").json(&body).await.expect(200);
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The prepared database and its keys, copied into `folder` for a program to be run on; answers the
/// copy on PostgreSQL.
pub async fn furnish(folder: &Path) -> Option<Database> {
    let prepared = PREPARED.get_or_init(prepare).await.folder.as_path();
    let keys = folder.join("keys");
    std::fs::create_dir_all(&keys).expect("a folder");
    for file in std::fs::read_dir(prepared.join("keys")).expect("keys") {
        let file = file.expect("a key");
        std::fs::copy(file.path(), keys.join(file.file_name())).expect("a copy");
    }
    copy_media(prepared, folder);
    copy(prepared, folder)
}

async fn prepare() -> Prepared {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    let folder = folder.canonicalize().expect("it exists");
    let sweeper = leash::sweep_after_death(&folder, &folder.join("no server's")).expect("a shell");
    let url = match Engine::of_this_run() {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::shared().create_database(TEMPLATE)),
    };
    keys::create_missing(&folder.join("keys"), Clock::default().now()).expect("keys");
    let app = open(settings(&folder, url.as_deref()), &folder).await;
    app.db.migrate().await.expect("a schema");
    demo::prepare(&app).await.expect("a prepared database");
    app.db.clone().close().await.expect("a closed database");
    Prepared { folder, _sweeper: sweeper }
}

/// A copy of the prepared database: one of PostgreSQL's, or a file in `folder` for SQLite.
fn copy(prepared: &Path, folder: &Path) -> Option<Database> {
    match Engine::of_this_run() {
        Engine::Sqlite => {
            let name = "maitrise.sqlite3";
            std::fs::copy(prepared.join(name), folder.join(name)).expect("a copy");
            None
        }
        Engine::Postgres => Some(Database::copy_of(TEMPLATE, "world")),
    }
}

/// The media of the prepared database.
fn copy_media(prepared: &Path, folder: &Path) {
    let Ok(folders) = std::fs::read_dir(prepared.join("media")) else { return };
    for place in folders {
        let place = place.expect("a folder");
        let copy = folder.join("media").join(place.file_name());
        std::fs::create_dir_all(&copy).expect("a folder");
        for file in std::fs::read_dir(place.path()).expect("a folder") {
            let file = file.expect("a medium");
            std::fs::copy(file.path(), copy.join(file.file_name())).expect("a copy");
        }
    }
}

/// The keys of the prepared database, where a process started on the copy looks for its own.
fn copy_keys(prepared: &Path, folder: &Path) {
    std::fs::create_dir(folder).expect("a folder");
    for key in std::fs::read_dir(prepared).expect("keys") {
        let key = key.expect("a key");
        std::fs::copy(key.path(), folder.join(key.file_name())).expect("a copy");
    }
}

fn settings(folder: &Path, url: Option<&str>) -> Settings {
    let mut settings = config::load(None, Some(folder)).expect("the default settings");
    settings.http.listen = "127.0.0.1:0".parse().expect("an address");
    settings.http.public_url = format!("http://{}", settings.http.listen);
    settings.mode = Mode::Development;
    settings.worker.enabled = false;
    settings.sign_in.per_account_and_address = 1_000;
    settings.sign_in.per_address = 1_000;
    settings.database.max_connections = 4;
    if let Some(url) = url {
        url.clone_into(&mut settings.database.url);
    }
    settings
}

async fn open(settings: Settings, keys: &Path) -> App {
    let db = Db::connect(&settings.database).await.expect("a database");
    let ring = KeyRing::load(&keys.join("keys")).expect("keys");
    let media = MediaStore::in_folder(&settings.media.directory).expect("a media folder");
    App::new(settings, db, Clock::default(), ring, media)
}
