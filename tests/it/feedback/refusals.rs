//! What is refused: places that do not exist, what is another's, texts that are none, and haste.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Class, WORDS, learner, refused};
use crate::bad_input::tally::Tally;
use crate::support::Answer;

async fn report(class: &Class, body: &Value) -> Answer {
    let path = format!("{}/feedback", class.enrolment);
    let mut whole = json!({ "kind": "error", "text": WORDS });
    whole.as_object_mut().expect("an object").extend(body.as_object().cloned().expect("an object"));
    class.post(&class.learner, &path, &whole).await
}

#[tokio::test]
async fn a_place_that_is_not_in_what_was_followed_is_refused_by_name() {
    let class = Class::new().await;
    let (attempt, shown) = class.attempt(true).await;
    let known = shown["questions"][0]["id"].clone();
    let before = Tally::of(&class.world).await;
    for (place, pointer) in [
        (json!({ "lesson": "99-nulle-part" }), "/lesson"),
        (json!({}), "/lesson"),
        (json!({ "lesson": class.lesson, "attempt": attempt, "question": known }), "/lesson"),
        (json!({ "attempt": attempt }), "/lesson"),
        (json!({ "question": known }), "/lesson"),
        (json!({ "attempt": attempt, "question": "q999" }), "/question"),
    ] {
        let answer = report(&class, &place).await.expect(422);
        assert_eq!(refused(&answer), ("invalid-values".into(), vec![pointer.into()]), "{place}");
    }
    let nobodys = json!({ "attempt": maitrise::clock::new_id(), "question": known });
    assert_eq!(report(&class, &nobodys).await.expect(404).problem_code(), "not-found");
    class.world.is_as_before(&before).await;
}

#[tokio::test]
async fn an_attempt_under_way_tells_nothing_and_anothers_does_not_exist() {
    let class = Class::new().await;
    let (attempt, shown) = class.attempt(false).await;
    let question = shown["questions"][0]["id"].clone();
    let before = Tally::of(&class.world).await;
    for question in [question.clone(), json!("q999")] {
        let place = json!({ "attempt": attempt, "question": question });
        let answer = report(&class, &place).await.expect(409);
        assert_eq!(answer.problem_code(), "attempt-open", "whether it was drawn or not");
    }
    let (other, theirs) = learner(&class.world, "elu-bis").await;
    let place = json!({ "kind": "error", "attempt": attempt, "question": question, "text": "Là." });
    let mine_in_theirs = class.post(&other, &format!("{theirs}/feedback"), &place).await;
    assert_eq!(mine_in_theirs.expect(404).problem_code(), "not-found");
    let lesson = json!({ "kind": "error", "lesson": class.lesson, "text": "Là." });
    class.post(&other, &format!("{}/feedback", class.enrolment), &lesson).await.expect(404);
    let now = Tally::of(&class.world).await;
    assert!(
        !now.differences(&before).iter().any(|table| table.contains("feedback")),
        "nothing kept"
    );
}

#[tokio::test]
async fn a_question_that_was_not_drawn_is_refused_like_one_that_does_not_exist() {
    let class = Class::new().await;
    let trainer = &class.trainer;
    let draft = "/api/v1/modules/TIRAGE/draft";
    crate::deeds::fill_draft(
        &class.world,
        trainer,
        "TIRAGE",
        "local:demonstration",
        "activity_minutes = 2",
    )
    .await;
    let quiz = format!("{draft}/files?path=quiz/01-quiz.toml");
    let tag = class.get(trainer, draft).await.expect(200).etag();
    let bank = crate::deeds::draft_file("quiz/01-quiz.toml");
    let (title, rest) = bank.split_once('\n').expect("a title on the first line");
    let one = class.world.api.put(&quiz).bearer(trainer).header("If-Match", &tag);
    let one = one.header("Content-Type", "text/plain").body(format!("{title}\ndraw = 1\n{rest}"));
    one.await.expect(200);
    crate::deeds::under_no_regime(&class.world).await;
    crate::deeds::publish(&class.world, "TIRAGE").await;
    let path = "/api/v1/modules/TIRAGE/enrolments";
    let enrolment = class.post(&class.learner, path, &json!({})).await.expect(201).location();
    let attempts = class.world.api.post(&format!("{enrolment}/attempts")).bearer(&class.learner);
    let attempt = attempts.await.expect(201);
    let drawn = attempt.json()["questions"][0]["id"].as_str().expect("an id").to_owned();
    class
        .post(&class.learner, &format!("{}/submit", attempt.location()), &json!({}))
        .await
        .expect(200);
    let said = async |question: &str| {
        let body = json!({
            "kind": "error", "attempt": attempt.json()["id"], "question": question, "text": WORDS,
        });
        class.post(&class.learner, &format!("{enrolment}/feedback"), &body).await
    };
    let left = ["q1", "q2", "q3"].into_iter().find(|one| *one != drawn).expect("another");
    let strip = |answer: Answer| {
        let mut body = answer.expect(422).json();
        body["instance"].take();
        body
    };
    assert_eq!(strip(said(left).await), strip(said("q999").await));
    said(&drawn).await.expect(201);
}

