"""What a record depends on: the values of a way to answer, and a key for every case."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from app.models.choose import AnswerModel
from app.own_prompts import find_prompt
from app.settings import AnswerSettings
from eval.cases import Case, CasesError
from eval.runs.folder import Manifest, RunSetting
from eval.runs.ways import Way
from ingest.library import Library
from prompts.template import read_prompt, shipped_prompts

SCORING = 2  # goes up where the same answer gets other scores than before
# Settings that say where a model is and how long it is waited for, not what it answers.
NEUTRAL = {
    "ollama_url", "vllm_url", "openai_compatible_url", "keep_alive", "calls_at_once",
    "seconds_without_token",
}  # fmt: skip


def run_setting(way: Way, model: AnswerModel) -> RunSetting:
    """A way to answer with everything of it that an answer may depend on."""
    settings = way.settings.model_dump(mode="json")
    kept = {key: value for key, value in settings.items() if key not in NEUTRAL}
    found = {
        "model": model.name,
        "model_digest": getattr(model, "digest", None),
        "prompts": prompts_fingerprint(way.settings),
    }
    varied = {"variation": way.variation.name} if way.variation else {}
    return RunSetting(way.name, {**kept, **found, **way.search, **varied})


def prompts_fingerprint(settings: AnswerSettings) -> str:
    """A hash of the prompt that is chosen and of all that come with the program."""
    prompts = shipped_prompts()
    if settings.prompt:
        prompts.append(read_prompt(find_prompt(settings.prompt)))
    return _hash([prompt.fingerprint for prompt in prompts])


def library_fingerprint(library: Library) -> str:
    """A hash of what the library holds and how it is searched; not of where it lies."""
    return _hash(
        [
            sorted(library.catalog.chunk_ids()),
            library.catalog.fact("embedder"),
            library.settings.reranker,
            library.settings.rerank_passages,
        ]
    )


def record_key(case: Case, setting: RunSetting, manifest: Manifest, library: str) -> str:
    """A hash of all that a case's answer and scores depend on; ``library`` is its fingerprint."""
    return _hash(
        [
            case.model_dump(mode="json"),
            setting.values,
            library,
            manifest.judge.name,
            manifest.metrics,
            manifest.seed,
            manifest.citebound,
            SCORING,
        ]
    )


def check_ids(cases: Sequence[Case]) -> None:
    """Raises CasesError where there is no case, or two have the same id."""
    if not cases:
        raise CasesError("There are no cases to ask.")
    id, count = Counter(case.id for case in cases).most_common(1)[0]
    if count > 1:
        raise CasesError(f"{count} cases have the id {id!r}; give each its own.")


def _hash(parts: Sequence[object]) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
