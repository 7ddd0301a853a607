//! Tokens of places where code is kept: GitHub, GitLab, Bitbucket, Atlassian.

use super::detector::{Candidate, Detector, Rest};
use super::plausible::{drawn, drawn_and_checked, drawn_and_mixed};

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "atlassian-token",
        title: "an Atlassian API token",
        literals: &["ATATT3xFfGF0", "ATCTT3xFfGF0"],
        shape: r"AT[AC]TT3xFfGF0(?P<r>[A-Za-z0-9_-]{60,240}=[A-F0-9]{8})",
        ..Detector::TOKEN
    },
    Detector {
        id: "bitbucket-app-password",
        title: "a Bitbucket app password",
        literals: &["ATBB"],
        shape: r"ATBB(?P<r>[A-Za-z0-9]{24}[A-F0-9]{8})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "github-fine-grained-token",
        title: "a fine-grained GitHub token",
        literals: &["github_pat_"],
        shape: r"github_pat_(?P<r>[A-Za-z0-9]{22}_[A-Za-z0-9]{59})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "github-token",
        title: "a GitHub token",
        literals: &["gho_", "ghp_", "ghr_", "ghs_", "ghu_"],
        // Refresh tokens may be twice as long.
        shape: r"gh[pousr]_(?P<r>[A-Za-z0-9]{76}|[A-Za-z0-9]{36})",
        check: github,
        ..Detector::TOKEN
    },
    Detector {
        id: "gitlab-runner-registration-token",
        title: "a GitLab runner registration token",
        literals: &["GR1348941"],
        shape: r"GR1348941(?P<r>[A-Za-z0-9_-]{20})",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
    Detector {
        id: "gitlab-token",
        title: "a GitLab token",
        literals: &[
            "glagent-", "glcbt-", "gldt-", "glffct-", "glft-", "glimt-", "gloas-", "glpat-", "glptt-", "glrt-",
            "glsoat-",
        ],
        shape: r"gl(?:agent-(?P<r>[A-Za-z0-9_-]{50,})|ptt-[0-9a-f]{40}|oas-[0-9a-f]{64}|(?:pat|dt|rt|rtr|cbt|ft|imt|soat|ffct)-(?:t[0-9]_|[0-9a-f]{1,5}_)?(?:[A-Za-z0-9_-]{27,300}\.[0-9a-z]{2}\.?[0-9a-z]{7}|[A-Za-z0-9_-]{20,26}))",
        rest: Rest::Dashed,
        check: gitlab,
        ..Detector::TOKEN
    },
];

/// The last six letters of the usual length are a checksum.
fn github(candidate: &Candidate<'_>) -> bool {
    if candidate.random.len() == 36 { drawn_and_checked(candidate) } else { drawn(candidate) }
}

fn gitlab(candidate: &Candidate<'_>) -> bool {
    let start = candidate.whole.iter().position(|byte| *byte == b'-').map_or(0, |dash| dash.saturating_add(1));
    let random = candidate.whole.get(start..).unwrap_or_default();
    let digits = random.iter().any(u8::is_ascii_digit);
    digits && drawn(&Candidate { random, ..*candidate })
}
