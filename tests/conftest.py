"""Hypothesis finds the same cases on every machine; `make soak` looks for new ones.

What is not about embeddings compares by words, whatever is installed: fast, and the same on every machine.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("test", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
os.environ.setdefault("CUECARD_EMBEDDINGS", "lexical")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
