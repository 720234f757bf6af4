//! Known keys, and the nearest one to a key that is not.

use super::{ConfigError, DEFAULTS, PREFIX};

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

#[expect(clippy::disallowed_methods, reason = "this is the room that reads the environment")]
pub(super) fn environment_keys() -> Vec<(String, String)> {
    std::env::vars()
        .filter_map(|(name, _)| {
            let rest = name.strip_prefix(PREFIX)?.strip_prefix("__")?;
            let key = rest.to_lowercase().replace("__", ".");
            Some((name.clone(), key))
        })
        .collect()
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
