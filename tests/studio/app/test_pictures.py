"""One picture of every mode at 80 × 24, compared with the one that was looked at and kept."""

from __future__ import annotations

import pytest

from .pictures import PICTURES, steady_clock


@pytest.mark.parametrize("name", PICTURES)
def test_the_screen_looks_as_it_did(name, snap_compare, tmp_path):
    picture = PICTURES[name]
    with steady_clock():
        assert snap_compare(picture.app(tmp_path), terminal_size=picture.size, run_before=picture.before)
