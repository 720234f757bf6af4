//! Typed settings, and the only room that reads the environment.
//!
//! `config/default.toml` documents every key and is embedded; a file, then `MAITRISE__SECTION__KEY`
//! variables overlay it. An unknown key is an error that names the nearest known one, because a
//! mistyped setting that is silently ignored is an outage found late.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use config::{Config, Environment, File, FileFormat};
use serde::Deserialize;

const DEFAULTS: &str = include_str!("../config/default.toml");
const PREFIX: &str = "MAITRISE";
const REDACTED: &str = "<redacted>";

/// Whether the program is trusted with real people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real people: unsafe conveniences are refused.
    Production,
    /// A developer's machine.
    Development,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty,)* }
    };
}

section! {
    /// Everything that can be set; `config/default.toml` says what each key means.
    Settings {
        /// Production or development.
        mode: Mode,
        /// Where files live.
        data: DataSettings,
        /// The listener and its bounds.
        http: HttpSettings,
        /// The database.
        database: DatabaseSettings,
        /// Signing keys.
        keys: KeySettings,
        /// Lifetimes of tokens and links.
        tokens: TokenSettings,
        /// Limits on failed sign-ins.
        sign_in: SignInSettings,
        /// How mail goes out.
        mail: MailSettings,
        /// The worker loop.
        worker: WorkerSettings,
        /// Statistical secrecy.
        statistics: StatisticsSettings,
        /// Logging.
        log: LogSettings,
    }
}
section! {
    /// `[data]`
    DataSettings {
        /// The data folder.
        dir: PathBuf,
    }
}
section! {
    /// `[http]`
    HttpSettings {
        /// Listening address.
        listen: SocketAddr,
        /// Public address, without a trailing slash.
        public_url: String,
        /// Proxies whose `X-Forwarded-For` is believed.
        trusted_proxies: Vec<String>,
        /// Origins allowed by CORS.
        cors_origins: Vec<String>,
        /// Seconds a request may take.
        request_timeout_seconds: u64,
        /// Bytes a body may hold.
        body_limit_bytes: usize,
        /// Seconds of grace on shutdown.
        shutdown_grace_seconds: u64,
        /// Separate metrics address; empty for none.
        metrics_listen: String,
    }
}
section! {
    /// `[database]`
    DatabaseSettings {
        /// Address of the database.
        url: String,
        /// File that holds the address.
        url_file: String,
        /// Connections in the pool.
        max_connections: u32,
        /// Seconds to wait for a connection.
        acquire_timeout_seconds: u64,
    }
}
section! {
    /// `[keys]`
    KeySettings {
        /// Folder of the keys.
        directory: PathBuf,
    }
}
section! {
    /// `[tokens]`
    TokenSettings {
        /// Minutes of an access token.
        access_minutes: i64,
        /// Days of a refresh token.
        refresh_days: i64,
        /// Days of an invitation.
        invitation_days: i64,
        /// Minutes of a password reset.
        reset_minutes: i64,
    }
}
section! {
    /// `[sign_in]`
    SignInSettings {
        /// Failures per minute for an account from one address.
        per_account_and_address: u32,
        /// Failures per minute for one address.
        per_address: u32,
    }
}
section! {
    /// `[mail]`
    MailSettings {
        /// File or SMTP.
        transport: MailTransport,
        /// Name of the sender.
        from_name: String,
        /// Address of the sender.
        from_address: String,
        /// SMTP server.
        smtp_host: String,
        /// SMTP port.
        smtp_port: u16,
        /// TLS of the SMTP connection.
        smtp_security: SmtpSecurity,
        /// SMTP account; empty for none.
        smtp_username: String,
        /// SMTP password.
        smtp_password: String,
        /// File that holds the SMTP password.
        smtp_password_file: String,
        /// Seconds of an SMTP conversation.
        timeout_seconds: u64,
        /// Attempts before giving up.
        max_attempts: i32,
    }
}
section! {
    /// `[worker]`
    WorkerSettings {
        /// Whether the loop runs here.
        enabled: bool,
        /// Seconds between rounds.
        tick_seconds: u64,
    }
}
section! {
    /// `[statistics]`
    StatisticsSettings {
        /// Persons below which a line is not shown.
        min_persons: i64,
    }
}
section! {
    /// `[log]`
    LogSettings {
        /// Text or JSON.
        format: LogFormat,
        /// Filter.
        level: String,
    }
}

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// As files in the data folder.
    File,
    /// Through an SMTP server.
    Smtp,
}

