//! One secret of every detector, put together when a test runs: no file of this repository holds any.

use super::checksum::{base62, crc32};

/// Letters that were drawn by lot, once: small and capital letters and digits, without a meaning.
const LOT: &str = "q8Xv2LmN0pRt5WzY7bKdJ3hGf6sA9cVuE4iTo1yBnMx7QkZ2wPjH5rDgL0aSfC8eUvT3mYiNbX6oKpJqR4tWzGhFs9dA1lVcE7";

/// Hexadecimal digits that were drawn by lot.
const HEX: &str = "9f3b1c7ad20e54886bfc01d7e3a94b52c7d81f06ae395b2470cd8e61fa93b5d24807e6c1953fba4d6e20718c5d9ab3f4\
                   e1c05a7b92d86f3e4b17ac950d62f8b3a7e4916cd05f2b8e3a91c7d640fb25e8a93d1c7b604f";

/// Digits of the alphabet `A-Z2-7` that were drawn by lot.
const BASE32: &str = "K7QX4NZ2VGJ5TRWM3HLDC6YPBSF2AEUKOI7NXQ4ZTV5GRJW3MDHC6LPYSB2FKEAU";

fn lot(count: usize) -> String {
    LOT.repeat(20).chars().take(count).collect()
}

fn from(start: usize, count: usize) -> String {
    LOT.repeat(20).chars().skip(start).take(count).collect()
}

fn hex(count: usize) -> String {
    HEX.chars().take(count).collect()
}

fn upper(count: usize) -> String {
    BASE32.chars().take(count).collect()
}

fn letters(count: usize) -> String {
    LOT.chars().filter(char::is_ascii_alphabetic).take(count).collect()
}

fn small(count: usize) -> String {
    LOT.to_ascii_lowercase().chars().take(count).collect()
}

/// Thirty letters and their checksum.
fn checked() -> String {
    let body = lot(30);
    let check = base62(crc32(body.as_bytes()));
    format!("{body}{}", String::from_utf8_lossy(&check))
}

/// Base64 of a key in DER, over lines of 64 letters.
pub(crate) fn key(begin: &str, label: &str, line_end: &str) -> String {
    let body = format!("{begin}{}", lot(320 - begin.len()));
    let lines: Vec<&str> = (0..5).map(|line| &body[line * 64..line * 64 + 64]).collect();
    let dashes = "-".repeat(5);
    let lines = lines.join(line_end);
    format!("{dashes}BEGIN {label}{dashes}{line_end}{lines}{line_end}{dashes}END {label}{dashes}")
}

