use serde_json::{Value, json};

use super::{Format, Side, Sides, Unread, read};
use crate::limits::Limits;

fn try_read(format: Format, text: &str) -> Result<Value, Unread> {
    read(format, text.as_bytes(), &Limits::default()).map(|one| one.value)
}

fn value(format: Format, text: &str) -> Value {
    try_read(format, text).unwrap()
}

#[test]
fn the_list_of_formats_is_the_folder() {
    assert!(super::FORMATS.is_sorted());
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (word, format) in super::FORMATS {
        let file = if *format == Format::Yaml { "yaml/stream.rs".to_owned() } else { format!("documents/{word}.rs") };
        assert!(root.join(&file).is_file(), "{file}");
        assert_eq!(format.word(), *word);
    }
}

#[test]
fn names_are_documents_by_the_rules_of_conftest() {
    for (path, word) in [
        ("Dockerfile", "dockerfile"),
        ("a/Dockerfile.debug", "dockerfile"),
        ("dev.Dockerfile", "dockerfile"),
        ("a.YML", "yaml"),
        ("main.tf", "hcl"),
        ("a.tfvars", "hcl"),
        ("x.hcl", "hcl"),
        ("main.tf.json", "json"),
        (".env", "dotenv"),
        (".env.prod", "dotenv"),
        ("prod.env", "dotenv"),
        ("pom.xml", "xml"),
        ("a.properties", "properties"),
        ("a.ini", "ini"),
        ("a.toml", "toml"),
    ] {
        assert_eq!(Format::of(path).map(Format::word), Some(word), "{path}");
    }
    for path in ["Dockerfiles", "a.yaml.txt", "yaml", "a.conf", "environment", "a.rs", "Dockerfile/readme"] {
        assert_eq!(Format::of(path), None, "{path}");
    }
}

#[test]
fn yaml_means_what_the_tools_of_kubernetes_read() {
    let text = "on: yes\nport: 0x1F\noctal: 010\nbig: 1_000\nreal: 1.50\nwhole: 2.0\ndate: 2001-01-01\nempty:\n1: one\n\
                quoted: 'no'\nref: !Ref 5\nversion: 1.2.3\n";
    assert_eq!(
        value(Format::Yaml, text),
        json!({"true": true, "port": 31, "octal": 8, "big": 1000, "real": 1.5, "whole": 2, "date": "2001-01-01",
               "empty": null, "1": "one", "quoted": "no", "ref": "5", "version": "1.2.3"})
    );
}

#[test]
fn yaml_of_several_documents_is_a_list_and_of_one_is_not() {
    assert_eq!(value(Format::Yaml, "---\na: 1\n---\nb: 2\n"), json!([{"a": 1}, {"b": 2}]));
    assert_eq!(value(Format::Yaml, "%YAML 1.1\n---\na: 1\n"), json!({"a": 1}));
    assert_eq!(value(Format::Yaml, "a: 1\n--- # the next\nb: 2\n"), json!([{"a": 1}, {"b": 2}]));
    assert_eq!(value(Format::Yaml, "a: 1\r\n---\r\nb: 2\r\n"), json!([{"a": 1}, {"b": 2}]));
    assert_eq!(value(Format::Yaml, ""), Value::Null);
}

#[test]
fn yaml_anchors_and_merge_keys_are_filled_in() {
    let text = "base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\nlist: [*b]\n";
    assert_eq!(
        value(Format::Yaml, text),
        json!({"base": {"x": 1, "z": 2}, "use": {"x": 1, "z": 3}, "list": [{"x": 1, "z": 2}]})
    );
    assert!(try_read(Format::Yaml, "a: &a [*a]\n").unwrap_err().message.contains("holds it"));
    assert!(try_read(Format::Yaml, "a: *none\n").is_err());
}

#[test]
fn a_billion_laughs_are_over_the_budget_and_a_few_are_not_row_74() {
    let laughs = |levels: usize| {
        let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for level in 1..levels {
            let names = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{names}]\n"));
        }
        try_read(Format::Yaml, &text)
    };
    assert!(laughs(9).unwrap_err().too_large);
    assert!(laughs(3).is_ok());
    let entities = "<!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
    assert!(try_read(Format::Xml, entities).unwrap_err().message.contains("entity"));
    let names: String = (1..40).fold("A0=xxxxxxxxxx\n".to_owned(), |text, n| format!("{text}A{n}=$A{0}$A{0}\n", n - 1));
    assert!(try_read(Format::Dotenv, &names).unwrap_err().too_large);
}

