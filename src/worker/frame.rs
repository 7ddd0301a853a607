//! Frames: how a message becomes bytes on a pipe and comes back.
//!
//! Owns the length prefix and its bound. Must not trust the other side: a prefix never decides how much is allocated,
//! and bytes that are no message are an error.

use std::io::{self, Read};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest frame in bytes; it bounds what a hostile worker can make the supervisor hold.
const MAX_BYTES: usize = 1 << 30;

/// How many bytes are reserved before the first has arrived.
const FIRST_RESERVE: usize = 1 << 20;

/// Length of the prefix in bytes.
const PREFIX: usize = 4;

/// A frame that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The stream ended inside a frame.
    #[error("the stream ends inside a frame")]
    Truncated,
    /// Longer than the bound.
    #[error("a frame of {0} bytes is over the bound of {MAX_BYTES}")]
    TooLong(usize),
    /// The bytes are no message of the protocol.
    #[error("the frame holds no message: {0}")]
    Malformed(#[source] postcard::Error),
    /// The stream failed.
    #[error("the stream failed: {0}")]
    Stream(#[source] io::Error),
}

/// Collects a message behind an empty prefix, and stops at the bound.
struct Collector(Vec<u8>);

impl postcard::ser_flavors::Flavor for Collector {
    type Output = Vec<u8>;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.try_extend(&[byte])
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if self.0.len().saturating_add(bytes.len()) > MAX_BYTES.saturating_add(PREFIX) {
            return Err(postcard::Error::SerializeBufferFull);
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// Returns `message` as one frame, prefix included. `expected` bytes are reserved, so that a long one is not copied while
/// it grows.
pub(super) fn encode<T: Serialize>(message: &T, expected: usize) -> Result<Vec<u8>, FrameError> {
    let mut place = Vec::with_capacity(expected.min(MAX_BYTES).saturating_add(PREFIX));
    place.resize(PREFIX, 0);
    let collector = Collector(place);
    let mut frame = match postcard::serialize_with_flavor(message, collector) {
        Ok(frame) => frame,
        Err(postcard::Error::SerializeBufferFull) => return Err(FrameError::TooLong(MAX_BYTES)),
        Err(error) => return Err(FrameError::Malformed(error)),
    };
    let length = frame.len().saturating_sub(PREFIX);
    let prefix = u32::try_from(length).map_err(|_| FrameError::TooLong(length))?.to_le_bytes();
    if let Some(place) = frame.first_chunk_mut::<PREFIX>() {
        *place = prefix;
    }
    Ok(frame)
}

/// Reads the next message, or none when the stream has ended between two frames.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> Result<Option<T>, FrameError> {
    let Some(length) = read_prefix(input)? else { return Ok(None) };
    if length > MAX_BYTES {
        return Err(FrameError::TooLong(length));
    }
    let mut bytes = Vec::with_capacity(length.min(FIRST_RESERVE));
    input.by_ref().take(length as u64).read_to_end(&mut bytes).map_err(FrameError::Stream)?;
    if bytes.len() < length {
        return Err(FrameError::Truncated);
    }
    match postcard::take_from_bytes(&bytes) {
        Ok((message, [])) => Ok(Some(message)),
        Ok(_) => Err(FrameError::Malformed(postcard::Error::DeserializeBadEncoding)),
        Err(error) => Err(FrameError::Malformed(error)),
    }
}

fn read_prefix(input: &mut impl Read) -> Result<Option<usize>, FrameError> {
    let mut bytes = Vec::with_capacity(PREFIX);
    input.by_ref().take(PREFIX as u64).read_to_end(&mut bytes).map_err(FrameError::Stream)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let prefix = bytes.first_chunk::<PREFIX>().ok_or(FrameError::Truncated)?;
    usize::try_from(u32::from_le_bytes(*prefix)).map(Some).map_err(|_| FrameError::TooLong(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::protocol::{Reply, Request};

    #[test]
    fn a_message_comes_back_from_its_frame() {
        let frame = encode(&Request::Document(b"{}".to_vec()), 0).unwrap();
        let mut input = frame.as_slice();
        assert!(matches!(read(&mut input), Ok(Some(Request::Document(json))) if json == b"{}"));
        assert!(matches!(read::<Request>(&mut input), Ok(None)));
    }

    #[test]
    fn a_frame_cut_anywhere_is_truncated() {
        let frame = encode(&Reply::Started(300), 0).unwrap();
        for cut in 1..frame.len() {
            assert!(matches!(read::<Reply>(&mut &frame[..cut]), Err(FrameError::Truncated)), "cut at {cut}");
        }
    }

    #[test]
    fn a_prefix_over_the_bound_is_refused_before_anything_is_read() {
        let bytes = [0xff; 64];
        assert!(matches!(read::<Reply>(&mut bytes.as_slice()), Err(FrameError::TooLong(_))));
    }

    #[test]
    fn a_long_prefix_with_few_bytes_is_truncated_without_a_large_allocation() {
        let mut bytes = u32::try_from(MAX_BYTES).unwrap().to_le_bytes().to_vec();
        bytes.extend([0; 10]);
        assert!(matches!(read::<Reply>(&mut bytes.as_slice()), Err(FrameError::Truncated)));
    }

    #[test]
    fn bytes_after_the_message_are_malformed() {
        let mut frame = encode(&Reply::Ready, 0).unwrap();
        frame.push(0);
        frame[0] += 1;
        assert!(matches!(read::<Reply>(&mut frame.as_slice()), Err(FrameError::Malformed(_))));
    }

    #[test]
    fn every_single_byte_frame_is_a_message_or_an_error() {
        for byte in 0..=u8::MAX {
            let bytes = [2, 0, 0, 0, byte, 0xff];
            let _ = read::<Reply>(&mut bytes.as_slice());
            let _ = read::<Request>(&mut bytes.as_slice());
        }
    }
}
