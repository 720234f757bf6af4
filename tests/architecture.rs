//! The direction of the arrows, enforced file by file.
//!
//! ARCHITECTURE.md says why the house is built so; `architecture/chart.rs` holds the chart itself.
//! Each test is one law; when it is broken, the message names the line and how to mend it.

#[path = "architecture/chart.rs"]
mod chart;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/source.rs"]
mod source;

use std::collections::HashSet;
use std::fs;
use std::sync::LazyLock;

use paths::{Mention, mentions};
use source::{Source, root, sources};

/// A source file may be this long, in lines; over 300 it is already two rooms.
const LONGEST: usize = 400;

/// What opens a room says at least this, in characters.
const SHORTEST_OPENING: usize = 80;

/// Every file of `src/`, read once.
static SRC: LazyLock<Vec<Source>> = LazyLock::new(|| sources("src"));

/// Fails with every fault found, and the law that they break.
fn uphold(law: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{law}\n\n  {}\n", faults.join("\n  "));
}

/// Says where a path is written.
fn at(source: &Source, mention: &Mention) -> String {
    format!("{}:{}: `{}`", source.path, mention.line, mention.text())
}

/// Every path of `src/`, tests included, that `wrong` finds wrong.
fn wrong_paths(wrong: impl Fn(&Source, &Mention) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for source in SRC.iter() {
        for mention in mentions(&source.code, &source.module()) {
            let fault = wrong(source, &mention);
            faults.extend(fault.map(|fault| format!("{} {fault}", at(source, &mention))));
        }
    }
    faults
}

// 1. Which room may use which.

#[test]
fn every_arrow_goes_down_the_chart() {
    let mut faults = Vec::new();
    for source in SRC.iter() {
        let mut said = HashSet::new();
        for mention in mentions(&source.shipped(), &source.module()) {
            let Some(fault) = wrong_arrow(source, &mention) else { continue };
            if said.insert((mention.line, mention.room().map(str::to_owned))) {
                faults.push(format!("{} {fault}", at(source, &mention)));
            }
        }
    }
    uphold("A room uses only the rooms under it (tests/architecture/chart.rs).", &faults);
}

#[test]
fn every_room_is_on_the_chart() {
    let mut said = HashSet::new();
    let mut faults = Vec::new();
    for source in SRC.iter() {
        let room = source.room();
        let known = chart::allowed(room).is_some() || chart::storey(room).is_some();
        if !known && said.insert(room) {
            faults.push(format!(
                "{}:1: `{room}` is not on the chart: add it to ROOMS in tests/architecture/chart.rs \
                 with the rooms that it may use, or to STOREYS, and to ARCHITECTURE.md",
                source.path
            ));
        }
    }
    uphold("Every room has its place on the chart.", &faults);
}

#[test]
fn the_chart_allows_nothing_that_no_file_uses() {
    let mut used = HashSet::new();
    for source in SRC.iter().filter(|source| !source.is_api()) {
        let found = mentions(&source.shipped(), &source.module());
        let rooms = found.iter().filter_map(Mention::room);
        used.extend(rooms.map(|to| (source.room(), to.to_owned())));
    }
    let mut faults = Vec::new();
    for (room, may) in chart::ROOMS {
        for to in may.iter().filter(|to| !used.contains(&(*room, (**to).to_owned()))) {
            faults.push(format!("chart.rs: \"{room}\" does not use \"{to}\": take it off its row"));
        }
    }
    uphold("An arrow that nobody needs is not on the chart.", &faults);
}

/// What is wrong with the arrow from `source` to the room of `mention`, if anything is.
fn wrong_arrow(source: &Source, mention: &Mention) -> Option<String> {
    let elsewhere = mention.room()? != source.room();
    let wrong = || wrong_storey(source, mention).or_else(|| wrong_room(source, mention));
    elsewhere.then(wrong).flatten()
}

/// An `api` or a room above the capabilities that uses what stands higher.
fn wrong_storey(source: &Source, mention: &Mention) -> Option<String> {
    let (from, to) = (source.room(), mention.room()?);
    let stands = if source.is_api() { 0 } else { chart::storey(from)? };
    let higher = chart::storey(to)? > stands;
    higher.then(|| {
        format!("leads up: `{to}` stands above `{from}` (STOREYS); move what is shared under both")
    })
}

