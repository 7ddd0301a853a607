//! How long a client waits, and when it asks again.
//!
//! Owns the one rule of repetition: reads are asked again after a failure of the way or of the server; a write only
//! where it was provably not received or was refused unread for its rate. All waits together end at one deadline. Must
//! not sleep and must not read the time: what a forge asks for is compared with its own clock (`Date`), never with ours.
//!
//! Pauses differ from run to run by a seed that is handed in, so that many runs do not come back in one wave; what is
//! decided never depends on a pause.

use std::time::Duration;

use crate::clock::Deadline;

/// How often one request is sent at most.
pub const ATTEMPTS: u32 = 4;

/// Longest pause that is our own choice.
const LONGEST: Duration = Duration::from_secs(8);

/// How long a secondary limit lasts where the forge does not say.
const SECONDARY: Duration = Duration::from_secs(60);

/// Longest single request.
const REQUEST: Duration = Duration::from_secs(30);

/// What a request does at the forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changes nothing.
    Read,
    /// It may change something.
    Write,
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// A whole answer.
    Answered(Answered),
    /// No connection came about: nothing was received.
    NotSent,
    /// It was sent, and no whole answer came back.
    Lost,
}

/// The part of an answer that says whether to ask again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Status code.
    pub status: u16,
    /// Whether it was refused because too much was asked.
    pub limited: bool,
    /// How long the forge asks to wait.
    pub wait: Option<Duration>,
}

impl Answered {
    /// Reads status and headers; `header` gives a header by its name in lower case, `text` is the body of a refusal.
    #[must_use]
    pub fn read<'a>(status: u16, header: &dyn Fn(&str) -> Option<&'a str>, text: &str) -> Self {
        let either = |one: &str, other: &str| header(one).or_else(|| header(other));
        let used_up = either("x-ratelimit-remaining", "ratelimit-remaining").is_some_and(|left| left.trim() == "0");
        let after = header("retry-after").and_then(|value| retry_after(value, header("date")));
        let refused = status == 403 && (used_up || after.is_some() || text.contains("secondary rate limit"));
        let limited = status == 429 || refused;
        let reset = || until_reset(either("x-ratelimit-reset", "ratelimit-reset")?, header("date")?);
        let wait = after.or_else(|| (limited && used_up).then(reset).flatten());
        Self { status, limited, wait }
    }
}

/// Reads `Retry-After`: seconds, or a date that is compared with the answer's own.
fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let seconds = epoch(value)?.checked_sub(epoch(date?)?)?;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Returns the time from the answer's own date to the second since 1970 at which the limit ends.
fn until_reset(reset: &str, date: &str) -> Option<Duration> {
    let seconds = reset.trim().parse::<i64>().ok()?.checked_sub(epoch(date)?)?;
    // One second more: the forge's clock was cut to whole seconds.
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0).saturating_add(1)))
}

fn epoch(date: &str) -> Option<i64> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date.trim());
    parsed.ok().map(jiff::Timestamp::as_second)
}

/// What to do after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Take the answer as it is.
    Take,
    /// Wait this long, then ask again.
    Wait(Duration),
    /// Stop: why, as a sentence.
    Stop(String),
}

/// How patient one task is.
#[derive(Clone, Debug)]
pub struct Patience {
    deadline: Deadline,
    pause: Duration,
    seed: u64,
}

impl Patience {
    /// Returns the patience that ends at `deadline`; pauses begin at about `pause` and double.
    #[must_use]
    pub fn new(deadline: Deadline, pause: Duration, seed: &str) -> Self {
        Self { deadline, pause, seed: hash(0, seed) }
    }

    /// Returns how long the next request may take; zero when the time is up.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.deadline.remaining().min(REQUEST)
    }

    /// Says what to do after the attempt of this number, from 1.
    #[must_use]
    pub fn next(&self, effect: Effect, path: &str, number: u32, attempt: &Attempt) -> Next {
        let again = number < ATTEMPTS;
        match attempt {
            Attempt::Answered(answer) if answer.limited => self.limited(answer, path, number),
            Attempt::Answered(answer) if failed(answer.status) && effect == Effect::Read && again => {
                let pause = self.pause(path, number);
                self.wait(answer.wait.map_or(pause, |asked| asked.max(pause))).unwrap_or(Next::Take)
            }
            Attempt::Answered(_) => Next::Take,
            Attempt::NotSent if again => self.wait(self.pause(path, number)).unwrap_or_else(time_is_up),
            Attempt::NotSent => Next::Stop("the forge cannot be reached".to_owned()),
            Attempt::Lost if effect == Effect::Write => {
                Next::Stop("no whole answer came back; it may have been done, and is not sent twice".to_owned())
            }
            Attempt::Lost if again => self.wait(self.pause(path, number)).unwrap_or_else(time_is_up),
            Attempt::Lost => Next::Stop("no whole answer came back".to_owned()),
        }
    }

    /// A refusal for the rate was not carried out, so that writes wait too.
    fn limited(&self, answer: &Answered, path: &str, number: u32) -> Next {
        if number >= ATTEMPTS {
            return Next::Stop("the forge refuses more requests for now".to_owned());
        }
        let asked = answer.wait.unwrap_or(SECONDARY).max(self.pause(path, number));
        let too_long = || {
            let seconds = asked.as_secs().max(1);
            Next::Stop(format!("the forge asks to wait {seconds} s, which is longer than this run may take"))
        };
        self.wait(asked).unwrap_or_else(too_long)
    }

    fn wait(&self, pause: Duration) -> Option<Next> {
        (pause < self.deadline.remaining()).then_some(Next::Wait(pause))
    }

    /// Returns half to all of a pause that doubles with every attempt.
    fn pause(&self, path: &str, number: u32) -> Duration {
        let doubled = self.pause.saturating_mul(1 << number.saturating_sub(1).min(10)).min(LONGEST);
        let share = u32::try_from(hash(self.seed ^ u64::from(number), path) % 512).unwrap_or(0) + 512;
        doubled.saturating_mul(share) / 1024
    }
}

