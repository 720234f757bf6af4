//! A relay that answers as scripted.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::{Desk, desk};
use crate::config::{MailTransport, SmtpSecurity};

/// How the sink answers one conversation.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    /// Takes everything.
    Take,
    /// This answer to the recipient, then as usual.
    Recipient(&'static str),
    /// This answer to AUTH or EHLO.
    Greeting(&'static str),
    /// Reads the message, then hangs up without a word.
    CutAfterData,
    /// Reads the message, then says nothing for long.
    Silent,
}

/// A relay that treats each conversation in its turn as scripted, and keeps what it took.
async fn sink(script: Vec<Manner>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = taken.clone();
    tokio::spawn(async move {
        for manner in script {
            let (stream, _) = listener.accept().await.expect("a client");
            let _ = converse(stream, manner, &kept).await;
        }
    });
    (port, taken)
}

async fn converse(
    mut stream: tokio::net::TcpStream,
    manner: Manner,
    kept: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    if let Manner::Greeting(answer) = manner {
        return write.write_all(answer.as_bytes()).await;
    }
    write.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match (line.split(' ').next().unwrap_or_default(), manner) {
            ("EHLO", _) => "250-sink\r\n250 8BITMIME\r\n",
            ("RCPT", Manner::Recipient(answer)) => answer,
            ("DATA", _) => "354 go on\r\n",
            ("QUIT", _) => return write.write_all(b"221 bye\r\n").await,
            _ => "250 ok\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
        if line != "DATA" {
            continue;
        }
        let mut message = String::new();
        while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
            message.push_str(&line);
            message.push_str("\r\n");
        }
        match manner {
            Manner::CutAfterData => return Ok(()),
            Manner::Silent => tokio::time::sleep(std::time::Duration::from_secs(20)).await,
            _ => {}
        }
        kept.lock().expect("one writer").push(message);
        write.write_all(b"250 taken\r\n").await?;
    }
    Ok(())
}

pub(super) async fn smtp_desk(script: Vec<Manner>) -> (Desk, Arc<Mutex<Vec<String>>>) {
    let (port, taken) = sink(script).await;
    let mut desk = desk();
    desk.mail.transport = MailTransport::Smtp;
    desk.mail.smtp_host = "127.0.0.1".to_owned();
    desk.mail.smtp_port = port;
    desk.mail.smtp_security = SmtpSecurity::None;
    (desk, taken)
}