/// How the SMTP connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, required.
    Starttls,
    /// None: a relay on this machine.
    None,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// What is wrong with the settings; one line each, saying how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("{origin}: unknown setting `{key}`{hint}")]
    UnknownKey {
        /// File or variable that holds it.
        origin: String,
        /// The dotted key.
        key: String,
        /// The nearest known key, as a phrase.
        hint: String,
    },
    /// A value that cannot be used.
    #[error("{0}")]
    Value(String),
}

/// Reads the settings: defaults, then `file`, then the environment; `data_dir` (a command-line
/// option) has the last word.
///
/// # Errors
/// An unknown key, a value of the wrong type, or a secret file that cannot be read.
pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<Settings, ConfigError> {
    let known = known_keys();
    let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::Value(format!("{}: {e}", path.display())))?;
        let table: toml::Table = toml::from_str(&text).map_err(|e| {
            ConfigError::Value(format!("{}: {}", path.display(), one_line(&e.to_string())))
        })?;
        for key in leaves(&table, "") {
            check_known(&key, &path.display().to_string(), &known)?;
        }
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }
    for (name, key) in environment_keys() {
        check_known(&key, &name, &known)?;
    }
    let config = builder
        .add_source(
            Environment::with_prefix(PREFIX)
                .prefix_separator("__")
                .separator("__")
                .list_separator(",")
                .with_list_parse_key("http.trusted_proxies")
                .with_list_parse_key("http.cors_origins")
                .try_parsing(true),
        )
        .build()
        .map_err(|e| ConfigError::Value(e.to_string()))?;
    let mut settings: Settings =
        config.try_deserialize().map_err(|e| ConfigError::Value(e.to_string()))?;
    if let Some(dir) = data_dir {
        settings.data.dir = dir.to_owned();
    }
    settings.fill()?;
    Ok(settings)
}

impl Settings {
    /// Replaces empty values by what they stand for, and reads secrets kept in files.
    fn fill(&mut self) -> Result<(), ConfigError> {
        read_secret(&mut self.database.url, &self.database.url_file, "database.url")?;
        read_secret(
            &mut self.mail.smtp_password,
            &self.mail.smtp_password_file,
            "mail.smtp_password",
        )?;
        if self.database.url.is_empty() {
            self.database.url = crate::db::sqlite_url(&self.data.dir.join("maitrise.sqlite3"));
        }
        if self.keys.directory.as_os_str().is_empty() {
            self.keys.directory = self.data.dir.join("keys");
        }
        if self.http.public_url.is_empty() {
            self.http.public_url = format!("http://{}", self.http.listen);
        }
        while self.http.public_url.ends_with('/') {
            self.http.public_url.pop();
        }
        self.check_values()
    }

