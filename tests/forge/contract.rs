//! GitHub's published description as the judge of every request.
//!
//! Owns the reading of `github.openapi.json` (cut by `trim-openapi`). Stricter than GitHub: a key that the description
//! does not know is a fault too, because a misspelt one would be ignored there without a word.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Value, json};

use super::server::{Request, decoded};

const DESCRIPTION: &str = include_str!("github.openapi.json");

/// The description, ready to judge.
pub struct Contract {
    whole: Value,
    /// Validators by schema, as each takes a while to build.
    validators: Mutex<BTreeMap<String, Arc<jsonschema::Validator>>>,
}

impl Contract {
    /// The one of all tests.
    pub fn published() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let mut whole = serde_json::from_str(DESCRIPTION).unwrap();
            map_nullable(&mut whole);
            Self { whole, validators: Mutex::default() }
        })
    }

    /// Returns what is wrong with a request; its path begins below the base.
    pub fn faults(&self, request: &Request, path: &str) -> Vec<String> {
        let Some((template, operation)) = self.operation(&request.method, path) else {
            return vec!["no such operation".to_owned()];
        };
        let mut faults = self.path_faults(template, path, operation);
        faults.extend(self.query_faults(request, operation));
        faults.extend(self.body_faults(request, operation));
        faults
    }

    /// Returns what is wrong with the answer to a reading.
    pub fn answer_faults(&self, path: &str, answer: &Value) -> Vec<String> {
        let Some((_, operation)) = self.operation("GET", path) else { return vec!["no such operation".to_owned()] };
        self.schema_faults("answer", answer, &operation["responses"]["200"]["content"]["application/json"]["schema"])
    }

    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let method = method.to_ascii_lowercase();
        let paths = self.whole["paths"].as_object().unwrap();
        let fits = |template: &str| {
            let (one, other): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
            one.len() == other.len()
                && one.iter().zip(&other).all(|(one, other)| one == other || one.starts_with('{') && !other.is_empty())
        };
        // A literal part goes before a named one.
        let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        found.sort_by_key(|(template, _)| template.matches('{').count());
        found.into_iter().find_map(|(template, methods)| Some((template.as_str(), methods.get(&method)?)))
    }

    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.whole.pointer(&reference[1..]).unwrap(),
            None => node,
        }
    }

    fn parameters<'a>(&'a self, operation: &'a Value, place: &'a str) -> impl Iterator<Item = &'a Value> {
        let all = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|one| self.resolved(one)).filter(move |one| one["in"] == place)
    }

    fn path_faults(&self, template: &str, path: &str, operation: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, value) in template.split('/').zip(path.split('/')) {
            let Some(name) = name.strip_prefix('{').map(|name| name.trim_end_matches('}')) else { continue };
            match self.parameters(operation, "path").find(|one| one["name"] == name) {
                Some(one) => faults.extend(self.value_faults(name, &decoded(value), &one["schema"])),
                None => faults.push(format!("{name} is no parameter")),
            }
        }
        faults
    }

    fn query_faults(&self, request: &Request, operation: &Value) -> Vec<String> {
        let query = request.query();
        let mut faults = Vec::new();
        for (name, value) in &query {
            match self.parameters(operation, "query").find(|one| one["name"] == *name) {
                Some(one) => faults.extend(self.value_faults(name, value, &one["schema"])),
                None => faults.push(format!("{name} is no parameter of the query")),
            }
            if name == "per_page" && value.parse::<u32>().map_or(true, |size| size > 100) {
                faults.push("per_page ends at 100".to_owned());
            }
        }
        for one in self.parameters(operation, "query").filter(|one| one["required"] == true) {
            if !query.iter().any(|(name, _)| one["name"] == *name) {
                faults.push(format!("{} is missing in the query", one["name"]));
            }
        }
        faults
    }

    fn value_faults(&self, name: &str, text: &str, schema: &Value) -> Vec<String> {
        let kind = &self.resolved(schema)["type"];
        let value = match kind.as_str() {
            Some("integer") => text.parse::<u64>().map_or(json!(text), |number| json!(number)),
            Some("boolean") => text.parse::<bool>().map_or(json!(text), |truth| json!(truth)),
            _ => json!(text),
        };
        self.schema_faults(name, &value, schema)
    }

    fn body_faults(&self, request: &Request, operation: &Value) -> Vec<String> {
        let described = &operation["requestBody"];
        if described.is_null() {
            return if request.body.is_empty() { Vec::new() } else { vec!["a body where none belongs".to_owned()] };
        }
        if request.body.is_empty() {
            return if described["required"] == true { vec!["no body".to_owned()] } else { Vec::new() };
        }
        if request.headers.get("content-type").map(String::as_str) != Some("application/json") {
            return vec!["the body is not application/json".to_owned()];
        }
        let schema = &described["content"]["application/json"]["schema"];
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else { return vec!["no JSON".to_owned()] };
        let mut faults = self.schema_faults("body", &body, schema);
        self.unknown(&body, schema, "body", &mut faults);
        faults
    }

    fn schema_faults(&self, name: &str, value: &Value, schema: &Value) -> Vec<String> {
        let key = schema.to_string();
        let known = self.validators.lock().unwrap().get(&key).cloned();
        let validator = known.unwrap_or_else(|| {
            // The description speaks draft 4; references lead into its components.
            let whole = json!({"allOf": [schema], "components": self.whole["components"]});
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft4);
            let built = Arc::new(options.build(&whole).unwrap());
            self.validators.lock().unwrap().insert(key, Arc::clone(&built));
            built
        });
        validator.iter_errors(value).map(|fault| format!("{name}: {fault}")).collect()
    }

    /// Notes keys that the description does not know, as far as it lists any.
    fn unknown(&self, value: &Value, schema: &Value, place: &str, faults: &mut Vec<String>) {
        let schema = self.resolved(schema);
        if let (Some(fields), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
            for (key, value) in fields {
                match known.get(key) {
                    Some(schema) => self.unknown(value, schema, &format!("{place}.{key}"), faults),
                    None => faults.push(format!("{place}.{key} is not known")),
                }
            }
        }
        if let (Some(entries), Some(schema)) = (value.as_array(), schema.get("items")) {
            entries.iter().for_each(|value| self.unknown(value, schema, place, faults));
        }
    }
}

