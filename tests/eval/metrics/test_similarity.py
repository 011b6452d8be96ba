"""Near in meaning by the library's own embedder."""

from __future__ import annotations

from eval.metrics.similarity import semantic_similarity
from tests.conftest import SmallLibrary
from tests.eval.metrics.answers import answer, case, refusal


def test_an_answer_that_means_the_same_is_nearer_than_another(small_library: SmallLibrary) -> None:
    similarity = semantic_similarity(small_library.library.embedder)
    asked = case("forty bar", "nine bar")
    same, near, far = (
        similarity(asked, answer(text)).value or 0.0
        for text in ("Nine bar.", "At a pressure of nine bar.", "The captain eats bread.")
    )
    assert 1.0 >= same > near > far >= 0.0
    assert same > 0.95


def test_nothing_to_compare_is_no_similarity(small_library: SmallLibrary) -> None:
    similarity = semantic_similarity(small_library.library.embedder)
    assert similarity(case(), answer("Nine.")).reason == "not applicable: the case names no answer"
    assert similarity(case("nine"), refusal()).reason == "not applicable: the answer is a refusal"
