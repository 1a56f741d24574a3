"""What is wrong or doubtful across the whole agent; one function a check."""
