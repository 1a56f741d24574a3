"""Hypothesis finds the same cases on every machine; `make soak` looks for new ones.

What is not about embeddings compares by words, whatever is installed: fast, and the same on every machine.
"""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile("test", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
os.environ.setdefault("CUECARD_EMBEDDINGS", "lexical")
if "PYTEST_XDIST_WORKER" not in os.environ:
    # One for the run and its workers, and never the user's own: vectors are kept there.
    _CACHE = tempfile.TemporaryDirectory(prefix="cuecard-tests-", ignore_cleanup_errors=True)
    os.environ["XDG_CACHE_HOME"] = _CACHE.name
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
