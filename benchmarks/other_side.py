"""One metric of RAGAS or DeepEval over rows, in the Python that has them installed.

``PYTHON benchmarks/other_side.py METRIC ROWS OUTPUT BASE_URL SECONDS AT_ONCE`` reads rows as JSON
lines and writes, as JSON, the versions, the seconds without imports, and for each row a value
(which may be NaN) or the error that was raised. Nothing of the project is imported here.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

MODEL = "judge"
BATCH = 20  # rows of one call of RAGAS' abatch_score
NOTHING_ASKED = "What does the text say?"  # RAGAS refuses a row without a question
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Row = dict[str, Any]
Found = dict[str, Any]
Scorer = Callable[[Row], Awaitable[float]]


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: no connection but to this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOOPBACK:
        print(f"refused: {name}", file=sys.stderr)
        raise PermissionError(f"{name} is not this machine")


def score_each(scorer: Scorer, rows: Sequence[Row], at_once: int) -> list[Found]:
    """Each row by itself; what a row raises is its own."""

    async def one(row: Row, slots: asyncio.Semaphore) -> Found:
        async with slots:
            try:
                return {"value": float(await scorer(row))}
            except Exception as error:  # noqa: BLE001 (whatever a metric raises is a finding)
                return _raised(error)

    async def every() -> list[Found]:
        slots = asyncio.Semaphore(at_once)
        return await asyncio.gather(*(one(row, slots) for row in rows))

    return asyncio.run(every())


def _raised(error: Exception) -> Found:
    return {"raised": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}


def _collections_metric(base_url: str, seconds: float) -> Any:  # noqa: ANN401 (not installed here)
    openai = importlib.import_module("openai")
    client = openai.AsyncOpenAI(base_url=base_url, api_key="none", timeout=seconds)
    llm = importlib.import_module("ragas.llms").llm_factory(MODEL, client=client)
    return importlib.import_module("ragas.metrics.collections").Faithfulness(llm=llm)


def _sample(row: Row) -> Row:
    return {
        "user_input": row["question"] or NOTHING_ASKED,
        "response": row["response"],
        "retrieved_contexts": row["contexts"],
    }


def ragas_ascore(rows: Sequence[Row], base_url: str, seconds: float, at_once: int) -> list[Found]:
    """The current interface, row by row."""
    metric = _collections_metric(base_url, seconds)

    async def score(row: Row) -> float:
        return float((await metric.ascore(**_sample(row))).value)

    return score_each(score, rows, at_once)


def ragas_abatch(rows: Sequence[Row], base_url: str, seconds: float, at_once: int) -> list[Found]:  # noqa: ARG001
    """The current interface, in batches; each sends all its rows at once."""
    metric = _collections_metric(base_url, seconds)

    async def every() -> list[Found]:
        found: list[Found] = []
        for start in range(0, len(rows), BATCH):
            batch = [_sample(row) for row in rows[start : start + BATCH]]
            try:
                results = await metric.abatch_score(batch)
                found += [{"value": float(result.value)} for result in results]
            except Exception as error:  # noqa: BLE001
                found += [_raised(error)] * len(batch)
        return found

    return asyncio.run(every())


def ragas_evaluate(rows: Sequence[Row], base_url: str, seconds: float, at_once: int) -> list[Found]:
    """``evaluate``, the older interface, which most guides show; it is deprecated and works."""
    ragas = importlib.import_module("ragas")
    chat = importlib.import_module("langchain_openai").ChatOpenAI(
        model=MODEL, base_url=base_url, api_key="none", timeout=seconds
    )
    result = ragas.evaluate(
        ragas.EvaluationDataset.from_list([_sample(row) for row in rows]),
        metrics=[importlib.import_module("ragas.metrics").Faithfulness()],
        llm=importlib.import_module("ragas.llms").LangchainLLMWrapper(chat),
        # its own timeout is for a whole row with all tries, so it is left as it is (180 s)
        run_config=ragas.RunConfig(max_workers=at_once),
        show_progress=False,
    )
    return [{"value": float(score["faithfulness"])} for score in result.scores]


def deepeval(rows: Sequence[Row], base_url: str, seconds: float, at_once: int) -> list[Found]:
    """DeepEval's faithfulness with its model for local servers."""
    metrics = importlib.import_module("deepeval.metrics")
    cases = importlib.import_module("deepeval.test_case")
    model = importlib.import_module("deepeval.models").LocalModel(
        model=MODEL, base_url=base_url, api_key="none", timeout=seconds
    )

    async def score(row: Row) -> float:
        case = cases.LLMTestCase(
            input=row["question"] or NOTHING_ASKED,
            actual_output=row["response"],
            retrieval_context=row["contexts"],
        )
        metric = metrics.FaithfulnessMetric(model=model)  # it keeps the state of one row
        return float(await metric.a_measure(case, _show_indicator=False))

    return score_each(score, rows, at_once)


METRICS = {
    "ragas ascore": (ragas_ascore, "ragas"),
    "ragas abatch_score": (ragas_abatch, "ragas"),
    "ragas evaluate": (ragas_evaluate, "ragas"),
    "deepeval": (deepeval, "deepeval"),
}


def main() -> None:
    """Score the rows by the metric that is named."""
    name, given, output, base_url, seconds, at_once = sys.argv[1:]
    sys.addaudithook(refuse_network)
    score, package = METRICS[name]
    try:
        importlib.import_module(package)
    except ImportError as error:
        raise SystemExit(f"{package} cannot be imported: {error}") from error
    rows = [json.loads(line) for line in Path(given).read_text("utf8").splitlines()]
    started = time.perf_counter()
    found = score(rows, base_url, float(seconds), int(at_once))
    took = time.perf_counter() - started
    version = f"{package} {importlib.metadata.version(package)}"
    written = {"version": version, "seconds": took, "rows": found}
    Path(output).write_text(json.dumps(written), "utf8")


if __name__ == "__main__":
    main()
