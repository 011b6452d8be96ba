"""``citebound compare``: one question to several models or strategies at once."""

from __future__ import annotations

import itertools
import json
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import click

from app.answer_options import answer_options, question_argument, settings_with
from app.answer_output import answer_to_json, footnotes
from app.library_cli import open_library
from ingest.cli import json_option, library_option
from ingest.errors import CiteboundError
from prompts.template import PromptError

if TYPE_CHECKING:
    from app.events import Answer, Ask, Event
    from app.settings import AnswerSettings
    from ingest.library import Library

SECONDS_TO_STOP = 2.0


@click.command("compare")
@question_argument
@library_option
@answer_options(several=("model", "strategy"))
@click.option("--document", "names", multiple=True, help="Ask this document only; repeatable.")
@json_option
def compare_command(
    question: str,
    library: str | None,
    names: tuple[str, ...],
    as_json: bool,
    model: tuple[str, ...],
    strategy: tuple[str, ...],
    **options: object,
) -> None:
    """Put QUESTION to each --model by each --strategy and show the answers together."""
    from app.events import Ask

    base = settings_with(options)
    ways = list(itertools.product(model or (base.model,), strategy or (base.strategy,)))
    if len(ways) < 2:
        raise click.UsageError("Give at least two models or strategies, each with its own option.")
    settings = [base.model_copy(update={"model": m, "strategy": s}) for m, s in ways]
    with open_library(library) as opened:
        documents = tuple(opened.find_document(name).id for name in names) or None
        ask = Ask(question, documents=documents)
        results = []
        for one, result in zip(settings, _answers(ask, opened, settings), strict=True):
            results.append(_to_json(one, result))
            if not as_json:
                click.echo(_to_text(one, result))
    if as_json:
        click.echo(json.dumps({"question": question, "answers": results}, ensure_ascii=False))
    if any("error" in result for result in results):
        sys.exit(1)


def _answers(
    ask: Ask, library: Library, settings: Sequence[AnswerSettings]
) -> Iterator[Answer | Exception]:
    """The answers in order, made side by side; all end when nobody waits for them any more.

    The threads are none that Python waits for at its end: a server may be silent for minutes.
    """
    stopped = threading.Event()
    coming: list[Future[Answer | Exception]] = [Future() for _ in settings]

    def work(one: AnswerSettings, result: Future[Answer | Exception]) -> None:
        try:
            result.set_result(_answer(ask, library, one, stopped))
        except Exception as error:  # noqa: BLE001 - raised where the result is read
            result.set_exception(error)

    workers = [
        threading.Thread(target=work, args=(one, result), daemon=True)
        for one, result in zip(settings, coming, strict=True)
    ]
    for worker in workers:
        worker.start()
    try:
        for result in coming:
            yield result.result()
    finally:
        stopped.set()
        for worker in workers:
            worker.join(SECONDS_TO_STOP / len(workers))


def _answer(
    ask: Ask, library: Library, settings: AnswerSettings, stopped: threading.Event
) -> Answer | Exception:
    """The answer, or why there is none: one model that fails costs the others nothing."""
    from app.chain import build_chain
    from app.events import Done
    from app.models.choose import choose_model

    try:
        model = choose_model(settings.model, library, settings).model
        stream = build_chain(library, model, settings).stream(ask)
        with closing(cast("Generator[Event]", stream)) as events:
            for event in events:
                if isinstance(event, Done):
                    return event.answer
                if stopped.is_set():
                    break
    except (CiteboundError, PromptError) as error:
        return error
    return CiteboundError("It was stopped.")


def _to_json(settings: AnswerSettings, result: Answer | Exception) -> dict[str, Any]:
    asked = {"model": settings.model, "strategy": settings.strategy}
    if isinstance(result, Exception):
        return {**asked, "error": str(result)}
    return {**asked, **answer_to_json(result)}


def _to_text(settings: AnswerSettings, result: Answer | Exception) -> str:
    head = f"== {settings.model}, {settings.strategy}"
    if isinstance(result, Exception):
        return f"{head}\nFailed: {result}\n"
    receipt = result.receipt
    checked = [claim for claim in result.claims if claim.verdict != "not checkable"]
    proved = sum(claim.verdict == "supported" for claim in checked)
    calls = "1 call" if len(receipt.calls) == 1 else f"{len(receipt.calls)} calls"
    cost = (
        f"{proved} of {len(checked)} sentences proved · {calls} · "
        f"{(receipt.prompt_tokens or 0) + (receipt.answer_tokens or 0):,} tokens · "
        f"{receipt.seconds:.1f} s"
    )
    return f"{head}\n{result.text}\n{footnotes(result)}({cost})\n"
