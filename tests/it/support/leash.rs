//! Nothing the tests start may outlive them: not when a test panics, not when the whole process is
//! killed with SIGKILL and none of its own code runs any more.
//!
//! Two mechanisms, because each covers what the other cannot. The kernel signals a child when its
//! parent dies (`PR_SET_PDEATHSIG`, asked through `setpriv` from util-linux, which spares the suite
//! an `unsafe` block). And a small shell holds the reading end of a pipe whose writing end only we
//! have: our death, however it comes, is its end of file, and it cleans up.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};

/// A command to start, and where to send the child.
type Order = (Command, Sender<io::Result<Child>>);

/// The one thread that starts children and that lives as long as the process.
///
/// The kernel's "parent" is the *thread* that forked: a child started from a test's own thread would
/// be signalled when that test ends, and a shared server would die with the first test that used it.
static SPAWNER: LazyLock<Sender<Order>> = LazyLock::new(|| {
    let (orders, inbox) = channel::<Order>();
    std::thread::Builder::new()
        .name("leash".into())
        .spawn(move || {
            for (mut command, reply) in inbox {
                // The asker waits in `spawn`; it can only be gone if its thread was.
                let _ = reply.send(command.spawn());
            }
        })
        .expect("a thread can be started");
    orders
});

/// A command whose process receives `signal` (`KILL`, `QUIT` …) when the test process dies.
/// To be started with [`spawn`]. Its process id is the program's own: `setpriv` gives way to it.
pub fn command(program: impl AsRef<OsStr>, signal: &str) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    command
}

/// Starts a command from the thread that lives as long as the process.
pub fn spawn(command: Command) -> io::Result<Child> {
    let (reply, child) = channel();
    SPAWNER.send((command, reply)).expect("the spawning thread never ends");
    child.recv().expect("the spawning thread answers")
}

/// Has `dir`, and the directory of `pid_file`, removed once the test process is dead, or once the
/// returned child's stdin is dropped.
///
/// A server whose process id is the first line of `pid_file` is stopped first, if it still works in
/// that file's directory (ids are reused: the id alone would prove nothing).
/// `dir` must be canonical, as the kernel names it.
pub fn sweep_after_death(dir: &Path, pid_file: &Path) -> io::Result<Child> {
    const SWEEPER: &str = r#"
        trap '' HUP INT TERM
        dir=$1 pid_file=$2
        read -r _
        pid=$(head -n 1 "$pid_file" 2>/dev/null)
        alive() { [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "${pid_file%/*}" ]; }
        alive && kill -QUIT "$pid"
        for _ in $(seq 100); do alive || break; sleep 0.05; done
        alive && kill -KILL "$pid"
        rm -rf "$dir" "${pid_file%/*}"
    "#;
    Command::new("sh")
        .args(["-c", SWEEPER, "sweeper"])
        .args([dir, pid_file])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Its own group: Ctrl-C stops the tests, not their cleaning.
        .process_group(0)
        .spawn()
}
