"""A claim is proved by what it cites, or the reason why not is named."""

from __future__ import annotations

import pytest

from app.grounding import check_claim
from app.grounding.check import ENOUGH
from app.terms import numbers, stems

PAGE = "The safety valve opens at 9.5 bar. In 2021 it opened 1,500 times on 3 boilers."


@pytest.mark.parametrize(
    "claim",
    [
        "The safety valve opens at 9.5 bar.",
        "At 9.5 bar the safety valves open!",
        "In 2021, it opened 1,500 times.",
        "The valve opened on 3 boilers in 2021.",
    ],
)
def test_a_claim_of_words_and_numbers_from_the_page_is_supported(claim: str) -> None:
    support = check_claim(claim, PAGE)
    assert (support.verdict, support.reason) == ("supported", "")
    assert support.value is not None
    assert support.value > 0.8


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("The safety valve opens at 8 bar.", "8"),
        ("The safety valve opens at 95 bar.", "95"),
        ("In 2022 the valve opened 1,600 times.", "2022, 1,600"),
    ],
)
def test_a_number_that_the_page_lacks_is_named(claim: str, named: str) -> None:
    support = check_claim(claim, PAGE)
    assert support.verdict == "unsupported"
    assert support.reason == f"the cited passage lacks: {named}"
    assert support.value is not None
    assert support.value <= 0.5


def test_what_stands_there_word_for_word_is_proved_whole() -> None:
    assert check_claim("the safety valve opens at 9.5 bar", PAGE).value == 1.0
    assert check_claim("safety valve opens at 9.5 bars", PAGE).value != 1.0


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("Sales were 1.5 billion last year.", "Sales were 1,500 million last year."),
        ("Sales grew by 12 percent last year.", "Sales grew by 12% last year."),
        ("Sales were 365.8 billion dollars in the year.",
         "Sales (in millions of dollars) in the year were 365,817. Amounts in millions."),
        ("Sales grew by some 14 percent last year.", "Sales grew by 14.2% last year."),
        ("One of the 3 valves opened at night.", "Of the three valves, only a single one opened "
         "at night."),
    ],
)  # fmt: skip
def test_a_quantity_is_the_same_in_another_unit_or_rounded(claim: str, page: str) -> None:
    assert check_claim(claim, page).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "page", "reason"),
    [
        ("Net sales increased in the third quarter.", "Net sales decreased in the third quarter.",
         "the cited passage says 'decreased' where it says 'increased'"),
        ("The drug is not approved for children.", "The drug is approved for children.",
         "it denies what the cited passage says, or the other way round"),
        ("The drug is approved for children.", "The drug is not approved for children.",
         "it denies what the cited passage says, or the other way round"),
        ("The captain painted a green valve.", PAGE,
         "the cited passage lacks: captain, painted, green"),
    ],
)  # fmt: skip
def test_the_reason_says_what_the_page_says_or_lacks(claim: str, page: str, reason: str) -> None:
    support = check_claim(claim, page)
    assert (support.verdict, support.reason) == ("unsupported", reason)


def test_the_sentence_that_says_it_is_believed_and_not_one_beside_it() -> None:
    page = "Refunds are not given for used goods. Refunds are given for goods."
    assert check_claim("Refunds are given for goods.", page).value == 1.0


def test_what_stands_inside_a_denial_is_not_there_word_for_word() -> None:
    page = "No study of the agency has ever found any evidence that the drug cures cancer."
    assert check_claim("The drug cures cancer.", page).value != 1.0
    assert check_claim("It was -5 degrees in Oslo.", "It was 5 degrees in Oslo.").value != 1.0


def test_words_that_the_page_lacks_are_named() -> None:
    support = check_claim("The captain painted a green valve.", PAGE)
    assert support.verdict == "unsupported"
    assert support.value is not None
    assert support.value < ENOUGH
    assert "captain" in support.reason


@pytest.mark.parametrize(
    ("claim", "page"),
    [("Sales of the year were 1500.", "Sales of the year were 1,500."),
     ("In all, sales of the year were 3.50.", "In all, sales of the year were 3.5."),
     ("Sales of that year were 2000 crates.", "Sales of that year were 2,000 crates.")],
)  # fmt: skip
def test_a_number_is_the_same_however_it_is_written(claim: str, page: str) -> None:
    assert check_claim(claim, page).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "page"),
    [("Sales were 1,500.", "Sales were 1500."), ("Sales were 3.50.", "Sales were 3.5 and rose.")],
)
def test_a_number_is_the_same_in_a_short_claim_as_well(claim: str, page: str) -> None:
    assert check_claim(claim, page).verdict == "supported"


def test_numbers_in_a_list_are_not_one_number() -> None:
    assert check_claim("Valves 1,2,3 open.", "Valves 1, 2, 3 open.").verdict == "supported"


@pytest.mark.parametrize("evidence", [PAGE, ""])
@pytest.mark.parametrize(
    "claim", ["Is it so?", "Does the valve open at 8 bar?", "It is.", "", "..."]
)
def test_what_states_nothing_is_not_checkable(claim: str, evidence: str) -> None:
    support = check_claim(claim, evidence)
    assert (support.verdict, support.value) == ("not checkable", None)
    assert support.reason


@pytest.mark.parametrize("claim", ["Hello!", "Sure.", "Here is what I found:", "Thank you."])
def test_a_greeting_is_not_checkable(claim: str) -> None:
    assert check_claim(claim, "").verdict == "not checkable"


def test_a_claim_that_cites_nothing_is_not_proved() -> None:
    support = check_claim("The safety valve opens at 9.5 bar.", "")
    assert (support.verdict, support.value) == ("unsupported", 0.0)
    assert support.reason == "it cites no passage"


def test_numbers_are_read_without_separators_and_trailing_zeros() -> None:
    assert numbers("1,500 and 3.50, 2021. 10.0 or 007") == {"1500", "3.5", "2021", "10", "007"}


def test_stems_fold_case_accents_and_endings_and_drop_stop_words() -> None:
    assert stems("The Valves of the Café were opening") == ["valv", "cafe", "open"]
