//! Tests that are bounded, a version superseded meanwhile, time spent: what the pages say of them.

use chrono::Duration;

use super::super::atelier::{said, send};
use super::{Browser, answer_all, begin, lessons};
use crate::deeds::revise;
use crate::quizzing::Course;

/// The training of the élue of a course.
fn training(course: &Course) -> String {
    course.enrolment.replace("/api/v1/enrolments/", "/mes-formations/")
}

#[tokio::test]
async fn attempts_left_pauses_and_the_time_are_told_and_a_late_answer_is_refused() {
    let bounded = "attempt_limit = 2\nattempt_pause_minutes = 30\nattempt_time_minutes = 10\n";
    let course = Course::with(bounded).await;
    let mut elue = Browser::of(&course.world, "elue").await;
    let training = training(&course);
    let page = elue.get(&training).await.expect(200);
    for told in ["2 tentatives", "10 minutes au plus", "30 minutes au moins"] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    let at = begin(&mut elue, &training).await;
    let asked = elue.get(&format!("{at}/1")).await.expect(200);
    assert!(asked.body.contains("À rendre avant le") && asked.body.contains("data-fin="));
    course.clock().advance(Duration::minutes(11));
    let late = [("choix", "a"), ("aller", "suivante")];
    let sent = send(&mut elue, &format!("{at}/1"), &late).await;
    let page = said(&mut elue, sent).await;
    assert!(page.contains("Test non réussi."), "handed in by its time: {page}");
    let page = elue.get(&training).await.expect(200);
    assert!(page.body.contains("1 tentative") && page.body.contains("est ouverte à partir du"));
    send(&mut elue, &format!("{training}/test"), &[]).await.expect(409);
    course.clock().advance(Duration::minutes(31));
    let second = begin(&mut elue, &training).await;
    answer_all(&course.world, &mut elue, &second, course.code, false).await;
    send(&mut elue, &second, &[]).await.expect(303);
    let page = elue.get(&training).await.expect(200);
    assert!(page.body.contains("0 tentative") && page.body.contains("écrivez à"), "{}", page.body);
}

#[tokio::test]
async fn a_newer_version_is_told_and_one_finishes_or_moves() {
    let course = Course::with("").await;
    let mut elue = Browser::of(&course.world, "elue").await;
    let training = training(&course);
    let none = elue.get(&format!("{training}/version")).await.expect(200);
    assert!(none.body.contains("est la dernière"), "{}", none.body);
    let known =
        async |word: &str| course.world.known(&format!("{word}@demonstration.example")).await.token;
    let (trainer, reviewer) = (known("formatrice").await, known("relecteur").await);
    let team = [trainer.as_str(), reviewer.as_str(), &known("editrice").await];
    let (path, text) = crate::deeds::draft_files(course.code, "local:demonstration", "").remove(1);
    revise(&course.world, course.code, team, path, &format!("{text}\nUne phrase de plus.\n")).await;
    let page = elue.get(&training).await.expect(200);
    assert!(page.body.contains("Une version plus récente existe (version 2"), "{}", page.body);
    elue.get(&format!("{training}/version")).await.expect(200);
    let sent = send(&mut elue, &format!("{training}/version"), &[]).await.expect(303);
    let moved = sent.location();
    assert_ne!(moved, training);
    let page = elue.get(&moved).await.expect(200);
    assert!(page.body.contains("version 2"), "{}", page.body);
    let again = send(&mut elue, &format!("{training}/version"), &[]).await.expect(303);
    assert_eq!(again.location(), moved, "moving twice is moving once");
}

#[tokio::test]
async fn a_lesson_that_is_being_read_is_counted_as_far_as_the_clock_agrees() {
    let course = Course::with("").await;
    let mut elue = Browser::of(&course.world, "elue").await;
    let training = training(&course);
    let lesson = lessons(&elue.get(&training).await.expect(200), &training)[0].clone();
    let presence = format!("{lesson}/presence");
    send(&mut elue, &presence, &[("secondes", "1")]).await.expect(204);
    course.clock().advance(Duration::seconds(125));
    send(&mut elue, &presence, &[("secondes", "300")]).await.expect(204);
    for odd in ["", "0", "301", "-1", "x"] {
        assert!(send(&mut elue, &presence, &[("secondes", odd)]).await.status >= 400, "{odd}");
    }
    let page = elue.get(&training).await.expect(200);
    assert!(page.body.contains("temps mesuré sur les leçons : 2 minutes"), "{}", page.body);
}
