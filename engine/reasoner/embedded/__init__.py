"""The reasoner that needs no model server: deterministic and offline."""
