"""How an answer came about: the steps on the way, and each call with its choices and texts."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from app.events import Answer, Call, UsedPassage

FINGERPRINT = 12  # characters of a prompt file's sha256 that are shown


def show_receipt(answer: Answer) -> None:
    """The strategy, its steps and its calls; all texts as they are, none of them as Markdown."""
    receipt = answer.receipt
    st.caption(f"{receipt.model} · {receipt.strategy} · {call_costs(receipt.calls)}")
    for step in answer.steps:
        st.text(step.name)
        st.code(step.text, language=None, wrap_lines=True)
    if flagged := [used for used in receipt.passages if used.flagged]:
        st.text(
            "Sentences of the documents that read as instructions; the model was warned of them"
        )
        st.code(flagged_sentences(flagged), language=None, wrap_lines=True)
    for number, call in enumerate(receipt.calls, 1):
        st.text(f"What the model saw in call {number}: {call.step}")
        st.code(choices(call), language=None, wrap_lines=True)
        st.code(sent_and_said(call), language=None, wrap_lines=True, height=240)


def call_costs(calls: tuple[Call, ...]) -> str:
    """What calls cost together."""
    noun = "call" if len(calls) == 1 else "calls"
    read = sum(call.prompt_tokens or 0 for call in calls)
    written = sum(call.answer_tokens or 0 for call in calls)
    return f"{len(calls)} {noun} · {read:,} tokens read · {written:,} tokens written"


def choices(call: Call) -> str:
    """What was asked for, what the server was sent for it, what it cost, and the prompt files."""
    chosen = {name: value for name, value in call.sampling.items() if value not in (None, (), "")}
    left = [name for name, value in call.sampling.items() if value is None]
    prompts = {name: fingerprint[:FINGERPRINT] for name, fingerprint in call.prompts.items()}
    lines = {
        "sampling": _listed(chosen),
        "left to the server": ", ".join(left),
        "options sent": _listed(call.options),
        "cost": cost(call),
        "prompts": ", ".join(f"{name} {short}" for name, short in prompts.items()),
    }
    return "\n".join(f"{name}: {said}" for name, said in lines.items() if said)


def cost(call: Call) -> str:
    """What a call took: our count of what was sent, the server's of what was read and written."""
    read = "" if call.prompt_tokens is None else f", {call.prompt_tokens:,} read"
    written = "" if call.answer_tokens is None else f", {call.answer_tokens:,} written"
    first = call.seconds_to_first_token
    waited = "" if first is None else f" ({first:.1f} s to the first word)"
    return f"{call.tokens_sent:,} tokens sent{read}{written}; {call.seconds:.1f} s{waited}"


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in values.items())


def sent_and_said(call: Call) -> str:
    """The messages of a call, then what the model thought and said."""
    parts = [f"== {message.role}\n{message.text}" for message in call.messages]
    if call.thought:
        parts.append(f"== thought\n{call.thought}")
    return "\n\n".join([*parts, f"== answered\n{call.text}"])


def flagged_sentences(used: list[UsedPassage]) -> str:
    """A line for each flagged sentence, with where it stands."""
    return "\n".join(
        f"{passage.document}, page {passage.page}: {sentence}"
        for passage in used
        for sentence in passage.flagged
    )
