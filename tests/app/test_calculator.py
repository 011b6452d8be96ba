"""Arithmetic is exact, reads what people write, and no text makes it hang or run code."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from app.calculator import LONGEST, CalculationError, calculate


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("0.1 + 0.2", "0.3"),
        ("2 + 3 * 4 - 6 / 4", "12.5"),
        ("(2 + 3) * 4", "20"),
        ("10 - 3 - 2", "5"),
        ("100 / 10 / 2", "5"),
        ("-2^2", "-4"),
        ("(-2) ** 2", "4"),
        ("2^3^2", "512"),
        ("2^-1", "0.5"),
        ("--3 - +2", "1"),
        ("3 × 4 ÷ 2 − 1 – 1", "4"),
        ("3 x 4", "12"),
        ("1,234.5 + .5", "1,235"),
        ("12,345,678", "12,345,678"),
        ("1.5e3 + 2E-1", "1,500.2"),
        ("0 * -5", "0"),
        ("1 / 3 * 3", "1"),
        ("2 + 2.", "4"),
        ("7\u00a0+\u202f8", "15"),
    ],
)
def test_arithmetic_is_that_of_school(expression: str, result: str) -> None:
    calculation = calculate(expression)
    assert calculation.result == result
    assert calculation.exact


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$3.2 billion", "3,200,000,000"),
        ("1.5m × 2", "3,000,000"),
        ("2bn - 1.5 Billion", "500,000,000"),
        ("12k + 12 thousand", "24,000"),
        ("1 trillion / 1 million", "1,000,000"),
        ("2 thousand million", "2,000,000,000"),
        ("€5 + £5 + ¥5 + US$5 + 5 USD + 5 dollars", "30"),
        ("(1 + 2) million", "3,000,000"),
    ],
)
def test_scales_count_and_currencies_do_not(expression: str, result: str) -> None:
    assert calculate(expression).result == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("12%", "0.12"),
        ("12 percent of 80", "9.6"),
        ("12% of $3.2 billion", "384,000,000"),
        ("100 + 5%", "105"),
        ("100 - 5% - 5%", "90.25"),
        ("200 * 5%", "10"),
        ("10 / 5%", "200"),
        ("5% + 3%", "0.08"),
        ("100 + (5%)", "100.05"),
        ("100 + 5% of 80", "104"),
        ("10 + 20 + 50%", "45"),
        ("100 + -5%", "95"),
    ],
)
def test_a_percentage_is_that_of_a_desk_calculator(expression: str, result: str) -> None:
    assert calculate(expression).result == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("10 / 3", "3.33333333333333"),
        ("(394,328 - 365,817) / 365,817 * 100", "7.79378760418461"),
        ("(394,328 / 365,817)^(1/2)", "1.03823787064518"),
        ("1000 * (1 + 0.05/365)^3650", "1,648.66481376547"),
        ("2^1000", "1.07150860718627 × 10^301"),
        ("1 / 2^1000", "9.33263618503219 × 10^-302"),
    ],
)
def test_what_has_too_many_digits_is_rounded_and_says_so(expression: str, result: str) -> None:
    calculation = calculate(expression)
    assert calculation.result == result
    assert not calculation.exact
    assert str(calculation) == f"{expression} ≈ {result}"


def test_an_exact_calculation_reads_as_an_equation() -> None:
    assert str(calculate("  12%\n of\t80 ")) == "12% of 80 = 9.6"


def test_a_result_reads_back_as_the_same_number() -> None:
    for expression in ("1234567.891", "-2^60", "10^100", "3 / 10^20"):
        calculation = calculate(expression)
        assert calculation.exact
        assert calculate(f"({expression}) - ({calculation.result})").result == "0"


def test_sums_and_products_are_those_of_fractions() -> None:
    chance = random.Random(0)  # noqa: S311 - nothing secret
    for _ in range(300):
        terms = [str(chance.randint(1, 99)) for _ in range(6)]
        signs = chance.choices("+-*/", k=5)
        expression = " ".join(
            part for pair in zip(terms, [*signs, ""], strict=True) for part in pair
        )
        value = _value_of(terms, signs)
        assert calculate(f"({expression}) - ({value.numerator}/{value.denominator})").result == "0"


def _value_of(terms: list[str], signs: list[str]) -> Fraction:
    """The value, found by doing all products first."""
    summands = [Fraction(terms[0])]
    for sign, term in zip(signs, terms[1:], strict=True):
        value = Fraction(term)
        if sign == "*":
            summands[-1] *= value
        elif sign == "/":
            summands[-1] /= value
        else:
            summands.append(value if sign == "+" else -value)
    return sum(summands, Fraction())


@pytest.mark.parametrize(
    ("expression", "said", "position"),
    [
        ("", "a number is expected", 1),
        ("2 + * 3", "a number is expected", 5),
        ("2 3", "an operator or the end is expected", 3),
        ("2(3)", "an operator or the end is expected", 2),
        ("(1 + 2", "a parenthesis is never closed", 1),
        ("1 + 2)", "an operator or the end is expected", 6),
        ("1 / (2 - 2)", "division by zero", 3),
        ("0^-1", "division by zero", 2),
        ("(-8)^(1/3)", "a negative number has no such power", 5),
        ("1,23", "',' is no part of arithmetic", 2),
        ("1.234,5", "',' is no part of arithmetic", 6),
        ("1,2345", "',' is no part of arithmetic", 2),
        ("1.234.567", "an operator or the end is expected", 6),
        ("5%%", "an operator or the end is expected", 3),
        ("3 apples", "'apples' is an unknown word", 3),
    ],
)
def test_a_mistake_is_named_with_its_place(expression: str, said: str, position: int) -> None:
    with pytest.raises(CalculationError) as error:
        calculate(expression)
    wanted = f"{expression!r} cannot be calculated: {said}, at character {position}."
    assert str(error.value) == wanted


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("__import__('os')", "'_' is no part of arithmetic, at character 1"),
        ("eval(1)", "'eval' is an unknown word"),
        ("1; 2", "';' is no part of arithmetic"),
        ("١٢ + 3", "'١' is no part of arithmetic"),
        ("１２ + 3", "'１' is no part of arithmetic"),
        ("5²", "'²' is no part of arithmetic"),
        ("1\u200b2", r"'\u200b' is no part of arithmetic"),
        ("1\x00", r"'\x00' is no part of arithmetic"),
        ("9**9**9", "too many digits"),
        ("9^9^9^9^9^9^9^9", "too many digits"),
        ("0.9**9**9", "too many digits"),
        ("(10^999)^(10^999)", "too many digits"),
        ("10^(10^999 + 1/3)", "too many digits"),
        ("1e9999", "too many digits"),
        ("10^3000 * 10^3000", "too many digits"),
        ("10^-3000 * 10^-3000", "too many digits"),
        ("1" + "trillion" * 60, "is an unknown word"),
        ("9" + " trillion" * 50 + "^99", "too many digits"),
        ("(" * 200 + "1" + ")" * 200, "more than 30 levels"),
        ("2^" * 200 + "2", "more than 30 levels"),
        ("1" * (LONGEST + 1), "501 characters; 500 are the most"),
        ("+1" * 1_000_000, "2,000,000 characters; 500 are the most"),
    ],
)
def test_hostile_text_is_refused(expression: str, said: str) -> None:
    with pytest.raises(CalculationError) as error:
        calculate(expression)
    assert said in str(error.value)
    assert len(str(error.value)) < 250


@pytest.mark.parametrize(
    "expression",
    [
        "-" * (LONGEST - 1) + "5",
        "1" * LONGEST,
        "(" * 29 + "1" + ")" * 29,
        "1^9^9",
        "1.0000000001^9^9",
        "+".join(f"1/{number}" for number in range(9_001, 9_071)),
    ],
)
def test_what_is_large_and_within_bounds_is_calculated(expression: str) -> None:
    assert calculate(expression).result


def test_no_text_of_signs_and_digits_ends_but_in_a_result_or_an_error_of_ours() -> None:
    chance = random.Random(1)  # noqa: S311 - nothing secret
    pieces = [*"0123456789+-*/^%()., $€", "**", "million", "k", "of", "1e9", "10^", "0.5", "²", "x"]
    calculated = 0
    for _ in range(3_000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 12)))
        try:
            calculated += bool(calculate(text).result)
        except CalculationError as error:
            assert str(error).endswith(".")
    assert calculated > 100
