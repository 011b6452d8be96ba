"""What is chosen beside the chat."""

from __future__ import annotations

from dataclasses import replace

from app.ui.chat.sidebar import names_of
from tests.conftest import SmallLibrary


def test_documents_of_the_same_name_are_told_apart(small_library: SmallLibrary) -> None:
    first, second, *rest = small_library.library.documents()
    same = [replace(first, name="a/report.pdf"), replace(second, name="a/report.pdf"), *rest]
    names = names_of(same)
    assert len(set(names.values())) == len(same)
    assert all(names[one.id].startswith("a/report.pdf (added ") for one in same[:2])
    assert all(names[one.id] == one.name for one in rest)
