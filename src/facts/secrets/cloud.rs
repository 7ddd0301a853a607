//! Keys of clouds: Azure, Google, DigitalOcean, Databricks, Cloudflare, Heroku, Alibaba, PlanetScale, Tailscale.

use super::detector::{Detector, Rest, SecretKind};
use super::plausible::drawn_and_mixed;

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "alibaba-access-key",
        title: "the id of an Alibaba Cloud access key",
        kind: SecretKind::Likely,
        literals: &["LTAI"],
        shape: r"LTAI(?P<r>[A-Za-z0-9]{20})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "azure-client-secret",
        title: "a client secret of Microsoft Entra",
        literals: &["Q~"],
        back: 4,
        shape: r"(?P<r>[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "azure-shared-key",
        title: "a shared access key of Azure",
        literals: &["SharedAccessKey="],
        shape: r"SharedAccessKey=(?P<v>[A-Za-z0-9+/]{42,43}=)",
        rest: Rest::Base64,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "azure-storage-key",
        title: "the key of an Azure storage account",
        literals: &["AccountKey="],
        shape: r"AccountKey=(?P<v>[A-Za-z0-9+/]{86}==)",
        rest: Rest::Base64,
        check: azure_storage,
        ..Detector::TOKEN
    },
    Detector {
        id: "cloudflare-origin-key",
        title: "a Cloudflare origin CA key",
        literals: &["v1.0-"],
        shape: r"v1\.0-(?P<r>[0-9a-f]{24}-[0-9a-f]{146})",
        ..Detector::TOKEN
    },
    Detector {
        id: "databricks-token",
        title: "a Databricks token",
        literals: &["dapi"],
        shape: r"dapi(?P<r>[0-9a-f]{32})(?:-[0-9])?",
        ..Detector::TOKEN
    },
    Detector {
        id: "digitalocean-token",
        title: "a DigitalOcean token",
        literals: &["doo_v1_", "dop_v1_", "dor_v1_"],
        shape: r"do[opr]_v1_(?P<r>[0-9a-f]{64})",
        ..Detector::TOKEN
    },
    Detector {
        id: "google-api-key",
        title: "a Google API key",
        literals: &["AIza"],
        shape: r"AIza(?P<r>[A-Za-z0-9_-]{35})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "google-oauth-secret",
        title: "a Google OAuth client secret",
        literals: &["GOCSPX-"],
        shape: r"GOCSPX-(?P<r>[A-Za-z0-9_-]{28})",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
    Detector {
        id: "heroku-api-key",
        title: "a Heroku API key",
        literals: &["HRKU-AA"],
        shape: r"HRKU-AA(?P<r>[A-Za-z0-9_-]{58})",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
    Detector {
        id: "planetscale-token",
        title: "a PlanetScale token or password",
        literals: &["pscale_oauth_", "pscale_pw_", "pscale_tkn_"],
        shape: r"pscale_(?:oauth|pw|tkn)_(?P<r>[A-Za-z0-9_.-]{32,64})",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
    Detector {
        id: "tailscale-key",
        title: "a Tailscale key",
        literals: &["tskey-"],
        shape: r"tskey-(?:api|auth|client|scim|webhook)-(?P<r>[A-Za-z0-9]{8,20}(?:CNTRL)?-[A-Za-z0-9]{20,40})",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
];

/// The account of the storage emulator is the same on every machine, and documented.
fn azure_storage(candidate: &super::detector::Candidate<'_>) -> bool {
    !candidate.value.starts_with(b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/")
        && drawn_and_mixed(candidate)
}
