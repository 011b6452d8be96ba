"""The command ``citebound``: ingest, search, ask and chat; its groups are in files of their own."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from app.answer_options import answer_options, settings_with
from app.exemplars_cli import exemplars_group
from app.library_cli import library_group, open_library
from app.models_cli import models_group
from app.page_name import page_name
from app.prompts_cli import prompts_group
from app.replay_cli import replay_command
from app.strategies_cli import strategies_command
from ingest.cli import ingest_command, json_option, library_option

if TYPE_CHECKING:
    from app.events import Answer, Claim, Receipt
    from ingest.search import Passage


@click.group()
@click.version_option(package_name="citebound", prog_name="citebound")
def citebound() -> None:
    """Ask your own documents, on your own machine, with a page behind every sentence."""


citebound.add_command(ingest_command)
citebound.add_command(library_group)
citebound.add_command(exemplars_group)
citebound.add_command(models_group)
citebound.add_command(prompts_group)
citebound.add_command(strategies_command)
citebound.add_command(replay_command)


@citebound.command("search")
@click.argument("question")
@library_option
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--document", "names", multiple=True, help="Search in this document only; repeatable."
)
@json_option
def search_command(
    question: str, library: str | None, top: int, names: tuple[str, ...], as_json: bool
) -> None:
    """Find the passages that may hold the answer to QUESTION."""
    with open_library(library) as opened:
        documents = [opened.find_document(name).id for name in names] or None
        passages = opened.search(question, top=top, documents=documents)
    if as_json:
        shown = [passage_to_json(passage) for passage in passages]
        click.echo(json.dumps({"passages": shown}, ensure_ascii=False))
    elif passages:
        click.echo("\n\n".join(passage_to_text(passage) for passage in passages))
    else:
        click.echo("Nothing was found.", err=True)


@citebound.command("ask")
@click.argument("question")
@library_option
@answer_options
@click.option("--document", "names", multiple=True, help="Ask this document only; repeatable.")
@json_option
def ask_command(
    question: str, library: str | None, names: tuple[str, ...], as_json: bool, **options: object
) -> None:
    """Answer QUESTION from the library, each sentence with the page that proves it."""
    from app.chain import build_chain
    from app.events import Ask, Done, Step, Token, Withdrawn
    from app.models.choose import choose_model

    settings = settings_with(options)
    with open_library(library) as opened:
        documents = tuple(opened.find_document(name).id for name in names) or None
        choice = choose_model(settings.model, opened, settings)
        if not as_json:
            click.echo(f"Answering with {choice.model.name}: {choice.reason}.", err=True)
        chain = build_chain(opened, choice.model, settings)
        streamed = False
        try:
            for event in chain.stream(Ask(question, documents=documents)):
                if isinstance(event, Token) and not as_json:
                    click.echo(event.text, nl=False)
                    streamed = True
                elif isinstance(event, Withdrawn) and streamed:
                    click.echo()
                elif isinstance(event, Step) and sys.stderr.isatty():
                    click.echo(f"({event.name})", err=True)
                elif isinstance(event, Done):
                    answer = event.answer
        finally:
            if streamed:
                click.echo()
    if as_json:
        click.echo(json.dumps(answer_to_json(answer), ensure_ascii=False))
    else:
        click.echo(footnotes(answer), nl=False)


@citebound.command("chat")
@library_option
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open/--no-open", "open_browser", default=True, help="Open the page in a browser.")
def chat_command(library: str | None, port: int, open_browser: bool) -> None:
    """Open the chat page on this machine."""
    from app.serve import serve_page

    sys.exit(serve_page(library=library, port=port, open_browser=open_browser))


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage as ``--json`` prints it; pages count from 1."""
    return {
        "document": passage.document,
        "title": passage.title,
        "page": passage.page,
        "page_label": passage.page_label,
        "text": passage.text,
        "score": round(passage.score, 6),
        "dense_rank": passage.dense_rank,
        "lexical_rank": passage.lexical_rank,
    }


def passage_to_text(passage: Passage) -> str:
    """A passage for a person."""
    trail = f" - {passage.trail}" if passage.trail else ""
    name = page_name(passage.page, passage.page_label)
    return f"{passage.document}, {name}{trail}\n{' '.join(passage.text.split())}"


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer as ``--json`` prints it."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "refused": answer.refused,
        "coverage": None if answer.coverage is None else asdict(answer.coverage),
        "claims": [claim_to_json(claim) for claim in answer.claims],
        "steps": [asdict(step) for step in answer.steps],
        "passages": [passage_to_json(passage) for passage in answer.passages],
        "receipt": receipt_to_json(answer.receipt),
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """A claim as ``--json`` prints it."""
    return {
        "text": claim.text,
        "citations": [
            {"number": c.number, "document": c.document, "page": c.page,
             "page_label": c.page_label, "quote": c.quote}
            for c in claim.citations
        ],
        "support": None if claim.support is None else round(claim.support, 3),
        "verdict": claim.verdict,
        "reason": claim.reason,
    }  # fmt: skip


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as ``--json`` prints it: its fields, and what its calls add up to."""
    return {
        **asdict(receipt),
        "prompt_tokens": receipt.prompt_tokens,
        "answer_tokens": receipt.answer_tokens,
        "cut_off": receipt.cut_off,
        "prompt_cut": receipt.prompt_cut,
    }


def footnotes(answer: Answer) -> str:
    """Where each cited passage stands, and what is not proved."""
    cited = {c.number: c for claim in answer.claims for c in claim.citations}
    lines = [""] if cited else []
    lines += [
        f"[{n}] {c.document}, {page_name(c.page, c.page_label)}" for n, c in sorted(cited.items())
    ]
    lines += [
        f"Not proved: {claim.text} ({claim.reason})"
        for claim in answer.claims
        if claim.verdict == "unsupported"
    ]
    if answer.coverage:
        lines.append(f"Coverage: {answer.coverage}.")
    lines += answer.receipt.warnings
    return "".join(f"{line}\n" for line in lines)
