//! An installation with people in it, served by the real binary, which may be killed and started
//! again as often as a test likes: its address, its keys and its people's tokens stay.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use maitrise::accounts::token;
use maitrise::config::DatabaseSettings;
use maitrise::db::Db;
use maitrise::demo::cast::COMMUNE;

use crate::newcomers::Newcomer;
use crate::support::{Api, Cluster, Engine, Output, Server, Settings, Sink, SmallDisk, run};
use crate::world::World;

/// Longest wait for a start or a command, on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Minutes that a token of this room is good for: longer than any run.
const TOKEN_MINUTES: i64 = 600;

/// An installation.
pub struct Site {
    /// Where it was prepared; its own server speaks to a database that is closed once this begins.
    pub world: World,
    /// A client of the process.
    pub api: Api,
    port: u16,
    data: PathBuf,
    /// The data as they are seen from here, when they are on a small disk.
    seen: Option<PathBuf>,
    enter: Vec<String>,
    env: Vec<(String, String)>,
    server: Option<Server>,
}

impl Site {
    /// Prepares one, in `cluster` if its database is to be there.
    pub async fn new(cluster: Option<&Cluster>) -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let world = World::with(|settings| {
            settings.http.public_url = url.clone();
            if let Some(cluster) = cluster {
                settings.database.url = cluster.create_copy(&settings.database.url, "site");
            }
        })
        .await;
        let data = world.app.settings.data.dir.clone();
        let mut site = Self {
            api: Api::new(&url),
            enter: Vec::new(),
            env: Vec::new(),
            server: None,
            seen: None,
            port,
            data,
            world,
        };
        let listen = format!("127.0.0.1:{port}");
        for (key, value) in [
            ("MODE", "development"),
            ("LOG__LEVEL", "warn"),
            ("HTTP__LISTEN", listen.as_str()),
            ("HTTP__PUBLIC_URL", url.as_str()),
            ("SIGN_IN__PER_ACCOUNT_AND_ADDRESS", "100000"),
            ("SIGN_IN__PER_ADDRESS", "100000"),
            ("WORKER__TICK_SECONDS", "1"),
            ("WORKER__PLAN_SECONDS", "1"),
        ] {
            site.set(key, value);
        }
        if Engine::of_this_run() == Engine::Postgres {
            site.set("DATABASE__URL", &site.world.app.settings.database.url.clone());
        }
        site
    }

    /// Gives a setting of the process.
    pub fn set(&mut self, key: &str, value: &str) {
        self.env.push((format!("MAITRISE__{key}"), value.to_owned()));
    }

    /// Has mail sent to `sink`.
    pub fn mail_to(&mut self, sink: &Sink) {
        self.set("MAIL__TRANSPORT", "smtp");
        self.set("MAIL__SMTP_HOST", "127.0.0.1");
        self.set("MAIL__SMTP_PORT", &sink.port().to_string());
        self.set("MAIL__SMTP_SECURITY", "none");
    }

    /// A token of someone of the cast.
    pub async fn member(&self, word: &str) -> String {
        let known = self.world.known(&format!("{word}@demonstration.example")).await;
        self.token(&known)
    }

    /// Learners of a commune, none of whom has begun anything: their tokens.
    pub async fn learners(&self, count: u64) -> Vec<String> {
        let mut tokens = Vec::new();
        for number in 0..count {
            let learner = self.world.admit(&format!("apprenant{number}")).await;
            self.world.elect(&learner, COMMUNE).await;
            tokens.push(self.token(&learner));
        }
        tokens
    }

    fn token(&self, who: &Newcomer) -> String {
        let (app, who) = (&self.world.app, (who.account_id, 1));
        let issuer = &app.settings.http.public_url;
        token::issue(&app.keys, issuer, who, TOKEN_MINUTES, app.clock.now()).expect("a token")
    }

    /// Lets go of what it was prepared with: from here on, only processes speak to the database.
    pub async fn close(&self) {
        self.world.app.db.clone().close().await.expect("a closed database");
    }

    /// Puts its data on a small disk, once closed.
    pub fn move_to(&mut self, disk: &SmallDisk) {
        copy_folder(&self.data, &disk.outside("data"));
        self.seen = Some(disk.outside("data"));
        self.data = disk.dir().join("data");
        self.enter = disk.enter();
    }

    /// Starts the process, and waits until it is ready.
    pub async fn start(&mut self) {
        let mut server = Server::start(&self.settings(&["serve"]));
        let ready = format!("http://127.0.0.1:{}/readyz", self.port);
        server.wait_ready(&ready, PATIENCE).await;
        self.server = Some(server);
    }

    /// A crash: nothing of the process runs any more.
    pub async fn kill(&mut self) {
        self.server.take().expect("a process").kill9().await;
    }

    /// Starts another process on the same database; answers its address, once it is ready.
    pub async fn start_another(&self) -> (Server, String) {
        let address = format!("127.0.0.1:{}", free_port());
        let mut settings = self.settings(&["serve"]);
        settings.env.push(("MAITRISE__HTTP__LISTEN".to_owned(), address.clone()));
        let mut server = Server::start(&settings);
        let url = format!("http://{address}");
        server.wait_ready(&format!("{url}/readyz"), PATIENCE).await;
        (server, url)
    }

    /// Asks the process to stop; answers what it ever wrote.
    pub async fn stop(&mut self) -> String {
        let server = self.server.take().expect("a process");
        let (status, output) = server.terminate_with_output().await;
        assert!(status.success(), "{output}");
        output
    }

    /// Runs a command of the program beside the process.
    pub async fn run(&self, args: &[&str]) -> Output {
        run(&self.settings(args), "", PATIENCE).await
    }

    /// The database as it stands, for reading its tables. One on a small disk is copied from there:
    /// SQLite names its files by their true path, which nobody here can open.
    pub async fn tables(&self) -> Db {
        let mut database = DatabaseSettings::clone(&self.world.app.settings.database);
        if let Some(seen) = &self.seen {
            let copy = self.world.app.settings.data.dir.join("copy");
            copy_folder(seen, &copy);
            database.url = format!("sqlite://{}/maitrise.sqlite3", copy.display());
        }
        Db::connect(&database).await.expect("a database")
    }

    fn settings(&self, args: &[&str]) -> Settings {
        let data = ["--data-dir".to_owned(), self.data.display().to_string()];
        let program = env!("CARGO_BIN_EXE_maitrise").to_owned();
        let args = args.iter().map(|arg| (*arg).to_owned()).chain(data);
        let mut words = self.enter.iter().cloned().chain([program]).chain(args);
        Settings {
            program: words.next().expect("a program").into(),
            args: words.collect(),
            env: self.env.clone(),
            dir: Some("/".into()),
        }
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
