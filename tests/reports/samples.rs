//! Outcomes as the gate might hand them to the reports, one function a folder of `tests/cases/reports/`.
//!
//! Hidden characters are written as escapes, so that this file is plain.

use std::collections::BTreeMap;

use portcullis::completeness::{Completeness, Reason};
use portcullis::finding::{Finding, Fingerprint, Position, Related, RuleId, Severity, Source, SourceKind, Status};
use portcullis::outcome::{
    ChangeSummary, ContractNote, Deferred, Evaluated, Handover, Inputs, MadeFile, ModuleNote, OtherNote, Outcome,
    RuleNote, SCHEMA, SymbolNote, VerdictDocument,
};
use portcullis::review::{Approval, Requirement, Review};
use portcullis::specification::waiver::WaiverUse;
use portcullis::untrusted::Untrusted;
use portcullis::verdict::Verdict;

/// The name of a folder and the outcome whose reports it holds.
type Sample = (&'static str, fn() -> Outcome);

/// Every sample with the name of its folder.
pub(crate) const SAMPLES: &[Sample] = &[
    ("approved", approved),
    ("fail", fail),
    ("hostile", hostile),
    ("pass", pass),
    ("review", review),
    ("ring", ring),
    ("undecided", undecided),
    ("waived", waived),
];

/// Returns an outcome in which nothing was found, for a change of 14 files.
pub(crate) fn blank(verdict: Verdict) -> Outcome {
    let document = VerdictDocument {
        schema: SCHEMA.to_owned(),
        verdict,
        exit_code: verdict.exit_code(),
        change: ChangeSummary {
            base: "5f0c9f1d8a1f4e6f0d1d6c1e2b3a495867768594".to_owned(),
            head: "a3b1c5d7e9f00112233445566778899aabbccdde".to_owned(),
            merge_base: "5f0c9f1d8a1f4e6f0d1d6c1e2b3a495867768594".to_owned(),
            files: 14,
            added: 230,
            removed: 17,
        },
        findings: Vec::new(),
        waivers: Vec::new(),
        review: Review { layer: 1, requirements: Vec::new() },
        deferred: Vec::new(),
        completeness: Completeness::of(Vec::new()),
        evaluated: Evaluated { packs: 4, packages: 31, rules: 52, files: 14, parsed: 11, carried: 0 },
        inputs: Inputs {
            tool: "portcullis 0.1.0".to_owned(),
            trust: "base".to_owned(),
            policies_digest: "8d1b2c3e".repeat(8),
            specification: String::new(),
            input_digest: "17a4b5c6".repeat(8),
            as_of: "2026-11-21".to_owned(),
        },
    };
    let again = "portcullis check --base 5f0c9f1 --head a3b1c5d".to_owned();
    Outcome {
        document,
        texts: BTreeMap::new(),
        handover: Handover::default(),
        rules: BTreeMap::new(),
        ask: Vec::new(),
        notes: Vec::new(),
        again,
        micros: BTreeMap::new(),
    }
}

/// Returns the place of `needle` in `text`, in lines and code points from 1.
fn place(text: &str, needle: &str) -> (Position, Position) {
    let at = text.find(needle).unwrap();
    let position = |offset: usize| {
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        Position { line: u32::try_from(line).unwrap(), column: u32::try_from(column).unwrap() }
    };
    (position(at), position(at + needle.len()))
}

/// Returns a finding of a built-in rule at `needle` in `text`; a whole file when `needle` is empty.
fn finding(rule: &str, path: &str, text: &str, needle: &str) -> Finding {
    let (start, end) = place(text, needle);
    let id = RuleId::new(rule).unwrap();
    let fingerprint = Fingerprint { rule: &id, path, anchor: needle, occurrence: 0 }.digest();
    Finding {
        rule: id,
        title: Untrusted::default(),
        message: Untrusted::default(),
        severity: Severity::Error,
        status: Status::Enforced,
        path: Some(path.into()),
        start: Some(start),
        end: Some(end),
        fix: Untrusted::default(),
        rationale: Untrusted::default(),
        source: Source { kind: SourceKind::Builtin, path: format!("{}.rego", rule.replace('-', "_")).into(), line: 14 },
        fingerprint,
        owner: "".into(),
        links: Vec::new(),
        related: Vec::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    }
}

fn say(mut finding: Finding, title: &str, message: &str, rationale: &str, fix: &str) -> Finding {
    finding.title = title.into();
    finding.message = message.into();
    finding.rationale = rationale.into();
    finding.fix = fix.into();
    finding
}

/// Returns the outcome with these findings, in the order of the contract, and the texts of their files.
fn with(mut outcome: Outcome, mut findings: Vec<Finding>, texts: &[(&str, &str)]) -> Outcome {
    findings.sort_by_cached_key(Finding::order);
    outcome.document.findings = findings;
    outcome.texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    outcome
}

fn pass() -> Outcome {
    let mut outcome = blank(Verdict::Pass);
    outcome.notes = vec!["2 uncommitted files were not checked; add --worktree to include them".into()];
    outcome
}

const PAY: &str = "import pickle\n\n\ndef load(blob):\n\treturn pickle.loads(blob), eval(blob)\n\n\ndef charge(user, \
                   amount):\n    query = (\n        \"select * from cards where owner = '\" + user + \"'\"\n        \"\"\n    \
                   )\n    return db.execute(query)\n";

/// Wide characters, tabs, several lines, a hidden character, a long line, every severity and status.
fn fail() -> Outcome {
    let greet = "const \u{6A19}\u{8A9E} = \"\u{6771}\u{4EAC}\"; eval(\u{6A19}\u{8A9E});\n";
    let gate = "if (role === \"user\u{202E} \u{2066}// admins only\u{2069} \u{2066}\") {\n  open();\n}\n";
    let mini = format!("var a=[{}];new Function(a[0])();{}\n", "1,".repeat(120), "b();".repeat(90));
    let why = "Text that is run as code lets whoever controls the text control the service.";
    let (eval, hidden) = ("dangerous-calls/dynamic-evaluation", "hidden-code/bidi-control");
    let mut debt = finding("size/long-function", "services/pay/app.py", PAY, "def charge");
    (debt.severity, debt.status) = (Severity::Info, Status::Observe);
    let mut waived = finding("dangerous-calls/python-pickle", "services/pay/app.py", PAY, "pickle.loads(blob)");
    waived.waived_by = Some("W-7".to_owned());
    let mut size = finding("size/many-files", "", "", "");
    (size.severity, size.status, size.path, size.start, size.end) =
        (Severity::Warning, Status::Advisory, None, None, None);
    let mut file = finding("size/long-file", "web/mini.js", &mini, "");
    file.severity = Severity::Warning;
    let findings = vec![
        say(
            finding(eval, "services/pay/app.py", PAY, "eval(blob)"),
            "text is run as code",
            "`eval` runs text as code",
            why,
            "Parse the value instead: `json.loads(blob)`.",
        ),
        say(
            finding(eval, "web/greet.ts", greet, "eval(\u{6A19}\u{8A9E})"),
            "text is run as code",
            "`eval` runs text as code",
            why,
            "Look the function up in a table.",
        ),
        say(
            finding(eval, "web/mini.js", &mini, "new Function(a[0])"),
            "text is run as code",
            "`new Function` runs text as code",
            why,
            "Look the function up in a table.",
        ),
        say(
            finding(hidden, "web/gate.ts", gate, "\u{202E} \u{2066}// admins only\u{2069} \u{2066}"),
            "the line reads otherwise than it runs",
            "Bidirectional control characters make this line read otherwise than it runs",
            "A reviewer approves what he sees; the compiler takes what is there.",
            "Delete the characters; write `\\u202E` where a text really needs one.",
        ),
        say(
            finding(
                "dangerous-calls/sql-concatenation",
                "services/pay/app.py",
                PAY,
                "(\n        \"select * from cards where owner = '\" + user + \"'\"\n        \"\"\n    )",
            ),
            "SQL is built from strings",
            "SQL is built by joining strings, and `user` comes from outside",
            "A value inside the text of a statement is part of the statement.",
            "Pass it as a parameter:\n    db.execute(\"select * from cards where owner = ?\", [user])",
        ),
        say(
            size,
            "too many files",
            "The change touches 61 files in 7 modules; a careful review of it takes more than an hour",
            "Small changes are reviewed better and merged sooner.",
            "Split it by module: services/pay (31 files), web (22 files), the rest.",
        ),
        say(file, "long file", "The file has 1,204 lines", "", ""),
        say(debt, "long function", "not shown", "", ""),
        say(waived, "unsafe deserialisation", "not shown", "", ""),
    ];
    let texts = [("services/pay/app.py", PAY), ("web/gate.ts", gate), ("web/greet.ts", greet), ("web/mini.js", &mini)];
    with(blank(Verdict::Fail), findings, &texts)
}

/// Requirements of two layers, one of them met, and rules that wait for CI.
fn record(reason: &str, met: bool) -> Requirement {
    Requirement {
        id: "decision-record".to_owned(),
        layer: 3,
        reason: format!("{reason}\na change of layer 3 names the decision behind it").into(),
        rules: vec![RuleId::new("review/decision-record").unwrap()],
        met,
        ..Requirement::default()
    }
}

/// Everything is met: by whom stands beside it, and so does who approved in vain.
fn approved() -> Outcome {
    let mut outcome = blank(Verdict::Pass);
    let approval = |login: &str, why_not: &str| Approval {
        login: login.into(),
        counts: why_not.is_empty(),
        why_not: why_not.into(),
    };
    let met = |layer: u8, team: &str, reason: &str, approvals: Vec<Approval>| Requirement {
        id: format!("layer-{layer}/{team}"),
        layer,
        team: team.into(),
        count: 1,
        reason: reason.into(),
        rules: vec![RuleId::new("review/boundary").unwrap()],
        met: true,
        approvals,
        ..Requirement::default()
    };
    let requirements = vec![
        met(3, "", "new between systems: orders/api -> web/pages", vec![approval("ines", "")]),
        record("cites ADR-0012", true),
        met(
            2,
            "orders | @shop/web",
            "owns services/orders/api.py",
            vec![approval("Copilot", "a bot, not a human"), approval("mei", ""), approval("tomas", "")],
        ),
    ];
    outcome.document.review = Review { layer: 3, requirements };
    outcome
}

fn review() -> Outcome {
    let mut outcome = blank(Verdict::Review);
    let rule = |id: &str| RuleId::new(id).unwrap();
    let approval = |login: &str, why_not: &str| Approval {
        login: login.into(),
        counts: why_not.is_empty(),
        why_not: why_not.into(),
    };
    outcome.handover = made_with_a_tool();
    outcome.document.review = Review {
        layer: 3,
        requirements: vec![
            Requirement {
                id: "layer-3/platform".to_owned(),
                layer: 3,
                team: "platform".into(),
                count: 2,
                reason: "The change lowers the status of a rule in .portcullis.yaml, which lets more through".into(),
                rules: vec![rule("governance/loosened")],
                met: false,
                approvals: vec![approval("mara", "is the author of a commit"), approval("jo", "")],
                ..Requirement::default()
            },
            Requirement {
                id: "layer-3".to_owned(),
                layer: 3,
                team: Untrusted::default(),
                count: 1,
                reason: "A new module is depended on by 9 others".into(),
                rules: vec![rule("impact/new-hub")],
                met: false,
                approvals: Vec::new(),
                ..Requirement::default()
            },
            record("none is cited yet: write ADR-<number> in a commit message or in the text of the request", false),
            Requirement {
                id: "layer-2/payments".to_owned(),
                layer: 2,
                team: "payments".into(),
                count: 1,
                reason: "services/pay belongs to payments".into(),
                rules: vec![rule("ownership/team"), rule("ownership/tests")],
                met: true,
                approvals: vec![approval("ines", "")],
                ..Requirement::default()
            },
        ],
    };
    outcome.document.deferred = vec![
        Deferred { rule: rule("change/labels"), why: "needs the labels of the pull request".into() },
        Deferred { rule: rule("change/title"), why: "needs the title of the pull request".into() },
    ];
    let text = "rules:\n  \"size/too-many-files\": {status: observe}\n";
    let change = finding("governance/status-lowered", ".portcullis.yaml", text, "{status: observe}");
    let mut change = say(
        change,
        "a rule is loosened",
        "`size/too-many-files` goes from advisory to observe",
        "Whoever loosens the gate needs more eyes than whoever passes it.",
        "",
    );
    change.severity = Severity::Warning;
    with(outcome, vec![change], &[(".portcullis.yaml", text)])
}

/// A finding at three places, with all that is known of its rule.
pub(crate) fn ring() -> Outcome {
    let text = "from shop.cart import total\n";
    let found = finding("INV-ARCH-002", "shop/pay.py", text, "shop.cart");
    let mut found = say(
        found,
        "Modules form no ring",
        "shop/pay imports shop/cart, and that closes a ring of 3 modules",
        "Modules in a ring cannot be changed or tested one by one.",
        "Take one of these imports out; `shop/cart -> shop/list` is used least.",
    );
    let related = |path: &str, line: u32, message: &str| Related { path: path.into(), line, message: message.into() };
    found.related = vec![
        related("shop/cart.py", 3, "shop/cart imports shop/list"),
        related("shop/list.py", 9, "shop/list imports shop/pay"),
    ];
    found.source = Source { kind: SourceKind::Specification, path: "invariants/orders.yaml".into(), line: 12 };
    (found.owner, found.links) = ("orders".into(), vec!["ADR-0007".into(), "https://wiki.example/rings".into()]);
    let mut outcome = with(blank(Verdict::Fail), vec![found], &[("shop/pay.py", text)]);
    let note = RuleNote {
        fix: "Turn one import round, or move what both need below both.".into(),
        bad: "# a.py\nimport b\n\n# b.py\nimport a\n".into(),
        good: "# a.py\nimport c\n\n# b.py\nimport c\n".into(),
        controls: vec!["SOC2 CC8.1".into()],
        links: vec!["ADR-0007".into(), "https://wiki.example/rings".into()],
    };
    outcome.rules.insert(RuleId::new("INV-ARCH-002").unwrap(), note);
    outcome
}

/// Everything that was found is accepted, by a waiver or as old debt; a green run still shows it.
fn waived() -> Outcome {
    let mut outcome = blank(Verdict::Pass);
    let text = "from orders.api import routes\n";
    let change = finding("INV-ARCH-001", "src/orders/store/legacy.py", text, "orders.api");
    let mut change = say(change, "Orders code is layered", "store imports api, which stands above it", "", "");
    change.waived_by = Some("WVR-0007".to_owned());
    let used = |id: &str, findings: u32| WaiverUse {
        id: id.to_owned(),
        rule: "INV-ARCH-001".to_owned(),
        until: "2026-12-15".to_owned(),
        owner: "orders".to_owned(),
        findings,
    };
    outcome.document.waivers = vec![used("WVR-0007", 1), used("WVR-0009\u{1b}[2J", 3)];
    outcome.document.evaluated.carried = 2;
    with(outcome, vec![change], &[("src/orders/store/legacy.py", text)])
}

/// Something could not be checked, and what could be is still reported.
pub(crate) fn undecided() -> Outcome {
    let mut outcome = blank(Verdict::Undecided);
    outcome.document.completeness = Completeness::of(vec![
        Reason::new("missing-object", "the blob of this file is not in the clone", "git fetch --depth=50 origin main")
            .at("services/pay/app.py"),
        Reason::new(
            "policy-fault",
            "policies/pay.rego:12: `to_number` was given text that is no number",
            "give the rule a guard: is_number(x)",
        ),
        Reason::new(
            "file-timeout",
            "parsing took longer than 2,000 ms",
            "raise limits.file-ms in .portcullis.yaml on the base branch, or declare the file generated",
        )
        .at("web/mini.js"),
    ]);
    outcome.document.evaluated.parsed = 9;
    let text = "h = md5(password)\n";
    let weak = finding("dangerous-calls/weak-hash", "auth.py", text, "md5(password)");
    let weak = say(weak, "weak hash", "MD5 protects no password", "It is broken since 2004.", "Use `hashlib.scrypt`.");
    with(outcome, vec![weak], &[("auth.py", text)])
}

/// Names and messages of rows 26 to 38: nothing of them may act in any sink.
pub(crate) fn hostile() -> Outcome {
    let names = [
        "a\n::error file=x::pwned",
        "b ##[stop-commands]x ##[add-mask]a",
        "c\r\t\u{7}\u{1B}[2J\u{1B}]8;;https://evil.example\u{7}link\u{1B}]8;;\u{7}",
        "d\\xFF\\\\",
        "e\u{202E}gpj.exe\u{200B}",
        "$(id) `id` '\"-rf",
        "f:g,h%0A%25.py",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))|y",
        "@org/team Fixes #1 GH-2 https://evil.example",
        "/approve",
    ];
    let message = "Closes #7\n/approve\n::set-output name=x::y\n##[error]z\n```\n<!-- hide --> ![i](https://evil.example/i.png) \
                   @org/team | PASSED |\n\u{1B}[32mPASS\u{1B}[0m\u{2028}\u{202E}reversed";
    let text = "/approve\n::error::from the code\n```` ##[group]x \u{1B}[31m<details>\n";
    let findings = names.iter().map(|name| {
        let found = finding("hidden-code/name", name, text, "```` ##[group]x \u{1B}[31m<details>");
        let mut found = say(found, "hostile | name", message, message, message);
        found.source.path = (*name).into();
        found.owner = (*name).into();
        found.links = vec![(*name).into(), message.into()];
        found.related = vec![Related { path: (*name).into(), line: 3, message: message.into() }];
        found
    });
    let texts: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
    let mut outcome = with(blank(Verdict::Fail), findings.collect(), &texts);
    outcome.notes = vec![message.into()];
    outcome.document.review.requirements = vec![Requirement {
        id: "layer-2/x".to_owned(),
        layer: 2,
        team: "@org/everyone".into(),
        count: 1,
        reason: message.into(),
        rules: vec![RuleId::new("a/b").unwrap()],
        met: false,
        approvals: vec![Approval { login: "eve ::error::".into(), counts: false, why_not: message.into() }],
        ..Requirement::default()
    }];
    outcome.document.review.layer = 2;
    outcome.document.deferred = vec![Deferred { rule: RuleId::new("a/c").unwrap(), why: message.into() }];
    outcome
}

