"""The refusal is known however a model decorates it, and a claim beside it is not lost."""

from __future__ import annotations

import pytest

from prompts.refusal import REFUSAL, is_refusal

BARE = REFUSAL.removesuffix(".")


@pytest.mark.parametrize(
    "answer",
    [
        REFUSAL,
        f" {REFUSAL}\n",
        BARE,
        REFUSAL.lower(),
        f'"{REFUSAL}"',
        f"“{REFUSAL}”",
        f"'{BARE}'",
        f"**{REFUSAL}**",
        f"_{REFUSAL}_",
        REFUSAL.replace(" ", "\n", 1),
    ],
)
def test_the_phrase_is_known_in_its_decorations(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize("answer", [f"{REFUSAL} [1]", f"**{BARE}**.", f'"{BARE}".'])
def test_the_phrase_is_known_with_a_mark_or_the_full_stop_outside(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        ".",
        f"{REFUSAL} The valve opens at nine bar.",
        f"The valve opens at nine bar. {REFUSAL}",
        f"{BARE}, but the valve opens at nine bar.",
        "The documents answer this question.",
    ],
)
def test_anything_more_or_less_than_the_phrase_is_no_refusal(answer: str) -> None:
    assert not is_refusal(answer)
