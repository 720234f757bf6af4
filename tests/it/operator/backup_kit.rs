//! What the tests of backups need: making one, losing a database, looking inside.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use maitrise::keys::KeyRing;
use maitrise::text;
use sea_orm::{ConnectionTrait as _, Statement};

use super::{Machine, PATIENCE};
use crate::support::{Cluster, Engine, Settings, run};

impl Machine {
    /// Where its backups go.
    pub(super) fn backups(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    /// Backs up under that name; answers the folder.
    pub(super) async fn backup(&self, name: &str) -> PathBuf {
        fs::create_dir_all(self.backups()).expect("a folder");
        let folder = self.backups().join(name);
        self.ok(&["backup", &folder.display().to_string()]).await;
        folder
    }

    /// Loses the database, as a disk does; PostgreSQL's is made again, empty.
    pub(super) fn lose_database(&self) {
        let file = self.data().join("maitrise.sqlite3");
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", file.display()));
        }
        if let Some(database) = &self.database {
            database.lose();
        }
    }

    /// The password that the demonstration draws for someone of its cast.
    pub(super) fn password(&self, word: &str) -> String {
        let ring = KeyRing::load(&self.data().join("keys")).expect("keys");
        text::hex(&ring.link_code(format!("demo-password:v1:{word}").as_bytes())[..8])
    }

    /// Whether a refused restore leaves a database that must be emptied.
    pub(super) fn lost_again(&self) -> bool {
        Engine::of_this_run() == Engine::Postgres
    }

    /// Tells the database something.
    pub(super) async fn told(&self, sql: &str) {
        let db = self.database().await;
        let tx = db.begin_write().await.expect("a transaction");
        tx.execute_unprepared(sql).await.expect(sql);
        tx.commit().await.expect("a commit");
        db.close().await.expect("closed");
    }

    /// One text of the database.
    pub(super) async fn asked(&self, sql: &str) -> String {
        let db = self.database().await;
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await;
        let text = row.expect(sql).expect("a row").try_get_by_index(0).expect("a text");
        db.close().await.expect("closed");
        text
    }
}

/// Everything a backup holds, readable: PostgreSQL's archive is compressed.
pub(super) async fn contents(backup: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in fs::read_dir(backup).expect("a backup") {
        let path = file.expect("a file").path();
        if path.is_dir() {
            // Media: what modules show to anyone.
            continue;
        }
        all.extend(fs::read(&path).expect("its bytes"));
        if path.extension().is_some_and(|kind| kind == "pgdump") {
            let settings = Settings {
                program: "pg_restore".into(),
                args: vec!["--file=-".to_owned(), path.display().to_string()],
                env: vec![("PATH".to_owned(), Cluster::shared().search_path())],
                dir: None,
            };
            let said = run(&settings, "", PATIENCE).await;
            assert!(said.status.success(), "{}", said.stderr);
            all.extend(said.stdout.into_bytes());
        }
    }
    all
}

pub(super) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    assert!(part.len() > 7, "too short to be looked for");
    bytes.windows(part.len()).any(|window| window == part)
}

/// The private keys and the link secret, as text and as bytes.
pub(super) fn secrets(keys: &Path) -> Vec<Vec<u8>> {
    let mut secrets = Vec::new();
    for file in fs::read_dir(keys).expect("keys") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a text");
        if path.ends_with("keys.toml") {
            continue;
        }
        let body = text.lines().find(|line| !line.starts_with("---")).expect("a line").to_owned();
        let decoded = URL_SAFE_NO_PAD.decode(&body);
        let decoded = decoded.or_else(|_| STANDARD.decode(&body));
        let mut raw = decoded.expect("base64");
        // The last 32 bytes of a PKCS#8 key of Ed25519 (RFC 8410) are the key.
        secrets.push(raw.split_off(raw.len() - 32));
        secrets.push(body.into_bytes());
    }
    assert_eq!(secrets.len(), 6, "two keys and the link secret");
    secrets
}

/// What any user of the machine sees of the processes that run, until it is over.
pub(super) fn watch_command_lines(over: Arc<AtomicBool>) -> std::thread::JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let mut seen = Vec::new();
        while !over.load(Ordering::SeqCst) {
            for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
                let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                if line.contains("pg_dump") && !seen.contains(&line) {
                    seen.push(line);
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        seen
    })
}
