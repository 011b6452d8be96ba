"""Arithmetic as people and language models write it, exactly: no float, and no Python is run.

    calculate("12% of $3.2 billion").result      -> '384,000,000'
    str(calculate("0.1 + 0.2"))                  -> '0.1 + 0.2 = 0.3'

    sum     = product {("+" | "-") product}
    product = signed {("*" | "/" | "of") signed}
    signed  = {"+" | "-"} power
    power   = amount ["^" signed]
    amount  = (number | "(" sum ")") {"thousand" | "million" | ...} ["%"]

A percentage is a hundredth. Added or taken away, it is that share of what stands before it, as
on a desk calculator: 100 + 5% is 105. Beside another percentage it is plain: 5% + 3% is 8%, and so
it is in parentheses: 100 + (5%) is 100.05.

Text may come from a model that was led astray: length, depth and digits have bounds, so that no
expression takes long or much memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
)
from fractions import Fraction

from ingest.errors import CiteboundError

LONGEST = 500  # characters
DEEPEST = 30  # parentheses and exponents inside each other
MOST_BITS = 13_000  # of a numerator or denominator, some 4,000 digits
POWER_DIGITS = 40  # of a power that is not computed exactly
EXACT_DIGITS = 30  # a result with more digits is rounded
ROUNDED_DIGITS = 15
LARGEST_POWER = 3_900  # decimal exponent of a power that is not computed exactly
SHOWN = 60  # characters of an expression in an error

SYMBOLS = {
    "**": "^", "^": "^", "(": "(", ")": ")", "%": "%", "+": "+", "/": "/", "÷": "/", "∕": "/",
    "*": "*", "×": "*", "·": "*", "⋅": "*", "∙": "*",
    "-": "-", "−": "-", "–": "-", "‒": "-", "—": "-",
}  # fmt: skip
WORDS = {"of": "*", "x": "*", "percent": "%"}
SCALES = {
    name: 10**zeros
    for zeros, names in {
        3: "k thousand thousands",
        6: "m mn million millions",
        9: "b bn billion billions",
        12: "t tn trillion trillions",
    }.items()
    for name in names.split()
}
CURRENCIES = frozenset("us usd eur gbp jpy dollar dollars euro euros yen".split())
TOKEN = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:[eE][+-]?[0-9]{1,4})?)"
    r"|(?P<word>[A-Za-z]+)"
    rf"|(?P<symbol>{'|'.join(map(re.escape, SYMBOLS))})"
    r"|(?P<ignored>[\s$€£¥]+)"
)


class CalculationError(CiteboundError):
    """An expression that cannot be calculated; says what is wrong with it, and where."""


@dataclass(frozen=True)
class Calculation:
    """What an expression comes to; ``result`` is its value to read.

    ``exact`` is whether that is the very value: a division that does not end, a root, and a
    number of more than 30 digits are rounded to 15 significant ones.
    """

    expression: str
    result: str
    exact: bool

    def __str__(self) -> str:
        return f"{self.expression} {'=' if self.exact else '≈'} {self.result}"


def calculate(expression: str) -> Calculation:
    """The value of an arithmetic expression. Raises CalculationError."""
    if len(expression) > LONGEST:
        raise CalculationError(
            f"The expression has {len(expression):,} characters; {LONGEST} are the most."
        )
    parser = _Parser(expression)
    value = parser.whole()
    result, exact = _readable(value)
    return Calculation(" ".join(expression.split()), result, exact and parser.exact)


def _readable(value: Fraction) -> tuple[str, bool]:
    """Digits with separators of thousands, and whether they are the very value."""
    decimal, exact = _rounded(value, EXACT_DIGITS)
    if not exact:
        decimal, _ = _rounded(value, ROUNDED_DIGITS)
    decimal = decimal.normalize(Context(prec=EXACT_DIGITS))
    exponent = decimal.adjusted()
    if -ROUNDED_DIGITS < exponent < EXACT_DIGITS:
        return format(decimal, ",f"), exact
    return f"{decimal.scaleb(-exponent):f} × 10^{exponent}", exact


def _rounded(value: Fraction, digits: int) -> tuple[Decimal, bool]:
    context = Context(prec=digits)
    decimal = _decimal(value, context)
    return decimal, not context.flags[Inexact]


def _decimal(value: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


@dataclass(frozen=True)
class _Token:
    """A number (``value`` is set), a sign of SYMBOLS, a scale, or the end."""

    kind: str
    start: int
    value: Fraction = Fraction()


@dataclass(frozen=True)
class _Term:
    """A part of a sum; ``is_percentage`` is whether it is nothing but one."""

    value: Fraction
    is_percentage: bool = False


class _Parser:
    """One recursive descent over one expression; ``exact`` turns false at the first rounding."""

    def __init__(self, expression: str) -> None:
        self.exact = True
        self._expression = expression
        self._depth = 0
        self._tokens = self._read_tokens()
        self._next = next(self._tokens)

    def whole(self) -> Fraction:
        value = self._sum().value
        if self._next.kind != "end":
            raise self._wrong("an operator or the end is expected", self._next.start)
        return value

    def _sum(self) -> _Term:
        left = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            share = right.is_percentage and not left.is_percentage
            amount = right.value * left.value if share else right.value
            value = left.value + amount if sign.kind == "+" else left.value - amount
            both = left.is_percentage and right.is_percentage
            left = _Term(self._bounded(value, sign.start), both)
        return left

    def _product(self) -> _Term:
        left = self._signed()
        while sign := self._take("*", "/"):
            right = self._signed().value
            if sign.kind == "/" and not right:
                raise self._wrong("division by zero", sign.start)
            value = left.value * right if sign.kind == "*" else left.value / right
            left = _Term(self._bounded(value, sign.start))
        return left

    def _signed(self) -> _Term:
        if self._depth == DEEPEST:
            raise self._wrong(f"there are more than {DEEPEST} levels", self._next.start)
        self._depth += 1
        negative = False
        while sign := self._take("+", "-"):
            negative ^= sign.kind == "-"
        term = self._power()
        self._depth -= 1
        return _Term(-term.value, term.is_percentage) if negative else term

    def _power(self) -> _Term:
        base = self._amount()
        if sign := self._take("^"):
            exponent = self._signed().value
            return _Term(self._bounded(self._raise(base.value, exponent, sign.start), sign.start))
        return base

    def _amount(self) -> _Term:
        if opening := self._take("("):
            value = self._sum().value
            if not self._take(")"):
                raise self._wrong("a parenthesis is never closed", opening.start)
        elif number := self._take("number"):
            value = number.value
        else:
            raise self._wrong("a number is expected", self._next.start)
        while scale := self._take("scale"):
            value = self._bounded(value * scale.value, scale.start)
        if self._take("%"):
            return _Term(value / 100, is_percentage=True)
        return _Term(value)

    def _raise(self, base: Fraction, exponent: Fraction, start: int) -> Fraction:
        """A power: exact where that takes few digits, else rounded."""
        if not base and exponent < 0:
            raise self._wrong("division by zero", start)
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if exponent.denominator == 1 and bits * abs(exponent) <= MOST_BITS:
            return base ** int(exponent)
        context = Context(
            prec=POWER_DIGITS,
            Emin=-LARGEST_POWER,
            Emax=LARGEST_POWER,
            traps=[DivisionByZero, InvalidOperation, Overflow, Underflow],
        )
        try:
            power = context.power(_decimal(base, context), _decimal(exponent, context))
        except (Overflow, Underflow) as error:
            raise self._wrong("a number has too many digits", start) from error
        except DecimalException as error:
            raise self._wrong("a negative number has no such power", start) from error
        self.exact &= not context.flags[Inexact]
        return Fraction(power)

    def _bounded(self, value: Fraction, start: int) -> Fraction:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
            raise self._wrong("a number has too many digits", start)
        return value

    def _take(self, *kinds: str) -> _Token | None:
        """The next token, if it is of one of these kinds."""
        token = self._next
        if token.kind not in kinds:
            return None
        self._next = next(self._tokens)
        return token

    def _read_tokens(self) -> Iterator[_Token]:
        position = 0
        while position < len(self._expression):
            match = TOKEN.match(self._expression, position)
            if not match:
                found = self._expression[position]
                raise self._wrong(f"{found!r} is no part of arithmetic", position)
            if token := self._token(match):
                yield token
            position = match.end()
        yield _Token("end", position)

    def _token(self, match: re.Match[str]) -> _Token | None:
        """What was matched; None for a currency or white space."""
        text, start = match[0].lower(), match.start()
        if match.lastgroup == "number":
            value = Fraction(Decimal(text.replace(",", "")))
            return _Token("number", start, self._bounded(value, start))
        if match.lastgroup == "symbol":
            return _Token(SYMBOLS[text], start)
        if match.lastgroup == "ignored" or text in CURRENCIES:
            return None
        if text in WORDS:
            return _Token(WORDS[text], start)
        if text in SCALES:
            return _Token("scale", start, Fraction(SCALES[text]))
        raise self._wrong(f"{text[:SHOWN]!r} is an unknown word", start)

    def _wrong(self, what: str, position: int) -> CalculationError:
        text = self._expression
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        return CalculationError(
            f"{shown!r} cannot be calculated: {what}, at character {position + 1}."
        )
