//! Requests written byte by byte, for what no client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::World;

/// Longer than any answer here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to the server.
pub struct Wire(TcpStream);

impl Wire {
    /// Connects.
    pub async fn to(world: &World) -> Self {
        Self(TcpStream::connect(world.app.settings.http.listen).await.expect("a connection"))
    }

    /// Sends some bytes.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("the server reads");
    }

    /// Sends `block` up to `times` times while listening, then answers what came back. The server
    /// may hang up before it has read everything.
    pub async fn flood(self, block: &[u8], times: usize) -> String {
        let (mut reading, mut writing) = self.0.into_split();
        let block = block.to_vec();
        let writer = tokio::spawn(async move {
            for _ in 0..times {
                if writing.write_all(&block).await.is_err() {
                    return;
                }
            }
        });
        let answer = read(&mut reading).await;
        writer.abort();
        answer
    }

    /// Says that nothing more will come; the answer may still be read.
    pub async fn hang_up(&mut self) {
        self.0.shutdown().await.expect("the server listens");
    }

    /// Sends three bytes a second until the server answers, and answers what it said.
    pub async fn drip(self, bytes: &[u8]) -> String {
        let (mut reading, mut writing) = self.0.into_split();
        let bytes = bytes.to_vec();
        let writer = tokio::spawn(async move {
            for byte in bytes {
                tokio::time::sleep(Duration::from_millis(350)).await;
                if writing.write_all(&[byte]).await.is_err() {
                    return;
                }
            }
            // Silence, and not an end: a short body is not finished by its client.
            std::future::pending::<()>().await;
        });
        let answer = read(&mut reading).await;
        writer.abort();
        answer
    }

    /// What the server answers, until it hangs up.
    pub async fn answer(mut self) -> String {
        read(&mut self.0).await
    }
}

async fn read(from: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    let reading = async {
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..length]);
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("an answer, and an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// One request on a connection of its own.
pub async fn exchange(world: &World, request: &str) -> String {
    let mut wire = Wire::to(world).await;
    wire.send(request.as_bytes()).await;
    wire.answer().await
}
