//! Bytes of a text -> its lines and columns, as all facts count them.

/// A place: line and column in code points, from 1.
pub(super) type Place = (u32, u32);

/// Counts lines and columns of a text, from front to back.
pub(super) struct Places<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
    start: usize,
}

impl<'t> Places<'t> {
    /// Begins at the front; a byte order mark is no column.
    pub(super) fn of(text: &'t [u8]) -> Self {
        let start = if text.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        Self { text, at: start, line: 1, start }
    }

    /// Returns where a byte stands that is not before the one asked last.
    pub(super) fn at(&mut self, byte: usize) -> Place {
        let passed = self.text.get(self.at..byte).unwrap_or_default();
        for (index, _) in passed.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.line = self.line.saturating_add(1);
            self.start = self.at.saturating_add(index).saturating_add(1);
        }
        self.at = byte.max(self.at);
        let before = self.text.get(self.start..byte).unwrap_or_default();
        let letters =
            |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count().saturating_add(chunk.invalid().len());
        let column = before.utf8_chunks().map(letters).fold(1_usize, usize::saturating_add);
        (self.line, u32::try_from(column).unwrap_or(u32::MAX))
    }
}
