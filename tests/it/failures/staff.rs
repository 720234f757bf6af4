//! Those who write, publish, invite, give and take: what they were told.

use std::sync::Arc;

use serde_json::{Value, json};

use super::load::{Client, Tally};
use crate::deeds::draft_file;
use crate::support::Api;

const LESSON: &str = "lessons/01-trois-questions-avant-dessayer.md";
const DRAFT: &str = "/api/v1/modules/PREMIERS-PAS/draft";

/// What a provider's people were told of a module.
#[derive(Debug, Default)]
pub struct Desk {
    /// The lesson as it was last saved; empty before.
    saved: String,
    /// The lesson being saved: it may be kept, although nobody was told.
    in_doubt: Option<String>,
    /// The last version published.
    published: u64,
}

/// A trainer, a reviewer and a publisher.
pub struct Desks {
    pub trainer: Client,
    pub reviewer: Client,
    pub publisher: Client,
}

impl Desks {
    /// Saves the draft over and over, and has every fifth one published, until the load is over.
    pub async fn play(self) -> Desk {
        let mut told = Desk::default();
        while self.publish_another(&mut told).await.is_some() {}
        told
    }

    async fn publish_another(&self, told: &mut Desk) -> Option<()> {
        for number in 0..5 {
            let version = told.published;
            let lesson = draft_file(LESSON) + &format!("\nÉtat {version}.{number} du texte.\n");
            self.save(told, lesson).await?;
        }
        let submit = |api: &Api| api.post(&format!("{DRAFT}/submit"));
        self.trainer.write(submit, &[409]).await?;
        let draft = self.trainer.read(|api| api.get(DRAFT)).await?.json();
        assert_eq!(draft["state"], "submitted", "{draft}");
        let review =
            json!({ "digest": draft["digest"], "verdict": "accepted", "comment": "Relu." });
        let path = format!("{DRAFT}/review");
        self.reviewer.write(|api| api.post(&path).json(&review), &[]).await?;
        let (path, change) = (format!("{DRAFT}/publish/preview"), json!({ "change": "editorial" }));
        let preview = self.publisher.read(|api| api.post(&path).json(&change)).await?.json();
        let publish = json!({ "change": "editorial", "digest": preview["digest"] });
        let path = format!("{DRAFT}/publish");
        let published =
            self.publisher.write(|api| api.post(&path).json(&publish), &[404, 409]).await?;
        if published.status == 201 {
            assert_eq!(published.json()["version"], told.published + 1);
        }
        told.published += 1;
        self.trainer.write(|api| api.post(DRAFT), &[]).await?;
        Some(())
    }

    /// Saves the lesson as someone does who never overwrites another's work.
    async fn save(&self, told: &mut Desk, lesson: String) -> Option<()> {
        let path = format!("{DRAFT}/files?path={LESSON}");
        told.in_doubt = Some(lesson.clone());
        loop {
            let read = self.trainer.read(|api| api.get(&path)).await?;
            if read.body == lesson {
                break;
            }
            assert!(told.saved.is_empty() || read.body == told.saved, "neither: {}", read.body);
            let tag = read.etag();
            let put = |api: &Api| {
                let put = api.put(&path).header("If-Match", &tag);
                put.header("Content-Type", "text/plain; charset=utf-8").body(lesson.as_str())
            };
            // 412: the one whose answer was lost was heard; the next look tells.
            let saved = self.trainer.write(put, &[412]).await?;
            if saved.status == 200 {
                break;
            }
        }
        told.saved = lesson;
        told.in_doubt = None;
        Some(())
    }
}

impl Desk {
    /// That the draft and the version published are what they were told.
    pub async fn is_kept(&self, api: &Api, trainer: &str) {
        if self.published > 0 {
            let module = api.get("/api/v1/modules/PREMIERS-PAS").await.expect(200).json();
            let version = module["version"].as_u64().expect("a version");
            assert!((self.published..=self.published + 1).contains(&version), "{self:?}\n{module}");
        }
        if self.saved.is_empty() {
            return;
        }
        let path = format!("{DRAFT}/files?path={LESSON}");
        let kept = api.get(&path).bearer(trainer).await;
        // Published, and the next one not open yet: the version has it.
        if kept.status == 404 {
            return;
        }
        let kept = kept.expect(200).body;
        assert!(kept == self.saved || Some(&kept) == self.in_doubt.as_ref(), "{self:?}\n{kept}");
    }
}

/// What those were told who manage people.
#[derive(Debug, Default)]
pub struct Office {
    /// Sign-in names of those invited.
    pub invited: Vec<String>,
    /// Grants given, and whether taken back.
    pub grants: Vec<(String, bool)>,
    /// The token to come back with, unless one was lost.
    refresh: Option<String>,
}

/// An employer's manager, a national administrator, and someone who signs in.
pub struct Offices {
    pub api: Api,
    pub tally: Arc<Tally>,
    pub manager: Client,
    pub administrator: Client,
    /// The account that receives grants.
    pub account: String,
    /// Sign-in name and password.
    pub credentials: Value,
}

impl Offices {
    /// Invites, gives, takes back and comes back, until the load is over.
    pub async fn play(self) -> Office {
        let mut told = Office::default();
        while self.do_one_of_each(&mut told).await.is_some() {}
        told
    }

    async fn do_one_of_each(&self, told: &mut Office) -> Option<()> {
        let email = format!("invite{}@essai.example", told.invited.len());
        let invitation = json!({
            "given_name": "Éloïse", "family_name": "Fictif", "email": email,
            "capacity": "elu", "mandate": "conseiller municipal",
        });
        let path = "/api/v1/organisations/insee:35021/people";
        self.manager.write(|api| api.post(path).json(&invitation), &[409]).await?;
        told.invited.push(email);
        let grant = json!({ "account_id": self.account, "role": "auditor", "scope": "national" });
        let given =
            self.administrator.write(|api| api.post("/api/v1/grants").json(&grant), &[]).await?;
        let id = given.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/grants/{id}");
        told.grants.push((id, false));
        if told.grants.len().is_multiple_of(2) {
            self.administrator.write(|api| api.delete(&path), &[]).await?;
            told.grants.last_mut().expect("pushed").1 = true;
        }
        self.come_back(told).await
    }

    /// Spends the refresh token for the next; signs in when the answer that held it was lost.
    async fn come_back(&self, told: &mut Office) -> Option<()> {
        let nobody = Client::new(&self.api, "", &self.tally);
        let tokens = match told.refresh.take() {
            Some(token) => {
                let body = json!({ "refresh_token": token });
                let path = "/api/v1/token/refresh";
                nobody.write(|api| api.post(path).json(&body), &[401]).await?
            }
            None => {
                let path = "/api/v1/sign-in";
                nobody.write(|api| api.post(path).json(&self.credentials), &[]).await?
            }
        };
        if tokens.status == 200 {
            told.refresh = tokens.json()["refresh_token"].as_str().map(str::to_owned);
        }
        Some(())
    }
}

impl Office {
    /// That the last token told is good, once.
    pub async fn is_kept(&self, api: &Api) {
        let Some(token) = &self.refresh else { return };
        let body = json!({ "refresh_token": token });
        api.post("/api/v1/token/refresh").json(&body).await.expect(200);
    }
}
