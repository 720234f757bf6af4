//! Agents are enrolled: by id, by sign-in name, by address and name; each row has its outcome.

use serde_json::json;

use super::{
    ENROLMENTS, HERE, agent, ask, by_id, done, enrolments, manager, order, outcomes, rows,
};
use crate::deeds::{draft_files, fill_draft, learn, publish, put_media};
use crate::world::World;

#[tokio::test]
async fn each_row_is_told_what_became_of_it_and_the_same_rows_again_find_everything_done() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let first = agent(&world, "agente-a", HERE).await;
    let second = agent(&world, "agente-b", HERE).await;
    let third = agent(&world, "agente-c", HERE).await;
    let learnt = agent(&world, "agente-d", HERE).await;
    let stranger = agent(&world, "agente-ailleurs", "insee:33522").await;
    learn(&world, &learnt.token, "A2").await;
    let people = [
        by_id(&first),
        json!({ "login": "AGENTE-B@essai.example" }),
        json!({ "email": "agente-c@essai.example", "given_name": "dominique", "family_name": "FICTIF" }),
        json!({ "email": "agente-a@essai.example", "given_name": "Autre", "family_name": "Fictif" }),
        by_id(&learnt),
        by_id(&stranger),
        json!({ "login": "agente-ailleurs@essai.example" }),
        json!({ "login": "personne@essai.example" }),
        json!({ "login": "agente-a@essai.example" }),
    ];
    let mut wish = order("A2", &people);
    wish["due_on"] = json!((world.app.clock.now() + chrono::Duration::days(60)).date_naive());
    let preview = world.api.post(&format!("{ENROLMENTS}/preview")).bearer(&manager).json(&wish);
    let preview = preview.await.expect(200).json();
    let job = done(&world, &manager, &wish).await;
    assert_eq!(preview["outcomes"], job["outcomes"], "what was foreseen is what was done");
    assert_eq!(preview["idle"].as_array().map(Vec::len), Some(6), "{preview}");
    let expected = [
        "enrolled",
        "enrolled",
        "enrolled",
        "name_differs",
        "completed",
        "unknown_person",
        "unknown_person",
        "unknown_person",
        "duplicate",
    ];
    assert_eq!(outcomes(&world, &manager, &job).await, expected);
    let told = rows(&world, &manager, &job).await;
    assert_eq!(told[8]["detail"], "row 1");
    assert!(told[5].get("person_id").is_none(), "nothing is said of who is elsewhere: {}", told[5]);
    for who in [&first, &second, &third] {
        let mine = enrolments(&world, &who.token).await;
        assert_eq!((mine.len(), &mine[0]["module"]), (1, &json!("A2")));
        assert_eq!(mine[0]["due_on"], wish["due_on"]);
        let by = &mine[0]["enrolled_for"];
        assert_eq!((&by["by"], &by["invited"]), (&json!("employer"), &json!(false)));
        assert!(by["organisation"].as_str().is_some_and(|name| name.starts_with("Beauc")), "{by}");
        let owed = world.api.get("/api/v1/me/obligations").bearer(&who.token).await.expect(200);
        assert_eq!(owed.json()["items"][0]["due_on"], wish["due_on"], "{}", owed.body);
    }
    assert!(enrolments(&world, &stranger.token).await.is_empty());
    let again = done(&world, &manager, &wish).await;
    assert_eq!(outcomes(&world, &manager, &again).await[..3], ["already", "already", "already"]);
    assert_eq!(enrolments(&world, &first.token).await.len(), 1);
}

