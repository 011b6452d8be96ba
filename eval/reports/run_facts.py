"""What a run was: cases, library, judge and how good that judge is; for the head of a report."""

from __future__ import annotations

from eval.runs.folder import Manifest


def run_facts(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Name, value and a smaller line below it; plain texts."""
    cases, library = manifest.cases, manifest.library
    return [
        ("Cases", f"{cases.count:,} of {cases.path}", f"sha256 {cases.sha256[:12]}"),
        (
            "Library",
            library.path,
            f"{library.documents:,} documents in {library.chunks:,} passages, "
            f"generation {library.generation}",
        ),
        ("Judge", manifest.judge.name, judge_quality(manifest)),
        (
            "Made",
            manifest.created.replace("T", " "),
            f"citebound {manifest.citebound}, seed {manifest.seed}, at least "
            f"{manifest.coverage_asked:.0%} of the cases to be scored",
        ),
    ]


def judge_quality(manifest: Manifest) -> str:
    """The measured quality of the judge in words, or why there is none."""
    judge = manifest.judge
    if not judge.quality:
        return f"its quality is not measured: {judge.quality_reason}"
    told = (
        f"{name.replace('_', ' ')} {value:.3f}" if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in judge.quality.items()
    )  # fmt: skip
    return ", ".join(told)
