"""Recordings: what a language model answered, kept in a file that people can review, and played instead of it.

`calls` says what is kept, `cassette` is the file, `recorded` plays it, `recording` writes it, `staleness` says what
changed where a question is no longer the one that was answered.
"""