/// Turns OpenAPI's `nullable` into what JSON Schema says.
fn map_nullable(whole: &mut Value) {
    // A stack rather than recursion: the description is deep.
    let mut waiting = vec![whole];
    while let Some(node) = waiting.pop() {
        match node {
            Value::Array(entries) => waiting.extend(entries),
            Value::Object(fields) => {
                if fields.get("nullable") == Some(&json!(true)) {
                    if let Some(kind) = fields.get("type").cloned() {
                        fields.insert("type".to_owned(), json!([kind, "null"]));
                    }
                    if let Some(Value::Array(words)) = fields.get_mut("enum") {
                        words.push(Value::Null);
                    }
                }
                waiting.extend(fields.values_mut());
            }
            _ => {}
        }
    }
}

#[test]
fn the_description_refuses_what_github_refuses() {
    let contract = Contract::published();
    let post = |path: &str, body: Value| {
        let headers = [("content-type".to_owned(), "application/json".to_owned())].into();
        let body = serde_json::to_vec(&body).unwrap();
        contract.faults(&Request { method: "POST".to_owned(), target: path.to_owned(), headers, body }, path)
    };
    let status = "/repos/a/b/statuses/abc";
    assert_eq!(post(status, json!({"state": "success", "context": "x"})), Vec::<String>::new());
    assert!(!post(status, json!({"state": "waiting"})).is_empty());
    assert!(!post(status, json!({"state": "success", "contxt": "x"})).is_empty());
    assert!(!post("/repos/a/b/check-runs", json!({"name": "x", "output": {"title": "t", "summary": "s"}})).is_empty());
    assert!(!post("/repos/a/b/nothing", json!({})).is_empty());
    let get = |target: &str| {
        let path = target.split('?').next().unwrap();
        contract.faults(&Request { method: "GET".to_owned(), target: target.to_owned(), ..Request::default() }, path)
    };
    assert_eq!(get("/repos/a/b/pulls?state=open&per_page=100"), Vec::<String>::new());
    assert!(!get("/repos/a/b/pulls?state=opened").is_empty());
    assert!(!get("/repos/a/b/pulls?stat=open").is_empty());
    assert!(!get("/repos/a/b/pulls?per_page=101").is_empty());
    assert!(!get("/repos/a/b/pulls/seven").is_empty());
}
