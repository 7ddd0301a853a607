//! Checksums inside tokens: what was made up, or is a sample, does not fit.
//!
//! Owns the arithmetic. Must not know which provider uses which.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns the CRC-32 of IEEE 802.3.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let take = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, take)
}

/// Returns a number with the digits `0-9A-Za-z`, at least six of them.
pub(super) fn base62(number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    let mut rest = number;
    for place in digits.iter_mut().rev() {
        *place = DIGITS.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    digits
}

/// Says whether the last six characters are the checksum of those before.
pub(super) fn fits(random: &[u8]) -> bool {
    random.split_last_chunk::<6>().is_some_and(|(body, check)| base62(crc32(body)) == *check)
}

#[cfg(test)]
mod tests {
    use super::{base62, crc32, fits};

    #[test]
    fn the_published_check_value_comes_out() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(&base62(61), b"00000z");
        assert_eq!(&base62(u32::MAX), b"4gfFC3");
    }

    #[test]
    fn one_other_letter_does_not_fit() {
        let body = b"Zk3mQ9vT1xBn7RwL5cYd2HsPfJ8gKa";
        let mut whole = body.to_vec();
        whole.extend(base62(crc32(body)));
        assert!(fits(&whole));
        whole[3] = b'x';
        assert!(!fits(&whole) && !fits(b"abc"));
    }
}
