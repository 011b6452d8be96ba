"""Thought between tags is told apart from the answer, wherever the pieces are cut."""

from __future__ import annotations

import random

import pytest

from app.events import Thought, Token
from app.models.model import Usage
from app.thought import REASONING, THINK, separate_thought

USAGE = Usage(1, 2, {}, cut_off=False)


def separate(pieces: list[str]) -> tuple[str, str]:
    """What was thought and what was said."""
    found = list(separate_thought(iter([*map(Token, pieces), USAGE]), THINK, REASONING))
    assert found.count(USAGE) == 1
    thought = "".join(piece.text for piece in found if isinstance(piece, Thought))
    said = "".join(piece.text for piece in found if isinstance(piece, Token))
    return thought, said


@pytest.mark.parametrize(
    ("text", "thought", "said"),
    [
        ("Just said.", "", "Just said."),
        ("<think>Hm.</think>Said.", "Hm.", "Said."),
        ("\n <think>\nHm </think\n> .</think>\n\nSaid.", "\nHm </think\n> .", "Said."),
        ("<reasoning>a < b</reasoning>Said [1].", "a < b", "Said [1]."),
        ("<think>a</think><reasoning>b</reasoning>c", "ab", "c"),
        ("<think>never ends", "never ends", ""),
        ("<think></think>Said.", "", "Said."),
        ("<thinking about it", "", "<thinking about it"),
        ("The tag <think>x</think> is text here.", "", "The tag <think>x</think> is text here."),
        ("<", "", "<"),
        ("", "", ""),
    ],
)
def test_thought_is_told_apart_however_the_text_is_cut(text: str, thought: str, said: str) -> None:
    assert separate([text]) == (thought, said)
    assert separate(list(text)) == (thought, said)
    chance = random.Random(text)  # noqa: S311 - nothing secret
    for _ in range(20):
        cuts = sorted(chance.choices(range(len(text) + 1), k=3))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert separate(pieces) == (thought, said)