/// Every detector: its id, a text that holds such a secret, and the secret.
#[expect(clippy::too_many_lines, reason = "one row a detector")]
pub(crate) fn samples() -> Vec<(&'static str, String, String)> {
    let plain = |id: &'static str, parts: &[&str]| {
        let value = parts.concat();
        (id, format!("value = \"{value}\"\n"), value)
    };
    let private = "PRIVATE KEY";
    let aws = format!("AKIA{}", upper(16));
    let forty = format!("{}/{}", from(3, 20), from(40, 19));
    let pem = key("MIIE", private, "\n");
    let sealed = key("MIIE", &format!("ENCRYPTED {private}"), "\n");
    let pgp = key("lQOYB", &format!("PGP {private} BLOCK"), "\n").replacen('\n', "\n\n", 1);
    let body = |key: &str| {
        key.lines().filter(|line| !line.starts_with('-') && !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let header = "eyJhbGciOi";
    let mut all = vec![
        plain("1password-service-account", &["ops_", "eyJ", &lot(300)]),
        (
            "age-key",
            String::new(),
            format!("AGE-SECRET-KEY-1{}", &"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L2L7AUM6ECHK45NJ3S0WDVT2FG8X9YRZPQ"[3..61]),
        ),
        plain("alibaba-access-key", &["LTAI", &lot(20)]),
        plain("anthropic-key", &["sk-ant-", "api03-", &lot(93), "AA"]),
        plain("artifactory-token", &["AKCp", &lot(69)]),
        plain("atlassian-token", &["ATATT3", "xFfGF0", &lot(170), "=", &hex(8).to_uppercase()]),
        ("aws-access-key", String::new(), aws.clone()),
        ("aws-secret-key", format!("id = {aws}\nkey = {forty}\n"), forty.clone()),
        plain("azure-client-secret", &[&lot(3), "8Q", "~", &from(7, 34)]),
        ("azure-shared-key", format!("Name=a;SharedAccess{}={}=\n", "Key", lot(43)), format!("{}=", lot(43))),
        ("azure-storage-key", format!("Name=a;Account{}={}==;\n", "Key", lot(86)), format!("{}==", lot(86))),
        plain("bitbucket-app-password", &["ATBB", &lot(24), &hex(8).to_uppercase()]),
        plain("braintree-token", &["access_token$", "production$", &small(16), "$", &hex(32)]),
        plain("buildkite-token", &["bkua_", &hex(40)]),
        plain("circleci-token", &["CCIPAT_", &lot(22), "_", &hex(40)]),
        plain("clojars-token", &["CLOJARS_", &hex(60)]),
        plain("cloudflare-origin-key", &["v1.0-", &hex(24), "-", &hex(146)]),
        plain("crates-io-token", &["cio", &lot(32)]),
        plain("databricks-token", &["dapi", &hex(32)]),
        plain("digitalocean-token", &["dop_v1_", &hex(64)]),
        plain("discord-webhook", &["discord.com/api", "/webhooks/", "112903847561029384/", &lot(68)]),
        plain("docker-hub-token", &["dckr_pat_", &lot(27)]),
        plain("doppler-token", &["dp.pt.", &lot(43)]),
        plain("dynatrace-token", &["dt0c01.", &upper(24), ".", &upper(64)]),
        ("encrypted-private-key", sealed.clone(), body(&sealed)),
        plain("figma-token", &["figd_", &lot(40)]),
        plain("github-fine-grained-token", &["github_pat_", &lot(22), "_", &from(22, 59)]),
        plain("github-token", &["ghp_", &checked()]),
        plain("gitlab-runner-registration-token", &["GR1348941", &lot(20)]),
        plain("gitlab-token", &["glpat-", &lot(20)]),
        plain("google-api-key", &["AIza", &lot(35)]),
        plain("google-oauth-secret", &["GOCSPX-", &lot(28)]),
        plain("grafana-token", &["glsa_", &lot(32), "_", &hex(8)]),
        plain("groq-key", &["gsk_", &lot(52)]),
        plain("heroku-api-key", &["HRKU-AA", &lot(58)]),
        plain("hugging-face-token", &["hf_", &letters(34)]),
        plain("jwt", &[header, &lot(30), ".", "eyJ", &from(5, 60), ".", &from(20, 43)]),
        plain("langsmith-key", &["lsv2_pt_", &hex(32), "_", &hex(10)]),
        plain("linear-key", &["lin_api_", &lot(40)]),
        plain("mailgun-key", &["key-", &hex(32)]),
        plain("new-relic-key", &["NRAK-", &upper(27)]),
        plain("notion-token", &["secret_", &lot(43)]),
        plain("npm-token", &["npm_", &checked()]),
        plain("nuget-api-key", &["oy2", &small(43)]),
        plain("openai-key", &["sk-proj-", &lot(58), "T3Blbk", "FJ", &from(9, 58)]),
        plain("perplexity-key", &["pplx-", &lot(48)]),
        ("pgp-private-key", pgp.clone(), body(&pgp)),
        plain("planetscale-token", &["pscale_tkn_", &lot(43)]),
        plain("postman-key", &["PMAK-", &hex(24), "-", &hex(34)]),
        plain("prefect-key", &["pnu_", &lot(36)]),
        ("private-key", pem.clone(), body(&pem)),
        plain("pulumi-token", &["pul-", &hex(40)]),
        plain("pypi-token", &["pypi-AgEIc", "HlwaS5vcmc", &lot(150)]),
        plain("replicate-token", &["r8_", &lot(37)]),
        plain("rubygems-token", &["rubygems_", &hex(48)]),
        plain("sendgrid-key", &["SG.", &lot(22), ".", &from(22, 43)]),
        plain("sentry-token", &["sntryu_", &hex(64)]),
        plain("shopify-token", &["shpat_", &hex(32)]),
        plain("slack-token", &["xoxb-", "102938475610-", "564738291045-", &lot(24)]),
        plain("slack-webhook", &["hooks.slack.com", "/services/", "T0A1B2C3D4/", "B5E6F7G8H9/", &lot(24)]),
        plain("square-secret", &["sq0csp-", &lot(43)]),
        plain("stripe-live-key", &["sk_live_", &lot(24)]),
        plain("supabase-token", &["sbp_", &hex(40)]),
        plain("tailscale-key", &["tskey-auth-", &lot(17), "-", &from(17, 32)]),
        plain(
            "teams-webhook",
            &[
                "acme.webhook.office.com",
                "/webhookb2/",
                "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9@0f1e2d3c-4b5a-4678-9685-b4a3c2d1e0f8",
                "/IncomingWebhook/",
                &hex(32),
                "/1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f7",
            ],
        ),
        plain("telegram-bot-token", &["5839201746", ":AA", &lot(33)]),
        plain("terraform-cloud-token", &[&lot(14), ".atlasv1.", &from(14, 67)]),
        ("url-password", format!("postgres://app:{}@db.shop.net/orders\n", lot(24)), lot(24)),
        plain("vault-token", &["hvs.", &lot(24)]),
        plain("xai-key", &["xai-", &lot(80)]),
    ];
    for (_, text, value) in &mut all {
        if text.is_empty() {
            *text = format!("value = \"{value}\"\n");
        }
    }
    all
}
