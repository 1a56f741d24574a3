"""The terminal side of Cuecard: the command line and, on top of it, the studio."""
