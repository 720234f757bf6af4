//! A small disk that can be filled: a filesystem in memory, in a mount namespace of its own.
//!
//! Nobody else sees it, root is not needed where the kernel lets anyone make namespaces, and it is
//! gone with the last process that entered it. Where neither is allowed, making it fails, and says
//! what would have to be: a limit on the size of files would be another failure than a full disk.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A filesystem of a given size.
pub struct SmallDisk {
    /// Keeps the namespace until its input ends: when this value is dropped, or with our death.
    holder: Child,
    /// Whether the namespace is in a user namespace too.
    unprivileged: bool,
    mount: tempfile::TempDir,
}

impl SmallDisk {
    /// An empty disk; panics where nobody may mount one.
    pub fn of(megabytes: u32) -> Self {
        let mount = tempfile::tempdir_in("/tmp").expect("a temporary folder");
        // The account of PostgreSQL must be able to go through it.
        let anyone = fs::Permissions::from_mode(0o755);
        fs::set_permissions(mount.path(), anyone).expect("ours to open");
        let root = ["--mount"].as_slice();
        let anybody = ["--map-current-user", "--keep-caps", "--mount"].as_slice();
        let mut refusals = String::new();
        for (unprivileged, how) in [(false, root), (true, anybody)] {
            match hold(how, mount.path(), megabytes) {
                Ok(holder) => return Self { holder, unprivileged, mount },
                Err(refusal) => refusals += &refusal,
            }
        }
        panic!(
            "no small disk: run the tests as root, or allow user namespaces \
             (sysctl user.max_user_namespaces; unshare and mount in a container)\n{refusals}"
        );
    }

    /// Where it is, for those who have entered.
    pub fn dir(&self) -> &Path {
        self.mount.path()
    }

    /// A path on it, for those who have not.
    pub fn outside(&self, name: &str) -> PathBuf {
        let dir = format!("/proc/{}/root{}", self.holder.id(), self.dir().display());
        Path::new(&dir).join(name)
    }

    /// The command that enters the place where it is mounted, to be followed by another command.
    pub fn enter(&self) -> Vec<String> {
        let mut enter = vec!["nsenter".to_owned(), format!("--target={}", self.holder.id())];
        if self.unprivileged {
            enter.extend(["--user".to_owned(), "--preserve-credentials".to_owned()]);
        }
        enter.push("--mount".to_owned());
        enter.push("--".to_owned());
        enter
    }

    /// Leaves not one byte free.
    pub fn fill(&self) {
        let mut ballast = fs::File::create(self.outside("ballast")).expect("a file");
        for chunk in [1 << 16, 1 << 12, 1] {
            let zeros = vec![0; chunk];
            loop {
                match ballast.write_all(&zeros) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("the disk cannot be filled: {error}"),
                }
            }
        }
    }

    /// Frees what filling took.
    pub fn free(&self) {
        fs::remove_file(self.outside("ballast")).expect("it was filled");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// Mounts it in namespaces made as `how` says to `unshare`, and holds them.
fn hold(how: &[&str], mount: &Path, megabytes: u32) -> Result<Child, String> {
    const MOUNT: &str =
        r#"mount -t tmpfs -o "size=$1m,mode=1777" tmpfs "$0" && echo here && exec cat"#;
    let mut command = Command::new("unshare");
    command.args(how).args(["sh", "-c", MOUNT]).arg(mount).arg(megabytes.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).current_dir("/");
    let mut holder = command.spawn().map_err(|error| format!("unshare: {error}\n"))?;
    let mut line = String::new();
    let said = BufReader::new(holder.stdout.take().expect("stdout is piped")).read_line(&mut line);
    if said.is_ok() && line == "here\n" {
        return Ok(holder);
    }
    let output = holder.wait_with_output().map_err(|error| error.to_string())?;
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