#[tokio::test]
async fn a_text_is_readable_bounded_and_not_blank() {
    let class = Class::new().await;
    let thread = class.ask(WORDS).await;
    let before = Tally::of(&class.world).await;
    let replies = format!("{thread}/replies");
    let complaint = async |text: &str| {
        class.post(&class.learner, "/api/v1/complaints", &json!({ "text": text })).await
    };
    for (text, code) in [
        ("x".repeat(10_000), "invalid-body"),
        (String::new(), "invalid-body"),
        (" \n\t ".to_owned(), "invalid-values"),
        ("une sonnette \u{7}".to_owned(), "invalid-values"),
        ("\u{1b}[31mrouge".to_owned(), "invalid-values"),
    ] {
        let replied =
            class.post(&class.learner, &replies, &json!({ "text": text })).await.expect(422);
        for answer in [class.say("error", &text).await, replied, complaint(&text).await] {
            assert_eq!(refused(&answer.expect(422)), (code.to_owned(), vec!["/text".to_owned()]));
        }
    }
    class.world.is_as_before(&before).await;
    class.say("error", &"é".repeat(4_000)).await.expect(201);
}

#[tokio::test]
async fn nothing_is_rejected_or_closed_without_a_word() {
    let class = Class::new().await;
    let thread = class.ask(WORDS).await;
    let silent = class.decide(&class.trainer, &thread, "rejected").await.expect(409);
    assert_eq!(silent.problem_code(), "answer-missing");
    assert_eq!(class.state(&class.learner, &thread).await, "open");
    let wrong = class.decide(&class.trainer, &thread, "closed").await.expect(422);
    assert_eq!(wrong.problem_code(), "invalid-body", "a state of complaints");
    let own = class.decide(&class.learner, &thread, "resolved").await.expect(403);
    assert_eq!(own.problem_code(), "forbidden");
    let complaint = thread.replace("/feedback/", "/complaints/");
    class.get(&class.learner, &complaint).await.expect(404);
}

#[tokio::test]
async fn the_same_words_are_said_once_and_no_more_than_twenty_things_a_day() {
    let class = Class::new().await;
    let first = class.ask(WORDS).await;
    let again = class.say("question", WORDS).await.expect(200);
    assert_eq!(again.location(), first, "a double click");
    class.say("error", WORDS).await.expect(201);
    let mut asked = tokio::task::JoinSet::new();
    for n in 0..30 {
        let call = class.world.api.post(&format!("{}/feedback", class.enrolment));
        let body =
            json!({ "kind": "error", "lesson": class.lesson, "text": format!("Erreur {n}") });
        let call = call.bearer(&class.learner).json(&body);
        asked.spawn(async move { call.await });
    }
    let answers = asked.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 18, "twenty in all");
    let late = answers.iter().find(|answer| answer.status != 201).expect("twelve of them");
    assert_eq!((late.status, late.problem_code().as_str()), (429, "too-many-requests"));
    let wait: i64 = late.header("retry-after").expect("when").parse().expect("seconds");
    assert!((86_000..=86_401).contains(&wait), "{wait}");
    class.say("question", WORDS).await.expect(200);
    let (other, theirs) = learner(&class.world, "elu-bis").await;
    let body = json!({ "kind": "error", "lesson": class.lesson, "text": "Ailleurs." });
    class.post(&other, &format!("{theirs}/feedback"), &body).await.expect(201);
    class.world.app.clock.advance(Duration::seconds(wait));
    let learner = class.known("elue").await.token;
    let body = json!({ "kind": "error", "lesson": class.lesson, "text": "Le lendemain." });
    class.post(&learner, &format!("{}/feedback", class.enrolment), &body).await.expect(201);
}
