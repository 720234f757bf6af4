//! What operators are told to type, set and watch: commands, settings and measures that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Machine;
use crate::world::World;

/// The pages that tell an operator what to do.
const PAGES: [&str; 5] = [
    "docs/operations.md",
    "config/maitrise.service",
    "config/maitrise-backup.service",
    "README.md",
    "SECURITY.md",
];

fn page(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).expect(path)
}

/// The words that begin with `prefix` and go on with lower case, digits and `_`.
fn words(text: &str, prefix: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let found = text.match_indices(prefix).filter(|(at, _)| !text[..*at].ends_with(is_part));
    let word = |(at, _): (usize, &str)| text[at..].chars().take_while(|c| is_part(*c)).collect();
    found.map(word).collect()
}

#[tokio::test]
async fn every_measure_and_operation_that_an_alert_names_is_published() {
    let world = World::new().await;
    world.api.get("/api/v1/modules").await.expect(200);
    let published = words(&world.api.get("/metrics").await.expect(200).body, "maitrise_");
    let alerts = page("config/alerts.yml");
    let watched: BTreeSet<String> = words(&alerts, "maitrise_");
    assert!(watched.len() >= 6, "alerts watch something: {watched:?}");
    let unknown: Vec<_> = watched.difference(&published).collect();
    assert!(unknown.is_empty(), "{unknown:?} are not published: {published:?}");
    let told = words(&page("docs/operations.md"), "maitrise_");
    // The histogram is told by its family.
    let family = |name: &String| published.contains(&format!("{name}_count"));
    let unknown: Vec<_> = told.iter().filter(|n| !published.contains(*n) && !family(n)).collect();
    assert!(unknown.is_empty(), "{unknown:?} are told and not published");

    let document: Value =
        serde_json::from_str(include_str!("../../../openapi.json")).expect("JSON");
    for rest in alerts.split("operation").skip(1).filter(|rest| rest.starts_with(['=', '!'])) {
        let operation = rest.split('"').nth(1).expect("a name");
        let known = document.to_string().contains(&format!("\"operationId\":\"{operation}\""));
        assert!(known, "{operation} is no operation");
    }
}

#[tokio::test]
async fn every_command_and_option_that_a_page_tells_exists() {
    let machine = Machine::new();
    let mut typed = BTreeSet::new();
    for path in PAGES {
        let text = page(path);
        for line in text.lines().map(|line| format!("\n{line}")) {
            for start in TYPED {
                typed.extend(line.split(start).skip(1).filter_map(command));
            }
        }
    }
    assert!(typed.len() >= 10, "commands are told: {typed:?}");
    for path in &typed {
        let args: Vec<&str> = path.split(' ').chain(["--help"]).collect();
        machine.ok(&args).await;
    }
}

/// What stands before the words of a command.
const TYPED: [&str; 5] =
    ["`maitrise ", "bin/maitrise ", "\nmaitrise ", "\nm ", "sudo -u maitrise maitrise "];

/// The words of a command, options and values left out.
fn command(rest: &str) -> Option<String> {
    let rest = rest.split(['`', '|', ';', '&', '"', '…', '<', '\'']).next()?;
    let mut words = rest.split_whitespace().peekable();
    let mut path = Vec::new();
    while let Some(word) = words.next() {
        if word == "--config" || word == "--data-dir" {
            words.next();
        } else if word.chars().all(|c| c.is_ascii_lowercase()) {
            path.push(word);
        } else {
            break;
        }
        // Commands have two words at most; what follows is theirs.
        let single = ["serve", "demo", "migrate", "openapi", "check", "backup", "restore"];
        if path.len() == 2 || path.first().is_some_and(|first| single.contains(first)) {
            break;
        }
    }
    (!path.is_empty() && path != ["help"]).then(|| path.join(" "))
}

/// How files end that begin as a section of the settings does.
const FILES: [&str; 2] = ["pgdump", "toml"];

#[test]
fn every_setting_that_a_page_names_exists() {
    let defaults: toml::Table = toml::from_str(&page("config/default.toml")).expect("TOML");
    let text = page("docs/operations.md");
    let mut named = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let word = quoted.split_whitespace().next().unwrap_or_default();
        let Some((section, key)) = word.split_once('.') else { continue };
        let Some(section) = defaults.get(section).and_then(toml::Value::as_table) else { continue };
        // Some files are named like settings.
        if !key.chars().all(|c| c.is_ascii_lowercase() || c == '_') || FILES.contains(&key) {
            continue;
        }
        named += 1;
        assert!(section.contains_key(key), "{word} is no setting");
    }
    assert!(named >= 10, "settings are named: {named}");
}
