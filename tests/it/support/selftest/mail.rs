//! The SMTP sink, spoken to by hand.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::super::{Received, Sink};
use super::{SOON, panic_of};

/// Says each line to the sink and checks the code of the last line of its reply.
fn converse(sink: &Sink, script: &[(&str, &str)]) {
    let mut client = TcpStream::connect(("127.0.0.1", sink.port())).expect("it listens");
    let mut replies = BufReader::new(client.try_clone().expect("a socket can be shared")).lines();
    for (say, code) in script {
        client.write_all(say.as_bytes()).expect("it reads");
        let mut of_this = replies.by_ref().map(|reply| reply.expect("it replies"));
        let reply = of_this.find(|reply| !reply[3..].starts_with('-'));
        let reply = reply.unwrap_or_default();
        assert!(reply.starts_with(code), "{say:?}: expected {code}, got {reply:?}");
    }
}

const MESSAGE: &str = "Message-ID: <1@cdg.test>\r\nSubject: =?utf-8?Q?R=C3=A9union?=\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\n..dot\r\n\u{c9}lue\r\n.\r\n";

#[tokio::test]
async fn a_recipient_scripted_451_then_250_receives_at_the_second_attempt() {
    let sink = Sink::start();
    sink.script("Elue@mairie.test", [451, 250]);
    #[rustfmt::skip]
    converse(&sink, &[
        ("", "220"), ("EHLO test\r\n", "250"), ("NOOP\r\n", "250"), ("DATA\r\n", "503"),
        ("MAIL FROM:<a@cdg.test> BODY=8BITMIME SMTPUTF8\r\n", "250"),
        ("RCPT TO:<elue@mairie.test>\r\n", "451"), ("DATA\r\n", "503"), ("RSET\r\n", "250"),
        ("RCPT TO:<elue@mairie.test>\r\n", "503"), ("MAIL FROM:<a@cdg.test>\r\n", "250"),
        ("RCPT TO:<elue@mairie.test>\r\n", "250"), ("DATA\r\n", "354"), (MESSAGE, "250"),
        ("QUIT\r\n", "221"), ("", ""),
    ]);
    let mail: Received = sink.wait_for(|mail| mail.subject() == "Réunion", SOON).await;
    assert_eq!(
        (mail.from.as_str(), &mail.to[..]),
        ("a@cdg.test", &["elue@mairie.test".into()][..])
    );
    assert_eq!(mail.text(), ".dot\r\nÉlue\r\n");
    assert_eq!(mail.header("Message-ID").as_deref(), Some("<1@cdg.test>"));
    assert!(mail.raw.ends_with("\r\n.dot\r\nÉlue\r\n".as_bytes()), "kept as it was sent");
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn a_sink_that_hangs_up_after_data_has_the_message_but_never_says_so() {
    let sink = Sink::start();
    sink.hang_up_after_data("elu@mairie.test");
    #[rustfmt::skip]
    let script = [
        ("", "220"), ("HELO test\r\n", "250"), ("MAIL FROM:<>\r\n", "250"),
        ("RCPT TO:<elu@mairie.test>\r\n", "250"), ("DATA\r\n", "354"),
    ];
    converse(&sink, &[&script[..], &[(MESSAGE, "")]].concat());
    assert_eq!(sink.messages().len(), 1);
    converse(&sink, &[&script[..], &[(MESSAGE, "250")]].concat());
}

#[tokio::test]
async fn a_mail_that_does_not_come_is_reported_with_those_that_did() {
    let sink = Sink::start();
    #[rustfmt::skip]
    converse(&sink, &[
        ("", "220"), ("HELO test\r\n", "250"), ("MAIL FROM:<a@cdg.test>\r\n", "250"),
        ("RCPT TO:<maire@mairie.test>\r\n", "250"), ("DATA\r\n", "354"), (MESSAGE, "250"),
    ]);
    let report =
        panic_of(async move { sink.wait_for(|_| false, Duration::from_millis(100)).await }).await;
    assert!(report.contains("maire@mairie.test\"]: Réunion"), "{report}");
}
