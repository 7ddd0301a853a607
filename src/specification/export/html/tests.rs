use super::html;
use crate::specification::export::Extent;
use crate::specification::files::{SpecificationFile, SpecificationFiles};
use crate::specification::load;

const FILES: &[(&str, &str)] = &[
    ("portcullis-spec.yaml", "schema: 1\nname: <b>shop</b>\nversion: 1.0.0\n"),
    ("teams.yaml", "teams:\n  - {id: core, title: \"<i>Core\", handles: [\"@shop/core\"], approves: [2, 3]}\n"),
    ("systems.yaml", "systems:\n  - {id: shop, owner: core, languages: [python], modules: {api: \"src/<x>/**\"}}\n"),
    (
        "invariants/a.yaml",
        "rules:\n  - id: INV-A-001\n    title: \"\\\"><script>alert(1)</script>\"\n    status: enforced\n    severity: error\n    \
         layer: 3\n    owner: core\n    decision: ADR-0001\n    rationale: \"<img src=x onerror=alert(1)>\"\n    scope: {systems: [shop]}\n    \
         links: [\"javascript:alert(1)\"]\n    enforce: {review: {ask: \"<svg onload=alert(1)>\"}}\n    \
         examples: {fail: [\"</pre><script>\"]}\n",
    ),
    (
        "decisions/0001-a.md",
        "---\nid: ADR-0001\nstatus: accepted\nenforced-by: [INV-A-001]\n---\n# <u>A\n\n## Why\n\n[x](javascript:alert(1)) <script>\n",
    ),
];

fn page() -> String {
    let file = |(path, text): &(&str, &str)| ((*path).to_owned(), SpecificationFile(text.as_bytes().to_vec()));
    let files = SpecificationFiles { files: FILES.iter().map(file).collect(), ..SpecificationFiles::default() };
    let (specification, errors) = load(&files);
    assert!(errors.is_empty(), "{errors:?}");
    html(&specification, &Extent::whole(&specification))
}

#[test]
fn no_text_of_a_specification_becomes_markup() {
    let page = page();
    for hostile in ["<script", "<img", "<svg", "<b>shop", "<i>", "<u>", "href=\"javascript", "</pre><"] {
        let found = page.matches(hostile).count();
        // Our own code blocks end in `</code></pre></figure>`.
        assert!(found == 0 || hostile == "</pre><" && found == page.matches("</pre></figure>").count(), "{hostile}");
    }
}

#[test]
fn every_link_leads_to_a_part_of_the_page_and_nothing_is_loaded() {
    let page = page();
    for part in page.split("href=\"").skip(1) {
        let target = part.split('"').next().unwrap();
        let id = target.strip_prefix('#').expect("a link inside the page");
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{target}");
    }
    for loading in ["src=", "url(", "@import", "<link", "http://", "https://"] {
        assert!(!page.replace("&lt;img src=x", "").contains(loading), "{loading}");
    }
}

#[test]
fn elements_are_closed_in_order() {
    let page = page();
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let name = part.split(['>', ' ']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if matches!(name, "!doctype" | "meta" | "br") => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
