"""From an edit back to the text: spliced by marks, so that every untouched byte stays; saved atomically."""