/// Returns an outcome with `count` errors in as many files.
pub(crate) fn flood(count: u32) -> Outcome {
    let text = "bad()\n";
    let findings = (0..count).map(|number| {
        let found = finding("flood/rule", &format!("src/file{number:06}.py"), text, "bad()");
        say(found, "bad", "this call is bad", "It is.", "Delete it.")
    });
    with(blank(Verdict::Fail), findings.collect(), &[])
}

/// Returns a failed outcome in which every text is `text`.
pub(crate) fn made_of(text: &str) -> Outcome {
    let path = if text.is_empty() { "x" } else { text };
    let mut found = say(finding("a/b", path, "bad()", "bad()"), text, text, text, text);
    found.source.path = text.into();
    (found.owner, found.links) = (text.into(), vec![text.into()]);
    found.related = vec![Related { path: path.into(), line: 3, message: text.into() }];
    found.waived_by = None;
    let mut waived = found.clone();
    waived.waived_by = Some(text.to_owned());
    let mut outcome = with(blank(Verdict::Fail), vec![found, waived], &[(path, text)]);
    outcome.document.completeness = Completeness::of(vec![Reason::new("code", text, text).at(text)]);
    outcome.document.review = Review {
        layer: 2,
        requirements: vec![Requirement {
            id: "layer-2".to_owned(),
            layer: 2,
            team: text.into(),
            count: 1,
            reason: text.into(),
            rules: vec![RuleId::new("a/b").unwrap()],
            met: false,
            approvals: vec![Approval { login: text.into(), counts: false, why_not: text.into() }],
            ..Requirement::default()
        }],
    };
    outcome.document.deferred = vec![Deferred { rule: RuleId::new("a/c").unwrap(), why: text.into() }];
    outcome.document.inputs.trust = text.to_owned();
    let texts = || vec![Untrusted::from(text)];
    let note = RuleNote { fix: text.into(), bad: text.into(), good: text.into(), controls: texts(), links: texts() };
    outcome.rules.insert(RuleId::new("a/b").unwrap(), note);
    outcome.handover = handover(text);
    outcome.notes = vec![text.into()];
    outcome.again = text.to_owned();
    outcome
}

