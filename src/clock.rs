//! The only module that reads the time.
//!
//! Owns deadlines, elapsed time for progress, and today's date. No decision depends on anything else of it.

use std::time::{Duration, Instant};

/// A moment after which work must stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the moment `milliseconds` from now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
    pub fn after_ms(milliseconds: u64) -> Self {
        let now = Instant::now();
        Self(now.checked_add(Duration::from_millis(milliseconds)).unwrap_or(now))
    }

    /// Returns the moment `milliseconds` after `start`.
    #[must_use]
    pub fn since_ms(start: Stopwatch, milliseconds: u64) -> Self {
        Self(start.0.checked_add(Duration::from_millis(milliseconds)).unwrap_or(start.0))
    }

    /// Says whether the moment has passed.
    #[must_use]
    pub fn passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// Returns the time left, zero when passed.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// A running stopwatch.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts one.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Returns today's date in UTC as `YYYY-MM-DD`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
pub fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Returns the day in UTC of a moment in seconds since 1970, as `YYYY-MM-DD`; nothing for one outside the calendar.
#[must_use]
pub fn date_of(seconds: i64) -> String {
    let moment = jiff::Timestamp::from_second(seconds);
    moment.map_or_else(|_| String::new(), |moment| moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// Returns the days from one date to another, both written `YYYY-MM-DD`; negative when the second is earlier.
#[must_use]
pub fn days_between(from: &str, until: &str) -> Option<i64> {
    let day = |text: &str| if is_date(text) { text.parse::<jiff::civil::Date>().ok() } else { None };
    let span = day(until)?.duration_since(day(from)?);
    Some(span.as_secs() / 86_400)
}

/// Says whether `text` is a calendar date written `YYYY-MM-DD`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let shaped = text.len() == 10
        && text
            .bytes()
            .zip(*b"0000-00-00")
            .all(|(byte, shape)| if shape == b'-' { byte == b'-' } else { byte.is_ascii_digit() });
    shaped && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_a_date() {
        assert!(is_date(&today()));
    }

    #[test]
    fn only_days_of_the_calendar_in_the_one_spelling_are_dates() {
        assert!(is_date("2024-02-29"));
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "20240229",
            "2024-2-029",
            "2024-W09-4",
            "2024/02/29",
            "+024-02-29",
            "2024-02-2\u{a0}",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_months_leap_days_and_years() {
        assert_eq!(days_between("2026-12-01", "2026-12-15"), Some(14));
        assert_eq!(days_between("2028-02-28", "2028-03-01"), Some(2));
        assert_eq!(days_between("2026-12-31", "2027-01-01"), Some(1));
        assert_eq!(days_between("2026-12-15", "2026-12-15"), Some(0));
        assert_eq!(days_between("2026-12-16", "2026-12-15"), Some(-1));
        assert_eq!(days_between("2026-2-1", "2026-12-15"), None);
    }

    #[test]
    fn a_moment_has_a_day_and_nonsense_has_none() {
        assert_eq!(date_of(0), "1970-01-01");
        assert_eq!(date_of(1_795_305_599), "2026-11-21");
        assert_eq!(date_of(i64::MAX), "");
    }

    #[test]
    fn a_deadline_passes_and_not_before() {
        assert!(Deadline::after_ms(0).passed());
        assert!(!Deadline::after_ms(600_000).passed());
        assert!(!Deadline::after_ms(u64::MAX).passed());
        assert!(Deadline::since_ms(Stopwatch::start(), 0) < Deadline::after_ms(600_000));
    }
}
