//! A browser as far as HTTP goes: it keeps cookies, says where a form comes from, and sends on what a
//! page holds.

use std::collections::BTreeMap;

use maitrise::demo::cast::CAST;

use super::html::elements;
use crate::sign_in::encoded;
use crate::support::{Answer, Api};
use crate::world::World;

/// Somebody with a browser.
pub struct Browser {
    api: Api,
    origin: String,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser that has never been here.
    pub fn new(world: &World) -> Self {
        let origin = world.app.settings.http.public_url.clone();
        Self { api: world.api.clone(), origin, cookies: BTreeMap::new() }
    }

    /// A browser on a server of its own.
    pub fn on(api: &Api) -> Self {
        Self { api: api.clone(), origin: api.base(), cookies: BTreeMap::new() }
    }

    /// The browser of someone of the cast, signed in.
    pub async fn of(world: &World, word: &str) -> Self {
        let mut browser = Self::new(world);
        let part = CAST.iter().find(|part| part.word == word).expect("someone of the cast");
        let (login, password) = (part.login(), part.password(&world.app));
        browser.sign_in(&login, &password, "").await.expect(303);
        browser
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let call = self.api.get(path).header("cookie", &self.sent());
        let answer = call.header("accept", "text/html,*/*;q=0.8").await;
        self.keep(&answer);
        answer
    }

    /// Sends a form from a page of ours.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.origin.clone();
        self.post_from(&[("origin", &origin)], path, fields).await
    }

    /// Sends a form as it comes from elsewhere, or from nowhere: these headers say.
    pub async fn post_from(
        &mut self,
        from: &[(&str, &str)],
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<_> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mut call = self.api.post(path).header("cookie", &self.sent());
        call = call.header("accept", "text/html,*/*;q=0.8");
        call = call.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in from {
            call = call.header(name, value);
        }
        let answer = call.body(body.join("&")).await;
        self.keep(&answer);
        answer
    }

    /// Sends the sign-in form.
    pub async fn sign_in(&mut self, login: &str, password: &str, retour: &str) -> Answer {
        let fields = [("login", login), ("password", password), ("retour", retour)];
        self.post("/connexion", &fields).await
    }

    /// The token that the forms of a page carry.
    pub async fn token(&mut self) -> String {
        let page = self.get("/").await.expect(200);
        let inputs = elements(&page.body, "input");
        let token = inputs.iter().find(|input| input.get("name").is_some_and(|n| n == "jeton"));
        token.expect("somebody signed in has a token")["value"].clone()
    }

    /// Whether the pages say that somebody is signed in.
    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/").await.expect(200).body.contains("Se déconnecter")
    }

    fn sent(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("a cookie");
            let (name, value) = line.split(';').next().expect("a pair").split_once('=').expect("=");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
