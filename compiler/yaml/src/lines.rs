//! Byte offset ↔ line and column. Used by renderers and by formats that report positions; never while parsing.

use memchr::memchr2_iter;

/// The starts of the lines of a text. A line ends at LF, CRLF or a lone CR, as YAML has it.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Scans a text once. Texts of 4 GiB and more are cut.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let breaks = memchr2_iter(b'\n', b'\r', bytes);
        let ends = breaks.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        Self { starts: std::iter::once(0).chain(ends.filter_map(|at| u32::try_from(at + 1).ok())).collect() }
    }

    /// 1-based line and 1-based column in characters of a byte offset. An offset past the end is the end.
    pub fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = floor_boundary(text, offset);
        let line = self.line(offset);
        let start = self.starts[line - 1] as usize;
        (line, text[start..offset].chars().count() + 1)
    }

    /// The 1-based line of a byte offset, without the cost of a column.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset)
    }

    /// The byte offset at which a 1-based line starts; `None` past the last.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).map(|start| *start as usize)
    }

    /// The byte offset of a 1-based line and a 1-based column in characters; the nearest place that exists where the text is shorter.
    pub fn offset(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(start) = self.starts.get(line.saturating_sub(1)) else { return text.len() };
        let start = *start as usize;
        let end = self.starts.get(line).map_or(text.len(), |next| *next as usize);
        let line_text = &text[start..end];
        line_text.char_indices().nth(column.saturating_sub(1)).map_or(end, |(i, _)| start + i)
    }

    /// The number of lines.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_every_line_break_counts() {
        let text = "a: é x\r\nb\rc\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(text, text.find('x').expect("x")), (1, 6));
        assert_eq!(lines.position(text, text.find('b').expect("b")), (2, 1));
        assert_eq!(lines.position(text, text.find('c').expect("c")), (3, 1));
        assert_eq!(lines.position(text, 999), (4, 1));
        assert_eq!(lines.offset(text, 1, 6), text.find('x').expect("x"));
        assert_eq!(lines.offset(text, 99, 1), text.len());
    }
}
