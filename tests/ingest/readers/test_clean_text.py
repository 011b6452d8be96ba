"""Raw text is made fit for search, and nothing that matters is lost."""

import random

import pytest

from ingest.readers.clean_text import clean_text, essence


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb", "a\nb"),
        ("a\tb\x00\x0cc", "a bc"),
        ("e\ufb03cient \ufb02ame", "efficient flame"),
        ("exam\ufffeple", "exam-\nple"),
        ("exam\ufffe\r\nple", "exam-\nple"),
        ("well\ufffeKnown", "well-Known"),
        ("self\ufffe\r\nMade", "self-\nMade"),
        ("2019\ufffe2020", "2019-2020"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("wait... what", "wait... what"),
        ("Name ______ Date ------ 3", "Name ___ Date --- 3"),
        ("Valves . . . . . . . . 7", "Valves ... 7"),
        ("漢字 🙂 é", "漢字 🙂 é"),
    ],
)
def test_text_is_made_fit_for_search(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize("seed", range(20))
def test_cleaning_keeps_what_matters_of_any_text(seed: int) -> None:
    characters = "abé漢 .-_\r\n\t\x00\x0c\ufffe\ufb03\ud800\u00ad🙂1"
    raw = "".join(random.Random(seed).choices(characters, k=300))  # noqa: S311
    assert essence(clean_text(raw)) == essence(raw)
