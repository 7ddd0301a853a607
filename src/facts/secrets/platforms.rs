//! Tokens of tools that teams run on: secret stores, CI, monitoring, trackers.

use super::detector::{Detector, Rest};
use super::plausible::drawn_and_mixed;

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "1password-service-account",
        title: "a service account of 1Password",
        literals: &["ops_eyJ"],
        reach: 4_096,
        shape: r"ops_(?P<r>eyJ[A-Za-z0-9+/]{250,}={0,3})",
        rest: Rest::Base64,
        ..Detector::TOKEN
    },
    Detector {
        id: "buildkite-token",
        title: "a Buildkite token",
        literals: &["bkua_"],
        shape: r"bkua_(?P<r>[0-9a-f]{40})",
        ..Detector::TOKEN
    },
    Detector {
        id: "circleci-token",
        title: "a CircleCI token",
        literals: &["CCIPAT_", "CCIPRJ_"],
        shape: r"CCIP(?:AT|RJ)_(?P<r>[A-Za-z0-9]{22}_[0-9a-f]{40})",
        ..Detector::TOKEN
    },
    Detector {
        id: "doppler-token",
        title: "a Doppler token",
        literals: &["dp.audit.", "dp.ct.", "dp.pt.", "dp.sa.", "dp.scim.", "dp.st."],
        shape: r"dp\.(?:audit|ct|pt|sa|scim|st\.(?:[a-z0-9_-]{2,35}\.)?|st)\.?(?P<r>[A-Za-z0-9]{40,44})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "dynatrace-token",
        title: "a Dynatrace token",
        literals: &["dt0c01.", "dt0s16."],
        shape: r"dt0[cs][0-9]{2}\.[A-Z0-9]{24}\.(?P<r>[A-Z0-9]{64})",
        ..Detector::TOKEN
    },
    Detector {
        id: "figma-token",
        title: "a Figma token",
        literals: &["figd_"],
        shape: r"figd_(?P<r>[A-Za-z0-9_-]{40,46})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "grafana-token",
        title: "a Grafana token",
        literals: &["glc_eyJ", "glsa_"],
        shape: r"(?:glsa_(?P<r>[A-Za-z0-9]{32}_[0-9a-fA-F]{8})|glc_eyJ[A-Za-z0-9+/]{60,}={0,2})",
        rest: Rest::Base64,
        ..Detector::TOKEN
    },
    Detector {
        id: "linear-key",
        title: "a Linear API key",
        literals: &["lin_api_", "lin_oauth_"],
        shape: r"lin_(?:api|oauth)_(?P<r>[0-9a-f]{64}|[A-Za-z0-9]{40})",
        ..Detector::TOKEN
    },
    Detector {
        id: "new-relic-key",
        title: "a New Relic user key",
        literals: &["NRAK-"],
        shape: r"NRAK-(?P<r>[A-Z0-9]{27})",
        ..Detector::TOKEN
    },
    Detector {
        id: "notion-token",
        title: "a Notion integration token",
        literals: &["ntn_", "secret_"],
        shape: r"(?:secret_(?P<r>[A-Za-z0-9]{43})|ntn_[0-9]{11}[A-Za-z0-9]{35})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "postman-key",
        title: "a Postman API key",
        literals: &["PMAK-"],
        shape: r"PMAK-(?P<r>[0-9a-f]{24}-[0-9a-f]{34})",
        ..Detector::TOKEN
    },
    Detector {
        id: "prefect-key",
        title: "a Prefect API key",
        literals: &["pnb_", "pnu_"],
        shape: r"pn[bu]_(?P<r>[A-Za-z0-9]{36})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "pulumi-token",
        title: "a Pulumi token",
        literals: &["pul-"],
        shape: r"pul-(?P<r>[0-9a-f]{40})",
        ..Detector::TOKEN
    },
    Detector {
        id: "sentry-token",
        title: "a Sentry token",
        literals: &["sntrys_eyJ", "sntryu_"],
        shape: r"(?:sntryu_(?P<r>[0-9a-f]{64})|sntrys_eyJ[A-Za-z0-9+/]{60,}={0,2}_[A-Za-z0-9+/]{43})",
        rest: Rest::Base64,
        ..Detector::TOKEN
    },
    Detector {
        id: "supabase-token",
        title: "a Supabase access token",
        literals: &["sbp_"],
        shape: r"sbp_(?P<r>[0-9a-f]{40})",
        ..Detector::TOKEN
    },
    Detector {
        id: "terraform-cloud-token",
        title: "a Terraform Cloud token",
        literals: &[".atlasv1."],
        back: 14,
        shape: r"(?P<r>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9]{60,70})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "vault-token",
        title: "a HashiCorp Vault token",
        literals: &["hvb.", "hvr.", "hvs."],
        shape: r"hv[brs]\.(?P<r>[A-Za-z0-9_-]{90,300}|[A-Za-z0-9]{24})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
];
