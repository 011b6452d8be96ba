"""Imports go one way, and each thing that the project depends on is known to one file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "prompts": {"prompts"},
    "ingest": {"ingest"},
    "app": {"app", "prompts", "ingest"},
    "eval": {"eval", "app", "prompts", "ingest"},
}
OURS = {*MAY_IMPORT, "tests", "docs", "benchmarks", "training"}
ONLY_IN = {  # module -> the files that may import it; a library with several parts may need more
    "chromadb": {"ingest/vectors.py"},
    "langchain_ollama": {"app/models/ollama_server.py"},
    "langchain_openai": {"app/models/openai_server.py"},
    "llama_cpp": {"app/models/llamacpp.py"},
    "sqlite3": {"ingest/catalog/connection.py", "ingest/catalog/schema.py"},
}
COMMAND_LINES = {  # those that are not called cli.py or __main__.py
    "ingest/convert_embedder.py",
    "ingest/convert_reranker.py",
}


def source_files(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the packages: its path below ``root`` and its tree."""
    for package in MAY_IMPORT:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(tree: ast.Module) -> set[str]:
    """The first names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").partition(".")[0])
    return names


def wrong_imports(root: Path) -> list[str]:
    """Every import that goes up the list, is relative, or is not where it belongs."""
    found = []
    for name, tree in source_files(root):
        package = name.partition("/")[0]
        for module in sorted(imported_modules(tree)):
            if module == "." or (module in OURS and module not in MAY_IMPORT[package]):
                found.append(f"{name} imports {module}")
            if module in ONLY_IN and name not in ONLY_IN[module]:
                found.append(f"{name} imports {module}")
    return found


def wrong_prints(root: Path) -> list[str]:
    """Every ``print`` outside of command lines; libraries raise and return."""
    return [
        f"{name}:{node.lineno} prints"
        for name, tree in source_files(root)
        if name not in COMMAND_LINES and Path(name).name not in ("cli.py", "__main__.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]


def test_imports_go_one_way_and_each_dependency_has_its_file() -> None:
    assert wrong_imports(ROOT) == []


def test_only_command_lines_print() -> None:
    assert wrong_prints(ROOT) == []


def test_the_packages_are_looked_at() -> None:
    names = {name for name, _ in source_files(ROOT)}
    assert {"ingest/vectors.py", "ingest/catalog/reading.py", "eval/retrieval.py"} <= names


@pytest.mark.parametrize(
    ("name", "code", "complaint"),
    [
        ("ingest/a.py", "import app.ui", "ingest/a.py imports app"),
        ("ingest/a.py", "from prompts import x", "ingest/a.py imports prompts"),
        ("ingest/a.py", "def f():\n    from eval.cases import Case", "ingest/a.py imports eval"),
        ("prompts/a.py", "import ingest", "prompts/a.py imports ingest"),
        ("app/a.py", "import eval.cases", "app/a.py imports eval"),
        ("app/a.py", "from tests.pdfs import write_pdf", "app/a.py imports tests"),
        ("eval/a.py", "from . import cases", "eval/a.py imports ."),
        ("app/a.py", "import chromadb.config", "app/a.py imports chromadb"),
        ("ingest/a.py", "import sqlite3", "ingest/a.py imports sqlite3"),
        ("app/a.py", "import langchain_openai", "app/a.py imports langchain_openai"),
    ],
)
def test_an_offending_import_is_named(tmp_path: Path, name: str, code: str, complaint: str) -> None:
    write_source(tmp_path / name, code)
    assert wrong_imports(tmp_path) == [complaint]


def test_an_offending_print_is_named(tmp_path: Path) -> None:
    write_source(tmp_path / "app" / "a.py", "def f():\n    print('x')\n")
    write_source(tmp_path / "app" / "cli.py", "print('x')\n")
    assert wrong_prints(tmp_path) == ["app/a.py:2 prints"]


def write_source(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")