/// Returns a hand-over that is made of one text.
fn handover(text: &str) -> Handover {
    let (path, name, id): (Untrusted, Untrusted, Untrusted) = (text.into(), text.into(), text.into());
    Handover {
        added: 90,
        ai_added: 50,
        unknown_added: 40,
        tools: vec![text.into()],
        files: vec![MadeFile { path: path.clone(), added: 90, ai: 50, sessions: vec![text.into()] }],
        symbols: vec![SymbolNote { name, kind: text.into(), change: text.into(), exported: true, path, line: 1 }],
        contracts: vec![ContractNote { id: id.clone(), verdict: text.into(), consumers: vec![text.into()] }],
        modules: vec![ModuleNote { id, dependents: 2, used_by: vec![text.into()] }],
        others: vec![OtherNote {
            label: text.into(),
            title: text.into(),
            // The gate keeps an address only beside that of the change itself.
            url: Untrusted::default(),
            author: text.into(),
            draft: true,
            decisions: vec![text.into()],
            contracts: vec![text.into()],
            symbols: vec![text.into()],
            files: vec![text.into()],
            modules: vec![text.into()],
        }],
    }
}

/// Returns the hand-over of a change that a tool helped to make.
fn made_with_a_tool() -> Handover {
    let symbol = |name: &str, change: &str, exported, line| SymbolNote {
        name: name.into(),
        kind: "function".to_owned(),
        change: change.to_owned(),
        exported,
        path: "services/pay/app.py".into(),
        line,
    };
    let session = "https://claude.ai/code/session_01abc";
    Handover {
        added: 230,
        ai_added: 112,
        unknown_added: 118,
        tools: vec!["claude-code".into()],
        files: vec![
            MadeFile { path: "services/pay/app.py".into(), added: 140, ai: 100, sessions: vec![session.into()] },
            MadeFile { path: "services/pay/refund.py".into(), added: 12, ai: 12, sessions: Vec::new() },
        ],
        symbols: vec![symbol("charge", "with another signature", true, 7), symbol("load", "added", false, 4)],
        contracts: vec![ContractNote {
            id: "CON-PAY-HTTP".into(),
            verdict: "touched, not compared".to_owned(),
            consumers: vec!["orders".into(), "web".into()],
        }],
        modules: vec![ModuleNote { id: "payments/charge".into(), dependents: 9, used_by: vec!["orders".into()] }],
        others: vec![
            OtherNote {
                label: "#12".into(),
                title: "Charge twice as fast".into(),
                url: "https://github.com/acme/shop/pull/12".into(),
                author: "bob".into(),
                draft: true,
                contracts: vec!["CON-PAY-HTTP".into()],
                symbols: ["charge", "load", "refund", "settle"].map(Untrusted::from).into(),
                ..OtherNote::default()
            },
            OtherNote { label: "#15".into(), modules: vec!["payments/charge".into()], ..OtherNote::default() },
        ],
    }
}
