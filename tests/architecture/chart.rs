//! The chart of the house: which room may use which. Change it together with ARCHITECTURE.md.

/// A room and the rooms that its domain files may use.
pub type Row = (&'static str, &'static [&'static str]);

/// What every room stands on. A room of [`ROOMS`] may use all of it without saying so; `testing`
/// is compiled for tests only.
pub const KERNEL: &[Row] = &[
    ("clock", &[]),
    ("text", &[]),
    ("files", &["clock"]),
    ("personal", &[]),
    ("error", &["text"]),
    ("instance", &["error"]),
    ("config", &[]),
    ("keys", &["clock", "files"]),
    ("db", &["config"]),
    ("testing", &["clock", "config", "db"]),
];

/// The capabilities, lowest first: each may use itself, the kernel and the rooms of its row.
pub const ROOMS: &[Row] = &[
    ("content", &[]),
    ("journal", &[]),
    ("jobs", &[]),
    ("territory", &[]),
    ("people", &[]),
    ("mail", &["people"]),
    ("accounts", &["journal", "mail", "people", "territory"]),
    ("media", &["content"]),
    ("providers", &["content", "journal", "media", "territory"]),
    ("catalogue", &["accounts", "content", "journal", "media", "providers", "territory"]),
    ("exchange", &["catalogue", "content", "providers"]),
    ("records", &[]),
    ("capacities", &["accounts", "journal", "mail", "people", "records"]),
    ("obligations", &["catalogue", "content", "providers", "records"]),
    (
        "enrolments",
        &["accounts", "catalogue", "content", "obligations", "people", "records", "territory"],
    ),
    ("sessions", &["accounts", "enrolments", "journal", "mail", "people", "providers", "records"]),
    (
        "cohorts",
        &[
            "accounts",
            "catalogue",
            "content",
            "enrolments",
            "jobs",
            "mail",
            "people",
            "records",
            "territory",
        ],
    ),
    (
        "attestations",
        &[
            "accounts",
            "catalogue",
            "content",
            "journal",
            "mail",
            "people",
            "providers",
            "records",
            "territory",
        ],
    ),
    (
        "documents",
        &["attestations", "catalogue", "content", "media", "people", "records", "sessions"],
    ),
    (
        "learning",
        &[
            "accounts",
            "attestations",
            "catalogue",
            "content",
            "enrolments",
            "journal",
            "obligations",
            "people",
            "records",
            "territory",
        ],
    ),
    (
        "publication",
        &[
            "accounts",
            "catalogue",
            "content",
            "enrolments",
            "journal",
            "mail",
            "obligations",
            "providers",
            "records",
        ],
    ),
    (
        "regrades",
        &[
            "accounts",
            "catalogue",
            "content",
            "enrolments",
            "journal",
            "learning",
            "mail",
            "publication",
            "records",
        ],
    ),
    ("references", &["accounts", "catalogue", "content", "journal", "mail"]),
    (
        "evidence",
        &[
            "accounts",
            "attestations",
            "catalogue",
            "content",
            "learning",
            "obligations",
            "providers",
            "records",
            "references",
            "requirements",
        ],
    ),
    (
        "requirements",
        &[
            "accounts",
            "catalogue",
            "content",
            "journal",
            "obligations",
            "people",
            "publication",
            "references",
            "territory",
        ],
    ),
    (
        "feedback",
        &[
            "accounts",
            "catalogue",
            "enrolments",
            "journal",
            "learning",
            "mail",
            "people",
            "records",
        ],
    ),
    ("reminders", &["mail", "obligations", "records"]),
    ("statistics", &["records", "territory"]),
];

/// Rooms that use nothing of the program, the kernel included: they could be another crate.
pub const PURE: &[&str] = &["content"];

/// What stands above the capabilities, storey by storey: each may use its own storey, those under
/// it and every capability. The `api` of a room belongs to the first.
pub const STOREYS: &[&[&str]] = &[
    &["app", "http", "web"],
    &["backup", "boot", "service", "worker"],
    &["demo"],
    &["command"],
    &["lib", "main"],
];

/// The doors of a room and what they open on: closed to every domain file.
pub const DOORS: &[&str] = STOREYS[0];

/// Everything that may stand at the top level of the repository.
pub const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".git",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "benches",
    "clippy.toml",
    "config",
    "content",
    "docs",
    "migrations",
    "openapi.json",
    "rustfmt.toml",
    "src",
    "target",
    "tests",
    "var",
];

/// The storey of `room`, when it stands above the capabilities.
pub fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&room))
}

/// The rooms that the domain files of `room` may use; nothing when `room` is not a capability.
pub fn allowed(room: &str) -> Option<Vec<&'static str>> {
    let row = |rows: &'static [Row]| rows.iter().find(|(name, _)| *name == room);
    if let Some((_, may)) = row(KERNEL) {
        return Some(may.to_vec());
    }
    let (name, may) = row(ROOMS)?;
    let kernel = KERNEL.iter().map(|(name, _)| *name).filter(|_| !PURE.contains(name));
    Some(may.iter().copied().chain(kernel).collect())
}

/// A circle of the chart, when it has one: the rooms that lead back to the first.
pub fn circle() -> Option<Vec<&'static str>> {
    let mut sound = Vec::new();
    let rooms = KERNEL.iter().chain(ROOMS).map(|(name, _)| *name);
    rooms.into_iter().find_map(|room| circle_from(room, &mut Vec::new(), &mut sound))
}

fn circle_from(
    room: &'static str,
    way: &mut Vec<&'static str>,
    sound: &mut Vec<&'static str>,
) -> Option<Vec<&'static str>> {
    if let Some(start) = way.iter().position(|passed| *passed == room) {
        return Some(way[start..].to_vec());
    }
    if sound.contains(&room) {
        return None;
    }
    way.push(room);
    for next in allowed(room).unwrap_or_default() {
        if let Some(circle) = circle_from(next, way, sound) {
            return Some(circle);
        }
    }
    way.pop();
    sound.push(room);
    None
}
