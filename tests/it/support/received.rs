//! A mail as its recipient got it: the envelope, and the message decoded by someone else's library,
//! so that the program's own encoding is not checked with itself.

use mail_parser::MessageParser;

/// One accepted message.
#[derive(Clone, Debug)]
pub struct Received {
    /// The envelope's sender; empty for a bounce.
    pub from: String,
    /// The recipients that were accepted, in order.
    pub to: Vec<String>,
    /// The message as sent, lines ended by CR LF, dots unstuffed.
    pub raw: Vec<u8>,
}

impl Received {
    /// The decoded subject; empty without one.
    pub fn subject(&self) -> String {
        let message = self.parsed();
        message.subject().unwrap_or_default().to_owned()
    }

    /// The decoded text body (derived from the HTML if that is all there is).
    pub fn text(&self) -> String {
        let message = self.parsed();
        message.body_text(0).unwrap_or_default().into_owned()
    }

    /// A header as it was sent, trimmed, not decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.parsed();
        message.header_raw(name).map(|value| value.trim().into())
    }

    fn parsed(&self) -> mail_parser::Message<'_> {
        MessageParser::default().parse(&self.raw).expect("a message that was accepted can be read")
    }
}
