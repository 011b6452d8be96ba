"""Marks belong to the sentence before them, and the claims do not depend on how a text streams."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app.bind import Bind
from app.citations import attach_marks, best_quote, bind_sentence, marked_numbers, strip_marks
from app.events import Ask, Claim, ClaimChecked, Composed, Done, Event, Found, Token, Understood
from app.grounding import check_claim
from prompts.refusal import REFUSAL
from tests.app.asking import passage

PASSAGES = (
    passage("The valve opens at nine bar. It is made of brass.", number=1),
    passage("It lets out steam with a hiss.", number=2),
    passage("Test it on Monday.", number=3),
)
SPLITS = 200


def bind(events: Iterator[Event]) -> Iterator[Event]:
    return Bind(model="m", strategy="direct", check=check_claim).run(events)


def claims_of(pieces: list[str]) -> tuple[Claim, ...]:
    """The claims of an answer that streams in these pieces; those streamed are those at the end."""
    before: list[Event] = [
        Understood(Ask("Why?"), "Why?"),
        Found(PASSAGES),
        Composed("Why?", PASSAGES, (), {}, 0),
    ]
    events = list(bind(iter([*before, *map(Token, pieces)])))
    done = events[-1]
    assert isinstance(done, Done)
    checked = tuple(event.claim for event in events if isinstance(event, ClaimChecked))
    assert checked == done.answer.claims
    return done.answer.claims


def cited(claims: tuple[Claim, ...]) -> list[tuple[str, list[int]]]:
    return [(claim.text, [c.number for c in claim.citations]) for claim in claims]


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("It opens [1].", [1]),
        ("It opens [1][2].", [1, 2]),
        ("It opens [1] [2].", [1, 2]),
        ("It opens [1, 2].", [1, 2]),
        ("It opens [2; 1].", [2, 1]),
        ("It opens [ 1 ].", [1]),
        ("It opens [1] and [1, 3] closes.", [1, 3]),
        ("It opens.", []),
        ("In [brackets] and (1).", []),
        ("It opens [12].", [12]),
    ],
)
def test_the_numbers_of_marks_are_read_in_order_each_once(
    sentence: str, numbers: list[int]
) -> None:
    assert marked_numbers(sentence) == numbers


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It opens [1].", "It opens."),
        ("It opens. [1]", "It opens."),
        ("[1] It opens.", "It opens."),
        ("It [1], they say [2, 3], opens!", "It, they say, opens!"),
        ("It opens [1][2].", "It opens."),
        ("In [brackets].", "In [brackets]."),
    ],
)
def test_a_sentence_without_its_marks_reads_as_if_it_never_had_any(
    sentence: str, text: str
) -> None:
    assert strip_marks(sentence) == text


@pytest.mark.parametrize(
    ("sentences", "attached"),
    [
        (["It opens.", "[1] It shuts.", "[2]"], ["It opens. [1]", "It shuts. [2]"]),
        (["It opens.", "[1][2] It shuts [3]."], ["It opens. [1][2]", "It shuts [3]."]),
        (["It opens [1].", "It shuts."], ["It opens [1].", "It shuts."]),
        (["[1] It opens.", "[2]"], ["[1] It opens. [2]"]),
        (["It opens.", "[1].", "It shuts."], ["It opens. [1].", "It shuts."]),
        ([], []),
    ],
)
def test_marks_after_the_full_stop_belong_to_the_sentence_before(
    sentences: list[str], attached: list[str]
) -> None:
    assert attach_marks(sentences) == attached


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [("It opens [1].", [1]), ("It opens [4].", []), ("It opens [0].", []), ("It [3][9].", [3])],
)
def test_marks_that_name_no_passage_are_dropped(sentence: str, numbers: list[int]) -> None:
    claim = bind_sentence(sentence, PASSAGES)
    assert [citation.number for citation in claim.citations] == numbers
    assert [citation.page for citation in claim.citations] == numbers


def test_two_citations_prove_a_claim_together() -> None:
    claim = bind_sentence("The brass valve opens at nine bar with a hiss [1][2].", PASSAGES)
    assert claim.verdict == "supported"
    assert [citation.quote for citation in claim.citations] == [
        "The valve opens at nine bar.",
        "It lets out steam with a hiss.",
    ]


@pytest.mark.parametrize(
    ("sentence", "number", "said"),
    [
        ("The valve opens at nine bar [2].", 1, "it cited [2]; [1] proves it"),
        ("The valve opens at nine bar [3][2].", 1, "it cited [3], [2]; [1] proves it"),
        ("The valve opens at nine bar.", 1, "it cited no passage; [1] proves it"),
        ("The valve opens at nine bar [7].", 1, "it cited no passage; [1] proves it"),
        ("It lets out steam with a hiss [1].", 2, "it cited [1]; [2] proves it"),
    ],
)
def test_a_sentence_goes_to_the_passage_that_proves_it(
    sentence: str, number: int, said: str
) -> None:
    claim = bind_sentence(sentence, PASSAGES)
    assert claim.verdict == "supported"
    assert [citation.number for citation in claim.citations] == [number]
    assert (claim.rebound, claim.reason) == (said, "")


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("The valve opens at ninety-one bar and explodes [1].", [1]),
        ("Elephants drink coffee at noon.", []),
        ("It is brass.", []),  # too little to tell where it is from
    ],
)
def test_what_no_passage_proves_keeps_its_marks_and_stands_without_proof(
    sentence: str, numbers: list[int]
) -> None:
    claim = bind_sentence(sentence, PASSAGES)
    assert claim.verdict == "unsupported"
    assert [citation.number for citation in claim.citations] == numbers
    assert claim.rebound == ""


def test_a_sentence_of_two_facts_goes_to_the_passages_that_prove_it_together() -> None:
    claim = bind_sentence(
        "The valve opens at nine bar, and it lets out steam with a hiss [3].", PASSAGES
    )
    assert claim.verdict == "supported"
    assert [citation.number for citation in claim.citations] == [1, 2]
    assert claim.rebound == "it cited [3]; [1] and [2] prove it together"


def test_of_a_sentence_of_two_facts_the_one_that_is_not_proved_is_named() -> None:
    claim = bind_sentence(
        "The valve opens at nine bar, and its spring was forged in Sheffield [1].", PASSAGES
    )
    assert claim.verdict == "unsupported"
    assert claim.reason.endswith("not proved: “its spring was forged in Sheffield.”")


def test_the_quote_of_a_sentence_that_quotes_is_what_the_passage_says() -> None:
    claim = bind_sentence("The manual says “the valve opens at nine bars” [1].", PASSAGES)
    assert claim.citations[0].quote == "The valve opens at nine bar"


def test_a_citation_that_proves_a_sentence_stays_though_another_passage_would_too() -> None:
    twice = (*PASSAGES, PASSAGES[0])
    claim = bind_sentence("The valve opens at nine bar [4].", twice)
    assert [citation.number for citation in claim.citations] == [4]
    assert claim.rebound == ""


@pytest.mark.parametrize("sentence", [REFUSAL, f'"{REFUSAL}"', f"{REFUSAL} [1]"])
def test_the_refusal_cites_nothing(sentence: str) -> None:
    claim = bind_sentence(sentence, PASSAGES)
    assert (claim.citations, claim.verdict) == ((), "not checkable")


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The valves open at nine bar.", "The valve opens at nine bar."),
        ("Brass is what it is made of.", "It is made of brass."),
        ("Nothing of this stands here.", "It is made of brass."),  # the shorter among equals
    ],
)
def test_the_quote_is_the_sentence_that_shares_most(claim: str, quote: str) -> None:
    assert best_quote(claim, PASSAGES[0].text) == quote


def test_a_passage_without_a_sentence_is_quoted_whole() -> None:
    assert best_quote("Anything.", " ") == " "


def test_a_sentence_waits_for_marks_that_may_follow() -> None:
    before: list[Event] = [
        Understood(Ask("Why?"), "Why?"),
        Found(PASSAGES),
        Composed("Why?", PASSAGES, (), {}, 0),
    ]
    pieces = ["The valve opens at nine bar.", " [1]", " It", " lets out steam."]
    kinds = [type(event).__name__ for event in bind(iter([*before, *map(Token, pieces)]))][3:]
    assert kinds == ["Token", "Token", "Token", "ClaimChecked", "Token", "ClaimChecked", "Done"]


TEXTS = [
    pytest.param(
        "The valve opens at nine bar [1]. It lets out steam [2]. Test it on Monday [1][3].",
        [("The valve opens at nine bar.", [1]), ("It lets out steam.", [2]),
         ("Test it on Monday.", [1, 3])],
        id="marks before the full stop",
    ),
    pytest.param(
        "The valve opens at nine bar. [1] It lets out steam. [2][3] Test it on Monday. [3]",
        [("The valve opens at nine bar.", [1]), ("It lets out steam.", [2, 3]),
         ("Test it on Monday.", [3])],
        id="marks after the full stop",
    ),
    pytest.param(
        "The valve opens at nine bar.[1] It lets out steam.[2, 3] Test it on Monday.[3]",
        [("The valve opens at nine bar.", [1]), ("It lets out steam.", [2, 3]),
         ("Test it on Monday.", [3])],
        id="marks glued to the full stop",
    ),
    pytest.param(
        "Dr. Smith of the U.S. Navy set it to 3.5 bar [1]. Mr. Jones shut it (see Fig. 2) [2].",
        [("Dr. Smith of the U.S. Navy set it to 3.5 bar.", [1]),
         ("Mr. Jones shut it (see Fig. 2).", [2])],
        id="abbreviations",
    ),
    pytest.param(
        "- Revenue was 5 million dollars [1]\n- Profit was 2 million dollars [2]\n- Loss fell [3]",
        [("Revenue was 5 million dollars", [1]), ("Profit was 2 million dollars", [2]),
         ("Loss fell", [3])],
        id="a list without full stops",
    ),
    pytest.param(
        "The valve opens at nine\nbar and lets out steam [1].\n\nTest it\non Monday [3].",
        [("The valve opens at nine bar and lets out steam.", [1]), ("Test it on Monday.", [3])],
        id="line ends",
    ),
    pytest.param(
        f"{REFUSAL} But the valve opens at nine bar [1].",
        [(REFUSAL, []), ("But the valve opens at nine bar.", [1])],
        id="the refusal and a claim",
    ),
    pytest.param(REFUSAL, [(REFUSAL, [])], id="the refusal"),
    pytest.param("The valve opens", [("The valve opens", [])], id="no full stop"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_the_claims_are_the_same_however_the_text_is_cut_into_tokens(
    text: str, expected: list[tuple[str, list[int]]]
) -> None:
    whole = claims_of([text])
    assert cited(whole) == expected
    chance = random.Random(7)  # noqa: S311
    for _ in range(SPLITS):
        cuts = sorted(chance.sample(range(1, len(text)), chance.randint(1, len(text) - 1)))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert claims_of(pieces) == whole, pieces


def test_the_numerals_of_a_list_are_no_claims() -> None:
    claims = claims_of(["1. The valve opens at nine bar [1].\n2. It lets out steam [2]."])
    assert [claim.verdict for claim in claims] == ["supported", "supported"]
