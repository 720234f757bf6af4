//! How long a module takes, from what is in it, and whether the announced duration is honest.

use super::finding::Sheet;
use super::manifest_file::Announced;

/// Reading speed: words a minute.
const WORDS_PER_MINUTE: u32 = 180;

/// Minutes of reading, answering (one a question) and declared activities, rounded to the nearest
/// minute (half up), at least 1.
#[must_use]
pub fn computed_minutes(words: u32, questions: u32, activity_minutes: u32) -> u32 {
    let whole = scaled(words, questions, activity_minutes);
    let per_minute = u64::from(WORDS_PER_MINUTE);
    let rounded = (whole + per_minute / 2) / per_minute;
    u32::try_from(rounded.max(1)).unwrap_or(u32::MAX)
}

/// Whether `announced` minutes are within 20 % of the exact duration, bounds included.
///
/// The comparison is in integers, in fifths of a minute's words. The rounded duration itself is
/// always honest: under three minutes no whole number may lie within 20 %.
#[must_use]
pub(super) fn is_honest(announced: u32, words: u32, questions: u32, activity_minutes: u32) -> bool {
    let exact = u128::from(scaled(words, questions, activity_minutes));
    let announced_scaled = u128::from(announced) * u128::from(WORDS_PER_MINUTE) * 5;
    (exact * 4..=exact * 6).contains(&announced_scaled)
        || announced == computed_minutes(words, questions, activity_minutes)
}

/// The exact duration in units of 1/180 minute.
fn scaled(words: u32, questions: u32, activity_minutes: u32) -> u64 {
    let minutes = u64::from(questions) + u64::from(activity_minutes);
    u64::from(words) + u64::from(WORDS_PER_MINUTE) * minutes
}

/// Notes an announced duration that the module's own content belies. `activity_minutes` are those of
/// the module and of its lessons.
pub(super) fn check_duration(
    announced: Announced,
    words: u32,
    questions: u32,
    activity_minutes: u32,
    sheet: &mut Sheet,
) {
    let Announced { minutes, line, .. } = announced;
    if is_honest(minutes, words, questions, activity_minutes) {
        return;
    }
    let computed = computed_minutes(words, questions, activity_minutes);
    sheet.add(
        line,
        format!(
            "{minutes} min annoncées, {computed} min calculées ({words} mots à {WORDS_PER_MINUTE} par minute, {questions} question(s) à une minute, {activity_minutes} min d’activités) : l’écart dépasse 20 %"
        ),
        format!("écrivez « duration_minutes = {computed} », ou revoyez le contenu"),
    );
}
