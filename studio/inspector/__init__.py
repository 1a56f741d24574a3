"""Draft beside sent, and why: the inspector of a turn and the sheet that answers “why” and “why not”."""
