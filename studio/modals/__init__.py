"""What opens on top of a mode and asks or tells something."""
