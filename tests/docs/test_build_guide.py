"""The handbook builds into PDFs that a reader, and a program that reads PDFs, can use."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from app import sample

ROOT = Path(__file__).parents[2]
BUILDER = ROOT / "docs" / "build_guide.py"


def run_builder(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the builder as its user does, with warnings as errors."""
    command = [sys.executable, "-W", "error", BUILDER, *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def build_into(output: Path) -> list[Path]:
    """Build the real handbook and return its PDFs."""
    result = run_builder(output)
    assert result.returncode == 0, result.stderr
    return [Path(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build_into(tmp_path_factory.mktemp("guide"))


def page_texts(path: Path) -> list[str]:
    """The text of each page, with every run of white space made one space."""
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [re.sub(r"\s+", " ", text) for text in texts]


def test_the_handbook_has_enough_to_read(pdfs: list[Path]) -> None:
    assert len(pdfs) >= 4
    assert sum(len(page_texts(path)) for path in pdfs) >= 25


def test_every_part_can_be_navigated(pdfs: list[Path]) -> None:
    for path in pdfs:
        with pypdfium2.PdfDocument(path) as document:
            title = document.get_metadata_value("Title")
            outline = [bookmark.get_title() for bookmark in document.get_toc()]
        assert title == outline[0]
        assert len(outline) > 5
        contents = page_texts(path)[0].partition("Contents")[2]
        assert all(heading in contents for heading in outline[1:])


def test_the_page_numbers_in_the_contents_are_right(pdfs: list[Path]) -> None:
    for path in pdfs:
        texts = page_texts(path)
        entries = re.findall(r"([^.]+?) (?:\. ?)+(\d+)", texts[0].partition("Contents")[2])
        assert entries
        for heading, number in entries:
            assert heading.strip() in texts[int(number) - 1]


@pytest.mark.parametrize(
    ("part", "sentences"),
    [
        (
            "1-how-language-models-are-made",
            [
                "A base model only completes text:",
                "A knowledge cutoff is the date after which a model has seen no training text.",
            ],
        ),
        (
            "2-vocabulary",
            [
                "A context window is the largest number of tokens that a model can read at once, "
                "prompt and answer together.",
                "(32 x 4 + 16) / 32 = 4.5 bits for each weight.",
                "<s>[INST] <<SYS>>",
                "QLoRA is LoRA on top of a model whose frozen parameters are quantized to 4 bits.",
            ],
        ),
        (
            "3-prompting",
            [
                "A task starts with a verb and names the end goal.",
                "Tone is the manner in which the answer sounds,",
                "Prompt injection is text in the input of a model that is written to take over",
            ],
        ),
        (
            "4-how-the-parts-fit-together",
            [
                "Ollama is a program that downloads language models,",
                "Chroma is a vector store:",
                "LangChain is not a model, not a server and not an application.",
            ],
        ),
    ],
)
def test_text_comes_out_in_reading_order(pdfs: list[Path], part: str, sentences: list[str]) -> None:
    text = " ".join(page_texts(next(path for path in pdfs if path.stem == part)))
    places = [text.find(sentence) for sentence in sentences]
    assert -1 not in places
    assert places == sorted(places)


def test_the_same_markdown_gives_the_same_bytes(pdfs: list[Path], tmp_path: Path) -> None:
    again = build_into(tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in pdfs]


@pytest.mark.parametrize(
    ("bad_line", "number", "complaint"),
    [
        ("```mermaid\nflowchart LR\n    a[A] ==> b[B]\n```", 5, "unknown flowchart syntax"),
        ("```mermaid\nflowchart LR\n    a[A] --> b\n```", 5, "node 'b' has no label"),
        ("<b>raw</b>", 3, "does not know how to set 'html_inline'"),
        ("An arrow: \N{RIGHTWARDS ARROW}", 3, "the fonts have no character"),
        ("[nowhere](6-missing.md)", 3, "leads nowhere"),
    ],
)
def test_what_cannot_be_set_is_an_error_with_file_and_line(
    tmp_path: Path, bad_line: str, number: int, complaint: str
) -> None:
    (tmp_path / "bad.md").write_text(f"# Title\n\n{bad_line}\n", encoding="utf-8")
    result = run_builder(tmp_path / "out", "--source", tmp_path)
    assert result.returncode == 1
    assert f"bad.md:{number}: " in result.stderr
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr


def test_the_sample_that_is_shipped_is_this_handbook(pdfs: list[Path]) -> None:
    shipped = sorted(sample.FOLDER.glob("*.pdf"))
    assert [path.name for path in shipped] == [path.name for path in pdfs]
    for old, new in zip(shipped, pdfs, strict=True):
        assert page_texts(old) == page_texts(new), "app/handbook has changed: run make sample"
