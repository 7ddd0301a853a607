//! TypeScript, TSX and JavaScript: a name that is not relative is Node's, an alias, or that of a package.
//!
//! Owns where it is looked for. Every file that could give a name a meaning is searched for it, from the file's folder up to
//! the root: manifests, configuration of compilers and bundlers.

use super::{Tree, UnknownImport, folders_around, holds_word, imported_beside, join};
use crate::facts::Import;

/// Modules of Node itself.
const NODE: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "bun",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "sqlite",
    "stream",
    "string_decoder",
    "sys",
    "test",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

const ENDINGS: &[&str] = &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts"];

/// Returns what an import of JavaScript names that exists nowhere.
pub(super) fn unknown(path: &str, lines: &[&str], import: &Import, tree: &mut dyn Tree) -> Vec<UnknownImport> {
    let Some(statement) = statement(lines, import.line) else { return Vec::new() };
    let raw = import.raw.as_str();
    if raw.starts_with("./") || raw.starts_with("../") {
        return names(path, &statement, raw, import.line, tree);
    }
    package(path, raw, import.line, tree).into_iter().collect()
}

/// Returns the statement that ends on a line, when it is an `import` or `export` at the margin.
fn statement(lines: &[&str], line: u32) -> Option<String> {
    let upto = lines.get(..line as usize).unwrap_or(lines);
    let begins =
        |line: &&str| line.starts_with("import ") || line.starts_with("import{") || line.starts_with("export ");
    let start = upto.iter().rposition(begins)?;
    let statement = upto.get(start..)?.join("\n");
    // Another statement in between: this one is something else.
    (!statement.trim_end().trim_end_matches(['\'', '"', ';']).contains(';') && statement.contains("from"))
        .then_some(statement)
}

fn package(path: &str, raw: &str, line: u32, tree: &mut dyn Tree) -> Option<UnknownImport> {
    let mut parts = raw.split('/');
    let first = parts
        .next()
        .filter(|first| first.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '@'))?;
    let name = match first.strip_prefix('@') {
        Some("") => return None,
        Some(_) => format!("{first}/{}", parts.next()?),
        None => first.to_owned(),
    };
    // `node:fs`, `virtual:pages`, `x!loader`, and a path from some root.
    if raw.contains([':', '!', '?', '$']) || NODE.contains(&first) || first.contains('.') && !name.ends_with(".js") {
        return None;
    }
    let mut nearest = None;
    for folder in folders_around(path) {
        for entry in tree.folder(folder) {
            // A folder or a file of that name may be what is meant.
            if entry.split(['.', '/']).next() == Some(first) {
                return None;
            }
            if !gives_names(&entry) {
                continue;
            }
            let manifest = join(folder, &entry);
            let text = tree.text(&manifest)?;
            if text.contains(name.as_str()) || text.contains(&format!("\"{first}/")) || text.contains("baseUrl") {
                return None;
            }
            if entry == "package.json" {
                nearest.get_or_insert(manifest);
            }
        }
    }
    let from = nearest?;
    let texts = [format!("'{name}"), format!("\"{name}")];
    if imported_beside(path, ENDINGS, &texts, tree) {
        return None;
    }
    Some(UnknownImport { line, kind: "package".to_owned(), name, from })
}

fn gives_names(name: &str) -> bool {
    let configuration = [".config.js", ".config.ts", ".config.mjs", ".config.cjs", ".config.mts"];
    matches!(
        name,
        "package.json"
            | "deno.json"
            | "deno.jsonc"
            | "import_map.json"
            | "jsconfig.json"
            | "pnpm-workspace.yaml"
            | ".babelrc"
            | "BUILD.bazel"
            | "bunfig.toml"
    ) || (name.starts_with("tsconfig") && name.ends_with(".json"))
        || configuration.iter().any(|ending| name.ends_with(ending))
}

/// Says which of the names in braces the file does not hold.
fn names(path: &str, statement: &str, raw: &str, line: u32, tree: &mut dyn Tree) -> Vec<UnknownImport> {
    let inside = statement.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let Some((inside, _)) = inside.filter(|_| !statement.contains("/*") && !statement.contains("//")) else {
        return Vec::new();
    };
    let Some(file) = file_of(path, raw, tree) else { return Vec::new() };
    let Some(text) = tree.text(&file) else { return Vec::new() };
    let open = ["export *", "module.exports", "__exportStar", "Object.assign(exports", "defineProperty(exports", "\\u"];
    if open.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let named = inside.split(',').map(|part| {
        let part = part.trim();
        let part = part.strip_prefix("type ").unwrap_or(part);
        part.split(" as ").next().unwrap_or_default().trim()
    });
    let plain = |name: &&str| {
        !name.is_empty()
            && *name != "default"
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
    };
    let unknown = named.filter(plain).filter(|name| !holds_word(&text, name));
    unknown
        .map(|name| UnknownImport { line, kind: "name".to_owned(), name: name.to_owned(), from: file.clone() })
        .collect()
}

/// Returns the only file that a relative import can mean.
fn file_of(path: &str, raw: &str, tree: &mut dyn Tree) -> Option<String> {
    let mut folder: Vec<&str> = path.split('/').collect();
    folder.pop();
    for word in raw.split('/') {
        match word {
            "." | "" => {}
            ".." => drop(folder.pop()?),
            word => folder.push(word),
        }
    }
    let name = folder.pop()?;
    let folder = folder.join("/");
    let entries = tree.folder(&folder);
    let stem = [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let mut found: Vec<String> = Vec::new();
    for ending in ENDINGS {
        for name in [format!("{name}{ending}"), format!("{stem}{ending}")] {
            if entries.contains(&name) && !found.contains(&join(&folder, &name)) {
                found.push(join(&folder, &name));
            }
        }
    }
    if entries.contains(name) {
        found.push(join(&folder, name));
    }
    if entries.contains(&format!("{name}/")) {
        let below = join(&folder, name);
        let indexes = tree.folder(&below);
        found.extend(
            ENDINGS
                .iter()
                .map(|ending| format!("index{ending}"))
                .filter(|name| indexes.contains(name))
                .map(|name| join(&below, &name)),
        );
    }
    found.sort();
    found.dedup();
    match found.as_slice() {
        [only] if ENDINGS.iter().any(|ending| only.ends_with(ending)) => Some(only.clone()),
        _ => None,
    }
}
