//! The whole story on a built-in sample: a shop of three services and an AI-assisted change to it.
//!
//! Owns the sample's files and the story told around the real `check`. Must not know how anything is decided.

use crate::change::sample::SampleCommit;

/// The branch that holds the base of the story.
pub const BASE: &str = "HEAD~1";

macro_rules! tree {
    ($folder:literal: $($path:literal)*) => {
        &[$(($path, include_str!(concat!("../fixtures/shop/", $folder, "/", $path)))),*]
    };
}

macro_rules! specification {
    ($($path:literal)*) => {
        &[$((concat!(".portcullis/", $path), include_str!(concat!("../fixtures/spec/", $path)))),*]
    };
}

/// The specification, part of the tree before the change.
const SPECIFICATION: &[(&str, &str)] = specification!(
    "agents/refactor-bot.yaml"
    "contracts/orders-rpc/contract.yaml"
    "contracts/orders-rpc/proto/orders/v1/orders.proto"
    "contracts/payment-events/charge-captured.avsc"
    "contracts/payment-events/contract.yaml"
    "contracts/payments-api/contract.yaml"
    "contracts/payments-api/openapi.yaml"
    "contracts/refund-webhook/contract.yaml"
    "contracts/refund-webhook/refund.schema.json"
    "contracts/web-graph/contract.yaml"
    "contracts/web-graph/schema.graphql"
    "decisions/0001-card-vault.md"
    "decisions/0002-compat.md"
    "decisions/0003-layers.md"
    "invariants/arch.yaml"
    "invariants/code.yaml"
    "policies/logging.rego"
    "policies/logging_test.rego"
    "portcullis-spec.yaml"
    "prohibited/patterns.yaml"
    "prompts/refactor.prompt.md"
    "systems.yaml"
    "teams.yaml"
    "waivers/2026-q4.yaml"
);

/// The tree before the change.
const BASE_TREE: &[(&str, &str)] = tree!("base":
    ".github/workflows/gate.yml"
    ".portcullis.yaml"
    "README.md"
    "orders/src/orders/__init__.py"
    "orders/src/orders/api/views.py"
    "orders/src/orders/checkout/price.py"
    "orders/src/orders/store/queries.py"
    "orders/tests/test_price.py"
    "payments/go.mod"
    "payments/internal/charge/charge.go"
    "payments/internal/http/server.go"
    "payments/internal/vault/vault.go"
    "policies/refunds.rego"
    "policies/refunds_test.rego"
    "web/src/client/session.ts"
    "web/src/pages/orders.tsx"
);

/// The files that the change adds or replaces.
const HEAD_TREE: &[(&str, &str)] = tree!("head":
    ".github/workflows/gate.yml"
    ".portcullis.yaml"
    "orders/src/orders/api/views.py"
    "orders/src/orders/store/refunds.py"
    "payments/internal/http/refund.go"
    "web/src/client/session.ts.esc"
);

const BASE_MESSAGE: &str = "Open the shop\n";

const HEAD_MESSAGE: &str = "Add refunds to the shop

Refund client for the card network, refund queries and the nightly
export. Makes the gate quieter while this settles.

Refs: SHOP-812
Assisted-by: coding-assistant:large-4
";

/// What is told before the real check speaks.
pub const PROLOGUE: &str = "\
A shop of three services: payments (Go), orders (Python), web (TypeScript). A coding assistant has written refunds for
it. Its tests are green and the code reads well. What the change also does:

  - it opens the card vault from another package, and lets the store know the checkout: two invariants of the
    specification (.portcullis/invariants/) forbid that, each with an owner and a decision record;
  - it brings refunds without a test, which a policy of the repository asks for (policies/refunds.rego);
  - it turns TLS verification off, builds SQL and a shell command from strings;
  - it hides an admin check behind characters that reorder what a reviewer sees;
  - and it edits .portcullis.yaml and the workflow, so that the gate would keep quiet about all of that.

The rules come from the base commit, so the last point changes nothing. This is `portcullis check`, for real:
";

/// What is told after it; `{repo}` is replaced by the sample's folder.
pub const EPILOGUE: &str = "\
What to notice: the verdict names the rule, the exact place, the reason and the fix; the bound query next to the bad one
is left alone; the edit to the gate's own rules asks for the architects; nothing was executed and nothing was sent.

Now in your own repository, on your branch:

  portcullis check
";

/// Returns the two commits of the sample.
#[must_use]
pub fn trees() -> [Vec<(&'static str, String)>; 2] {
    let [mut base, head] =
        [BASE_TREE, HEAD_TREE].map(|tree| tree.iter().map(|(path, text)| decoded(path, text)).collect::<Vec<_>>());
    base.extend(SPECIFICATION.iter().map(|(path, text)| (*path, (*text).to_owned())));
    [base, head]
}

/// Returns the sample's commits over its trees.
#[must_use]
pub fn commits<'a>(trees: &'a [Vec<(&'static str, String)>; 2]) -> [SampleCommit<'a>; 2] {
    let [base, head] = trees;
    [
        SampleCommit {
            files: base,
            message: BASE_MESSAGE,
            author: ("Ines", "ines@shop.example"),
            seconds: 1_793_500_000,
        },
        SampleCommit {
            files: head,
            message: HEAD_MESSAGE,
            author: ("Kofi", "kofi@shop.example"),
            seconds: 1_793_586_400,
        },
    ]
}

/// Drops the suffix `.esc` and puts the character for each `\u{...}` in such a file.
fn decoded(path: &'static str, text: &str) -> (&'static str, String) {
    match path.strip_suffix(".esc") {
        Some(plain) => (plain, unescape(text)),
        None => (path, text.to_owned()),
    }
}

/// Returns `text` with each `\u{...}` replaced by its character; a malformed one stays as it is.
fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escaped = part.split_once('}').and_then(|(digits, rest)| {
            let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            Some((character, rest))
        });
        match escaped {
            Some((character, rest)) => {
                plain.push(character);
                plain.push_str(rest);
            }
            None => {
                plain.push_str("\\u{");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::{BASE_TREE, HEAD_TREE, SPECIFICATION, unescape};

    fn listed(tree: &[(&str, &str)]) -> BTreeSet<String> {
        tree.iter().map(|(path, _)| (*path).to_owned()).collect()
    }

    fn on_disk(folder: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
        let mut found = BTreeSet::new();
        let mut folders: Vec<PathBuf> = vec![root.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.insert(path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        found
    }

    #[test]
    fn the_lists_hold_every_file_of_the_sample() {
        assert_eq!(listed(BASE_TREE), on_disk("shop/base"));
        assert_eq!(listed(HEAD_TREE), on_disk("shop/head"));
        let below = |path: &str| format!(".portcullis/{path}");
        assert_eq!(listed(SPECIFICATION), on_disk("spec").iter().map(|path| below(path)).collect());
    }

    #[test]
    fn escapes_become_characters_and_broken_ones_stay() {
        assert_eq!(unescape("a\\u{202E}b\\u{zz}c\\u{41"), "a\u{202E}b\\u{zz}c\\u{41");
    }
}
