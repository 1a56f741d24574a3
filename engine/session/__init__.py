"""What happens at run time: events, the stores that keep them, clocks."""
