//! `content preview`: a folder as pages, by the real binary, while files change under it.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Client, Response, StatusCode};

use super::life::copy;
use super::{Machine, PATIENCE};
use crate::support::Server;

const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1");
const LESSON: &str = "lessons/01-trois-histoires.md";
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>Un rond</title>\
                       <desc>Un rond plein.</desc><circle cx=\"4\" cy=\"4\" r=\"3\"/></svg>";

/// A module in a folder of its own, and the program that shows it.
struct Preview {
    _machine: Machine,
    server: Server,
    dir: PathBuf,
    base: String,
    client: Client,
}

impl Preview {
    async fn start() -> Self {
        let machine = Machine::new();
        let dir = machine.folder.path().join("E1");
        copy(Path::new(MODULE), &dir);
        let shown = dir.display().to_string();
        let args = ["content", "preview", &shown, "--listen", "127.0.0.1:0"];
        let mut server = Server::start(&machine.settings(&args));
        let line = server.wait_for_line("http://", PATIENCE).await;
        let base = line.split_whitespace().find(|word| word.starts_with("http://"));
        let base = base.expect("an address").to_owned();
        let client = Client::builder().no_proxy().build().expect("a plain client");
        Self { _machine: machine, server, dir, base, client }
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer")
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a text")
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn lesson(&self) -> String {
        fs::read_to_string(self.dir.join(LESSON)).expect("a lesson")
    }
}

#[tokio::test]
async fn a_module_is_shown_whole_and_follows_its_files() {
    let mut preview = Preview::start().await;
    let front = preview.page("/").await;
    for part in ["Rien à signaler", "Manifeste", "E1-Q1", "(juste)", "senat-447", "/lessons/01-"] {
        assert!(front.contains(part), "no {part} in {front}");
    }
    let page = preview.page("/lessons/01-trois-histoires").await;
    assert!(page.contains("À jour au 22 novembre 2026"), "{page}");
    assert!(page.contains("href=\"/lessons/02-systeme-ia-et-algorithme\""), "{page}");
    let before = preview.page("/stamp").await;
    assert!(page.contains(&format!("data-stamp=\"{before}\"")), "{page}");

    let shown = "\n![Un rond.](../figures/rond.svg)\n\n![Un point.](../media/point.png)\n";
    preview.write(LESSON, preview.lesson() + shown);
    preview.write("figures/rond.svg", DRAWING);
    preview.write("media/point.png", PIXEL);
    assert_ne!(preview.page("/stamp").await, before);
    let page = preview.page("/lessons/01-trois-histoires").await;
    assert!(page.contains("<circle cx=\"4\"") && page.contains("alt=\"Un point.\""), "{page}");
    let address = page.split("src=\"/media/").nth(1).and_then(|rest| rest.split('"').next());
    let medium = preview.get(&format!("/media/{}", address.expect("a medium"))).await;
    assert_eq!(medium.headers()["content-type"], "image/png");
    assert_eq!(medium.bytes().await.expect("bytes"), PIXEL);
    assert!(preview.page("/").await.contains("Rien à signaler"));
    assert!(preview.server.stop().await.success());
}

#[tokio::test]
async fn a_broken_module_shows_what_could_be_read_and_what_is_to_mend() {
    let preview = Preview::start().await;
    preview.write(LESSON, preview.lesson() + "\nUn [lien](javascript:alert(1)).\n");
    preview.write("notes.txt", "a");
    preview.write(".git/config", "a");
    let front = preview.page("/").await;
    assert!(front.contains("À corriger : 3") && front.contains("caché"), "{front}");
    assert!(
        front.contains("adresse refusée") && front.contains("<code>notes.txt</code>"),
        "{front}"
    );
    let page = preview.page("/lessons/01-trois-histoires").await;
    assert!(page.contains("adresse refusée") && page.contains("Plaisir"), "{page}");
    assert!(page.contains("2 à corriger dans les autres fichiers"), "{page}");
    assert!(!page.contains("href=\"javascript"), "{page}");

    preview.write("module.toml", "code = \n");
    let front = preview.page("/").await;
    assert!(front.contains("module.toml, ligne 1") && front.contains("/lessons/01-"), "{front}");
    let page = preview.page("/lessons/01-trois-histoires").await;
    assert!(page.contains("<h2 id=\"s-mardi-soir-en-mairie\">"), "{page}");

    fs::remove_dir_all(&preview.dir).expect("a folder to remove");
    let front = preview.page("/").await;
    assert!(front.contains("À corriger") && front.contains("module.toml"), "{front}");
    assert_eq!(preview.get("/lessons/01-trois-histoires").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_preview_is_for_this_machine_alone() {
    let preview = Preview::start().await;
    let answer = preview.get("/").await;
    let policy = answer.headers()["content-security-policy"].to_str().expect("a text").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    let page = answer.text().await.expect("a text");
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains(&format!("<script nonce=\"{}\"", nonce.expect("a nonce"))), "{page}");

    let rebound = preview.client.get(&preview.base).header("host", "evil.example:8090");
    let refused = rebound.send().await.expect("an answer");
    assert_eq!(refused.status(), StatusCode::MISDIRECTED_REQUEST);
    assert!(!refused.text().await.expect("a text").contains("Sénat"));
    for path in ["/media/..%2fmodule.toml", "/media/00", "/lessons/..%2fmodule", "/module.toml"] {
        assert_eq!(preview.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }

    let machine = Machine::new();
    let said = machine.run(&["content", "preview", MODULE, "--listen", "0.0.0.0:0"]).await;
    assert!(!said.status.success() && said.stderr.contains("127.0.0.1:8090"), "{said:?}");
    let said = machine.run(&["content", "preview", "nowhere"]).await;
    assert!(!said.status.success() && said.stderr.contains("is not a folder"), "{said:?}");
}
