"""Passwords that are quick to check: the same algorithm with less work."""

import argon2
import pytest

from app.people import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of 8 KB and one pass; a hash names its own parameters."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    passwords._of_nobody.cache_clear()
