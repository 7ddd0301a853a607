//! Which bytes without a NUL are data all the same.

/// Says whether bytes without a NUL are no text all the same: not UTF-8, and full of controls.
///
/// Small compressed files often have no NUL. Whoever wants a file to count as binary can write a NUL into it, so this
/// lets nothing through that was held before; what a system runs by its first line is never taken for data here.
pub(crate) fn is_garbled(bytes: &[u8]) -> bool {
    let head = bytes.get(..8_000).unwrap_or(bytes);
    let control = |byte: &&u8| matches!(byte, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = head.iter().filter(control).count();
    !head.starts_with(b"#!") && controls * 100 > head.len() * 3 && std::str::from_utf8(bytes).is_err()
}

#[cfg(test)]
mod tests {
    use super::is_garbled;

    #[test]
    fn compressed_bytes_are_garbled_and_text_in_an_old_encoding_is_not() {
        let compressed: Vec<u8> = (1_u32..300).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 1).collect();
        assert!(is_garbled(&compressed));
        assert!(!is_garbled(b"caf\xE9 au lait\n"), "Latin-1");
        assert!(!is_garbled(b"\x1B[31mred\x1B[0m caf\xE9\n"), "colours of a terminal");
        assert!(!is_garbled(b"\x01\x02\x03\x04 text"), "UTF-8 with controls is a finding, not data");
        let script = [b"#!/bin/sh\n".as_slice(), &compressed].concat();
        assert!(!is_garbled(&script), "what a system runs is no data");
    }
}
