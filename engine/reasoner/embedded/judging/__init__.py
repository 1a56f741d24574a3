"""Does a condition hold? Examples, data, acts, similarity; calibrated for each condition."""
