//! From a question to its answer, and what each side sees of it.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{Class, MODULE, WORDS};

#[tokio::test]
async fn a_question_is_asked_answered_settled_and_taken_up_again() {
    let class = Class::new().await;
    let thread = class.ask(WORDS).await;
    let seen = class.get(&class.trainer, &thread).await.expect(200).json();
    assert_eq!((&seen["state"], &seen["kind"]), (&json!("open"), &json!("question")));
    assert_eq!((&seen["module"], &seen["version"]), (&json!(MODULE), &json!(1)));
    assert_eq!((&seen["lesson"], &seen["text"]), (&json!(class.lesson), &json!(WORDS)));
    assert!(seen["lesson_title"].as_str().is_some_and(|title| !title.is_empty()), "{seen}");

    class.reply(&class.trainer, &thread, "Croyez le texte.").await.expect(200);
    assert_eq!(class.state(&class.learner, &thread).await, "answered");
    class.decide(&class.trainer, &thread, "resolved").await.expect(200);
    class.decide(&class.trainer, &thread, "resolved").await.expect(200);
    let again = class.reply(&class.learner, &thread, "Lequel ?").await.expect(200);
    assert_eq!(again.json()["state"], "open", "whoever writes again waits again");
    class.reply(&class.trainer, &thread, "L'article 4.").await.expect(200);
    class.decide(&class.trainer, &thread, "rejected").await.expect(200);

    let told = class.get(&class.learner, &thread).await.expect(200).json();
    let what = |entry: &Value| {
        let side = entry["side"].as_str().expect("a side").to_owned();
        (side, entry["text"].as_str().map(str::to_owned), entry["state"].clone())
    };
    let entries: Vec<_> = told["entries"].as_array().expect("entries").iter().map(what).collect();
    let entry = |side: &str, text: Option<&str>, state: &str| {
        (side.to_owned(), text.map(str::to_owned), json!(state))
    };
    let expected = [
        entry("asker", Some(WORDS), "open"),
        entry("staff", Some("Croyez le texte."), "answered"),
        entry("staff", None, "resolved"),
        entry("asker", Some("Lequel ?"), "open"),
        entry("staff", Some("L'article 4."), "answered"),
        entry("staff", None, "rejected"),
    ];
    assert_eq!(entries, expected, "a decision said twice is one");
    let mine = class.get(&class.learner, "/api/v1/me/feedback").await.expect(200).json();
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(mine["items"][0]["state"], "rejected");
}

#[tokio::test]
async fn the_trainers_list_is_filtered_and_paged_and_another_providers_is_empty() {
    let class = Class::new().await;
    let mut threads = Vec::new();
    for n in 0..3 {
        threads.push(class.ask(&format!("Question {n}")).await);
    }
    let error = class.say("error", "Une coquille.").await.expect(201).location();
    class.decide(&class.trainer, &threads[0], "resolved").await.expect(200);
    let listed = async |query: &str| {
        let list = class.get(&class.trainer, &format!("/api/v1/feedback{query}")).await;
        let items = list.expect(200).json()["items"].as_array().cloned().expect("items");
        let address = |one: &Value| format!("/api/v1/feedback/{}", one["id"].as_str().expect("id"));
        items.iter().map(address).collect::<Vec<_>>()
    };
    let all = [&error, &threads[2], &threads[1], &threads[0]].map(Clone::clone);
    assert_eq!(listed("").await, all, "latest first");
    assert_eq!(listed("?kind=error").await, all[..1]);
    assert_eq!(listed("?state=resolved").await, all[3..]);
    assert_eq!(listed("?kind=question&state=open").await, all[1..3]);
    assert_eq!(listed(&format!("?module={MODULE}")).await, all);
    assert_eq!(listed("?module=PREMIERS-PAS").await, all[..0], "a module of theirs, without any");
    let first = class.get(&class.trainer, "/api/v1/feedback?limit=3").await.expect(200).json();
    assert_eq!(first["items"][2]["text"], "Question 1", "what it began with");
    let next = first["next"].as_str().expect("a cursor");
    assert_eq!(listed(&format!("?limit=3&after={next}")).await, all[3..]);

    let elsewhere = class.world.provider("local:ailleurs").await;
    let role = maitrise::accounts::model::Role::Trainer;
    let stranger = class.world.admit_as("etrangere", role, elsewhere).await.token;
    let theirs = class.get(&stranger, "/api/v1/feedback").await.expect(200).json();
    assert_eq!(theirs["items"], json!([]));
    class.get(&stranger, &format!("/api/v1/feedback?module={MODULE}")).await.expect(404);
    class.get(&stranger, &error).await.expect(404);
    class.reply(&stranger, &error, "Moi je sais.").await.expect(404);
    class.decide(&stranger, &error, "resolved").await.expect(404);
    class.get(&class.learner, "/api/v1/feedback").await.expect(403);
}

