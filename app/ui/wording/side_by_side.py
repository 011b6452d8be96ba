"""One question to two prompts, or two models, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from app.chain import build_chain
from app.counted import counted
from app.events import Answer, Ask, Claim
from app.models.choose import AnswerModel
from app.models.extractive import ExtractiveModel
from app.models.model import ModelError
from app.own_prompts import answer_prompts
from app.preview import one_call_strategy
from app.settings import AnswerSettings
from app.ui.chat.exchange import Exchange
from app.ui.models.model_box import choose_named, model_box
from app.ui.person import current_person
from app.ui.plain import plain
from app.ui.wording.draft import Draft, read_draft
from ingest.errors import CiteboundError
from ingest.library import Library
from prompts.template import PromptError

PAIR = "wording_pair"  # the two exchanges that were begun last
SIDES = ("left", "right")
LOOK_SECONDS = 0.2  # between two looks at answers that are coming


@dataclass(frozen=True)
class Side:
    """Who answers on one side, and with what; an error says why nobody does."""

    model: AnswerModel | None
    draft: Draft | None
    error: str = ""


def show_side_by_side(question: str, library: Library, settings: AnswerSettings) -> None:
    """The two choices, the button, and the answers as they come."""
    st.caption(
        "Each is asked once about the passages found for the question; every sentence is checked."
    )
    sides = []
    for column, name in zip(st.columns(2, gap="large"), SIDES, strict=True):
        with column:
            sides.append(_choose_side(name, library, settings))
    with st.container(horizontal=True):
        # Not a callback: its arguments would be what was chosen when the page was drawn before.
        if st.button(
            "Ask both",
            icon=":material/compare_arrows:",
            type="primary",
            disabled=not question or not library.documents(),
        ):
            _begin(question, tuple(sides), library, settings)
        pair = _pair()
        if _is_running(pair):
            st.button("Stop", icon=":material/stop:", on_click=_stop, args=(pair,))
    if not library.documents():
        st.info("The library is empty: add documents on the Library page first.")
    if pair:
        every = LOOK_SECONDS if _is_running(pair) else None
        st.fragment(_show_pair, run_every=every)(pair, is_running=every is not None)


def _choose_side(side: str, library: Library, settings: AnswerSettings) -> Side:
    name = st.selectbox(
        f"Prompt on the {side}",
        answer_prompts(),
        format_func=_labelled,
        key=f"wording_{side}_prompt",
        persist_state="session",
    )
    spec = model_box(f"Model on the {side}", f"wording_{side}_model", settings)
    try:
        draft = read_draft(str(name))
        model = choose_named(spec, library, settings)
    except (CiteboundError, PromptError) as error:
        return Side(None, None, str(error))
    if draft.prompt is None:
        return Side(model, draft, f"The prompt {name} is not valid as it was edited.")
    if isinstance(model, ExtractiveModel):
        st.caption("The built-in answerer quotes your documents word for word; no prompt is used.")
    return Side(model, draft)


def _labelled(name: str) -> str:
    try:
        changed = read_draft(name).changed
    except PromptError:
        return f"{name} (not valid)"
    return f"{name} (as edited here)" if changed else name


def _begin(
    question: str, sides: tuple[Side, ...], library: Library, settings: AnswerSettings
) -> None:
    """Put the question to both; they answer at the same time."""
    _stop(_pair())
    exchanges = tuple(Exchange(question) for _ in sides)
    for exchange, side in zip(exchanges, sides, strict=True):
        _start(exchange, side, library, settings)
    st.session_state[PAIR] = exchanges


def _start(exchange: Exchange, side: Side, library: Library, settings: AnswerSettings) -> None:
    try:
        if side.model is None or side.draft is None or side.draft.prompt is None:
            raise ModelError(side.error)
        strategy = one_call_strategy(side.draft.prompt)
        chain = build_chain(
            library,
            side.model,
            settings.model_copy(update={"strategy": strategy.name}),
            prompt=side.draft.prompt,
        )
    except (CiteboundError, PromptError) as error:
        exchange.fail(error)
        return
    exchange.start(chain, Ask(exchange.question))


def _pair() -> tuple[Exchange, ...]:
    return cast("tuple[Exchange, ...]", st.session_state.get(PAIR, ()))


def _is_running(pair: tuple[Exchange, ...]) -> bool:
    return any(exchange.state == "running" for exchange in pair)


def _stop(pair: tuple[Exchange, ...]) -> None:
    for exchange in pair:
        exchange.stop()


def _show_pair(pair: tuple[Exchange, ...], *, is_running: bool) -> None:
    current_person()
    if is_running and not _is_running(pair):
        st.rerun()
    for side, column, exchange in zip(SIDES, st.columns(2, gap="large"), pair, strict=True):
        with column, st.container(border=True, key=f"wording_answer_{side}"):
            _show_exchange(exchange)


def _show_exchange(exchange: Exchange) -> None:
    if exchange.answer is not None:
        _show_answer(exchange.answer)
        return
    if exchange.text:
        st.markdown(plain(exchange.text))
    if exchange.state == "running":
        said = "Writing" if exchange.text else "Reading the passages"
        st.caption(f":shimmer[{said}] · {exchange.seconds:.0f} s")
    elif exchange.error is not None:
        st.error(plain(exchange.error), icon=":material/error:")
    else:
        st.caption("Stopped.")


def _show_answer(answer: Answer) -> None:
    st.markdown(" ".join(_sentence(claim) for claim in answer.claims))
    for warning in answer.receipt.warnings:
        st.warning(plain(warning))
    st.caption(summary(answer))


def _sentence(claim: Claim) -> str:
    """A sentence with the numbers of its passages, tinted where nothing proves it."""
    text = plain(claim.text)
    if claim.verdict == "unsupported":
        return f":orange-background[{text}] :small[not proved: {plain(claim.reason)}]"
    return " ".join([text, *(rf"\[{citation.number}\]" for citation in claim.citations)])


def summary(answer: Answer) -> str:
    """What the answer is worth and what it cost, on one line."""
    proved = f"{answer.proved} of {counted(answer.checked, 'sentence')} proved"
    if answer.refused:
        proved = f"None of {counted(len(answer.passages), 'passage')} answers it"
    receipt = answer.receipt
    parts = [proved, f"{receipt.seconds:.1f} s"]
    if receipt.prompt_tokens is not None and receipt.answer_tokens is not None and receipt.calls:
        parts.append(f"{receipt.prompt_tokens:,} tokens read, {receipt.answer_tokens:,} written")
    return " · ".join(parts)
