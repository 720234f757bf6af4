//! Typed settings, and the only room that reads the environment.
//!
//! `config/default.toml` documents every key and is embedded; a file, then `MAITRISE__SECTION__KEY`
//! variables overlay it. An unknown key is an error that names the nearest known one, because a
//! mistyped setting that is silently ignored is an outage found late.

use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use tracing_subscriber::filter::LevelFilter;

mod bounds;
mod keys;
mod network;
mod sections;
mod shown;

use keys::{Variable, check_known, environment, known_keys, leaves, listed, unusable};
pub use network::Network;
pub use sections::*;

const DEFAULTS: &str = include_str!("../config/default.toml");
const PREFIX: &str = "MAITRISE__";
/// What is logged when nobody says what.
pub const DEFAULT_LEVEL: &str = "info";
/// Settings that a variable gives as a list, separated by commas.
const LISTS: [&str; 2] = ["http.trusted_proxies", "http.cors_origins"];

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
    let mut origins = Vec::new();
    let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::Value(format!("--config {origin}: cannot be read: {e}")))?;
        let table: toml::Table = toml::from_str(&text)
            .map_err(|e| ConfigError::Value(format!("{origin}: {}", one_line(&e.to_string()))))?;
        for key in leaves(&table, "") {
            check_known(&key, &origin, &known)?;
            origins.push((key, origin.clone()));
        }
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }
    for Variable { name, key, text } in environment() {
        check_known(&key, &name, &known)?;
        // Read as text, which turns into what the setting is: a secret of digits stays as it is.
        let value = if LISTS.contains(&key.as_str()) { listed(&text) } else { text.into() };
        builder = builder.set_override(&key, value).map_err(|e| unusable(&e, &origins))?;
        origins.push((key, name));
    }
    let config = builder.build().map_err(|e| unusable(&e, &origins))?;
    let mut settings: Settings = config.try_deserialize().map_err(|e| unusable(&e, &origins))?;
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
            self.database.url = sqlite_url(&self.data.dir.join("maitrise.sqlite3"));
        }
        if self.keys.directory.as_os_str().is_empty() {
            self.keys.directory = self.data.dir.join("keys");
        }
        if self.media.directory.as_os_str().is_empty() {
            self.media.directory = self.data.dir.join("media");
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
        bounds::check(self)?;
        if let Some(part) = self.log.level.split(',').find(|part| !is_log_filter(part)) {
            let why = format!("{part}: give a level, or target=level, as \"info\"");
            return wrong("log.level", &one_line(&why));
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
}

/// The SQLite address of a file.
pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
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

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether this is a level, or a target and its level. The library would take a word that is neither
/// for a target, and so a misspelt level for silence about everything else.
fn is_log_filter(part: &str) -> bool {
    let (target, level) = part.rsplit_once('=').unwrap_or(("maitrise", part));
    let named = |c: char| c.is_ascii_alphanumeric() || "_:-".contains(c);
    level.trim().parse::<LevelFilter>().is_ok()
        && !target.is_empty()
        && target.trim().chars().all(named)
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
        assert_eq!(settings.log.level, DEFAULT_LEVEL);
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