#[tokio::test]
async fn an_error_in_a_corrected_question_points_at_it_and_shows_no_key() {
    let class = Class::new().await;
    let (attempt, corrected) = class.attempt(true).await;
    let question = &corrected["questions"][0]["id"];
    let path = format!("{}/feedback", class.enrolment);
    let body = json!({ "kind": "error", "attempt": attempt, "question": question, "text": WORDS });
    let told = class.post(&class.learner, &path, &body).await.expect(201);
    assert_eq!((&told.json()["question"], &told.json()["attempt_id"]), (question, &json!(attempt)));
    assert_eq!(told.json()["question_text"], corrected["questions"][0]["text"]);
    let explanation = &corrected["questions"][0]["correction"]["explanation"];
    let explanation = explanation.as_str().expect("an explanation").to_owned();
    for token in [&class.learner, &class.trainer] {
        let seen = class.get(token, &told.location()).await.expect(200);
        assert!(
            !seen.body.contains("correct") && !seen.body.contains(&explanation),
            "{}",
            seen.body
        );
    }
    let seen = class.get(&class.trainer, &told.location()).await.expect(200).json();
    assert_eq!(
        (seen.get("attempt_id"), seen.get("enrolment_id")),
        (None, None),
        "the learner's own"
    );
}

#[tokio::test]
async fn no_name_is_seen_unless_it_is_shown_and_reading_one_is_journalled() {
    let class = Class::new().await;
    let hidden = class.ask(WORDS).await;
    let path = format!("{}/feedback", class.enrolment);
    let body = json!({
        "kind": "question", "lesson": class.lesson, "text": "Rappelez-moi.", "show_name": true,
    });
    let shown = class.post(&class.learner, &path, &body).await.expect(201).location();
    let seen = class.get(&class.trainer, &hidden).await.expect(200);
    assert_eq!(seen.json()["asker"], "Apprenant·e");
    assert!(!seen.body.contains("Camille"), "{}", seen.body);
    let journalled = async || class.count("journal_entry", "action = 'feedback.read_name'").await;
    assert_eq!(journalled().await, 0);
    class.get(&class.learner, &shown).await.expect(200);
    assert_eq!(journalled().await, 0, "one's own");
    let seen = class.get(&class.trainer, &shown).await.expect(200).json();
    assert_eq!((&seen["asker"], &seen["own"]), (&json!("Camille Fictif"), &json!(false)));
    assert_eq!(journalled().await, 1);
    let list = class.get(&class.trainer, "/api/v1/feedback").await.expect(200);
    assert!(!list.body.contains("Camille"), "a list shows no name: {}", list.body);
    let answered = class.reply(&class.trainer, &shown, "Avec plaisir.").await.expect(200);
    assert!(!answered.body.contains("Camille"));
    let read = class.get(&class.learner, &shown).await.expect(200);
    assert!(!read.body.contains("Dominique"), "nor the trainer's: {}", read.body);
}

#[tokio::test]
async fn two_who_answer_at_once_are_both_heard_in_order() {
    let class = Class::new().await;
    let thread = class.ask(WORDS).await;
    let second = class.second_trainer().await.token;
    let mut asked = tokio::task::JoinSet::new();
    for (n, token) in
        [&class.trainer, &second, &class.learner].into_iter().cycle().take(9).enumerate()
    {
        let call = class.world.api.post(&format!("{thread}/replies")).bearer(token);
        let call = call.json(&json!({ "text": format!("Message {n}") }));
        asked.spawn(async move { call.await });
    }
    for answer in asked.join_all().await {
        answer.expect(200);
    }
    let told = class.get(&class.learner, &thread).await.expect(200).json();
    let entries = told["entries"].as_array().expect("entries");
    let numbers: Vec<_> = entries.iter().map(|entry| entry["number"].as_i64()).collect();
    assert_eq!(numbers, (1..=10).map(Some).collect::<Vec<_>>());
    assert_eq!(told["state"], entries[9]["state"]);
}

#[tokio::test]
async fn a_text_may_be_erased_and_nothing_that_happened_moves() {
    let class = Class::new().await;
    let thread = class.ask(WORDS).await;
    class.reply(&class.trainer, &thread, "Croyez le texte.").await.expect(200);
    let db = &class.world.app.db;
    let run = async |sql: &str| {
        let tx = db.begin_write().await.expect("a transaction");
        let done = tx.execute_unprepared(sql).await.map(drop).map_err(|error| error.to_string());
        if done.is_ok() {
            tx.commit().await.expect("a commit");
        }
        done
    };
    for table in ["feedback_thread", "feedback_entry", "feedback_notice", "satisfaction"] {
        for sql in [format!("UPDATE {table} SET id = id"), format!("DELETE FROM {table}")] {
            let rows = class.count(table, "1 = 1").await;
            let done = run(&sql).await;
            let kept = done.as_ref().is_err_and(|error| error.contains("append-only"));
            // SQLite's triggers speak of a row: a table without any has nothing to refuse.
            assert!(kept || rows == 0, "{sql}: {done:?}");
        }
    }
    run("DELETE FROM feedback_text WHERE text LIKE '%Hippolyte%'").await.expect("erased");
    let told = class.get(&class.trainer, &thread).await.expect(200);
    assert!(!told.body.contains("Hippolyte"), "{}", told.body);
    let entries = told.json()["entries"].as_array().cloned().expect("entries");
    let erased: Vec<_> = entries.iter().map(|entry| entry["erased"].as_bool()).collect();
    assert_eq!(erased, [Some(true), Some(false)]);
    assert_eq!(told.json()["state"], "answered");
}
