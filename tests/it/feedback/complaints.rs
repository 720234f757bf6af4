//! Complaints: acknowledged, handled by who can do something about it, answered before they are closed.

use maitrise::mail::model::{MailState, Template, mail_message};
use maitrise::people::model::contact_address;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{IntoActiveModel as _, Set};
use serde_json::{Value, json};

use super::{Class, MODULE, WORDS, refused};

const LEARNER: &str = "elue@demonstration.example";
const PUBLISHER: &str = "editrice@demonstration.example";
const NATIONAL: &str = "national@demonstration.example";

async fn complain(class: &Class, mut about: Value) -> String {
    about["text"] = json!(WORDS);
    class.post(&class.learner, "/api/v1/complaints", &about).await.expect(201).location()
}

#[tokio::test]
async fn a_complaint_is_acknowledged_at_once_taken_in_hand_answered_then_closed() {
    let class = Class::new().await;
    let publisher = class.known("editrice").await.token;
    let complaint = complain(&class, json!({ "module": MODULE })).await;
    class.deliver().await;
    let receipt = class.mails(LEARNER, "Votre réclamation est enregistrée");
    let to_handle = class.mails(PUBLISHER, "Réclamation à traiter");
    assert_eq!((receipt.len(), to_handle.len()), (1, 1));
    let id = complaint.rsplit('/').next().expect("an id");
    assert!(receipt[0].text().contains(id) && to_handle[0].text().contains(id));
    assert_eq!(class.mails(NATIONAL, "Réclamation").len(), 0);

    let seen = class.get(&publisher, &complaint).await.expect(200).json();
    assert_eq!((&seen["state"], &seen["module"]), (&json!("received"), &json!(MODULE)));
    assert_eq!((&seen["asker"], &seen["text"]), (&json!("Apprenant·e"), &json!(WORDS)));
    class.get(&class.trainer, &complaint).await.expect(404);
    let silent = class.decide(&publisher, &complaint, "closed").await.expect(409);
    assert_eq!(silent.problem_code(), "answer-missing");
    class.decide(&publisher, &complaint, "in_progress").await.expect(200);
    class.reply(&publisher, &complaint, "Nous corrigeons la durée annoncée.").await.expect(200);
    class.decide(&publisher, &complaint, "closed").await.expect(200);
    let more = class.reply(&class.learner, &complaint, "Toujours pas.").await.expect(200);
    assert_eq!(more.json()["state"], "in_progress", "a complaint that goes on is open again");
    class.deliver().await;
    let answered = class.mails(LEARNER, "Une réponse à votre réclamation");
    assert_eq!(answered.len(), 1);
    assert!(!answered[0].text().contains("durée annoncée"), "{}", answered[0].text());
    let told = class.get(&class.learner, &complaint).await.expect(200).json();
    let entries = told["entries"].as_array().expect("entries");
    let states: Vec<_> = entries.iter().map(|entry| entry["state"].clone()).collect();
    assert_eq!(states, ["received", "in_progress", "answered", "closed", "in_progress"]);
    assert!(entries.iter().all(|entry| entry["at"].is_string()));
    assert_eq!(class.count("journal_entry", "action = 'feedback.decide'").await, 2);
}

#[tokio::test]
async fn the_platforms_go_to_the_nation_which_sees_them_all_and_a_provider_its_own() {
    let class = Class::new().await;
    let (publisher, national) =
        (class.known("editrice").await.token, class.known("national").await);
    let platform = complain(&class, json!({})).await;
    let own = complain(&class, json!({ "provider_ref": "local:demonstration" })).await;
    let other = complain(&class, json!({ "module": "E1" })).await;
    let listed = async |token: &str| {
        let list = class.get(token, "/api/v1/complaints").await.expect(200).json();
        let items = list["items"].as_array().cloned().expect("items");
        let address = |c: &Value| format!("/api/v1/complaints/{}", c["id"].as_str().expect("id"));
        items.iter().map(address).collect::<Vec<_>>()
    };
    assert_eq!(listed(&publisher).await, std::slice::from_ref(&own));
    assert_eq!(listed(&national.token).await, [other.clone(), own, platform.clone()]);
    for path in [&platform, &other] {
        class.get(&publisher, path).await.expect(404);
        class.decide(&publisher, path, "in_progress").await.expect(404);
    }
    class.deliver().await;
    // Nobody publishes at the provider of E1: the nation is told in its stead.
    assert_eq!(class.mails(NATIONAL, "Réclamation à traiter").len(), 2, "two desks");
    class.reply(&national.token, &platform, "C'est noté.").await.expect(200);
    let mine = class.get(&class.learner, "/api/v1/me/complaints").await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(3));
    let feedback = class.get(&class.learner, "/api/v1/me/feedback").await.expect(200).json();
    assert_eq!(feedback["items"], json!([]), "complaints are not shown to trainers");
    let open = class.get(&national.token, "/api/v1/complaints?state=received").await.expect(200);
    assert_eq!(open.json()["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_complaint_names_what_exists_and_one_thing() {
    let class = Class::new().await;
    let send = async |mut body: Value| {
        body["text"] = json!(WORDS);
        class.post(&class.learner, "/api/v1/complaints", &body).await
    };
    let both = send(json!({ "module": MODULE, "provider_ref": "local:demonstration" })).await;
    assert_eq!(refused(&both.expect(422)), ("invalid-values".into(), vec!["/provider_ref".into()]));
    for nothing in [
        json!({ "module": "NULLE-PART" }),
        json!({ "module": "PREMIERS-PAS" }),
        json!({ "module": "<script>" }),
        json!({ "provider_ref": "local:nulle-part" }),
        json!({ "provider_ref": "insee:35021" }),
        json!({ "provider_ref": "x" }),
    ] {
        assert_eq!(
            send(nothing.clone()).await.expect(404).problem_code(),
            "not-found",
            "{nothing}"
        );
    }
    assert_eq!(class.count("feedback_thread", "1 = 1").await, 0);
}

#[tokio::test]
async fn nothing_of_a_complaint_goes_to_a_shared_mailbox() {
    let class = Class::new().await;
    let db = &class.world.app.db;
    let person = class.known("elue").await.person_id;
    let tx = db.begin_write().await.expect("a transaction");
    let own = contact_address::Entity::find()
        .filter(contact_address::Column::PersonId.eq(person))
        .one(&tx)
        .await;
    let mut shared = own.expect("addresses").expect("hers").into_active_model();
    shared.shared = Set(true);
    shared.update(&tx).await.expect("shared");
    tx.commit().await.expect("a commit");
    complain(&class, json!({ "module": MODULE })).await;
    class.deliver().await;
    let receipt = mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::ComplaintReceived))
        .one(db.read())
        .await;
    let receipt = receipt.expect("messages").expect("the receipt");
    assert_eq!(receipt.state, MailState::Failed);
    assert_eq!(receipt.last_error.as_deref(), Some("only a shared address"));
    assert_eq!(class.mails(LEARNER, "Votre réclamation").len(), 0);
}
