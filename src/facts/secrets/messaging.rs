//! Tokens and addresses that send messages: Slack, Discord, Teams, Telegram, SendGrid, Mailgun.

use super::detector::{Candidate, Detector, Rest, SecretKind};
use super::plausible::{drawn, drawn_and_mixed};

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "discord-webhook",
        title: "the address of a Discord webhook",
        literals: &["/api/webhooks/"],
        back: 24,
        shape: r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/(?P<r>[A-Za-z0-9_-]{60,72})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "mailgun-key",
        title: "a Mailgun API key",
        kind: SecretKind::Likely,
        literals: &["key-"],
        shape: r"key-(?P<r>[0-9a-f]{32})",
        ..Detector::TOKEN
    },
    Detector {
        id: "sendgrid-key",
        title: "a SendGrid API key",
        literals: &["SG."],
        shape: r"SG\.(?P<r>[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "slack-token",
        title: "a Slack token",
        literals: &["xapp-1-", "xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-"],
        shape: r"(?:xapp-1-A[A-Z0-9]{8,12}-[0-9]{10,14}-(?P<r>[0-9a-f]{64})|xoxe(?:\.xox[bp])?-[0-9]-[A-Za-z0-9]{140,180}|xox[abeoprs]-(?:[0-9]{1,2}-)?(?:[0-9]{9,14}-){1,3}[A-Za-z0-9]{20,64})",
        rest: Rest::Dashed,
        check: slack,
        ..Detector::TOKEN
    },
    Detector {
        id: "slack-webhook",
        title: "the address of a Slack webhook",
        literals: &["hooks.slack.com/"],
        shape: r"hooks\.slack\.com/(?:services|workflows|triggers)/[TE][A-Z0-9]{8,12}/[A-Z0-9]{8,14}/(?:[0-9]{12,20}/)?(?P<r>[A-Za-z0-9]{24})",
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
    Detector {
        id: "teams-webhook",
        title: "the address of a Microsoft Teams webhook",
        literals: &["webhook.office.com/webhookb2/"],
        back: 40,
        shape: r"[A-Za-z0-9-]{0,32}\.?webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/(?P<r>[0-9a-f]{32})/[0-9a-f-]{36}",
        rest: Rest::Dashed,
        ..Detector::TOKEN
    },
    Detector {
        id: "telegram-bot-token",
        title: "a Telegram bot token",
        literals: &[":AA"],
        back: 10,
        shape: r"[0-9]{8,10}:(?P<r>AA[A-Za-z0-9_-]{33})",
        rest: Rest::Dashed,
        check: drawn_and_mixed,
        ..Detector::TOKEN
    },
];

/// Of Slack's tokens the numbers name a workspace and an app; only the last part is drawn by lot.
fn slack(candidate: &Candidate<'_>) -> bool {
    let last = candidate.whole.rsplit(|byte| *byte == b'-').next().unwrap_or_default();
    drawn(&Candidate { random: last, ..*candidate })
}