#[test]
fn deep_nesting_is_refused_in_every_format_that_nests_row_75() {
    for (format, open, close) in [(Format::Yaml, "[", "]"), (Format::Json, "[", "]"), (Format::Xml, "<a>", "</a>")] {
        let nested = |depth: usize| try_read(format, &(open.repeat(depth) + &close.repeat(depth)));
        assert!(nested(50).is_ok(), "{format:?} {:?}", nested(50));
        for depth in [200, 30_000] {
            assert!(nested(depth).is_err(), "{format:?} {depth}");
        }
    }
    for (head, open, inner, close) in
        [("a = ", "[", "", "]"), ("a = ", "(", "1", ")"), ("a = ", "!", "true", ""), ("", "a {\n", "", "}\n")]
    {
        let text = |depth: usize| format!("{head}{}{inner}{}\n", open.repeat(depth), close.repeat(depth));
        assert!(try_read(Format::Hcl, &text(20)).is_ok(), "{open} {:?}", try_read(Format::Hcl, &text(20)));
        assert!(try_read(Format::Hcl, &text(30_000)).is_err(), "{open}");
    }
    let toml = format!("a = {}{}\n", "[".repeat(30_000), "]".repeat(30_000));
    assert!(try_read(Format::Toml, &toml).is_err());
    let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(try_read(Format::Yaml, &block).unwrap_err().too_large);
}

#[test]
fn large_documents_are_refused_by_size_and_by_number_of_values() {
    let long = format!("a: {}\n", "x".repeat(10_000_000));
    assert!(try_read(Format::Yaml, &long).unwrap_err().too_large);
    let many = format!("[{}0]", "0,".repeat(300_000));
    assert!(try_read(Format::Json, &many).unwrap_err().too_large);
    assert!(try_read(Format::Yaml, &many).unwrap_err().too_large);
    assert!(try_read(Format::Json, &format!("[{}0]", "0,".repeat(1_000))).is_ok());
}

#[test]
fn what_readers_disagree_on_is_refused_rows_76_81_and_83() {
    for (format, text) in [
        (Format::Yaml, "a: 1\na: 2\n"),
        (Format::Yaml, "a: .nan\n"),
        (Format::Yaml, "a: -.inf\n"),
        (Format::Json, "{\"a\": 1, \"a\": 2}"),
        (Format::Json, "[NaN]"),
        (Format::Toml, "a = 1\na = 2\n"),
        (Format::Toml, "a = nan\n"),
        (Format::Hcl, "a = 1\na = 2\n"),
        (Format::Xml, "<a x=\"1\" x=\"2\"/>"),
        (Format::Xml, "<a><b></a>"),
        (Format::Xml, "<a>"),
        (Format::Xml, ""),
        (Format::Dockerfile, "FORM x\n"),
        (Format::Dockerfile, "RUN <<E\nx\n"),
        (Format::Dotenv, "no value\n"),
        (Format::Ini, "no value\n"),
        (Format::Properties, "a=\\u12\n"),
    ] {
        assert!(try_read(format, text).is_err(), "{format:?} {text:?} {:?}", try_read(format, text));
    }
    for (_, format) in super::FORMATS {
        assert!(read(*format, b"a = \"\xff\"\n", &Limits::default()).unwrap_err().message.contains("UTF-8"));
    }
    assert_eq!(try_read(Format::Yaml, "a: 1\nb: [\n").unwrap_err().line, 2);
}

#[test]
fn json_and_toml_are_plain_and_a_mark_at_the_start_is_no_part_of_them() {
    assert_eq!(value(Format::Json, "\u{feff}{\"a\": [1.0, 2.5, true, null]}"), json!({"a": [1, 2.5, true, null]}));
    let text = "port = 80\nday = 1979-05-27\n[http]\naddress = \":80\"\n[[x]]\ny = 1.0\n";
    assert_eq!(
        value(Format::Toml, text),
        json!({"port": 80, "day": "1979-05-27", "http": {"address": ":80"}, "x": [{"y": 1}]})
    );
}

