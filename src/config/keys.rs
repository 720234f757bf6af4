//! Known keys, and the nearest one to a key that is not.

use config::Value;

use super::{ConfigError, DEFAULTS, PREFIX, one_line};

pub(super) fn known_keys() -> Vec<String> {
    let table: toml::Table =
        toml::from_str(DEFAULTS).expect("the embedded default.toml is read by every test");
    leaves(&table, "")
}

pub(super) fn leaves(table: &toml::Table, prefix: &str) -> Vec<String> {
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

/// A setting given by the environment.
pub(super) struct Variable {
    /// `MAITRISE__HTTP__LISTEN`
    pub name: String,
    /// `http.listen`
    pub key: String,
    /// Its value, as it stands.
    pub text: String,
}

/// The variables that are ours; those of others are never looked at, be they no text at all.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the environment")]
pub(super) fn environment() -> Vec<Variable> {
    std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.to_str()?;
            let key = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
            let text = value.to_string_lossy().into_owned();
            Some(Variable { name: name.to_owned(), key, text })
        })
        .collect()
}

/// The items of a list given in one variable.
pub(super) fn listed(text: &str) -> Value {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(str::to_owned).collect::<Vec<_>>().into()
}

/// What is wrong with a value, in one line: where it was given, and what the setting looks like.
pub(super) fn unusable(error: &config::ConfigError, origins: &[(String, String)]) -> ConfigError {
    let text = one_line(&error.to_string());
    let known = known_keys();
    let Some(key) = known.iter().find(|key| text.contains(&format!("`{key}`"))) else {
        return ConfigError::Value(text);
    };
    let origin = origins.iter().rev().find(|(given, _)| given == key);
    let origin = origin.map(|(_, origin)| format!("{origin}: ")).unwrap_or_default();
    ConfigError::Value(format!("{origin}{text}; for instance {}", default_of(key)))
}

/// A setting as `default.toml` writes it.
fn default_of(key: &str) -> String {
    let table: toml::Table =
        toml::from_str(DEFAULTS).expect("the embedded default.toml is read by every test");
    let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
    let table = table.get(section).and_then(toml::Value::as_table).unwrap_or(&table);
    table.get(name).map(|value| format!("{name} = {value}")).unwrap_or_default()
}

pub(super) fn check_known(key: &str, origin: &str, known: &[String]) -> Result<(), ConfigError> {
    if known.iter().any(|k| k == key) {
        return Ok(());
    }
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
    let hint = nearest.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    Err(ConfigError::UnknownKey { origin: origin.to_owned(), key: key.to_owned(), hint })
}
