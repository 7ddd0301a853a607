//! The upload of a SARIF document to code scanning.
//!
//! Owns its wrapping: gzip, then base64. Must not change the document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use zlib_rs::{DeflateConfig, ReturnCode, compress_bound, compress_slice};

use crate::forge::patience::Patience;
use crate::forge::publication::Sarif;

use super::GitHub;
use super::line::{Method, Trouble, trouble};
use super::publish::Whatever;

/// Bytes that GitHub takes, compressed.
const COMPRESSED: usize = 10_000_000;

/// Bytes that the wrapping of gzip takes beside the compressed data, and some to spare.
const WRAPPING: usize = 64;

impl GitHub {
    /// Uploads the document.
    pub(super) async fn write_sarif(&self, patience: &Patience, head: &str, sarif: &Sarif) -> Result<(), Trouble> {
        let path = self.path("/code-scanning/sarifs");
        let refused = |why: &str| trouble(Method::Post, &path, 0, why.to_owned());
        let packed = gzip(sarif.text.as_bytes()).ok_or_else(|| refused("it could not be compressed"))?;
        if packed.len() > COMPRESSED {
            return Err(refused("it is larger than 10 MB compressed"));
        }
        let body = json!({"commit_sha": head, "ref": sarif.reference, "sarif": STANDARD.encode(packed)});
        self.line.write::<Whatever>(patience, Method::Post, &path, &body).await.map(|_| ())
    }
}

/// Compresses; none where the compressor fails.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    // 16 more than the largest window means gzip rather than zlib.
    let config = DeflateConfig { window_bits: 15 + 16, ..DeflateConfig::default() };
    let mut packed = vec![0; compress_bound(bytes.len()) + WRAPPING];
    let (written, code) = compress_slice(&mut packed, bytes, config);
    let length = written.len();
    packed.truncate(length);
    (code == ReturnCode::Ok).then_some(packed)
}

#[cfg(test)]
mod tests {
    use zlib_rs::{InflateConfig, ReturnCode, decompress_slice};

    use super::gzip;

    #[test]
    fn what_is_packed_is_gzip_and_can_be_unpacked() {
        let text = "the same again ".repeat(10_000);
        let packed = gzip(text.as_bytes()).unwrap();
        assert!(packed.starts_with(&[0x1f, 0x8b, 8]) && packed.len() < 5_000);
        let mut unpacked = vec![0; text.len()];
        let (written, code) = decompress_slice(&mut unpacked, &packed, InflateConfig { window_bits: 15 + 16 });
        assert_eq!(code, ReturnCode::Ok);
        assert_eq!(written, text.as_bytes());
        assert!(gzip(b"").is_some());
    }
}
