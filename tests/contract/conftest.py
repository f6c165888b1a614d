"""What the suites of this ring share: each test of a store runs on every database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stores import BOTH, Rig, rig_of


@pytest.fixture(params=BOTH)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rig_of(request.param, tmp_path) as made:
        yield made