    fn check_values(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, why: &str| Err(ConfigError::Value(format!("{key}: {why}")));
        for proxy in &self.http.trusted_proxies {
            if Network::parse(proxy).is_none() {
                return wrong("http.trusted_proxies", "give addresses or networks, as 10.0.0.0/8");
            }
        }
        if self.worker.tick_seconds == 0 {
            return wrong("worker.tick_seconds", "must be at least 1");
        }
        if self.statistics.min_persons < 5 {
            return wrong("statistics.min_persons", "must be at least 5 (statistical secrecy)");
        }
        if self.database.max_connections == 0 {
            return wrong("database.max_connections", "must be at least 1");
        }
        let url = &self.database.url;
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|s| url.starts_with(s)) {
            return wrong("database.url", "must begin with sqlite:// or postgres://");
        }
        Ok(())
    }

    /// What forbids serving real people with these settings; empty outside production.
    pub fn production_faults(&self) -> Vec<String> {
        if self.mode != Mode::Production {
            return Vec::new();
        }
        let mut faults = Vec::new();
        if !self.http.public_url.starts_with("https://") {
            faults.push(format!(
                "http.public_url is {}: give the https address that people type",
                self.http.public_url
            ));
        }
        if self.mail.transport == MailTransport::File {
            faults.push("mail.transport is \"file\": give an SMTP server".to_owned());
        }
        faults
    }

    /// Whether the database is an SQLite file, and which.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let path = self.database.url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// The settings as they are in force, secrets redacted, in the order of `default.toml`.
    pub fn shown(&self) -> String {
        let mut lines = Vec::new();
        let d = |v: &dyn std::fmt::Debug| format!("{v:?}");
        let secret = |v: &str| format!("{:?}", if v.is_empty() { "" } else { REDACTED });
        let word = |v: &dyn std::fmt::Debug| format!("\"{v:?}\"").to_lowercase();
        let url = if self.sqlite_path().is_some() {
            d(&self.database.url)
        } else {
            secret(&self.database.url)
        };
        let h = &self.http;
        let m = &self.mail;
        let sections: Vec<(&str, Vec<(&str, String)>)> = vec![
            ("", vec![("mode", word(&self.mode))]),
            ("data", vec![("dir", d(&self.data.dir))]),
            (
                "http",
                vec![
                    ("listen", d(&h.listen.to_string())),
                    ("public_url", d(&h.public_url)),
                    ("trusted_proxies", d(&h.trusted_proxies)),
                    ("cors_origins", d(&h.cors_origins)),
                    ("request_timeout_seconds", d(&h.request_timeout_seconds)),
                    ("body_limit_bytes", d(&h.body_limit_bytes)),
                    ("shutdown_grace_seconds", d(&h.shutdown_grace_seconds)),
                    ("metrics_listen", d(&h.metrics_listen)),
                ],
            ),
            (
                "database",
                vec![
                    ("url", url),
                    ("url_file", d(&self.database.url_file)),
                    ("max_connections", d(&self.database.max_connections)),
                    ("acquire_timeout_seconds", d(&self.database.acquire_timeout_seconds)),
                ],
            ),
            ("keys", vec![("directory", d(&self.keys.directory))]),
            (
                "tokens",
                vec![
                    ("access_minutes", d(&self.tokens.access_minutes)),
                    ("refresh_days", d(&self.tokens.refresh_days)),
                    ("invitation_days", d(&self.tokens.invitation_days)),
                    ("reset_minutes", d(&self.tokens.reset_minutes)),
                ],
            ),
            (
                "sign_in",
                vec![
                    ("per_account_and_address", d(&self.sign_in.per_account_and_address)),
                    ("per_address", d(&self.sign_in.per_address)),
                ],
            ),
            (
                "mail",
                vec![
                    ("transport", word(&m.transport)),
                    ("from_name", d(&m.from_name)),
                    ("from_address", d(&m.from_address)),
                    ("smtp_host", d(&m.smtp_host)),
                    ("smtp_port", d(&m.smtp_port)),
                    ("smtp_security", word(&m.smtp_security)),
                    ("smtp_username", d(&m.smtp_username)),
                    ("smtp_password", secret(&m.smtp_password)),
                    ("smtp_password_file", d(&m.smtp_password_file)),
                    ("timeout_seconds", d(&m.timeout_seconds)),
                    ("max_attempts", d(&m.max_attempts)),
                ],
            ),
            (
                "worker",
                vec![
                    ("enabled", d(&self.worker.enabled)),
                    ("tick_seconds", d(&self.worker.tick_seconds)),
                ],
            ),
            ("statistics", vec![("min_persons", d(&self.statistics.min_persons))]),
            ("log", vec![("format", word(&self.log.format)), ("level", d(&self.log.level))]),
        ];
        for (section, keys) in sections {
            if !section.is_empty() {
                lines.push(format!("\n[{section}]"));
            }
            lines.extend(keys.into_iter().map(|(key, value)| format!("{key} = {value}")));
        }
        lines.join("\n")
    }
}

