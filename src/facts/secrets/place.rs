//! Bytes of a text -> its lines and columns, as all facts count them.

/// A place: line and column in code points, from 1.
pub(super) type Place = (u32, u32);

/// Counts lines and columns of a text, from front to back.
pub(super) struct Places<'t> {
    text: &'t [u8],
    at: usize,
    place: Place,
}

impl<'t> Places<'t> {
    /// Begins at the front; a byte order mark is no column.
    pub(super) fn of(text: &'t [u8]) -> Self {
        let at = if text.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        Self { text, at, place: (1, 1) }
    }

    /// Returns where a byte stands that is not before the one asked last.
    pub(super) fn at(&mut self, byte: usize) -> Place {
        let passed = self.text.get(self.at..byte).unwrap_or_default();
        let (mut line, mut column) = self.place;
        for chunk in passed.utf8_chunks() {
            for letter in chunk.valid().chars() {
                (line, column) =
                    if letter == '\n' { (line.saturating_add(1), 1) } else { (line, column.saturating_add(1)) };
            }
            column = column.saturating_add(u32::try_from(chunk.invalid().len()).unwrap_or(u32::MAX));
        }
        (self.at, self.place) = (byte.max(self.at), (line, column));
        self.place
    }
}