/// A domain file that uses a room outside its row; what [`no_domain_file_knows_its_doors`] says of
/// `http`, `web`, `app` and every `api` is left to it.
fn wrong_room(source: &Source, mention: &Mention) -> Option<String> {
    let (from, to) = (source.room(), mention.room()?);
    let may = chart::allowed(from).filter(|_| !source.is_api())?;
    if may.contains(&to) || mention.is_api() || chart::DOORS.contains(&to) {
        return None;
    }
    if chart::storey(to).is_some() {
        return Some(format!("leads to the roof: `{from}` knows nothing of `{to}`; take a value"));
    }
    chart::allowed(to).map(|_| {
        format!(
            "leads where `{from}` may not go: a verb lives in the highest room it touches, so move \
             it up to `{to}` or above both; or, if the arrow is right and makes no circle, add \
             \"{to}\" to the row of \"{from}\""
        )
    })
}

#[test]
fn the_chart_makes_no_circle() {
    let circle = chart::circle().map(|rooms| rooms.join(" → "));
    assert_eq!(circle, None, "these rooms of tests/architecture/chart.rs lead back to the first");
}

#[test]
fn the_chart_names_each_room_once_and_only_rooms_it_knows() {
    let rows = || chart::KERNEL.iter().chain(chart::ROOMS);
    let mut names: Vec<&str> = rows().map(|(name, _)| *name).collect();
    names.extend(chart::STOREYS.concat());
    let mut faults = Vec::new();
    for name in &names {
        if names.iter().filter(|other| *other == name).count() > 1 {
            faults.push(format!("\"{name}\" has two places: keep one"));
        }
    }
    for (room, may) in rows() {
        for to in may.iter().filter(|to| chart::allowed(to).is_none()) {
            faults.push(format!("the row of \"{room}\" names \"{to}\", which has no row: add one"));
        }
    }
    uphold("tests/architecture/chart.rs holds together.", &faults);
}

// 2. Doors are closed to domain files.

#[test]
fn no_domain_file_knows_its_doors() {
    let faults = wrong_paths(|source, mention| {
        let domain =
            !source.is_api() && !source.is_test() && chart::storey(source.room()).is_none();
        let door = mention.is_api() || chart::DOORS.contains(&mention.room()?);
        (domain && door).then(|| {
            "belongs to the doors: take a value as an argument, or move this to the room's api.rs"
                .to_owned()
        })
    });
    uphold("No domain file imports `http`, `web`, `app` or any `api`.", &faults);
}

// 3 and 4. Crates and the system stay in the rooms that own them.

#[test]
fn only_doors_know_poem() {
    let faults = wrong_paths(|source, mention| {
        let poem = mention.starts_with(&["poem"]) || mention.starts_with(&["poem_openapi"]);
        let rooms = [chart::DOORS, &["command", "lib", "main"]].concat();
        (poem && !source.is_api() && !source.is_test() && !rooms.contains(&source.room()))
            .then(|| "is HTTP: move it to the room's api.rs, or to src/http/".to_owned())
    });
    uphold("poem appears only in the doors (api, http, web, app, command, main, lib).", &faults);
}

#[test]
fn only_mail_knows_lettre() {
    let faults = wrong_paths(|source, mention| {
        (mention.starts_with(&["lettre"]) && source.room() != "mail")
            .then(|| "is SMTP: queue a message through `mail` instead".to_owned())
    });
    uphold("lettre appears only in src/mail/.", &faults);
}

#[test]
fn only_config_reads_the_environment() {
    let faults = wrong_paths(|source, mention| {
        let asks = mention.starts_with(&["std", "env"]);
        // The runner tells the unit tests through the environment which engine to stand on.
        (asks && !["config", "testing"].contains(&source.room()))
            .then(|| "asks the environment: add a setting to src/config.rs and take it".to_owned())
    });
    uphold("std::env appears only in src/config.rs.", &faults);
}

#[test]
fn only_clock_asks_the_system_for_time_ids_and_randomness() {
    let asks: [&[&str]; 7] = [
        &["Utc", "now"],
        &["Local", "now"],
        &["SystemTime", "now"],
        &["Uuid", "now_v7"],
        &["Uuid", "new_v4"],
        &["getrandom"],
        &["OsRng"],
    ];
    let faults = wrong_paths(|source, mention| {
        let asked = asks.iter().any(|part| mention.holds(part));
        (asked && source.room() != "clock").then(|| {
            "asks the system: take `now` as an argument, or use `clock::new_id`, `clock::random`"
                .to_owned()
        })
    });
    uphold("Only src/clock.rs asks the system for time, ids and randomness.", &faults);
}

// 5. Yesterday's migration cannot break because of today's code.

