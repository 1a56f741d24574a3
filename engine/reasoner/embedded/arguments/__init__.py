"""Arguments and fields, found in the conversation and never invented."""
