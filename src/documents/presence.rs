//! How a training was followed, and the half-days at which its holder was there (Code du travail,
//! L6313-2: an action may be held wholly or partly at a distance).

use super::words;
use crate::sessions::attended::AttendedHalfDay;
use crate::sessions::model::{Half, Modality};

/// The nature of the training, by what was attended besides what was followed online.
pub fn nature(attended: &[AttendedHalfDay]) -> &'static str {
    let all = |modality| attended.iter().all(|half| half.modality == modality);
    match attended {
        [] => "Action de formation, suivie entièrement à distance",
        _ if all(Modality::OnSite) => {
            "Action de formation, suivie pour partie à distance, pour partie en salle"
        }
        _ if all(Modality::Video) => {
            "Action de formation, suivie à distance, dont une session par visioconférence"
        }
        _ => {
            "Action de formation, suivie pour partie à distance, pour partie en salle ou par \
             visioconférence"
        }
    }
}

/// The rows that say what was attended, by half-day and together; none when nothing was.
pub fn rows(attended: &[AttendedHalfDay]) -> Vec<(String, String)> {
    if attended.is_empty() {
        return Vec::new();
    }
    let days = attended.chunk_by(|one, next| one.day == next.day).map(|halves| {
        let said: Vec<String> = halves.iter().map(half).collect();
        let day = halves.first().map(|half| words::day(half.day)).unwrap_or_default();
        format!("Le {day}, {}", said.join(" ; "))
    });
    let total = attended.iter().map(|half| half.minutes).sum();
    let total = format!("{} de présence relevées par demi-journée", words::duration(total));
    vec![
        ("Sessions suivies".to_owned(), words::printed(&days.collect::<Vec<_>>().join(". "))),
        ("Présence".to_owned(), total),
    ]
}

fn half(half: &AttendedHalfDay) -> String {
    let name = match half.half {
        Half::Morning => "matin",
        Half::Afternoon => "après-midi",
    };
    format!("{name} : {}", words::duration(half.minutes))
}
