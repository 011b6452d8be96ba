"""Let the model search, read and calculate as it sees fit (Yao et al., 2023), within a budget.

The loop is LangChain's; it runs in a thread of its own, so that what happens in it streams while
it happens, and so that it can be stopped in the middle of a call.
"""

from __future__ import annotations

import contextvars
import json
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from app.agent_tools import Toolbox
from app.desk import Desk
from app.events import (
    Call,
    Called,
    Composed,
    Event,
    Found,
    Message,
    Step,
    Thought,
    Token,
    Withdrawn,
)
from app.models.langchain_chat import from_langchain
from app.models.model import Usage
from app.models.served import ServedModel
from app.strategies.strategy import Documents, Strategy, StrategyError
from prompts.refusal import REFUSAL
from prompts.template import load_prompt

if TYPE_CHECKING:
    from langchain.agents.middleware import ModelRequest, ModelResponse
    from langchain.tools.tool_node import ToolCallRequest
    from langgraph.types import Command

SECONDS_TO_STOP = 2.0
TOOL_CALLS_PER_CALL = 4  # on the average: a model may ask for several tools at once


class _BudgetSpentError(Exception):
    """The agent may not go on; says which limit was reached."""


class _StoppedError(Exception):
    """Nobody waits for the answer any more."""


def answer_by_agent(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """The agent's own answer; where its budget is spent or it looked at nothing, a direct one.

    Raises StrategyError where the model cannot call tools.
    """
    model = desk.model
    if not isinstance(model, ServedModel) or not model.can_use_tools:
        name = model.name if model else "extractive"
        raise StrategyError(
            f"{name} cannot call tools, which the strategy agent needs. Choose another strategy, "
            "or a model that can (citebound models list)."
        )
    run = _Run(question, desk, model, Toolbox(desk.library, documents))
    answered = yield from run.events()
    found = tuple(run.toolbox.passages)
    if answered and found:
        return
    yield Withdrawn()
    passages = found or (yield from desk.find([question], documents))
    composed = yield from desk.compose(question, passages)
    yield from desk.answer(composed)


class _Run:
    """One question to the agent."""

    def __init__(self, question: str, desk: Desk, model: ServedModel, toolbox: Toolbox) -> None:
        self.toolbox = toolbox
        self._question = question
        self._desk = desk
        self._model = model
        self._prompt = load_prompt("agent", purpose="agent")
        self._prompts = {self._prompt.name: self._prompt.fingerprint}
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._started = time.monotonic()
        self._calls: list[Call] = []
        self._tool_calls = 0
        self._error: Exception | None = None

    def events(self) -> Generator[Event, None, bool]:
        """What happens, while it happens; in the end whether there is an answer."""
        # In a copy of this context, which knows whose calls of the model these are.
        context = contextvars.copy_context()
        worker = threading.Thread(target=context.run, args=(self._work,), daemon=True)
        worker.start()
        try:
            while (event := self._events.get()) is not None:
                yield event
        finally:
            self._stopped.set()
            worker.join(SECONDS_TO_STOP)
        if isinstance(self._error, _BudgetSpentError):
            yield Step("budget", f"{self._error} The answer is made from what was found.")
        elif self._error is not None:
            raise self._error
        return self._error is None and bool(self._calls and self._calls[-1].text)

    def _work(self) -> None:
        try:
            self._go_round()
        except Exception as error:  # noqa: BLE001 - raised where the events are read
            self._error = error
        finally:
            self._events.put(None)

    def _go_round(self) -> None:
        """LangChain's loop: calls of the model and of tools, until it answers."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import wrap_model_call, wrap_tool_call

        system, user = self._prompt.render(question=self._question, refusal=REFUSAL)
        agent = create_agent(
            self._model.server.client,
            self.toolbox.tools(),
            system_prompt=system,
            middleware=[wrap_model_call(self._call_model), wrap_tool_call(self._call_tool)],
        )
        steps = 4 * self._desk.settings.agent_calls + 10  # far more than the budget lets it take
        agent.invoke({"messages": [HumanMessage(user)]}, config={"recursion_limit": steps})

    def _call_model(
        self, request: ModelRequest[Any], _: Callable[..., object]
    ) -> ModelResponse[Any]:
        """One call, whose pieces stream; LangChain's own would wait for the whole message."""
        from langchain.agents.middleware import ModelResponse

        messages = [m for m in (request.system_message, *request.messages) if m is not None]
        sent = tuple(from_langchain(message) for message in messages)
        self._check_budget(sent)
        said: list[AIMessage] = []

        def pieces() -> Iterator[Token | Thought | Usage]:
            stream = self._model.stream_with_tools(messages, request.tools, self._desk.sampling)
            with closing(cast("Generator[Token | Thought | AIMessage | Usage]", stream)):
                for piece in stream:
                    if self._stopped.is_set():
                        raise _StoppedError
                    if isinstance(piece, AIMessage):
                        said.append(piece)
                    else:
                        yield piece

        self._show_passages(sent)
        names = tuple(tool.name for tool in self.toolbox.tools())
        for event in self._desk.follow("agent", sent, self._prompts, pieces(), tools=names):
            self._events.put(event)
            if isinstance(event, Called):
                self._calls.append(event.call)
        if self._calls[-1].prompt_cut:
            raise _BudgetSpentError("The server read only a part of what the agent had gathered.")
        if said[0].tool_calls and self._calls[-1].text:
            self._events.put(Withdrawn())
            self._events.put(Step("agent", self._calls[-1].text))
        return ModelResponse(result=[said[0]])

    def _show_passages(self, sent: tuple[Message, ...]) -> None:
        """Tell what the answer, should this call write it, is to be bound to."""
        passages = tuple(self.toolbox.passages)
        flagged = dict(self.toolbox.flagged)
        self._events.put(Found(passages))
        self._events.put(
            Composed(self._question, passages, sent, self._prompts, 0, flagged=flagged)
        )

    def _call_tool(
        self,
        request: ToolCallRequest,
        execute: Callable[[ToolCallRequest], ToolMessage | Command[Any]],
    ) -> ToolMessage | Command[Any]:
        """One use of a tool, as a step that can be seen."""
        self._tool_calls += 1
        if self._tool_calls > TOOL_CALLS_PER_CALL * self._desk.settings.agent_calls:
            raise _BudgetSpentError("The agent has used its tools too often.")
        result = execute(request)
        arguments = json.dumps(request.tool_call["args"], ensure_ascii=False)
        answered = result.text if isinstance(result, ToolMessage) else ""
        self._events.put(Step(request.tool_call["name"], f"{arguments}\n{answered}"))
        return result

    def _check_budget(self, sent: tuple[Message, ...]) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        settings = self._desk.settings
        tokens = sum((c.prompt_tokens or 0) + (c.answer_tokens or 0) for c in self._calls)
        seconds = time.monotonic() - self._started
        spent = {
            f"The agent has made {len(self._calls)} calls, as agent_calls allows.": (
                len(self._calls) >= settings.agent_calls
            ),
            f"The agent has used {tokens} tokens, as agent_tokens allows.": (
                tokens >= settings.agent_tokens
            ),
            f"The agent has taken {seconds:.0f} s, as agent_seconds allows.": (
                seconds >= settings.agent_seconds
            ),
            "What the agent has gathered fills the model's window.": (
                self._desk.count(sent) > self._desk.room
            ),
        }
        for reason, reached in spent.items():
            if reached:
                raise _BudgetSpentError(reason)


AGENT = Strategy(
    name="agent",
    summary="Let the model search, read pages and calculate as it sees fit, within a budget.",
    calls="2 to agent_calls + 1",
    tokens="about 1x for each call, and what was read before; at most agent_tokens",
    needs="a model that can call tools",
    run=answer_by_agent,
)
