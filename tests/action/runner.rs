//! The runner of GitHub Actions, as far as `action.yml` needs one: inputs, expressions, conditions, environment, outputs.
//!
//! Owns what the documentation of composite actions says of these. Whatever it does not know it refuses, so that an action
//! which passes here uses nothing but what stands here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// A job at the step that uses the action.
pub struct Job {
    /// Folder of the action.
    pub action: PathBuf,
    /// What stands in the environment of every step.
    pub environment: BTreeMap<String, String>,
    /// The contexts of expressions: `github`, `runner`.
    pub contexts: Value,
    /// `with:` of the step.
    pub with: BTreeMap<String, String>,
    /// Where steps run.
    pub workspace: PathBuf,
    /// A folder of this job alone.
    pub temporary: PathBuf,
    /// What actions do that are used in turn: name and inputs in, outputs out.
    pub others: Others,
}

/// What an action that is used in turn does.
pub type Others = Box<dyn Fn(&str, &BTreeMap<String, String>) -> BTreeMap<String, String>>;

/// What a job left behind.
#[derive(Debug, Default)]
pub struct Ended {
    /// Outputs of the action.
    pub outputs: BTreeMap<String, String>,
    /// Names of the steps that ran.
    pub ran: Vec<String>,
    /// The exit code of the step that failed, or 0.
    pub code: i32,
    /// Everything that was printed.
    pub log: String,
}

impl Ended {
    /// Returns an output, or nothing.
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }

    /// Asserts how the step ended and what it says.
    pub fn is(&self, verdict: &str, code: i32) -> &Self {
        assert_eq!((self.output("verdict"), self.code), (verdict, code), "{}", self.log);
        self
    }
}

impl Job {
    /// Runs the steps of the action in order.
    pub fn run(&self) -> Ended {
        let text = std::fs::read_to_string(self.action.join("action.yml")).unwrap();
        let action: Value = serde_saphyr::from_str(&text).unwrap();
        keys(&action, &["name", "description", "author", "branding", "inputs", "outputs", "runs"]);
        keys(&action["runs"], &["using", "steps"]);
        assert_eq!(action["runs"]["using"], "composite");
        let mut contexts = self.contexts.clone();
        contexts["inputs"] = self.inputs(&action["inputs"], &contexts);
        contexts["steps"] = json!({});
        let mut ended = Ended::default();
        for step in action["runs"]["steps"].as_array().unwrap() {
            keys(step, &["name", "id", "if", "shell", "run", "env", "uses", "with"]);
            let condition = step["if"].as_str().unwrap_or("success()");
            // Without a function of the state a condition is joined to `success()`.
            let wanted = ended.code == 0 && truth(&evaluated(bare(condition), &contexts));
            if !wanted {
                continue;
            }
            ended.ran.push(step["name"].as_str().unwrap().to_owned());
            let outputs = match step["uses"].as_str() {
                Some(uses) => (self.others)(uses, &filled(&step["with"], &contexts)),
                None => self.script(step, &contexts, &mut ended),
            };
            if let Some(id) = step["id"].as_str() {
                contexts["steps"][id] = json!({"outputs": outputs});
            }
        }
        for (name, output) in action["outputs"].as_object().unwrap() {
            keys(output, &["description", "value"]);
            ended.outputs.insert(name.clone(), template(output["value"].as_str().unwrap(), &contexts));
        }
        ended
    }

    /// Returns the inputs: what is given, else the default.
    fn inputs(&self, declared: &Value, contexts: &Value) -> Value {
        let declared = declared.as_object().unwrap();
        let unknown: Vec<&String> = self.with.keys().filter(|name| !declared.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "no such input: {unknown:?}");
        let value = |(name, input): (&String, &Value)| {
            keys(input, &["description", "default", "required"]);
            let usual = || template(input["default"].as_str().unwrap(), contexts);
            (name.clone(), Value::from(self.with.get(name).cloned().unwrap_or_else(usual)))
        };
        Value::Object(declared.iter().map(value).collect())
    }

