//! Keys that move money: Stripe, Shopify, Square, Braintree. Keys of test accounts are none.

use super::detector::{Detector, Rest};
use super::plausible::drawn_and_mixed;

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "braintree-token",
        title: "a Braintree access token",
        literals: &["access_token$production$"],
        shape: r"access_token\$production\$(?P<r>[0-9a-z]{16}\$[0-9a-f]{32})",
        ..Detector::TOKEN
    },
    Detector {
        id: "shopify-token",
        title: "a Shopify token",
        literals: &["shpat_", "shpca_", "shppa_", "shpss_"],
        shape: r"shp(?:at|ca|pa|ss)_(?P<r>[0-9a-fA-F]{32})",
        ..Detector::TOKEN
    },
    Detector {
        id: "square-secret",
        title: "a Square secret",
        literals: &["sq0csp-"],
        shape: r"sq0csp-(?P<r>[A-Za-z0-9_-]{43})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "stripe-live-key",
        title: "a live Stripe key",
        literals: &["rk_live_", "sk_live_"],
        shape: r"[rs]k_live_(?P<r>[A-Za-z0-9]{24,247})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
];
