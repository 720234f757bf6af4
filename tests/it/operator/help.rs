//! `--help`, worth reading, and the committed OpenAPI document.

use super::Machine;

/// The commands that a help text lists, but for `help` itself.
fn commands(help: &str) -> Vec<String> {
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let listed = listed.split("\n\n").next().unwrap_or_default();
    // A description that goes on is indented further than a name.
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_command_says_what_it_is_for_and_names_its_options() {
    let machine = Machine::new();
    let mut waiting = vec![Vec::<String>::new()];
    let mut seen = Vec::new();
    while let Some(path) = waiting.pop() {
        let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
        args.push("--help");
        let help = machine.ok(&args).await;
        let opening = help.lines().next().unwrap_or_default();
        assert!(opening.len() > 10 && !opening.starts_with("Usage"), "{path:?}: {help}");
        for option in ["Usage: maitrise", "--config <FILE>", "--data-dir <DIR>", "--help"] {
            assert!(help.contains(option), "{path:?} does not name {option}: {help}");
        }
        for command in commands(&help) {
            waiting.push([&path[..], &[command]].concat());
        }
        seen.push(path.join(" "));
    }
    seen.sort();
    let expected = [
        "",
        "account",
        "account invite",
        "backup",
        "check",
        "config",
        "config check",
        "config show",
        "content",
        "content check",
        "content diff",
        "content export",
        "content import",
        "content new",
        "content paths",
        "content preview",
        "content references",
        "content refresh",
        "demo",
        "keys",
        "keys list",
        "keys new",
        "keys retire",
        "migrate",
        "openapi",
        "restore",
        "serve",
        "verify",
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_a_command_takes_is_in_its_help() {
    let machine = Machine::new();
    let all = ["--role <ROLE>", "--email", "--given-name", "--family-name", "--over <REF>"];
    let roles = ["national_admin", "cdg_admin", "employer_manager", "trainer", "operator"];
    for (command, words) in [
        ("account invite", [&all[..], &roles[..]].concat()),
        ("content import", vec!["[DIR]", "--change <CHANGE>", "editorial", "legal", "--again"]),
        ("content check", vec!["[DIR]", "--format <FORMAT>", "json", "--today <YYYY-MM-DD>"]),
        ("content diff", vec!["<BEFORE>", "<AFTER>", "E1@2", "--format <FORMAT>"]),
        ("content export", vec!["<DIR>", "[VERSION]...", "E1@2", "byte for byte"]),
        ("content new", vec!["<CODE>", "--dir <DIR>", "À COMPLÉTER"]),
        ("content paths", vec!["[DIR]", "--format <FORMAT>", "minutes"]),
        (
            "content references",
            vec!["[DIR]", "--published", "--within <DAYS>", "--today <YYYY-MM-DD>"],
        ),
        ("content refresh", vec!["[DIR]", "byte for byte"]),
        ("keys new", vec!["access", "attestation", "link"]),
        ("keys retire", vec!["<KID>"]),
        ("backup", vec!["<DIR>", "Examples:", "no key", "Exit code 1"]),
        ("restore", vec!["<DIR>", "Examples:", "empty", "missed", "Exit code 1"]),
    ] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = machine.ok(&args).await;
        for word in words {
            assert!(help.contains(word), "{command} does not name {word}: {help}");
        }
    }
}

#[tokio::test]
async fn the_program_prints_the_openapi_document_that_is_committed() {
    let machine = Machine::new();
    let printed = machine.ok(&["openapi"]).await;
    let committed = include_str!("../../../openapi.json");
    assert!(printed == committed, "run `cargo run -- openapi > openapi.json`");
    assert!(!machine.data().exists(), "describing itself touches nothing");
}
