"""What the checks of the doctor need: converted models, for which their first user waits long."""

from __future__ import annotations

import pytest

from tests.conftest import SmallLibrary


@pytest.fixture(scope="session", autouse=True)
def converted(small_library: SmallLibrary) -> None:
    """A check is given up after a minute, so what is made once in a cache is made before."""