    /// Runs a script in `bash`, as the runner calls it.
    fn script(&self, step: &Value, contexts: &Value, ended: &mut Ended) -> BTreeMap<String, String> {
        assert_eq!(step["shell"], "bash");
        let run = step["run"].as_str().unwrap();
        assert!(!run.contains("${{"), "an expression in a script: {run}");
        let [script, output, environment, path] =
            ["script.sh", "output", "environment", "path"].map(|name| self.temporary.join(name));
        std::fs::write(&script, run).unwrap();
        for file in [&output, &environment, &path] {
            std::fs::write(file, "").unwrap();
        }
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script).stdin(Stdio::null());
        command.env_clear().envs(&self.environment).current_dir(&self.workspace);
        command.env("GITHUB_ACTION_PATH", &self.action).env("GITHUB_OUTPUT", &output);
        command.env("GITHUB_ENV", &environment).env("GITHUB_PATH", &path);
        command.envs(filled(&step["env"], contexts));
        let ran = command.output().unwrap();
        let said = [&ran.stdout[..], &ran.stderr[..]].concat();
        ended.log.push_str(&format!("== {}\n{}", step["name"].as_str().unwrap(), String::from_utf8_lossy(&said)));
        // A death by a signal is a failure like any other.
        ended.code = ran.status.code().unwrap_or(137);
        for file in [&environment, &path] {
            assert_eq!(std::fs::read_to_string(file).unwrap(), "", "the action sets nothing for the steps after it");
        }
        outputs(&std::fs::read_to_string(&output).unwrap())
    }
}

/// Reads what a step wrote to `GITHUB_OUTPUT`; the last word counts.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no output: {line}"));
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "no name: {line}");
        (name.to_owned(), value.to_owned())
    };
    text.lines().map(pair).collect()
}

/// Refuses keys that are not known here.
fn keys(value: &Value, known: &[&str]) {
    for key in value.as_object().unwrap().keys() {
        assert!(known.contains(&key.as_str()), "this reader does not know `{key}`");
    }
}

/// Fills the expressions of a map.
fn filled(map: &Value, contexts: &Value) -> BTreeMap<String, String> {
    let Some(map) = map.as_object() else { return BTreeMap::new() };
    map.iter().map(|(name, value)| (name.clone(), template(value.as_str().unwrap(), contexts))).collect()
}

/// Puts expressions into the text around them.
pub fn template(text: &str, contexts: &Value) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (expression, after) = after.split_once("}}").expect("an expression ends");
        filled.push_str(before);
        filled.push_str(&shown(&evaluated(expression, contexts)));
        rest = after;
    }
    filled + rest
}

/// Takes off the brackets that a condition may have.
fn bare(condition: &str) -> &str {
    let inner = condition.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inner.unwrap_or(condition)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => panic!("a whole object in a text"),
    }
}

fn truth(value: &Value) -> bool {
    !matches!(shown(value).as_str(), "" | "false" | "0")
}

/// Evaluates an expression: `||`, `&&`, `==`, `!=`, texts, paths of contexts and `success()`.
fn evaluated(expression: &str, contexts: &Value) -> Value {
    assert!(!expression.contains(['(', ')', '[', ']', '!']) || expression.trim() == "success()" || plain(expression));
    let mut last = Value::Null;
    for alternative in expression.split("||") {
        last = json!(true);
        for part in alternative.split("&&") {
            last = compared(part.trim(), contexts);
            if !truth(&last) {
                break;
            }
        }
        if truth(&last) {
            break;
        }
    }
    last
}

/// Says whether the only sign of its kind is that of an inequality.
fn plain(expression: &str) -> bool {
    !expression.replace("!=", "").contains(['(', ')', '[', ']', '!'])
}

fn compared(part: &str, contexts: &Value) -> Value {
    let sides = |sign| part.split_once(sign).map(|(left, right)| (operand(left, contexts), operand(right, contexts)));
    // Texts are compared without regard to case.
    let same = |left: &Value, right: &Value| shown(left).eq_ignore_ascii_case(&shown(right));
    if let Some((left, right)) = sides("==") {
        return json!(same(&left, &right));
    }
    if let Some((left, right)) = sides("!=") {
        return json!(!same(&left, &right));
    }
    operand(part, contexts)
}

fn operand(text: &str, contexts: &Value) -> Value {
    let text = text.trim();
    if let Some(quoted) = text.strip_prefix('\'') {
        return quoted.strip_suffix('\'').expect("a text ends").into();
    }
    if text == "success()" {
        return json!(true);
    }
    let mut steps = text.split('.');
    let context = steps.next().unwrap();
    assert!(["github", "inputs", "runner", "steps"].contains(&context), "this reader does not know `{text}`");
    let whole = contexts.get(context).unwrap_or(&Value::Null);
    steps.fold(whole, |value, step| value.get(step).unwrap_or(&Value::Null)).clone()
}

/// Returns the folder of this project's own action.
pub fn own_action() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
