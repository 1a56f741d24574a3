"""What an agent is made of, described in its author's words. Nothing here knows about a terminal or about sessions."""
