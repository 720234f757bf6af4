//! Who is told, how often, and that no mail, queue, journal or log holds a word of what was said.

use chrono::Duration;
use serde_json::json;

use super::{Class, WORDS};
use crate::support::capture_whole_log;

const TRAINER: &str = "formatrice@demonstration.example";
const LEARNER: &str = "elue@demonstration.example";
const ASKED: &str = "Question posée";
const ANSWERED: &str = "Une réponse vous attend";

#[tokio::test]
async fn a_burst_is_one_mail_now_and_one_the_next_hour_to_each_trainer() {
    let class = Class::new().await;
    class.second_trainer().await;
    let both = [TRAINER, "formateur-bis@essai.example"];
    let counted = || both.map(|to| class.mails(to, ASKED).len());
    for n in 0..6 {
        class.ask(&format!("Question {n}")).await;
    }
    class.deliver().await;
    assert_eq!(counted(), [1, 1], "the others wait for the next hour");
    assert_eq!(class.count("mail_message", "template = 'feedback_received'").await, 4);
    class.world.app.clock.advance(Duration::hours(1));
    class.deliver().await;
    class.deliver().await;
    assert_eq!(counted(), [2, 2], "and no third one");
    let mail = class.mails(TRAINER, ASKED).remove(0);
    let title = &crate::deeds::published(&class.world, super::MODULE).await.manifest.title;
    for told in [title.as_str(), "Endroit : leçon «", "/atelier/retours/"] {
        assert!(mail.text().contains(told), "{told}: {}", mail.text());
    }
    for n in 0..6 {
        assert!(!mail.text().contains(&format!("Question {n}")), "{}", mail.text());
    }
    assert!(!mail.text().contains("Camille"), "{}", mail.text());
}

#[tokio::test]
async fn a_mail_that_waited_does_not_leave_once_all_is_answered_nor_to_whoever_left() {
    let class = Class::new().await;
    let (one, two) = (class.ask("Une").await, class.ask("Deux").await);
    class.deliver().await;
    assert_eq!(class.mails(TRAINER, ASKED).len(), 1);
    for thread in [&one, &two] {
        class.reply(&class.trainer, thread, "Voilà.").await.expect(200);
    }
    class.world.app.clock.advance(Duration::hours(1));
    class.deliver().await;
    assert_eq!(class.mails(TRAINER, ASKED).len(), 1);
    let cancelled = "template = 'feedback_received' AND state = 'cancelled'";
    assert_eq!(class.count("mail_message", cancelled).await, 1);

    let (trainer, national) = (class.known("formatrice").await, class.known("national").await);
    let learner = class.known("elue").await.token;
    let body = json!({ "kind": "question", "lesson": class.lesson, "text": "Trois" });
    let path = format!("{}/feedback", class.enrolment);
    class.post(&learner, &path, &body).await.expect(201);
    let grants = class.get(&national.token, "/api/v1/grants?limit=200").await.expect(200).json();
    let hers = grants["items"].as_array().expect("grants").iter();
    for grant in hers.filter(|g| g["account_id"] == json!(trainer.account_id)) {
        let path = format!("/api/v1/grants/{}", grant["id"].as_str().expect("an id"));
        class.world.api.delete(&path).bearer(&national.token).await.expect(204);
    }
    class.world.app.clock.advance(Duration::hours(2));
    class.deliver().await;
    assert_eq!(class.mails(TRAINER, ASKED).len(), 1, "she teaches there no more");
    assert_eq!(class.count("mail_message", cancelled).await, 2);
}

#[tokio::test]
async fn whoever_asked_is_told_of_the_answer_and_nothing_is_repeated_anywhere() {
    let (log, _logging) = capture_whole_log();
    let class = Class::new().await;
    let path = format!("{}/feedback", class.enrolment);
    let body = json!({
        "kind": "question", "lesson": class.lesson, "text": WORDS, "show_name": true,
    });
    let thread = class.post(&class.learner, &path, &body).await.expect(201).location();
    class.get(&class.trainer, &thread).await.expect(200);
    let answer = "Ni Anatole ni Hippolyte : le règlement.";
    class.reply(&class.trainer, &thread, answer).await.expect(200);
    class.reply(&class.trainer, &thread, answer).await.expect(200);
    class.decide(&class.trainer, &thread, "resolved").await.expect(200);
    class.deliver().await;
    let told = class.mails(LEARNER, ANSWERED);
    assert_eq!(told.len(), 1, "an answer said twice is one");
    let text = told[0].text();
    let id = thread.rsplit('/').next().expect("an id");
    assert!(text.contains(&format!("/mes-questions/{id}")), "{text}");
    for mail in class.sink.messages() {
        assert!(!mail.text().contains("Hippolyte"), "{}", mail.text());
    }
    for table in ["mail_message", "journal_entry", "feedback_notice", "feedback_entry"] {
        for word in ["Hippolyte", "Camille", "Fictif", LEARNER] {
            let told = tally(&class, table, word).await;
            assert_eq!(told, 0, "{word} in {table}");
        }
    }
    assert_eq!(tally(&class, "feedback_text", "Hippolyte").await, 2);
    assert_eq!(class.count("journal_entry", "action = 'feedback.reply'").await, 1);
    assert_eq!(class.count("journal_entry", "action = 'feedback.decide'").await, 1);
    let lines = log.lines();
    assert!(lines.iter().any(|line| line.contains("reply_feedback")), "the log tells of requests");
    for line in lines {
        assert!(!line.contains("Hippolyte") && !line.contains("Camille"), "{line}");
    }
}

/// Rows of a table that hold a word somewhere.
async fn tally(class: &Class, table: &str, word: &str) -> i64 {
    let columns = match table {
        "mail_message" => "CAST(context AS TEXT) || COALESCE(last_error, '')",
        "journal_entry" => "CAST(detail AS TEXT) || action || subject_id",
        "feedback_notice" => "natural_key",
        "feedback_entry" => "side || state",
        _ => "text",
    };
    class.count(table, &format!("{columns} LIKE '%{word}%'")).await
}
