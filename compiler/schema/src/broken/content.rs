//! What a value of the right type must be like: its list of values, pattern, format, length, size and bounds.

use flatwright_diagnostic::Rule;

use crate::json::quoted;

/// The content of a value.
#[derive(Debug, Rule)]
#[rule(group = "schema-value")]
pub(crate) enum Content {
    /// A value that an enumeration does not have.
    #[rule("schema-unlisted-value", "{value} is not one of {allowed}")]
    Unlisted {
        value: String,
        #[rule(skip)]
        allowed: String,
    },
    /// A text that does not have its format.
    #[rule("schema-format", "{value} is not {format}")]
    Format { value: String, format: &'static str },
    /// A text that does not match a pattern.
    #[rule("schema-pattern", "{value} does not match the pattern `{pattern}`")]
    Pattern { value: String, pattern: String },
    /// A text of too many characters.
    #[rule("schema-text-too-long", "text of {length} characters is longer than the {most} allowed")]
    TextTooLong { length: u64, most: u64 },
    /// A text of too few characters.
    #[rule("schema-text-too-short", "{}", too_short(text, *least))]
    TextTooShort { text: String, least: u64 },
    /// A number that its 32-bit format cannot hold.
    #[rule("schema-32-bit-number", "`{number}` does not fit 32 bits, the format of this field")]
    Beyond32Bits { number: String },
    /// A number that is not a multiple of another.
    #[rule("schema-not-a-multiple", "`{number}` is not a multiple of {factor}")]
    NotAMultiple { number: String, factor: f64 },
    /// A number above its bound.
    #[rule("schema-number-too-large", "`{number}` is too large: {relation} {limit} is allowed")]
    TooLarge {
        number: String,
        #[rule(skip)]
        relation: &'static str,
        limit: f64,
    },
    /// A number below its bound.
    #[rule("schema-number-too-small", "`{number}` is too small: {relation} {limit} is asked for")]
    TooSmall {
        number: String,
        #[rule(skip)]
        relation: &'static str,
        limit: f64,
    },
    /// A list with too many entries.
    #[rule("schema-list-too-long", "list has {count} entries, at most {most} are allowed")]
    ListTooLong { count: u64, most: u64 },
    /// A list with too few entries.
    #[rule("schema-list-too-short", "list has {count} entries, at least {least} must be there")]
    ListTooShort { count: u64, least: u64 },
    /// A list with two equal entries where all must differ.
    #[rule("schema-equal-entries", "list has equal entries")]
    EqualEntries,
    /// A mapping with too many fields.
    #[rule("schema-mapping-too-large", "mapping has {count} fields, at most {most} are allowed")]
    MappingTooLarge { count: u64, most: u64 },
    /// A mapping with too few fields.
    #[rule("schema-mapping-too-small", "mapping has {count} fields, at least {least} must be there")]
    MappingTooSmall { count: u64, least: u64 },
    /// A value that fits none of the alternatives.
    #[rule("schema-no-alternative", "{value} fits none of the {count} alternatives, {wanted} must fit")]
    NoAlternative {
        value: String,
        count: usize,
        #[rule(skip)]
        wanted: &'static str,
    },
    /// A value that fits more than one of the alternatives.
    #[rule("schema-several-alternatives", "{value} fits {fitting} of the alternatives, exactly one is allowed")]
    SeveralAlternatives { value: String, fitting: usize },
    /// A value that the schema names as one that must not be.
    #[rule("schema-excluded-value", "{value} is what the schema excludes (`not`)")]
    Excluded { value: String },
    /// A count of replicas that the scale subresource cannot give.
    #[rule("schema-replica-count", "the replica count {value} is not an integer from 0 to 2147483647")]
    ReplicaCount { value: String },
    /// A selector that the scale subresource cannot give.
    #[rule("schema-scale-selector", "the selector of the scale subresource is {value}, not a string")]
    ScaleSelector { value: String },
    /// More containers in containers than the server reads.
    #[rule("schema-nesting", "the value is nested deeper than {limit} levels")]
    Nesting { limit: usize },
}

fn too_short(text: &str, least: u64) -> String {
    match text {
        "" => "text is empty, but must not be".to_owned(),
        _ => format!("{} is shorter than the {least} characters asked for", quoted(text)),
    }
}
