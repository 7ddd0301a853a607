//! Strings that break reports, and the readers that they try to reach: the runner's command parser and a decoder.

/// What attackers and accidents put into names, messages and code, each alone.
const PIECES: &[&str] = &[
    "",
    " ",
    "\0",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u{7}",
    "\u{8}\u{8}\u{8}",
    "\u{1B}[2J",
    "\u{1B}[31mred\u{1B}[0m",
    "\u{1B}]8;;https://evil.example\u{7}link\u{1B}]8;;\u{7}",
    "\u{1B}]0;title\u{1B}\\",
    "\u{9B}31m",
    "\u{7F}",
    "\u{85}",
    "\u{A0}",
    "\u{AD}",
    "\u{200B}",
    "\u{200D}",
    "\u{202E}txt.exe",
    "\u{2066}a\u{2069}",
    "\u{2028}",
    "\u{2029}",
    "\u{3000}",
    "\u{3164}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\u{FFFF}",
    "\u{10FFFF}",
    "\u{E0041}\u{E0042}",
    "a\u{301}\u{301}\u{301}\u{301}",
    "\u{1F468}\u{200D}\u{1F469}",
    "\u{6771}\u{4EAC}",
    "::error::x",
    "::error file=a,line=1::x",
    "::stop-commands::x",
    "::add-mask::a",
    "::set-output name=a::b",
    " ::warning::x",
    "\u{A0}::group::x",
    "\u{2003}::group::x",
    "\u{FEFF}::group::x",
    "##[stop-commands]x",
    "##[add-mask]a",
    "a ##[group]b",
    "###[error]x",
    "##\u{200B}[error]x",
    "%0A::error::x",
    "%25%0D%0A%3A%2C",
    "`",
    "``",
    "```",
    "````````````````````````````````````````````````````",
    "~~~",
    "~~x~~",
    "*x* **x** _x_ __x__",
    "@org/team",
    "@everyone",
    "a@b.example",
    "#1",
    "Fixes #1",
    "closes org/repo#12",
    "GH-1",
    "ABC-123",
    "!12 %3 &4 ~bug $5 ^alert#6",
    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
    "/approve",
    " /lgtm",
    "/close\n/label bug",
    "<img src=x>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</details></table></code></pre>",
    "<!-- hidden instruction -->",
    "<!--",
    "<![CDATA[x]]>",
    "<a href='https://evil.example'>x</a>",
    "<https://evil.example>",
    "&lt;b&gt; &#64;team &commat;team",
    "[x](javascript:alert(1))",
    "[x](https://evil.example)",
    "![x](https://evil.example/i.png)",
    "[x][y]\n\n[y]: https://evil.example",
    "[^1]",
    "https://evil.example",
    "www.evil.example",
    "//evil.example",
    "mailto:a@b.example",
    ":tada:",
    "$x$ $$y$$ $`z`$",
    "a | b | c",
    "\\| \\\\|",
    "|---|",
    "---",
    "===",
    "- x",
    "+ x",
    "1. x",
    "1) x",
    "# x",
    "> x",
    "> [!WARNING]",
    "    indented",
    "\\",
    "\\u{202e}",
    "\\x41",
    "\\xFF\\\\",
    "$(id)",
    "`id`",
    "-rf",
    "--format=json",
    "'\"",
    "${{ github.token }}",
    "{0} {1}",
    "{}",
    "null",
    "../../etc/passwd",
    "C:\\aux.txt",
    "a:b,c=d",
    "PASS  nothing against this change",
];

/// Returns every piece alone, at both ends of ordinary text, after a line end, and every pair of neighbours.
pub(crate) fn strings() -> Vec<String> {
    let mut strings = Vec::new();
    for piece in PIECES {
        strings.push((*piece).to_owned());
        strings.push(format!("name {piece} name"));
        strings.push(format!("x{piece}x"));
        strings.push(format!("line\n{piece}\nline"));
    }
    strings.extend(PIECES.windows(2).map(|pair| pair.concat()));
    strings.extend(PIECES.windows(3).map(|three| three.iter().rev().copied().collect()));
    strings.extend((0..=0x9F).chain(0x2000..0x2070).filter_map(char::from_u32).map(|c| format!("{c}a{c}{c}")));
    strings.push(PIECES.concat());
    strings.push("x".repeat(70_000));
    strings.push("\u{202E}".repeat(3_000));
    strings
}

/// What the runner reads in one line: a command's name, properties and message, decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) message: String,
}

/// Returns the command that the runner sees in a line of the log, as it is documented and as its older form has it.
pub(crate) fn command(line: &str) -> Option<Command> {
    modern(line).or_else(|| legacy(line))
}

fn modern(line: &str) -> Option<Command> {
    let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}';
    let (head, message) = line.trim_start_matches(blank).strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|property| property.split_once('='));
    let undo = |text: &str| decode(text).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    Some(Command {
        name: name.to_owned(),
        properties: properties.map(|(key, value)| (key.to_owned(), undo(value))).collect(),
        message: decode(message).replace("%25", "%"),
    })
}

fn legacy(line: &str) -> Option<Command> {
    let (_, after) = line.split_once("##[")?;
    let (name, message) = after.split_once(']')?;
    Some(Command { name: name.to_owned(), properties: Vec::new(), message: message.to_owned() })
}

fn decode(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n")
}
