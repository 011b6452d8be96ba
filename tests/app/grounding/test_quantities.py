"""Quantities are the same whatever their unit, scale and rounding, and no others are."""

from __future__ import annotations

import pytest

from app.grounding.quantities import missing_quantities, quantities


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.5 billion, 1,500 million", [1.5e9, 1.5e9]),
        ("12% or 12 percent or 12 per cent", [12, 12, 12]),
        ("$3bn and 20k", [3e9, 2e4]),
        ("$5m for a wall of 10 m", [5e6, 10]),
        ("two hundred men and a dozen women", [200, 12]),
        ("the 3rd of 1,2,3", [3, 1, 2, 3]),
        ("one million", [1e6]),
        ("COVID-19 and MH17 in 2018–19, in the mid-1990s", [2018, 1990]),
        ("from 1963–1965, pages 10-12", [1963, 1965, 10, 12]),
        ("nothing", []),
    ],
)
def test_the_values_of_a_text(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities(text)] == values


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("1.6 billion", "1,577 million"),
        ("14%", "14.2%"),
        ("365.8 billion", "(in millions) 365,817"),
        ("3 boilers", "three boilers"),
        ("10 m", "10 metres"),
        ("12%", "(in per cent of all) 12"),
        ("two of them", "some of them"),  # what is written in words is not asked for
        ("in 1890", "on 4 March 1890"),
    ],
)
def test_what_is_there_in_another_form_is_not_missing(claim: str, evidence: str) -> None:
    assert missing_quantities(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence", "missing"),
    [
        ("1.5 billion", "1,577 million", ["1.5 billion"]),
        ("365.8 billion", "365,817", ["365.8 billion"]),
        ("14.2%", "14%", ["14.2%"]),
        ("in 1891, 3 times", "in 1890, 3 times", ["1891"]),
        ("7", "8", ["7"]),
        ("95 bar", "9.5 bar", ["95"]),
        ("10 million metres", "10 m", ["10 million"]),
        ("12 million shares", "12 shares. Amounts in millions of dollars.", ["12 million"]),
        ("5%", "5 dollars, 3%", ["5%"]),
        ("9" * 400 + " million", "5 million", ["9" * 400 + " million"]),
    ],
)
def test_what_is_another_value_is_missing(claim: str, evidence: str, missing: list[str]) -> None:
    assert missing_quantities(claim, evidence) == missing
