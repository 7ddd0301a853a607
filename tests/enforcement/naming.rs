use crate::bench::{added, book, document, faults, found, judged, modified};

#[test]
fn names_of_new_symbols_are_judged_and_prescribed_ones_are_not() {
    let rule = "enforce: {naming: {kinds: [function, method], style: snake_case}}";
    let text = "def goodName(): pass\n\n\nclass A:\n    def __init__(self): pass\n\n    def _private_x(self): pass\n\n    def doIt(self): pass\n\n\ndef f(): pass\n";
    assert_eq!(found(rule, &[added("a.py", text)]), ["a.py:1:5-1:13", "a.py:9:9-9:13"]);
    let test = "def testEverything(): pass\n\n\ndef helperOf(): pass\n";
    assert_eq!(found(rule, &[added("tests/a.py", test)]), ["tests/a.py:4:5-4:13"]);
    assert_eq!(found(rule, &[added("a.py", test)]).len(), 2);
}

#[test]
fn old_names_stay_and_a_renamed_symbol_is_new() {
    let rule = "enforce: {naming: {kinds: [function], style: snake_case}}";
    let old = "def goodName():\n    return 1\n";
    assert_eq!(found(rule, &[modified("a.py", old, "def goodName():\n    return 2\n")]), Vec::<String>::new());
    assert_eq!(found(rule, &[modified("a.py", old, "def betterName():\n    return 1\n")]), ["a.py:1:5-1:15"]);
    assert_eq!(found(rule, &[modified("a.py", old, "def better_name():\n    return 1\n")]), Vec::<String>::new());
}

#[test]
fn a_constructor_and_what_is_not_exported_are_left_alone() {
    let rule = "enforce: {naming: {kinds: [method, class], regex: \"^[a-z]\", exported: true}}";
    let text = "public class Cart {\n  public Cart() {}\n  public void Total() {}\n  private void Hidden() {}\n}\n";
    assert_eq!(found(rule, &[added("Cart.java", text)]), ["Cart.java:1:14-1:18", "Cart.java:3:15-3:20"]);
}

#[test]
fn the_finding_says_the_better_name() {
    let book = book("enforce: {naming: {kinds: [class], style: PascalCase}}");
    let files = [added("a.py", "class _http_client: pass\n")];
    let input = document(&book, &files);
    let enforced = judged(&book, &input, &files);
    let finding = &enforced.drafts[0].judged.finding;
    assert_eq!(finding.message.raw(), "the class `_http_client` is not PascalCase");
    assert_eq!(finding.fix.raw(), "Rename it to `_HttpClient`.");
    assert_eq!(enforced.drafts[0].anchor, "_http_client");
}

#[test]
fn a_demand_that_says_nothing_is_a_fault() {
    let one = |text: &str| faults(&format!("enforce: {{naming: {{{text}}}}}"));
    assert!(one("kinds: [function]")[0].contains("exactly one of `style` and `regex`"));
    assert!(one("kinds: [function], style: snake_case, regex: a")[0].contains("exactly one"));
    assert!(one("style: snake_case")[0].contains("`kinds`"));
    assert!(one("kinds: [fucntion], style: snake_case")[0].contains("Did you mean `function`?"));
    assert!(one("kinds: [function], style: snakecase")[0].contains("snake_case"));
    assert!(one("kinds: [function], regex: \"(\"")[0].contains("unclosed group"));
    assert!(one("kinds: [function], style: snake_case, export: true")[0].contains("`exported`"));
}
