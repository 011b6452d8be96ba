"""The chat page without a browser: what a test does in it."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from app.events import Answer
from app.ui.chat.asked import Asked
from app.ui.chat.conversation import KEY, Conversation
from tests.conftest import ROOT

SECONDS = 60.0


def open_chat() -> AppTest:
    """The chat, open."""
    return run(AppTest.from_file(str(ROOT / "app" / "ui" / "chat" / "ask.py")))


def run(page: AppTest) -> AppTest:
    """Run the page once more; nothing may go wrong."""
    page.run(timeout=SECONDS)
    assert not page.exception
    return page


def conversation_of(page: AppTest) -> Conversation:
    """The conversation that the page has open."""
    kept = page.session_state[KEY]
    assert isinstance(kept, Conversation)
    return kept


def ask(page: AppTest, question: str) -> Asked:
    """Ask, wait for the end, and draw it; what was asked."""
    page.chat_input[0].set_value(question)
    run(page)
    return wait(page)


def wait(page: AppTest) -> Asked:
    """Wait until nothing runs any more, and draw that; what was asked last."""
    last = conversation_of(page).asked[-1]
    deadline = time.monotonic() + SECONDS
    while last.state == "running" and time.monotonic() < deadline:
        time.sleep(0.02)
    run(page)
    return last


def answer_of(asked: Asked) -> Answer:
    """The answer, which must be there."""
    assert asked.answer is not None, asked.error
    return asked.answer


def click(page: AppTest, label: str) -> None:
    """Click the one button of this label."""
    (button,) = [button for button in page.button if button.label == label]
    button.click()
    run(page)
