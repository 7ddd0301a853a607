//! Whether a request is one that GitLab's interface has: held against `interface.json`.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::server::Request;

static INTERFACE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("interface.json")).unwrap());

/// Returns what is wrong with a request to a path below the base address; nothing is the answer to hope for.
pub(crate) fn faults(request: &Request, below: &str) -> Vec<String> {
    let path = below.split('?').next().unwrap();
    let method = request.method.to_ascii_lowercase();
    let Some((operation, parts)) = operation(&method, path) else {
        return vec![format!("there is no {} {path}", request.method)];
    };
    let mut faults = Vec::new();
    let pairs = request.query();
    for (name, value) in parts.iter().chain(&pairs) {
        let known = parameters(operation).find(|parameter| parameter["name"] == name.as_str());
        match known {
            Some(parameter) => faults.extend(against(&parameter["schema"], &json!(value), name)),
            None => faults.push(format!("`{name}` is no parameter")),
        }
    }
    match operation.get("requestBody") {
        None if request.body.is_empty() => {}
        None => faults.push("there is a body".to_owned()),
        Some(described) => {
            let kind = request.headers.get("content-type").map_or("", String::as_str);
            let schema = &described["content"][kind]["schema"];
            match serde_json::from_slice(&request.body) {
                Ok(body) if !schema.is_null() => faults.extend(against(schema, &body, "body")),
                _ => faults.push(format!("the body is no {kind}")),
            }
        }
    }
    let tokens =
        ["private-token", "job-token", "authorization"].iter().filter(|name| request.headers.contains_key(**name));
    if tokens.count() != 1 {
        faults.push("there is not exactly one token".to_owned());
    }
    if !request.headers.get("user-agent").is_some_and(|agent| agent.starts_with("portcullis/")) {
        faults.push("the client does not say who it is".to_owned());
    }
    faults.iter().map(|fault| format!("{} {below}: {fault}", request.method)).collect()
}

fn against(schema: &Value, value: &Value, what: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|fault| format!("{what}: {fault}")).collect()
}

/// Returns the operation of a path, and the parts of the path by the names in its template.
fn operation(method: &str, path: &str) -> Option<(&'static Value, Vec<(String, String)>)> {
    let paths: &'static Map<String, Value> = INTERFACE["paths"].as_object().unwrap();
    // A template without variables goes first, as in any router.
    let mut templates: Vec<&String> = paths.keys().collect();
    templates.sort_by_key(|template| template.matches('{').count());
    templates.into_iter().find_map(|template| Some((paths[template].get(method)?, parts(template, path)?)))
}

fn parts(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (names, values): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    if names.len() != values.len() {
        return None;
    }
    let mut parts = Vec::new();
    for (name, value) in names.iter().zip(&values) {
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => parts.push((name.to_owned(), (*value).to_owned())),
            None if name == value => {}
            None => return None,
        }
    }
    Some(parts)
}

fn parameters(operation: &'static Value) -> impl Iterator<Item = &'static Value> {
    operation["parameters"].as_array().unwrap().iter().map(|parameter| {
        let place = parameter["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
        INTERFACE.pointer(place).unwrap()
    })
}
