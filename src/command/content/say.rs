//! What a command prints on its standard output.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

/// Prints a line.
///
/// # Errors
/// As [`say_all`].
pub(super) fn say(line: impl Display) -> io::Result<()> {
    say_all([line])
}

/// Prints lines, at once and under one lock. Whoever reads may have had enough (`… | head -1`): what
/// nobody reads is not written, and the command goes on to its own end.
///
/// # Errors
/// Any other failure to write, such as a full disk.
pub(super) fn say_all(lines: impl IntoIterator<Item: Display>) -> io::Result<()> {
    let text: String = lines.into_iter().map(|line| format!("{line}\n")).collect();
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        said => said,
    }
}
