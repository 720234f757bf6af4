//! What people are told: once, with the invitation, and not once it has no reason any more.

use serde_json::json;

use super::{Room, day, in_days, plan};
use crate::support::{Received, Sink};
use crate::world::World;

async fn with_mail() -> (Room, Sink) {
    let sink = Sink::start();
    let port = sink.port();
    let world = World::with(|settings| {
        settings.mail.transport = maitrise::config::MailTransport::Smtp;
        settings.mail.smtp_host = "127.0.0.1".to_owned();
        settings.mail.smtp_port = port;
        settings.mail.smtp_security = maitrise::config::SmtpSecurity::None;
    });
    (Room { world: world.await }, sink)
}

fn to(sink: &Sink, who: &str, subject: &str) -> Vec<Received> {
    let address = format!("{who}@essai.example");
    let mut mails = sink.messages();
    mails.retain(|mail| mail.to == [address.as_str()] && mail.subject().starts_with(subject));
    mails
}

/// The calendar objects of a message, as another program reads them.
fn calendars(mail: &Received) -> Vec<String> {
    use mail_parser::MimeHeaders as _;
    let parsed = mail_parser::MessageParser::default().parse(&mail.raw).expect("a message");
    let attached = parsed.attachments().filter(|part| {
        part.content_type()
            .is_some_and(|kind| kind.ctype() == "text" && kind.subtype() == Some("calendar"))
    });
    let text = |part: &mail_parser::MessagePart<'_>| {
        String::from_utf8_lossy(part.contents()).replace("\r\n ", "")
    };
    attached.map(text).collect()
}

#[tokio::test]
async fn a_seat_comes_with_an_invitation_that_is_moved_and_taken_back() {
    let (room, sink) = with_mail().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    room.register(&one.token, &id).await.expect(201);
    room.register(&two.token, &id).await.expect(201);
    room.deliver().await;
    let seat = to(&sink, "agent-1", "Votre place : L'IA en mairie");
    assert_eq!(seat.len(), 1);
    let invitation = calendars(&seat[0]);
    assert_eq!(invitation.len(), 1);
    for line in
        ["METHOD:REQUEST", "mailto:agent-1@essai.example", "SEQUENCE:1", &format!("UID:{id}-1@")]
    {
        assert!(invitation[0].contains(line), "{line}: {}", invitation[0]);
    }
    assert!(!seat[0].text().contains("salle-42") && !invitation[0].contains("salle-42"));
    let waits = to(&sink, "agent-2", "Liste d'attente : ");
    assert_eq!((waits.len(), calendars(&waits[0]).len()), (1, 0));

    room.postpone(&id, day(in_days(&room.world, 40))).await.expect(200);
    room.deliver().await;
    let moved = to(&sink, "agent-1", "Nouvelles dates : ");
    assert_eq!(moved.len(), 1, "everybody is told once");
    assert!(calendars(&moved[0])[0].contains("SEQUENCE:2"));
    assert_eq!(to(&sink, "agent-2", "Nouvelles dates : ").len(), 1);
    let path = format!("/api/v1/sessions/{id}/cancel");
    for _ in 0..2 {
        let reason = json!({ "reason": "La formatrice est souffrante." });
        room.post("formatrice", &path, &reason).await.expect(200);
    }
    room.deliver().await;
    let off = to(&sink, "agent-1", "Session annulée : ");
    assert_eq!(off.len(), 1);
    assert!(off[0].text().contains("La formatrice est souffrante."));
    assert!(calendars(&off[0])[0].contains("METHOD:CANCEL"));
    assert_eq!(to(&sink, "agent-2", "Session annulée : ").len(), 1);
    room.world.app.clock.advance(chrono::Duration::days(39));
    room.deliver().await;
    assert!(to(&sink, "agent-1", "Dans deux jours").is_empty(), "nobody is reminded of it");
}

#[tokio::test]
async fn two_days_before_who_has_a_seat_is_reminded_once_of_the_dates_as_they_are() {
    let (room, sink) = with_mail().await;
    let id = room.open(plan(&room.world, 20, 2)).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    room.register(&one.token, &id).await.expect(201);
    room.register(&two.token, &id).await.expect(201);
    room.withdraw(&two.token, &id).await.expect(200);
    let mut elsewhere = plan(&room.world, 20, 2);
    elsewhere["place"] = json!("Médiathèque, Beaucé");
    room.edit(&id, &elsewhere).await.expect(200);
    room.deliver().await;
    let moved = to(&sink, "agent-1", "Session modifiée : ");
    assert!(moved.len() == 1 && moved[0].text().contains("Médiathèque"));
    assert!(to(&sink, "agent-2", "Session modifiée").is_empty());
    room.world.app.clock.advance(chrono::Duration::days(19));
    for _ in 0..2 {
        room.deliver().await;
    }
    let reminded = to(&sink, "agent-1", "Dans deux jours : ");
    assert_eq!(reminded.len(), 1, "once, and not of where it was to be before");
    assert!(reminded[0].text().contains("Médiathèque"));
    assert!(to(&sink, "agent-2", "Dans deux jours").is_empty());
}

#[tokio::test]
async fn who_is_refused_is_told_why_and_the_next_has_the_seat() {
    let (room, sink) = with_mail().await;
    let id = room.open(plan(&room.world, 20, 1)).await;
    let (one, two) = (room.agent("agent-1").await, room.agent("agent-2").await);
    let seat = room.register(&one.token, &id).await.expect(201).json();
    room.register(&two.token, &id).await.expect(201);
    let seat = seat["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/sessions/{id}/registrations/{seat}/refuse");
    let reason = json!({ "reason": "prerequisite_missing" });
    for _ in 0..2 {
        let refused = room.post("formatrice", &path, &reason).await.expect(200).json();
        assert_eq!(
            (&refused["state"], &refused["family_name"]),
            (&json!("refused"), &json!("Fictif"))
        );
    }
    assert_eq!(room.states(&id).await, ["refused", "promoted"]);
    room.deliver().await;
    let told = to(&sink, "agent-1", "Inscription non retenue : ");
    assert_eq!(told.len(), 1);
    assert!(told[0].text().contains("une formation préalable est nécessaire"));
    assert!(calendars(&told[0])[0].contains("METHOD:CANCEL"));
    assert_eq!(to(&sink, "agent-2", "Une place s'est libérée : ").len(), 1);
    let mine = room.world.api.get("/api/v1/me/sessions").bearer(&one.token).await.expect(200);
    assert_eq!(mine.json()["items"][0]["reason"], "prerequisite_missing");
    assert_eq!(mine.json()["items"][0].get("link"), None, "the link is for who has a seat");
    let theirs = room.world.api.get("/api/v1/me/sessions").bearer(&two.token).await.expect(200);
    assert_eq!(theirs.json()["items"][0]["link"], "https://video.example/salle-42");
}
