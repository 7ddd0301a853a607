//! The parts of SARIF 2.1.0 that are read; everything else in a file is passed over.
//!
//! Owns the shapes. A key of these that stands twice is refused by the reader; every list is bounded.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Most items of one list.
const MOST_ITEMS: usize = 500_000;

/// A bounded list.
#[derive(Debug)]
pub(super) struct Items<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounded<T> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    if list.len() == MOST_ITEMS {
                        return Err(A::Error::custom(format_args!("a list has more than {MOST_ITEMS} items")));
                    }
                    list.push(item);
                }
                Ok(list)
            }
        }
        deserializer.deserialize_seq(Bounded(PhantomData)).map(Self)
    }
}

/// Returns the items of a list that may be absent.
pub(super) fn items<T>(list: &Option<Items<T>>) -> &[T] {
    list.as_ref().map_or(&[], |list| list.0.as_slice())
}

#[derive(Debug, Deserialize)]
pub(super) struct Log {
    pub(super) version: String,
    pub(super) runs: Option<Items<Run>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run {
    pub(super) tool: Tool,
    pub(super) results: Option<Items<Row>>,
    pub(super) invocations: Option<Items<Invocation>>,
    pub(super) original_uri_base_ids: Option<BTreeMap<String, ArtifactLocation>>,
    pub(super) artifacts: Option<Items<Artifact>>,
    pub(super) version_control_provenance: Option<Items<Origin>>,
    pub(super) column_kind: Option<String>,
    pub(super) external_property_file_references: Option<External>,
}

#[derive(Debug, Deserialize)]
pub(super) struct External {
    pub(super) results: Option<Items<serde::de::IgnoredAny>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tool {
    pub(super) driver: Component,
    pub(super) extensions: Option<Items<Component>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) semantic_version: Option<String>,
    pub(super) rules: Option<Items<Rule>>,
    pub(super) global_message_strings: Option<BTreeMap<String, Text>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) short_description: Option<Text>,
    pub(super) full_description: Option<Text>,
    pub(super) help: Option<Text>,
    pub(super) help_uri: Option<String>,
    pub(super) default_configuration: Option<RuleSetting>,
    pub(super) message_strings: Option<BTreeMap<String, Text>>,
    pub(super) properties: Option<Properties>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RuleSetting {
    pub(super) level: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Properties {
    #[serde(rename = "security-severity")]
    pub(super) security_severity: Option<Score>,
}

/// A score as a text, as GitHub wants it, or as a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Score {
    Text(String),
    Number(f64),
    Other(serde::de::IgnoredAny),
}

#[derive(Debug, Deserialize)]
pub(super) struct Text {
    pub(super) text: Option<String>,
    pub(super) markdown: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) rule_id: Option<String>,
    pub(super) rule_index: Option<i64>,
    pub(super) rule: Option<RuleReference>,
    pub(super) level: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) message: Option<Message>,
    pub(super) locations: Option<Items<Location>>,
    pub(super) suppressions: Option<Items<serde::de::IgnoredAny>>,
    pub(super) baseline_state: Option<String>,
    pub(super) fingerprints: Option<BTreeMap<String, String>>,
    pub(super) partial_fingerprints: Option<BTreeMap<String, String>>,
    pub(super) fixes: Option<Items<Fix>>,
    pub(super) properties: Option<Properties>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleReference {
    pub(super) id: Option<String>,
    pub(super) index: Option<i64>,
    pub(super) tool_component: Option<ComponentReference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ComponentReference {
    pub(super) name: Option<String>,
    pub(super) index: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) text: Option<String>,
    pub(super) markdown: Option<String>,
    pub(super) id: Option<String>,
    pub(super) arguments: Option<Items<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fix {
    pub(super) description: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: Option<PhysicalLocation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: Option<ArtifactLocation>,
    pub(super) region: Option<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: Option<String>,
    pub(super) uri_base_id: Option<String>,
    pub(super) index: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub(super) location: Option<ArtifactLocation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: Option<i64>,
    pub(super) start_column: Option<i64>,
    pub(super) end_line: Option<i64>,
    pub(super) end_column: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: Option<bool>,
    pub(super) tool_execution_notifications: Option<Items<Notification>>,
    pub(super) tool_configuration_notifications: Option<Items<Notification>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Notification {
    pub(super) level: Option<String>,
    pub(super) message: Option<Message>,
    pub(super) locations: Option<Items<Location>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Origin {
    pub(super) revision_id: Option<String>,
}
