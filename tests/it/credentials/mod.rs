//! The credential of an attestation, its compact proof and its status, as others check them.

mod browser;
mod document;
mod independent;
mod standing;

use serde_json::Value;

use crate::deeds::learn;
use crate::world::World;

/// Somebody's attestation of E1, and where its forms are.
pub struct Attested {
    pub world: World,
    pub id: String,
    pub code: String,
}

impl Attested {
    pub async fn new() -> Self {
        Self::of(World::new().await).await
    }

    pub async fn of(world: World) -> Self {
        let shown = learn(&world, &world.token("elue").await, "E1").await;
        let text = |name: &str| shown[name].as_str().expect("a text").to_owned();
        Self { id: text("id"), code: text("code"), world }
    }

    /// What its holder is served under its address.
    pub async fn own(&self, form: &str) -> crate::support::Answer {
        let path = format!("/api/v1/attestations/{}{form}", self.id);
        self.world.api.get(&path).bearer(&self.world.token("elue").await).await
    }

    pub async fn jwt(&self) -> String {
        self.own("/credential.jwt").await.expect(200).body
    }

    /// What anyone is told of the code.
    pub async fn verified(&self) -> Value {
        self.world.api.get(&format!("/api/v1/verify/{}", self.code)).await.expect(200).json()
    }

    pub async fn list(&self, name: &str) -> String {
        let path = format!("/credentials/status/{name}");
        self.world.api.get(&path).await.expect(200).body
    }
}