/// An address or a network in CIDR notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `127.0.0.1` or `::1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base.parse().ok()?, Some(bits.parse::<u8>().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let longest = if matches!(base, IpAddr::V4(_)) { 32 } else { 128 };
        let bits = bits.unwrap_or(longest);
        (bits <= longest).then_some(Self { base, bits })
    }

    /// Whether an address lies in this network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u8| {
            let shift = u32::from(width - self.bits);
            a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0)
        };
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}

fn read_secret(value: &mut String, file: &str, key: &str) -> Result<(), ConfigError> {
    if file.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(file)
        .map_err(|e| ConfigError::Value(format!("{key}_file: {file}: {e}")))?;
    text.trim_end_matches(['\r', '\n']).clone_into(value);
    Ok(())
}

fn known_keys() -> Vec<String> {
    let table: toml::Table =
        toml::from_str(DEFAULTS).expect("the embedded default.toml is read by every test");
    leaves(&table, "")
}

fn leaves(table: &toml::Table, prefix: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => keys.extend(leaves(inner, &key)),
            _ => keys.push(key),
        }
    }
    keys
}

#[expect(clippy::disallowed_methods, reason = "this is the room that reads the environment")]
fn environment_keys() -> Vec<(String, String)> {
    std::env::vars()
        .filter_map(|(name, _)| {
            let rest = name.strip_prefix(PREFIX)?.strip_prefix("__")?;
            let key = rest.to_lowercase().replace("__", ".");
            Some((name.clone(), key))
        })
        .collect()
}

fn check_known(key: &str, origin: &str, known: &[String]) -> Result<(), ConfigError> {
    if known.iter().any(|k| k == key) {
        return Ok(());
    }
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
    let hint = nearest.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    Err(ConfigError::UnknownKey { origin: origin.to_owned(), key: key.to_owned(), hint })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Settings, ConfigError> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("settings.toml");
        std::fs::write(&path, text).expect("a file");
        load(Some(&path), None)
    }

    #[test]
    fn the_defaults_load_and_fill_what_is_empty() {
        let settings = load(None, Some(Path::new("/tmp/somewhere"))).expect("defaults");
        assert_eq!(settings.database.url, "sqlite:///tmp/somewhere/maitrise.sqlite3");
        assert_eq!(settings.http.public_url, "http://127.0.0.1:8080");
        assert_eq!(settings.keys.directory, Path::new("/tmp/somewhere/keys"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error = load_text("[http]\nlisen = \"127.0.0.1:1\"").expect_err("refused").to_string();
        assert!(error.contains("`http.lisen`") && error.contains("`http.listen`"), "{error}");
    }

    #[test]
    fn the_production_example_is_complete_and_fit_for_production() {
        let example: toml::Table =
            toml::from_str(include_str!("../config/production.example.toml")).expect("TOML");
        let known = known_keys();
        for key in leaves(&example, "") {
            assert!(known.contains(&key), "{key} is not a setting");
        }
        let text = include_str!("../config/production.example.toml")
            .replace("url_file", "#")
            .replace("smtp_password_file", "#");
        assert_eq!(load_text(&text).expect("settings").production_faults(), Vec::<String>::new());
    }

    #[test]
    fn secrets_are_redacted_and_every_known_key_is_shown() {
        let mut settings = load(None, None).expect("defaults");
        settings.mail.smtp_password = "hunter2".to_owned();
        settings.database.url = "postgres://u:hunter2@h/d".to_owned();
        let shown = settings.shown();
        assert!(!shown.contains("hunter2"));
        let table: toml::Table = toml::from_str(&shown).expect("what is shown is TOML");
        assert_eq!(leaves(&table, ""), known_keys());
    }

    #[test]
    fn a_network_contains_its_addresses_only() {
        let network = Network::parse("10.0.0.0/8").expect("a network");
        assert!(network.contains("10.9.8.7".parse().expect("ip")));
        assert!(!network.contains("11.0.0.1".parse().expect("ip")));
        assert!(Network::parse("::/0").expect("all").contains("2001:db8::1".parse().expect("ip")));
        assert!(Network::parse("10.0.0.0/33").is_none());
    }
}
