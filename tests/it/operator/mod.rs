//! What an operator lives: the real binary as a process, its commands, its refusals, its logs.

mod backup;
mod backup_kit;
mod backup_media;
mod backup_refused;
mod bundle;
mod content_check;
mod content_files;
mod content_paths;
mod content_references;
mod content_versions;
mod documents;
mod help;
mod keys;
mod life;
mod logs;
mod preview;
mod refused_data;
mod refused_settings;
mod settings;
mod stop;
mod story_logs;
mod upgrade;
mod verify;

use std::path::PathBuf;
use std::time::Duration;

use maitrise::config;
use maitrise::db::Db;
use maitrise::instance::InstanceKind;

use crate::support::{Api, Cluster, Database, Engine, Output, Server, Settings, Sink, run};

/// Longest wait for a command or a line: the reference data takes seconds, a loaded machine more.
const PATIENCE: Duration = Duration::from_secs(120);

/// A machine on which the program is installed, with a folder and, when asked for, a database.
pub struct Machine {
    folder: tempfile::TempDir,
    env: Vec<(String, String)>,
    /// PostgreSQL's, when the run is on it and one was asked for.
    database: Option<Database>,
}

impl Machine {
    /// A machine without anything; logs are kept quiet, so that what a command says stands alone.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut machine = Self { folder, env: Vec::new(), database: None };
        machine.env.push(("RUST_BACKTRACE".to_owned(), "1".to_owned()));
        machine.set("LOG__LEVEL", "warn");
        machine.set("HTTP__LISTEN", "127.0.0.1:0");
        machine
    }

    /// A machine with an empty database of the engine of this run, for development.
    fn with_database() -> Self {
        let mut machine = Self::new();
        machine.set("MODE", "development");
        if Engine::of_this_run() == Engine::Postgres {
            machine.stand_on(Database::empty("operator"));
            machine.env.push(("PATH".to_owned(), Cluster::shared().search_path()));
        }
        machine
    }

    /// A machine with the territory, the modules and the people of the demonstration, said to be a
    /// developer's for `serve` to take it.
    pub async fn peopled() -> Self {
        let mut machine = Self::with_database();
        if let Some(copy) = crate::world::furnish(&machine.data()).await {
            machine.stand_on(copy);
        }
        refused_data::mark(&machine, InstanceKind::Development).await;
        machine
    }

    /// The settings, as far as the data go.
    pub fn data_settings(&self) -> config::Settings {
        let mut settings = config::load(None, Some(&self.data())).expect("settings");
        if let Some((_, url)) = self.env.iter().find(|(name, _)| name.ends_with("DATABASE__URL")) {
            settings.database.url.clone_from(url);
        }
        settings
    }

    /// The database, opened beside the program.
    pub async fn database(&self) -> Db {
        let settings = self.data_settings();
        std::fs::create_dir_all(self.data()).expect("a folder");
        Db::connect(&settings.database).await.expect("a database")
    }

    /// Keeps what it has in that database from now on.
    fn stand_on(&mut self, database: Database) {
        self.set("DATABASE__URL", database.url());
        self.database = Some(database);
    }

    /// Gives a setting, by its name without the prefix; the last one holds.
    fn set(&mut self, key: &str, value: &str) {
        let name = format!("MAITRISE__{key}");
        self.env.retain(|(known, _)| *known != name);
        self.env.push((name, value.to_owned()));
    }

    /// Has mail sent to `sink`.
    fn mail_to(&mut self, sink: &Sink) {
        self.set("MAIL__TRANSPORT", "smtp");
        self.set("MAIL__SMTP_HOST", "127.0.0.1");
        self.set("MAIL__SMTP_PORT", &sink.port().to_string());
        self.set("MAIL__SMTP_SECURITY", "none");
    }

    /// Settings that production accepts, but for what a test takes away.
    fn fit_for_production(&mut self) {
        self.set("MODE", "production");
        self.set("HTTP__PUBLIC_URL", "https://formation.example");
        self.set("MAIL__TRANSPORT", "smtp");
        self.set("MAIL__SMTP_HOST", "127.0.0.1");
    }

    /// The data folder, which the program makes.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file of the operator's; answers its path.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    fn settings(&self, args: &[&str]) -> Settings {
        let given = args.contains(&"--data-dir");
        let data = ["--data-dir".to_owned(), self.data().display().to_string()];
        let args = args.iter().map(|arg| (*arg).to_owned());
        Settings {
            program: env!("CARGO_BIN_EXE_maitrise").into(),
            args: args.chain(data.into_iter().filter(|_| !given)).collect(),
            env: self.env.clone(),
            dir: Some(self.folder.path().to_owned()),
        }
    }

    /// Runs a command to its end.
    async fn run(&self, args: &[&str]) -> Output {
        run(&self.settings(args), "", PATIENCE).await
    }

    /// What a command that succeeds says.
    async fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args).await;
        assert!(output.status.success(), "{args:?}: {output:?}");
        output.stdout
    }

    /// What a command that is refused says, which is one line, on its standard error.
    async fn refused(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.run(args).await;
        assert_eq!(status.code(), Some(1), "{args:?}\n{stdout}\n{stderr}");
        let line = stderr.strip_prefix("maitrise: ").and_then(|rest| rest.strip_suffix('\n'));
        let line = line.unwrap_or_else(|| panic!("{args:?} is not refused in a line:\n{stderr}"));
        assert!(!line.contains('\n'), "{args:?} says more than a line:\n{stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("backtrace"), "{stderr}");
        line.to_owned()
    }

    /// That a command is refused in a line which holds every one of `words`.
    async fn refused_saying(&self, args: &[&str], words: &[&str]) {
        let line = self.refused(args).await;
        for word in words {
            assert!(line.contains(word), "{args:?} does not say {word:?}: {line}");
        }
    }

    /// `serve`, once it listens, and a client of it.
    pub async fn serve(&self) -> (Server, Api) {
        let mut settings = self.settings(&["serve"]);
        if !self.env.iter().any(|(name, level)| name.ends_with("LOG__LEVEL") && level != "warn") {
            let level = ("MAITRISE__LOG__LEVEL".to_owned(), "maitrise=info,warn".to_owned());
            settings.env.push(level);
        }
        let mut server = Server::start(&settings);
        let line = server.wait_for_line("127.0.0.1:", PATIENCE).await;
        let port = line.split("127.0.0.1:").nth(1).unwrap_or_default();
        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
        let api = Api::new(&format!("http://127.0.0.1:{port}"));
        api.get("/readyz").await.expect(200);
        (server, api)
    }

    /// Makes the three keys of an installation.
    async fn make_keys(&self) {
        for what in ["access", "attestation", "link"] {
            self.ok(&["keys", "new", what]).await;
        }
    }

    /// Invites someone, with the command that makes the first administrator.
    async fn invite(&self, email: &str) -> String {
        let who = ["--email", email, "--given-name", "Éloïse", "--family-name", "Quéméneur"];
        let invite = ["account", "invite", "--role", "national_admin"];
        self.ok(&[&invite[..], &who[..]].concat()).await
    }
}

/// The last segment of the address of a link in a mail.
fn link_token(text: &str) -> String {
    let token = text.split("/liens/").nth(1).and_then(|rest| rest.split_whitespace().next());
    token.unwrap_or_else(|| panic!("no link in {text}")).to_owned()
}
