//! Paths of checks: a chain on the stack, written out only when something is found.

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    Key(&'a str),
    Index(usize),
}

/// A place below the root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

impl<'a> Path<'a> {
    /// The root itself.
    pub(crate) const ROOT: Path<'static> = Path { parent: None, segment: Segment::Key("") };

    pub(crate) const fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Key(key) }
    }

    pub(crate) const fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Index(index) }
    }

    /// The steps from the root.
    pub(crate) fn segments(&self) -> Vec<Segment<'a>> {
        let mut segments = Vec::new();
        let mut at = *self;
        while let Some(parent) = at.parent {
            segments.push(at.segment);
            at = *parent;
        }
        segments.reverse();
        segments
    }
}

/// `storage.files.0.path`
impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write_segments(f, &self.segments())
    }
}

fn write_segments(f: &mut impl std::fmt::Write, segments: &[Segment<'_>]) -> std::fmt::Result {
    for (i, segment) in segments.iter().enumerate() {
        if i > 0 {
            f.write_char('.')?;
        }
        match segment {
            Segment::Key(key) => f.write_str(key)?,
            Segment::Index(index) => write!(f, "{index}")?,
        }
    }
    Ok(())
}
