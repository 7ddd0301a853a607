//! Keys of providers of models: Anthropic, OpenAI, Hugging Face, Groq, Perplexity, Replicate, xAI, LangSmith.

use super::detector::{Detector, Rest};
use super::plausible::drawn_and_mixed;

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "anthropic-key",
        title: "an Anthropic API key",
        literals: &["sk-ant-"],
        shape: r"sk-ant-(?:admin|api|oat|ort|sid)[0-9]{2}-(?P<r>[A-Za-z0-9_-]{80,120}AA)",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "groq-key",
        title: "a Groq API key",
        literals: &["gsk_"],
        shape: r"gsk_(?P<r>[A-Za-z0-9]{52})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "hugging-face-token",
        title: "a Hugging Face token",
        literals: &["api_org_", "hf_"],
        shape: r"(?:hf|api_org)_(?P<r>[A-Za-z]{34})",
        ..Detector::TOKEN
    },
    Detector {
        id: "langsmith-key",
        title: "a LangSmith API key",
        literals: &["lsv2_pt_", "lsv2_sk_"],
        shape: r"lsv2_(?:pt|sk)_(?P<r>[0-9a-f]{32}_[0-9a-f]{10})",
        ..Detector::TOKEN
    },
    Detector {
        id: "openai-key",
        title: "an OpenAI API key",
        // `OpenAI` in Base64, in the middle of every key.
        literals: &["T3BlbkFJ"],
        back: 140,
        shape: r"sk-(?:(?:admin|proj|svcacct|service)-)?(?P<r>[A-Za-z0-9_-]{20,130}T3BlbkFJ[A-Za-z0-9_-]{20,130})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "perplexity-key",
        title: "a Perplexity API key",
        literals: &["pplx-"],
        shape: r"pplx-(?P<r>[A-Za-z0-9]{48})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "replicate-token",
        title: "a Replicate token",
        literals: &["r8_"],
        shape: r"r8_(?P<r>[A-Za-z0-9]{37})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "xai-key",
        title: "an xAI API key",
        literals: &["xai-"],
        shape: r"xai-(?P<r>[A-Za-z0-9]{80})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
];
