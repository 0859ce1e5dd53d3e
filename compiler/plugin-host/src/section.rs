//! The custom section that holds a plugin's description, so that it can be read without running anything.
//!
//! Owns: its name, its JSON form, reading it and writing it. `plugin build` writes it, `inspect` reads it, `check` compares it with what `describe` answers.

use crate::model::meta::Description;

/// The section's name.
pub(crate) const NAME: &str = "flatwright:plugin-description";

/// A longer description is no description.
const MOST_BYTES: usize = 1 << 20;

/// Reads the content of the section; `None` if it is no description.
pub(crate) fn parse(data: &[u8]) -> Option<Description> {
    if data.len() > MOST_BYTES {
        return None;
    }
    serde_json::from_slice(data).ok()
}

/// A component with this description embedded as its last section.
///
/// The bytes must be a component without such a section: `plugin build` calls it once, on what the encoder made.
#[must_use]
pub fn with_description(component: &[u8], description: &Description) -> Vec<u8> {
    let data = serde_json::to_vec(description).expect("invariant: strings always serialize");
    let mut content = Vec::with_capacity(NAME.len() + data.len() + 2);
    push_length(&mut content, NAME.len());
    content.extend_from_slice(NAME.as_bytes());
    content.extend_from_slice(&data);
    let mut embedded = Vec::with_capacity(component.len() + content.len() + 6);
    embedded.extend_from_slice(component);
    embedded.push(0);
    push_length(&mut embedded, content.len());
    embedded.extend_from_slice(&content);
    embedded
}

/// WebAssembly's LEB128.
fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    loop {
        let low = (length & 0x7f) as u8;
        length >>= 7;
        if length == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    #[test]
    fn an_embedded_description_reads_back() {
        let description = Description {
            name: "pin-images".into(),
            version: "1.2.3".into(),
            summary: "x".repeat(500),
            settings_schema: Some("{}".into()),
            documentation: None,
        };
        let component = wat::parse_str("(component)").expect("assembles");
        let shape = Shape::read(&with_description(&component, &description)).expect("is a component");
        assert_eq!(shape.description, Some(description));
    }

    #[test]
    fn garbage_in_the_section_is_no_description() {
        assert_eq!(parse(b"\xff\x00"), None);
        assert_eq!(parse(&vec![b' '; MOST_BYTES + 1]), None);
    }
}
