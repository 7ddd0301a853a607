//! Tokens that publish packages: npm, PyPI, RubyGems, crates.io, NuGet, Docker Hub, Clojars, Artifactory.

use super::detector::{Detector, Rest};
use super::plausible::{drawn_and_checked, drawn_and_mixed};

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "artifactory-token",
        title: "an Artifactory API key or reference token",
        literals: &["AKCp", "cmVmdGtu"],
        shape: r"(?:AKCp(?P<r>[A-Za-z0-9]{69})|cmVmdGtu[A-Za-z0-9]{56})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "clojars-token",
        title: "a Clojars deploy token",
        literals: &["CLOJARS_"],
        shape: r"CLOJARS_(?P<r>[0-9a-f]{60})",
        ..Detector::TOKEN
    },
    Detector {
        id: "crates-io-token",
        title: "a crates.io token",
        literals: &["cio"],
        shape: r"cio(?P<r>[A-Za-z0-9]{32})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "docker-hub-token",
        title: "a Docker Hub token",
        literals: &["dckr_oat_", "dckr_pat_"],
        shape: r"dckr_[op]at_(?P<r>[A-Za-z0-9_-]{27,32})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "npm-token",
        title: "an npm token",
        literals: &["npm_"],
        shape: r"npm_(?P<r>[A-Za-z0-9]{36})",
        check: drawn_and_checked,
        ..Detector::TOKEN
    },
    Detector {
        id: "nuget-api-key",
        title: "a NuGet API key",
        literals: &["oy2"],
        shape: r"oy2(?P<r>[a-z0-9]{43})",
        ..Detector::TOKEN
    },
    Detector {
        id: "pypi-token",
        title: "a PyPI token",
        // A macaroon that names the index, or the one for trials, in Base64.
        literals: &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
        reach: 1_024,
        shape: r"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)(?P<r>[A-Za-z0-9_-]{50,1000})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "rubygems-token",
        title: "a RubyGems API key",
        literals: &["rubygems_"],
        shape: r"rubygems_(?P<r>[0-9a-f]{48})",
        ..Detector::TOKEN
    },
];