fn time_is_up() -> Next {
    Next::Stop("the forge did not answer in the time that this run may take".to_owned())
}

/// Says whether the server failed, so that the same question may be answered later.
fn failed(status: u16) -> bool {
    matches!(status, 408 | 500 | 502 | 503 | 504)
}

/// FNV-1a: spreads pauses, protects nothing.
fn hash(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ATTEMPTS, Answered, Attempt, Effect, Next, Patience};
    use crate::clock::Deadline;

    const UNIT: Duration = Duration::from_millis(100);

    fn patience(milliseconds: u64) -> Patience {
        Patience::new(Deadline::after_ms(milliseconds), UNIT, "seed")
    }

    fn answered(status: u16, headers: &[(&'static str, &'static str)]) -> Answered {
        let header = |name: &str| headers.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
        Answered::read(status, &header, "")
    }

    fn next(effect: Effect, number: u32, attempt: &Attempt) -> Next {
        patience(600_000).next(effect, "/x", number, attempt)
    }

    #[test]
    fn only_reads_are_asked_again_after_a_failure_of_the_server_row_135() {
        for status in [500, 502, 503, 504] {
            let attempt = Attempt::Answered(answered(status, &[]));
            assert!(matches!(next(Effect::Read, 1, &attempt), Next::Wait(_)), "{status}");
            assert_eq!(next(Effect::Write, 1, &attempt), Next::Take, "{status}");
            assert_eq!(next(Effect::Read, ATTEMPTS, &attempt), Next::Take, "{status}");
        }
        for status in [200, 201, 304, 401, 403, 404, 422] {
            assert_eq!(next(Effect::Read, 1, &Attempt::Answered(answered(status, &[]))), Next::Take, "{status}");
        }
    }

    #[test]
    fn a_write_is_sent_again_only_where_it_was_provably_not_done_row_135() {
        assert!(matches!(next(Effect::Write, 1, &Attempt::NotSent), Next::Wait(_)));
        assert!(matches!(next(Effect::Write, 1, &Attempt::Lost), Next::Stop(_)));
        assert!(matches!(next(Effect::Read, 1, &Attempt::Lost), Next::Wait(_)));
        let limited = Attempt::Answered(answered(429, &[("retry-after", "3")]));
        assert_eq!(next(Effect::Write, 1, &limited), Next::Wait(Duration::from_secs(3)));
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_within_the_deadline_and_no_longer_row_134() {
        let soon = Attempt::Answered(answered(429, &[("retry-after", "1")]));
        let late = Attempt::Answered(answered(403, &[("retry-after", "3600")]));
        assert_eq!(next(Effect::Read, 1, &soon), Next::Wait(Duration::from_secs(1)));
        let Next::Stop(why) = next(Effect::Read, 1, &late) else { panic!("it waits an hour") };
        assert!(why.contains("3600 s"), "{why}");
        assert!(matches!(patience(0).next(Effect::Read, "/x", 1, &Attempt::Lost), Next::Stop(_)));
        assert!(matches!(patience(0).next(Effect::Read, "/x", 1, &soon), Next::Stop(_)));
    }

    #[test]
    fn the_end_of_a_limit_is_told_by_the_clock_of_the_forge_row_149() {
        let date = ("date", "Thu, 01 Jan 2099 00:00:00 GMT");
        let answer = answered(403, &[date, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4070908830")]);
        assert_eq!((answer.limited, answer.wait), (true, Some(Duration::from_secs(31))));
        let past = answered(429, &[date, ("retry-after", "Wed, 31 Dec 2098 00:00:00 GMT")]);
        assert_eq!(past.wait, Some(Duration::ZERO));
        let nothing = answered(403, &[("x-ratelimit-remaining", "12")]);
        assert!(!nothing.limited, "a plain refusal is no limit");
    }

    #[test]
    fn a_secondary_limit_is_known_by_its_words() {
        let answer = Answered::read(403, &|_| None, "You have exceeded a secondary rate limit.");
        assert!(answer.limited);
        assert_eq!(next(Effect::Read, 1, &Attempt::Answered(answer)), Next::Wait(Duration::from_secs(60)));
    }

    #[test]
    fn pauses_double_stay_in_their_half_and_differ_by_seed() {
        for number in 1..ATTEMPTS {
            let Next::Wait(pause) = next(Effect::Read, number, &Attempt::Lost) else { panic!("no pause") };
            let full = UNIT * 2_u32.pow(number - 1);
            assert!(pause >= full / 2 && pause <= full, "{number}: {pause:?}");
        }
        let of = |seed: &str| {
            Patience::new(Deadline::after_ms(600_000), UNIT, seed).next(Effect::Read, "/x", 1, &Attempt::Lost)
        };
        assert_ne!(of("run 1"), of("run 2"));
        assert_eq!(of("run 1"), of("run 1"));
    }
}
