//! No naughty string acts in any sink, one escaper at a time.

use portcullis::untrusted::{
    html, is_hidden, markdown, markdown_code, markdown_code_cell, markdown_fence, markdown_prose, terminal,
    terminal_lines, workflow_data, workflow_plain, workflow_property, write_json, xml,
};

use super::naughty::{command, strings};

/// Returns the text that a Markdown parser shows for inline text made by the escapers, or none when a tag remains that
/// is not ours.
fn shown(markdown: &str) -> Option<String> {
    let mut text = markdown.to_owned();
    for tag in ["<span>", "</span>", "<code>", "</code>"] {
        text = text.replace(tag, "");
    }
    if text.contains(['<', '>']) {
        return None;
    }
    let mut read = String::new();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let entity = rest.strip_prefix('&').and_then(|after| after.split_once(';'));
        let escape = rest.strip_prefix('\\').and_then(|after| after.chars().next()).filter(char::is_ascii_punctuation);
        if let Some((name, after)) = entity {
            let number = name.strip_prefix('#').and_then(|digits| digits.parse().ok()).and_then(char::from_u32);
            read.push(number.or(match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                _ => None,
            })?);
            rest = after;
        } else if let Some(escaped) = escape {
            read.push(escaped);
            rest = &rest[2..];
        } else {
            read.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(read)
}

#[test]
fn nothing_hidden_reaches_any_sink_rows_28_30_39() {
    for text in strings() {
        let one_line = [
            terminal(&text),
            workflow_plain(&text),
            workflow_data(&text),
            workflow_property(&text),
            markdown(&text),
            markdown_prose(&text),
            markdown_code(&text),
            markdown_code_cell(&text),
            html(&text),
            xml(&text),
        ];
        for escaped in one_line.iter().chain(&terminal_lines(&text)) {
            assert!(!escaped.contains(is_hidden), "{text:?} -> {escaped:?}");
        }
        assert!(!markdown_fence(&text).contains(|c| c != '\n' && is_hidden(c)), "{text:?}");
    }
}

#[test]
fn every_control_and_bidi_character_is_shown_by_its_number_row_28() {
    let points = (0..0x20).chain(0x7F..0xA0).chain(0x202A..0x202F).chain(0x2066..0x206A).chain([0x200E, 0x200F, 0x61C]);
    for point in points {
        let c = char::from_u32(point).unwrap();
        assert_eq!(terminal(&format!("a{c}b")), format!("a\\u{{{point:x}}}b"));
    }
}

#[test]
fn escaping_twice_for_a_terminal_or_the_log_changes_nothing() {
    for text in strings() {
        assert_eq!(terminal(&terminal(&text)), terminal(&text));
        assert_eq!(workflow_plain(&workflow_plain(&text)), workflow_plain(&text));
    }
}

#[test]
fn the_runner_sees_no_command_in_a_line_of_the_log_rows_26_27() {
    for text in strings() {
        let plain = workflow_plain(&text);
        assert_eq!(command(&plain), None, "{text:?} -> {plain:?}");
        for line in workflow_data(&text).split("%0A") {
            assert_eq!(command(line), None, "{text:?} -> {line:?}");
        }
    }
}

#[test]
fn a_command_of_ours_is_read_back_as_it_was_meant_row_36() {
    for text in strings() {
        let line = format!("::error file={},title=t::{}", workflow_property(&text), workflow_data(&text));
        let read = command(&line).unwrap();
        let file = terminal(&text).replace("##[", "##\\u{5b}");
        assert_eq!(read.name, "error");
        assert_eq!(read.properties, [("file".to_owned(), file), ("title".to_owned(), "t".to_owned())], "{text:?}");
        let lines: Vec<_> = terminal_lines(&text).iter().map(|line| workflow_plain(line)).collect();
        assert_eq!(read.message, lines.join("\n"), "{text:?}");
    }
}

#[test]
fn markdown_shows_the_text_itself_and_no_tag_of_it_rows_37_38() {
    for text in strings() {
        let words = |text: &str| text.split_whitespace().map(terminal).collect::<Vec<_>>().join(" ");
        for escaped in [markdown(&text), markdown_code_cell(&text)] {
            assert_eq!(shown(&escaped).as_deref(), Some(words(&text).as_str()), "{text:?} -> {escaped:?}");
        }
        let prose = shown(&markdown_prose(&text)).unwrap();
        let bare = |text: &str| text.replace(['`', ' '], "");
        assert_eq!(bare(&prose), bare(&words(&text)), "{text:?}");
    }
}

#[test]
fn no_pattern_that_a_forge_acts_on_is_left_in_one_piece_rows_37_38() {
    let raw = |text: &str| -> String { text.replace("<span>", "\u{1}").replace("</span>", "\u{1}") };
    for text in strings() {
        for escaped in [markdown(&text), markdown_prose(&text), markdown_code_cell(&text)] {
            let pieces = raw(&escaped).replace("<code>", "").replace("</code>", "");
            for piece in pieces.split('\u{1}') {
                assert!(!piece.contains(['@', '~', '$', '|', '<', '>', '\n']), "{text:?} -> {escaped:?}");
                assert!(!piece.contains("://") && !piece.contains("//"), "{text:?} -> {escaped:?}");
                let entity_free = piece.replace("&#", "");
                assert!(!entity_free.contains('#'), "{text:?} -> {escaped:?}");
                let digits = |piece: &str| piece.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
                assert!(digits(piece) < Some(7), "{text:?} -> {escaped:?}");
            }
            assert!(!escaped.trim_start().starts_with(['/', '-', '+', '=', '#', '>']), "{text:?} -> {escaped:?}");
        }
    }
}

#[test]
fn a_fence_ends_only_at_its_own_end_row_124() {
    for text in strings() {
        let block = markdown_fence(&text);
        let fence = block.lines().next().unwrap();
        let inside: Vec<_> = block.lines().skip(1).take(block.lines().count() - 2).collect();
        assert_eq!(block.lines().last(), Some(fence));
        assert!(fence.len() >= 3 && inside.iter().all(|line| !line.contains(fence)), "{text:?}");
        let command =
            |line: &&str| line.trim_start().strip_prefix('/').is_some_and(|c| c.starts_with(char::is_alphabetic));
        assert!(!inside.iter().any(command), "{text:?}");
        let span = markdown_code(&text);
        let ticks = span.len() - span.trim_start_matches('`').len();
        let body = &span[ticks..span.len() - ticks];
        assert!(
            !body.contains(&"`".repeat(ticks)) && !body.starts_with('`') && !body.ends_with('`'),
            "{text:?} -> {span}"
        );
    }
}

#[test]
fn html_and_xml_hold_no_markup() {
    for text in strings() {
        for escaped in [html(&text), xml(&text)] {
            assert!(!escaped.contains(['<', '>', '"', '\'']), "{text:?}");
        }
    }
}

#[test]
fn json_is_lossless_and_holds_nothing_hidden() {
    let strings = strings();
    let mut bytes = Vec::new();
    write_json(&strings, &mut bytes).unwrap();
    let written = String::from_utf8(bytes).unwrap();
    assert!(!written.contains(|c| c != '\n' && is_hidden(c)));
    assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), strings);
}
