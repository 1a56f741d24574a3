"""Who does the thinking that a turn asks for."""
