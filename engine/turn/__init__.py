"""One turn of the conversation: one file per stage, in the order in which they run."""
