//! What a temporary PostgreSQL asks of the machine: its programs, an account, a directory.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::leash;

/// The account that runs the server: PostgreSQL refuses to run as root.
pub struct Owner(Option<(u32, u32)>);

impl Owner {
    /// Ourselves; or, when we are root, the `postgres` account, which is given the directory.
    pub fn of(dir: &Path) -> Result<Self, String> {
        let made_by = fs::metadata(dir).map_err(|error| error.to_string())?.uid();
        if made_by != 0 {
            return Ok(Self(None));
        }
        let (uid, gid) = (id_of("-u")?, id_of("-g")?);
        chown(dir, Some(uid), Some(gid)).map_err(|error| format!("chown: {error}"))?;
        Ok(Self(Some((uid, gid))))
    }

    /// Makes the directory `data`, unless it is there, and gives it to that account.
    pub fn give(&self, data: &Path) -> Result<(), String> {
        let made = fs::create_dir_all(data);
        let given = made.and_then(|()| match self.0 {
            Some((uid, gid)) => chown(data, Some(uid), Some(gid)),
            None => Ok(()),
        });
        given.map_err(|error| format!("{}: {error}", data.display()))
    }

    /// `program` as that account, in a directory that it may enter, after `within` has entered
    /// another place. It receives `signal` when the test process dies.
    pub fn command(&self, within: &[String], program: &Path, signal: &str, dir: &Path) -> Command {
        let mut command = match (within, self.0) {
            // Only root enters another place: the account is taken there, and the leash, which a
            // change of account breaks, with it.
            ([enter, rest @ ..], owner) => {
                let mut command = Command::new(enter);
                command.args(rest).args(["setpriv", "--pdeathsig", signal]);
                if let Some((uid, gid)) = owner {
                    let (uid, gid) = (format!("--reuid={uid}"), format!("--regid={gid}"));
                    command.args([&uid, &gid, "--clear-groups"]);
                }
                command.arg("--").arg(program);
                command
            }
            ([], owner) => {
                let mut command = leash::command(program, signal);
                if let Some((uid, gid)) = owner {
                    command.uid(uid).gid(gid);
                }
                command
            }
        };
        command.current_dir(dir).stdin(Stdio::null());
        command
    }
}

fn id_of(which: &str) -> Result<u32, String> {
    let output = Command::new("id").args([which, "postgres"]).output();
    output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok())
        .ok_or_else(|| "PostgreSQL refuses to run as root; there is no `postgres` account".into())
}

/// A new directory, ours alone, with a path short enough for a socket (107 bytes).
pub fn private_dir() -> io::Result<PathBuf> {
    let mut parent = std::env::temp_dir();
    if parent.as_os_str().len() > 60 {
        parent = "/tmp".into();
    }
    let dir = tempfile::Builder::new()
        .prefix("maitrise-pg-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(parent)?;
    dir.keep().canonicalize()
}

/// The directory of `initdb`, `postgres` and `psql`: named by `MAITRISE_TEST_PG_BIN`, or the one on
/// the PATH, or the newest of Debian's.
pub fn binaries() -> Result<PathBuf, String> {
    let complete = |dir: &PathBuf| {
        let programs = ["initdb", "postgres", "psql", "pg_dump"];
        programs.iter().all(|name| dir.join(name).is_file())
    };
    if let Some(dir) = std::env::var_os("MAITRISE_TEST_PG_BIN").map(PathBuf::from) {
        let problem = format!("MAITRISE_TEST_PG_BIN={} lacks a program", dir.display());
        return Some(dir).filter(complete).ok_or(problem);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<_> = fs::read_dir("/usr/lib/postgresql").map_or_else(
        |_| Vec::new(),
        |versions| versions.flatten().map(|version| version.path()).collect(),
    );
    let number = |dir: &PathBuf| dir.file_name()?.to_str()?.parse::<u32>().ok();
    installed.sort_by_key(|dir| std::cmp::Reverse(number(dir)));
    let debian = installed.into_iter().map(|version| version.join("bin"));
    let missing = "install Debian's package `postgresql`, or call tests/run, which does";
    let mut found = std::env::split_paths(&path).chain(debian);
    found.find(complete).ok_or_else(|| missing.into())
}