#[test]
fn migrations_never_see_the_program() {
    let mut faults = Vec::new();
    for source in sources("migrations") {
        for mention in mentions(&source.code, &[]) {
            if mention.starts_with(&["maitrise"]) || mention.holds(&["Entity"]) {
                let place = at(&source, &mention);
                faults.push(format!("{place} is today's code: name tables and columns by strings"));
            }
        }
    }
    let manifest = fs::read_to_string(root().join("migrations/Cargo.toml")).expect("a manifest");
    for (number, line) in (1..).zip(manifest.lines()) {
        if line.trim_start().starts_with("maitrise") {
            faults.push(format!("migrations/Cargo.toml:{number}: remove this dependency"));
        }
    }
    uphold("migrations/ never mentions the crate `maitrise` nor an entity.", &faults);
}

#[test]
fn only_db_runs_the_migrations() {
    let faults = wrong_paths(|source, mention| {
        (mention.starts_with(&["migrations"]) && source.path != "src/db.rs")
            .then(|| "is for src/db.rs alone: use what `db::Db` offers".to_owned())
    });
    uphold("src/ uses `migrations` only in src/db.rs.", &faults);
}

// 6. Every room says what it is.

#[test]
fn every_file_says_what_it_is() {
    let mut faults = Vec::new();
    for source in SRC.iter().chain(&sources("migrations")) {
        if !source.text.starts_with("//!") {
            let path = &source.path;
            faults.push(format!("{path}:1: begin with a `//!` line: what this is, and why"));
        }
    }
    uphold("Every file opens with what it is.", &faults);
}

#[test]
fn every_room_opens_with_a_paragraph() {
    let inside = |source: &&Source| source.path.matches('/').count() > 1;
    let mut rooms: Vec<&str> = SRC.iter().filter(inside).map(Source::room).collect();
    rooms.dedup();
    let mut faults = Vec::new();
    for room in rooms {
        let doors = [format!("src/{room}/mod.rs"), format!("src/{room}.rs")];
        let Some(door) = SRC.iter().find(|source| doors.contains(&source.path)) else {
            faults.push(format!("src/{room}/: add a mod.rs that says what this room is, and why"));
            continue;
        };
        let long = opening(&door.text).chars().count();
        if long < SHORTEST_OPENING {
            faults.push(format!(
                "{}:1: the `//!` that opens it has {long} characters; say in at least \
                 {SHORTEST_OPENING} what the room is and why",
                door.path
            ));
        }
    }
    uphold("Every room opens with a paragraph.", &faults);
}

/// The `//!` that open `text` (a summary and its paragraph), on one line.
fn opening(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}

// 7. Nothing is left for later.

#[test]
fn nothing_is_left_for_later() {
    let in_code = ["todo!(", "unimplemented!(", "#[ignore", "#[allow(", "#![allow("];
    let in_comments = ["FIXME", "XXX"];
    let mut faults = Vec::new();
    for source in ["src", "migrations", "tests"].iter().flat_map(|folder| sources(folder)) {
        let lines = source.code.lines().zip(source.comments.lines());
        for (number, (code, comments)) in (1..).zip(lines) {
            let coded = in_code.iter().filter(|mark| code.contains(**mark));
            let words: Vec<&str> = comments.split(|c: char| !c.is_alphanumeric()).collect();
            let said = in_comments.iter().filter(|mark| words.contains(mark));
            let place = format!("{}:{number}", source.path);
            let fault =
                |mark| format!("{place}: `{mark}`: finish it, or file an issue and say why");
            faults.extend(coded.chain(said).map(fault));
        }
    }
    uphold("Nothing is left unfinished, skipped or silenced (`#[expect]` says a reason).", &faults);
}

// 8. A long file is two rooms.

#[test]
fn no_file_is_two_rooms() {
    let mut faults = Vec::new();
    for source in SRC.iter().chain(&sources("migrations")) {
        let lines = source.lines();
        if lines > LONGEST && !source.is_test() {
            faults.push(format!("{}:1: {lines} lines: find the second room in it", source.path));
        }
    }
    uphold("A file reads best at 50 to 250 lines; over 400 it must be split.", &faults);
}

// 9. The top level holds what one expects.

#[test]
fn the_top_level_holds_only_what_one_expects() {
    let entries = fs::read_dir(root()).expect("the root can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut faults: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !chart::TOP_LEVEL.contains(&name.as_str()))
        .map(|name| format!("{name}: move it to the folder of its kind, or add it to TOP_LEVEL"))
        .collect();
    faults.sort();
    uphold("The top level holds only what a newcomer expects there.", &faults);
}
