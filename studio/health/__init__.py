"""What `cuecard doctor` looks at: the machine, who can think on it, and what mends what is missing."""