#[tokio::test]
async fn who_left_is_enrolled_again_in_another_cycle() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let left = agent(&world, "agente-partie", HERE).await;
    let enrol = world.api.post("/api/v1/modules/A2/enrolments").bearer(&left.token);
    let mine = enrol.json(&json!({})).await.expect(201).json();
    assert!(mine.get("enrolled_for").is_none(), "by themselves: {mine}");
    let withdraw = format!("/api/v1/enrolments/{}/withdraw", mine["id"].as_str().expect("an id"));
    let withdraw = world.api.post(&withdraw).bearer(&left.token);
    withdraw.json(&json!({ "reason": "no_time" })).await.expect(200);
    let job = done(&world, &manager, &order("A2", &[by_id(&left)])).await;
    assert_eq!(outcomes(&world, &manager, &job).await, ["enrolled"]);
    assert_eq!(enrolments(&world, &left.token).await.len(), 2, "another cycle: nothing is reset");
}

#[tokio::test]
async fn what_a_module_asks_first_is_asked_of_agents_too() {
    let world = World::new().await;
    let (manager, trainer) = (manager(&world).await, world.token("formatrice").await);
    let (ready, early) =
        (agent(&world, "agente-prete", HERE).await, agent(&world, "agente-tot", HERE).await);
    fill_draft(&world, &trainer, "SUITE", "local:demonstration", "").await;
    let files = draft_files("SUITE", "local:demonstration", "");
    let (path, manifest) = files.iter().find(|(path, _)| *path == "module.toml").expect("one");
    let asked = "\n[[prerequisite]]\nany_of = [\"A1\", \"A2\"]\nkind = \"required\"\n";
    let manifest = format!("{manifest}{asked}").into_bytes();
    put_media(&world, &trainer, "SUITE", path, manifest).await;
    publish(&world, "SUITE").await;
    learn(&world, &ready.token, "A2").await;
    let job = done(&world, &manager, &order("SUITE", &[by_id(&ready), by_id(&early)])).await;
    let told = rows(&world, &manager, &job).await;
    assert_eq!(told[0]["outcome"], "enrolled", "{told:?}");
    let early = (&told[1]["outcome"], &told[1]["detail"]);
    assert_eq!(early, (&json!("prerequisite_missing"), &json!("A1|A2")));
}

#[tokio::test]
async fn a_path_is_followed_and_a_spreadsheet_is_read() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let (one, two) =
        (agent(&world, "tableau-a", HERE).await, agent(&world, "tableau-b", HERE).await);
    let table = "\u{feff}Nom;Prénom;Courriel\r\nFictif;Dominique;tableau-a@essai.example\r\nFictif;Dominique;tableau-b@essai.example\r\n";
    let send = || {
        let call = world.api.post(&format!("{ENROLMENTS}?path=PREMIERE-HEURE")).bearer(&manager);
        call.header("Content-Type", "text/csv; charset=utf-8").body(table)
    };
    for expected in ["enrolled", "already"] {
        let job = send().await.expect(202).json();
        super::worked(&world).await;
        assert_eq!(outcomes(&world, &manager, &job).await, [expected, expected]);
    }
    for who in [one, two] {
        let mine = world.api.get("/api/v1/me/path-enrolments").bearer(&who.token).await;
        assert_eq!(mine.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn several_who_share_an_address_and_a_name_are_not_taken_one_for_the_other() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let mut people = Vec::new();
    for word in ["partage-a", "partage-b"] {
        people.push(agent(&world, word, HERE).await.person_id);
    }
    use sea_orm::{ActiveModelTrait as _, Set};
    let tx = world.app.db.begin_write().await.expect("tx");
    for person_id in people {
        let address = maitrise::people::model::contact_address::ActiveModel {
            id: Set(maitrise::clock::new_id()),
            person_id: Set(person_id),
            address: Set("Mairie@essai.example".to_owned()),
            shared: Set(true),
            valid_from: Set(world.app.clock.now()),
            valid_to: Set(None),
        };
        address.insert(&tx).await.expect("an address");
    }
    tx.commit().await.expect("a commit");
    let shared = json!({
        "email": "mairie@essai.example", "given_name": "Dominique", "family_name": "Fictif",
    });
    let job = done(&world, &manager, &order("A2", &[shared])).await;
    assert_eq!(outcomes(&world, &manager, &job).await, ["ambiguous"]);
    ask(&world, &manager, &order("A2", &[])).await.expect(422);
}
