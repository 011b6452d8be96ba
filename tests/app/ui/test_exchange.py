"""An answer that runs, and the record that is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.chain import build_chain
from app.events import Ask
from app.models.extractive import ExtractiveModel
from app.settings import AnswerSettings
from app.ui.chat import exchange as exchange_module
from app.ui.chat.exchange import Exchange
from ingest.errors import LibraryError
from ingest.library import Library
from tests.conftest import SmallLibrary

QUESTION = "When does the safety valve open?"
SECONDS = 60.0


def answered(library: Library, keep: Callable[[Exchange], None]) -> Exchange:
    """An exchange that was asked and is over."""
    exchange = Exchange(QUESTION, keep)
    chain = build_chain(library, ExtractiveModel(library), AnswerSettings())
    exchange.start(chain, Ask(QUESTION))
    assert exchange.wait(SECONDS)
    return exchange


def test_a_part_that_cannot_be_kept_does_not_end_the_answer(
    small_library: SmallLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_module, "KEPT_EVERY", 0.0)
    refused: list[str] = []

    def keep(exchange: Exchange) -> None:
        if exchange.state == "running":
            refused.append(exchange.text)
            raise LibraryError("The disk is full.")

    exchange = answered(small_library.library, keep)
    assert refused
    assert (exchange.state, exchange.error) == ("answered", None)


def test_an_end_that_cannot_be_kept_is_told(small_library: SmallLibrary) -> None:
    ended: list[str] = []

    def keep(exchange: Exchange) -> None:
        if exchange.state != "running":
            ended.append(exchange.state)
            raise LibraryError("The disk is full.")

    exchange = answered(small_library.library, keep)
    while not ended or exchange.error is None:
        assert exchange.seconds < SECONDS
        time.sleep(0.01)
    assert exchange.error == "The answer is not kept: The disk is full."