#[test]
fn ini_values_are_typed_and_the_default_section_is_left_out() {
    let text = "top = 1\n[DEFAULT]\nx = 1\n; note\n[Local Variables]\nName=name ; a note\nDelay: 10\non = true\nt = t\n\
                quoted = \"a b\"\npart = 5.50\ninf = inf\nlong = one \\\n  two\nmulti = \"\"\"a\nb\"\"\"\n- = first\n[empty]\n";
    assert_eq!(
        value(Format::Ini, text),
        json!({"Local Variables": {"Name": "name", "Delay": 10, "on": true, "t": true, "quoted": "a b", "part": 5.5,
               "inf": "inf", "long": "one two", "multi": "a\nb", "#1": "first"}, "empty": {}})
    );
}

#[test]
fn properties_and_dotenv_are_mappings_of_texts() {
    let text = "# note\n! note\n  SAMPLE_KEY=https://example.com/\nmy-property : some value \nkey with\\ space\n\
                long = a\\\n   b\nuni=\\u00e4\\t\nempty=\nref=${x}\n";
    assert_eq!(
        value(Format::Properties, text),
        json!({"SAMPLE_KEY": "https://example.com/", "my-property": "some value ", "key": "with space",
               "long": "ab", "uni": "\u{e4}\t", "empty": "", "ref": "${x}"})
    );
    let text =
        "# note\nexport A=1\nB = two words # note\nC=\"x${A}\\n\\$A\"\nD='$A'\nE: y\nF=\"a\nb\"\nG=$A-${NONE}\nH=\n";
    assert_eq!(
        value(Format::Dotenv, text),
        json!({"A": "1", "B": "two words", "C": "x1\n$A", "D": "$A", "E": "y", "F": "a\nb", "G": "1-", "H": ""})
    );
}

#[test]
fn xml_has_the_shape_of_goxml2json() {
    let text = "<?xml version=\"1.0\"?>\n<p:project xmlns:p=\"x\" id=\"7\">\n <dep>a</dep>\n <dep kind=\"t\">b &amp; c</dep>\n \
                <empty/>\n <one><![CDATA[<d>]]></one>\n</p:project>\n";
    assert_eq!(
        value(Format::Xml, text),
        json!({"project": {"-p": "x", "-id": "7", "dep": ["a", {"-kind": "t", "#content": "b & c"}], "empty": "",
               "one": "<d>"}})
    );
}

#[test]
fn a_dockerfile_is_one_list_of_instructions() {
    let text = "# syntax=docker/dockerfile:1\nFROM golang:1.13-alpine as base\n# the code\nCOPY --chown=a --from=b go.mod .\n\
                RUN a && \\\n  # note\n  b\nENV A=1 B=\"x y\"\nENV OLD the value\nCMD [\"x\", \"y\"]\nRUN <<EOF\necho hi\nEOF\n\
                ONBUILD RUN z\nHEALTHCHECK --interval=5s CMD [\"c\"]\nFROM base\n";
    let document = value(Format::Dockerfile, text);
    let list = document[0].as_array().unwrap();
    let shown: Vec<String> = list
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {} {} {}",
                one["Stage"], one["Cmd"], one["SubCmd"], one["JSON"], one["Flags"], one["Value"]
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "0 \"comment\" \"\" false null [\"syntax=docker/dockerfile:1\"]",
            "0 \"from\" \"\" false [] [\"golang:1.13-alpine\",\"as\",\"base\"]",
            "0 \"comment\" \"\" false null [\"the code\"]",
            "0 \"copy\" \"\" false [\"--chown=a\",\"--from=b\"] [\"go.mod\",\".\"]",
            "0 \"run\" \"\" false [] [\"a &&   b\"]",
            "0 \"env\" \"\" false [] [\"A\",\"1\",\"=\",\"B\",\"\\\"x y\\\"\",\"=\"]",
            "0 \"env\" \"\" false [] [\"OLD\",\"the value\",\"\"]",
            "0 \"cmd\" \"\" true [] [\"x\",\"y\"]",
            "0 \"run\" \"\" false [] [\"<<EOF\"]",
            "0 \"onbuild\" \"RUN\" false [] [\"z\"]",
            "0 \"healthcheck\" \"\" true [\"--interval=5s\"] [\"CMD\",\"c\"]",
            "1 \"from\" \"\" false [] [\"base\"]",
        ]
    );
}

