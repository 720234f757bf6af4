//! A mail server that keeps what it receives and misbehaves on request.
//!
//! It speaks SMTP over a real socket, so that a test sees what a recipient would: envelope, headers
//! and encoding as they left. Refusals are scripted by recipient, which lets one test exercise
//! retries and permanent failures without disturbing the mail of another.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::received::Received;

/// What recipients are scripted to do, and what has arrived.
#[derive(Default)]
struct State {
    messages: Vec<Received>,
    replies: HashMap<String, VecDeque<u16>>,
    silent: Vec<String>,
}

/// The listening server; it stops with its value.
pub struct Sink {
    port: u16,
    state: Arc<Mutex<State>>,
    closing: Arc<AtomicBool>,
}

impl Sink {
    /// Listens on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (state, closing) = (Arc::default(), Arc::<AtomicBool>::default());
        let sink =
            Self { port: address.port(), state: Arc::clone(&state), closing: Arc::clone(&closing) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if closing.load(Ordering::SeqCst) {
                    break;
                }
                let state = Arc::clone(&state);
                // A client that hangs up ends its conversation; that is no failure of the sink.
                std::thread::spawn(move || Conversation::default().hold(stream, &state));
            }
        });
        sink
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next replies to `RCPT TO:<recipient>`, in order (`[451, 250]`); afterwards 250 again.
    pub fn script(&self, recipient: &str, replies: impl IntoIterator<Item = u16>) {
        let mut state = locked(&self.state);
        let script = state.replies.entry(recipient.to_lowercase()).or_default();
        script.extend(replies);
    }

    /// Takes the next message to `recipient`, then hangs up without the reply to DATA: the sender
    /// cannot know whether it was delivered.
    pub fn hang_up_after_data(&self, recipient: &str) {
        locked(&self.state).silent.push(recipient.to_lowercase());
    }

    /// All that has arrived, oldest first.
    pub fn messages(&self) -> Vec<Received> {
        locked(&self.state).messages.clone()
    }

    /// The first message that satisfies the predicate, arrived or still to come.
    /// Panics after `timeout` with a list of what did arrive.
    pub async fn wait_for(
        &self,
        predicate: impl Fn(&Received) -> bool,
        timeout: Duration,
    ) -> Received {
        let asked = Instant::now();
        loop {
            let messages = self.messages();
            if let Some(message) = messages.iter().find(|message| predicate(message)) {
                return message.clone();
            }
            if asked.elapsed() > timeout {
                let line = |mail: &Received| format!("\n  to {:?}: {}", mail.to, mail.subject());
                let list: String = messages.iter().map(line).collect();
                let count = messages.len();
                panic!("the awaited mail did not come in {timeout:?}; {count} arrived:{list}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the listening thread, which then leaves; if it already has, there is no one to wake.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// A test that panics while it holds the lock must not hide its message behind a poisoned one.
fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One client's conversation: the transaction it has open, if any.
#[derive(Default)]
struct Conversation {
    from: Option<String>,
    to: Vec<String>,
}

impl Conversation {
    fn hold(mut self, stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut client = stream;
        client.write_all(b"220 sink ESMTP\r\n")?;
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            let verb = command.get(..4).unwrap_or_default().to_uppercase();
            if verb == "DATA" && !self.to.is_empty() {
                client.write_all(b"354 go ahead, end with a dot\r\n")?;
                let raw = read_data(&mut lines)?;
                if !self.store(raw, state) {
                    return Ok(());
                }
                client.write_all(b"250 kept\r\n")?;
                continue;
            }
            client.write_all(self.reply(&verb, &command, state).as_bytes())?;
            if verb == "QUIT" {
                return Ok(());
            }
        }
        Ok(())
    }

    fn reply(&mut self, verb: &str, command: &str, state: &Mutex<State>) -> String {
        match verb {
            "EHLO" => "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".into(),
            "HELO" => "250 sink\r\n".into(),
            "MAIL" => {
                *self = Self::default();
                self.from = Some(address(command));
                "250 sender ok\r\n".into()
            }
            "RCPT" if self.from.is_none() => "503 MAIL first\r\n".into(),
            "RCPT" => self.recipient(address(command), state),
            "DATA" => "503 no recipient was accepted\r\n".into(),
            "RSET" => {
                *self = Self::default();
                "250 forgotten\r\n".into()
            }
            "NOOP" => "250 ok\r\n".into(),
            "QUIT" => "221 bye\r\n".into(),
            _ => format!("500 what is {command:?}?\r\n"),
        }
    }

    fn recipient(&mut self, recipient: String, state: &Mutex<State>) -> String {
        let mut state = locked(state);
        let script = state.replies.get_mut(&recipient.to_lowercase());
        let code = script.and_then(VecDeque::pop_front).unwrap_or(250);
        if code < 400 {
            self.to.push(recipient);
        }
        format!("{code} as scripted for this recipient\r\n")
    }

    /// Keeps the message; answers whether the client is to be told.
    fn store(&mut self, raw: Vec<u8>, state: &Mutex<State>) -> bool {
        let Self { from, to } = std::mem::take(self);
        let mut state = locked(state);
        let is_addressed = |silent: &String| to.iter().any(|to| to.to_lowercase() == *silent);
        let silent = state.silent.iter().position(is_addressed);
        if let Some(index) = silent {
            state.silent.remove(index);
        }
        let from = from.unwrap_or_default();
        state.messages.push(Received { from, to, raw });
        silent.is_none()
    }
}

/// The lines up to the lone dot, each without the dot that was stuffed before it.
fn read_data(lines: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.strip_prefix(b".") {
            Some(b"\r\n") => return Ok(raw),
            Some(unstuffed) => raw.extend_from_slice(unstuffed),
            None => raw.extend_from_slice(&line),
        }
    }
}

/// What stands between the angle brackets of `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn address(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address).unwrap_or_default().into()
}
