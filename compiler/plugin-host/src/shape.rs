//! What a component is made of, read from its bytes without running or validating anything.
//!
//! Owns: names of imports and exports, sizes that matter to a compiler, the embedded description, the languages it was written in.
//! Must not: build types. wasmparser's validator keeps every type in memory, and a crafted file can declare tens of millions; it only ever runs where the component
//! is compiled, which is contained. Reading the sections' names takes constant memory and about a microsecond per kilobyte.

use serde::Serialize;
use wasmparser::{ComponentExternalKind, Encoding, KnownCustom, Parser, Payload};

use crate::model::meta::Description;
use crate::section;

/// More imports or exports than any real component has.
const MOST_NAMES: usize = 1_000;
const PAGE_BYTES: u64 = 65_536;

/// A component as its sections tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// Names of the imports, in order.
    pub imports: Vec<String>,
    /// Names of the exports, in order.
    pub exports: Vec<String>,
    /// Core modules inside, at any depth.
    pub core_modules: usize,
    /// Core instances that are made when it is instantiated, as far as the sections tell.
    pub core_instances: usize,
    /// The largest function body, in bytes.
    pub largest_function: usize,
    /// The most locals of one function.
    pub most_locals: u64,
    /// The largest memory that it starts with, in bytes.
    pub largest_memory: u64,
    /// The largest table that it starts with, in elements.
    pub largest_table: u64,
    /// Languages and tools that made it, from the producers sections: `Rust 1.85.0`, `componentize-py 0.17`.
    pub producers: Vec<String>,
    /// The description that `plugin build` embedded.
    pub description: Option<Description>,
}

/// Why some bytes are not a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotAComponent {
    /// There are no bytes.
    Empty,
    /// A core module, which lacks the types of a component.
    CoreModule,
    /// The WebAssembly text format.
    TextFormat,
    /// Something else altogether.
    Foreign,
    /// It begins like a component and breaks off or makes no sense.
    Malformed(String),
    /// More imports or exports than any real component has.
    TooManyNames,
}

impl Shape {
    /// Reads the shape of a component.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NotAComponent> {
        match Encoding::of(bytes)? {
            Encoding::Module => return Err(NotAComponent::CoreModule),
            Encoding::Component => {}
        }
        let mut shape = Self::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(malformed)?;
            // The parser takes a file that breaks off between two sections of an inner module for a whole one.
            if let Payload::ModuleSection { unchecked_range: range, .. }
            | Payload::ComponentSection { unchecked_range: range, .. } = &payload
                && range.end > bytes.len()
            {
                let missing = range.end - bytes.len();
                return Err(NotAComponent::Malformed(format!(
                    "the file breaks off, at least {missing} bytes are missing"
                )));
            }
            shape.take(&payload, &mut depth)?;
        }
        Ok(shape)
    }

    fn take(&mut self, payload: &Payload<'_>, depth: &mut usize) -> Result<(), NotAComponent> {
        match payload {
            Payload::ModuleSection { .. } => {
                *depth += 1;
                self.core_modules += 1;
            }
            Payload::ComponentSection { .. } => *depth += 1,
            Payload::End(_) => *depth = depth.saturating_sub(1),
            Payload::InstanceSection(section) => {
                for instance in section.clone() {
                    if matches!(instance.map_err(malformed)?, wasmparser::Instance::Instantiate { .. }) {
                        self.core_instances += 1;
                    }
                }
            }
            Payload::MemorySection(section) => {
                for memory in section.clone() {
                    self.largest_memory =
                        self.largest_memory.max(memory.map_err(malformed)?.initial.saturating_mul(PAGE_BYTES));
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    self.largest_table = self.largest_table.max(table.map_err(malformed)?.ty.initial);
                }
            }
            Payload::CodeSectionEntry(body) => {
                self.largest_function = self.largest_function.max(body.range().len());
                let mut locals = 0_u64;
                for group in body.get_locals_reader().map_err(malformed)? {
                    locals += u64::from(group.map_err(malformed)?.0);
                }
                self.most_locals = self.most_locals.max(locals);
            }
            Payload::ComponentImportSection(section) if *depth == 0 => {
                for import in section.clone() {
                    keep(&mut self.imports, import.map_err(malformed)?.name.name)?;
                }
            }
            Payload::ComponentExportSection(section) if *depth == 0 => {
                for export in section.clone() {
                    let export = export.map_err(malformed)?;
                    if matches!(export.kind, ComponentExternalKind::Instance | ComponentExternalKind::Func) {
                        keep(&mut self.exports, export.name.name)?;
                    }
                }
            }
            Payload::CustomSection(custom) => {
                if *depth == 0 && custom.name() == section::NAME {
                    self.description = section::parse(custom.data());
                } else if let KnownCustom::Producers(producers) = custom.as_known() {
                    self.take_producers(producers);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Producers sections are advice only, so what does not parse is skipped.
    fn take_producers(&mut self, producers: wasmparser::ProducersSectionReader<'_>) {
        const MOST: usize = 16;
        for field in producers.into_iter().flatten() {
            for value in field.values.into_iter().flatten() {
                let text = crate::text::word(&format!("{} {}", value.name, value.version));
                if self.producers.len() < MOST && !self.producers.contains(&text) {
                    self.producers.push(text);
                }
            }
        }
    }
}

/// Which of the two binary encodings it is, told apart before parsing so that the message can say what was given.
trait EncodingOf: Sized {
    fn of(bytes: &[u8]) -> Result<Self, NotAComponent>;
}

impl EncodingOf for Encoding {
    fn of(bytes: &[u8]) -> Result<Self, NotAComponent> {
        const MAGIC: &[u8] = b"\0asm";
        let start: Vec<u8> = bytes.iter().copied().skip_while(u8::is_ascii_whitespace).take(10).collect();
        match bytes {
            [] => Err(NotAComponent::Empty),
            _ if start.starts_with(b"(component") || start.starts_with(b"(module") => Err(NotAComponent::TextFormat),
            _ if !bytes.starts_with(MAGIC) => Err(NotAComponent::Foreign),
            [_, _, _, _, 1, 0, 0, 0, ..] => Ok(Self::Module),
            [_, _, _, _, _, _, 1, 0, ..] => Ok(Self::Component),
            _ => Err(NotAComponent::Malformed("the header breaks off or has an unknown version".to_owned())),
        }
    }
}

fn keep(names: &mut Vec<String>, name: &str) -> Result<(), NotAComponent> {
    if names.len() == MOST_NAMES {
        return Err(NotAComponent::TooManyNames);
    }
    names.push(crate::text::word(name));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn malformed(error: wasmparser::BinaryReaderError) -> NotAComponent {
    NotAComponent::Malformed(crate::text::line(&format!("{} at byte {}", error.message(), error.offset())))
}
