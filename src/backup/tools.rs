//! PostgreSQL's own programs: found for the version of the server, and told where it is without a
//! password on any command line.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Programs of PostgreSQL that can speak to one server, and how they find it.
#[derive(Debug)]
pub(super) struct Tools {
    folder: Option<PathBuf>,
    reach: Vec<(&'static str, String)>,
}

impl Tools {
    /// Those of the server's own version, or later ones; in the search path, or where distributions
    /// put them.
    ///
    /// # Errors
    /// Saying what to install.
    pub(super) async fn find(major: u32, url: &str) -> anyhow::Result<Self> {
        let places = ["/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/usr/local/pgsql/bin"];
        let known =
            places.map(|place| Some(PathBuf::from(place.replace("{}", &major.to_string()))));
        let (mut later, mut oldest) = (None, None);
        for folder in std::iter::once(None).chain(known) {
            let tools = Self { folder, reach: reach(url)? };
            // Both come in one package; where one lacks, the other is of no use.
            let (dump, restore) = (tools.major("pg_dump").await, tools.major("pg_restore").await);
            match (dump, restore) {
                (Some(dump), Some(restore)) if dump == major && restore == major => {
                    return Ok(tools);
                }
                (Some(dump), Some(restore)) if dump > major && restore >= dump => {
                    later = later.or(Some(tools));
                }
                (found, _) => oldest = oldest.or(found),
            }
        }
        let found = oldest.map_or("none is installed".to_owned(), |old| format!("found {old}"));
        later.with_context(|| {
            format!(
                "the server is PostgreSQL {major} and needs pg_dump and pg_restore {major} or later \
                 ({found}): install Debian's package postgresql-client-{major}, or put these \
                 programs on the PATH"
            )
        })
    }

    /// The major version of a program, when it is there.
    async fn major(&self, program: &str) -> Option<u32> {
        let asked = self.command(program).arg("--version").output().await.ok()?;
        let said = String::from_utf8_lossy(&asked.stdout).into_owned();
        let version =
            said.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit()))?;
        version.split('.').next()?.parse().ok()
    }

    /// Runs a program to its end, with that standard input; answers its standard output.
    ///
    /// # Errors
    /// What it complains of, in one line.
    pub(super) async fn run(
        &self,
        program: &str,
        args: &[&str],
        input: &str,
    ) -> anyhow::Result<String> {
        let mut command = self.command(program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().with_context(|| program.to_owned())?;
        let mut pipe = child.stdin.take().context("a pipe")?;
        let fed = async {
            // A program that ends early says itself why.
            let _ = pipe.write_all(input.as_bytes()).await;
            drop(pipe);
        };
        let ((), output) = tokio::join!(fed, child.wait_with_output());
        let Output { status, stdout, stderr } = output?;
        if !status.success() {
            let said = String::from_utf8_lossy(&stderr);
            // The lines after it may quote rows.
            let why = said.lines().find(|line| line.contains("error:")).or(said.lines().next());
            bail!("{}", why.unwrap_or("it says nothing").trim());
        }
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    }

    fn command(&self, program: &str) -> Command {
        let path = self.folder.as_ref().map_or_else(|| program.into(), |dir| dir.join(program));
        let mut command = Command::new(path);
        // Messages are read: in the language that they are looked for in.
        command.env("LC_MESSAGES", "C").envs(self.reach.iter().map(|(n, v)| (*n, v)));
        command
    }
}

/// The variables by which libpq finds and enters the database that an address names.
fn reach(url: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
    // What the library complains of may quote the address, and its password.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| anyhow::anyhow!("database.url cannot be understood"))?;
    let spelt = options.to_url_lossy();
    let host = options.get_socket().map(|path| path.display().to_string());
    let mut reach = vec![
        ("PGHOST", host.unwrap_or_else(|| options.get_host().to_owned())),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGDATABASE", options.get_database().unwrap_or(options.get_username()).to_owned()),
        ("PGAPPNAME", "maitrise backup".to_owned()),
    ];
    reach.extend(spelt.password().map(|password| ("PGPASSWORD", unescaped(password))));
    reach.extend(options.get_options().map(|options| ("PGOPTIONS", options.to_owned())));
    for (key, value) in spelt.query_pairs() {
        let name = match &*key {
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            _ => continue,
        };
        // The library spells the path of a certificate in its own way.
        let value = value.strip_prefix("file: ").unwrap_or(&value).to_owned();
        reach.push((name, value));
    }
    Ok(reach)
}

impl Tools {
    /// The database, as `--dbname` takes it: its name alone, whatever characters it has.
    pub(super) fn database(&self) -> String {
        let named = self.reach.iter().find(|(name, _)| *name == "PGDATABASE");
        let name = named.map(|(_, name)| name.as_str()).unwrap_or_default();
        format!("dbname='{}'", name.replace('\\', r"\\").replace('\'', r"\'"))
    }
}

/// A text without its percent-encoding (RFC 3986, § 2.1).
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], code) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_variables_whatever_its_password_holds() {
        let url = "postgres://greffe:p%40ss%2Fw%C3%B6rd%20%2B1@db.example:6432/ma%C3%AEtrise?sslmode=verify-full&sslrootcert=/etc/ca.pem";
        let reach = reach(url).expect("understood");
        let of = |name: &str| {
            let found = reach.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        assert_eq!(
            ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE"].map(of),
            ["db.example", "6432", "greffe", "p@ss/wörd +1", "maîtrise", "verify-full"]
        );
        assert_eq!(of("PGSSLROOTCERT"), "/etc/ca.pem");
    }

    #[test]
    fn a_socket_is_reached_by_its_folder() {
        let reach = reach("postgres://u@localhost:5433/d?host=/run/pg&sslmode=disable");
        let reach = reach.expect("understood");
        assert!(reach.contains(&("PGHOST", "/run/pg".to_owned())), "{reach:?}");
        assert!(reach.contains(&("PGPORT", "5433".to_owned())), "{reach:?}");
    }

    #[tokio::test]
    async fn programs_older_than_the_server_are_refused_with_what_to_install() {
        let error = Tools::find(999, "postgres://u@localhost/d").await.expect_err("none so new");
        let said = error.to_string();
        assert!(said.contains("postgresql-client-999") && said.contains("PATH"), "{said}");
    }
}
