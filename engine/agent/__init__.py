"""What an author writes: the model of an agent, its file, edits and checks."""
