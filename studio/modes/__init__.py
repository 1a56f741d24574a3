"""The six modes of the studio, one file or folder each."""