#[test]
fn hcl_has_the_shape_of_hcl2json() {
    let text = r#"
variable "x" { default = -1 }
provider "aws" { alias = "one" }
provider "aws" { alias = "two" }
locals {
  list   = [1, "a", true, null, var.x]
  object = { a = 1, "b c" = 2, (var.k) = 3 }
  call   = merge(var.a, { b = 1 })
  whole  = "${var.x}"
  part   = "a-${var.x}-b"
  either = "${var.x ? "a" : "b"}-c"
  plain  = "$${no}"
  math   = "${4 - 2}"
  cond   = test3 > 2 ? 1: 0
  flush  = <<-EOF
    one
      two ${local.other.3}
    EOF
  kept = <<EOF
    %{if true ? false : true}"gotcha"\n%{else}4%{endif}
EOF
  loop = "x: %{for x in local.arr}x,%{endfor}"
}
"#;
    assert_eq!(
        value(Format::Hcl, text),
        json!({
            "variable": {"x": [{"default": -1}]},
            "provider": {"aws": [{"alias": "one"}, {"alias": "two"}]},
            "locals": [{
                "list": [1, "a", true, null, "${var.x}"],
                "object": {"a": 1, "b c": 2, "${(var.k)}": 3},
                "call": "${merge(var.a, { b = 1 })}",
                "whole": "${var.x}",
                "part": "a-${var.x}-b",
                "either": "%{if var.x}a%{else}b%{endif}-c",
                "plain": "$${no}",
                "math": "${4 - 2}",
                "cond": "${test3 > 2 ? 1: 0}",
                "flush": "one\n  two ${local.other.3}\n",
                "kept": "    %{if true ? false : true}\"gotcha\"\\n%{else}4%{endif}\n",
                "loop": "x: %{for x in local.arr}x,%{endfor}",
            }],
        })
    );
    assert!(try_read(Format::Hcl, "a \"b\" {}\na {}\n").unwrap_err().message.contains("labels"));
}

#[test]
fn each_side_is_read_as_its_own_name_says() {
    let sides = Sides::read(Some(("a.json", b"{\"a\": 1}")), Some(("a.yaml", b"a: [")), &Limits::default());
    assert_eq!(sides.format, "yaml");
    assert_eq!(sides.base, Side::Read("{\"a\":1}".to_owned()));
    assert!(matches!(sides.head, Side::Unread(_)));
    let none = Sides::read(Some(("a.txt", b"x")), Some(("a.rs", b"x")), &Limits::default());
    assert_eq!(none, Sides::default());
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    assert!(matches!(Sides::read(None, Some(("a.yaml", pointer)), &Limits::default()).head, Side::Unread(_)));
}

/// Every prefix of a text of each format, and each with one byte taken out: whatever comes out, reading comes back.
#[test]
fn no_text_stops_a_reader() {
    for (format, text) in [
        (Format::Dockerfile, "# escape=`\nFROM a --b='c\nRUN [\"a\"] `\n b <<E\nx\nE\nENV a=\"b\\\"c\" d\n"),
        (Format::Dotenv, "export A='b\nc' # d\nB=\"$A${C}\\$\\n\nD: e\n"),
        (Format::Hcl, "a \"b\" { c = \"${d ? 1 : [2]}\" }\ne = <<-F\n  %{for x in y}z%{endfor}\nF\n"),
        (Format::Ini, "[a]\n\"b\" = \"\"\"c\nd\"\"\"\n`e` : f \\\n g # h\n"),
        (Format::Json, "{\"a\": [1.5e3, \"\\u00e4\", null]}"),
        (Format::Properties, "a\\ b = c\\\n  d\\u00e4\n! e\n"),
        (Format::Toml, "a = [1, {b = 1979-05-27}]\n[c.d]\n\"e\" = '''f'''\n"),
        (Format::Xml, "<?xml version='1.0'?><!DOCTYPE a><a b='c'>d&lt;<![CDATA[e]]><!-- f --></a>"),
        (Format::Yaml, "%YAML 1.1\n---\na: &b [*c, !d 'e']\n<<: {f: |\n  g}\n...\n--- >\n h\n"),
    ] {
        for end in 0..=text.len() {
            let _ = read(format, &text.as_bytes()[..end], &Limits::default());
            let mut less = text.as_bytes().to_vec();
            if end < less.len() {
                less.remove(end);
            }
            let _ = read(format, &less, &Limits::default());
        }
    }
}
