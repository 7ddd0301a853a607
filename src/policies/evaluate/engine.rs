//! One rule in the engine, under a limit of time; panics end here.
//!
//! Owns how a rule is named to the engine, and which of its errors is which failure.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, Value};

/// How an evaluation failed.
pub(in crate::policies) enum Failure {
    /// Over the time limit.
    Time,
    /// The engine said so.
    Engine(String),
    /// A builtin panicked.
    Panic,
}

const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);

/// Gives an engine so many milliseconds for each evaluation.
pub(in crate::policies) fn limited(engine: &mut Engine, milliseconds: u64) {
    limit_time(engine, Duration::from_millis(milliseconds));
}

/// Gives an engine so much time for each evaluation.
pub(in crate::policies) fn limit_time(engine: &mut Engine, limit: Duration) {
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_INTERVAL });
}

/// Evaluates the rule at a path; the engine's panics end here.
pub(in crate::policies) fn evaluate_path(engine: &mut Engine, path: &str) -> Result<Value, Failure> {
    match catch_unwind(AssertUnwindSafe(|| engine.eval_rule(path.to_owned()))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) if matches!(error.downcast_ref(), Some(LimitError::TimeLimitExceeded { .. })) => {
            Err(Failure::Time)
        }
        Ok(Err(error)) => {
            let text = error.to_string();
            if text.contains("execution exceeded time limit") { Err(Failure::Time) } else { Err(Failure::Engine(text)) }
        }
        Err(_) => Err(Failure::Panic),
    }
}

/// Returns the engine's path of a rule; components that are no names stand in brackets.
pub(in crate::policies) fn rule_path<'a>(package: impl Iterator<Item = &'a str>, entry: &'a str) -> String {
    let plain = |part: &str| {
        part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) && !part.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut path = "data".to_owned();
    for part in package.chain([entry]) {
        if plain(part) {
            path.push('.');
            path.push_str(part);
        } else {
            path.push_str(&format!("[{}]", serde_json::Value::from(part)));
        }
    }
    path
}
