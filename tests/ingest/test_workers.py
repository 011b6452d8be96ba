"""A page that takes too much costs itself, a bomb its document, and neither ever the run."""

import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from pebble.pool.process import WorkerManager

from ingest.library import Library
from ingest.pipeline import Failure, ingest_folder
from ingest.settings import IngestSettings
from ingest.workers import started_pool
from tests.office_files import write_xlsx, write_zip
from tests.pdfs import write_pdf

SLOW_DRAWING = b"0 0 m 9 9 l S\n" * 12_000_000  # many seconds of PDFium's time
TWO_GIGABYTES = 2 * 2**30


def write_streams(path: Path, streams: list[bytes], *, filters: int = 1) -> Path:
    """A PDF with a page for each content stream, which is compressed already, so many times."""
    names = b"[" + b" /FlateDecode" * filters + b" ]"
    pages = b" ".join(b"%d 0 R" % (3 + 2 * index) for index in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (pages, len(streams)),
    ]
    for index, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources "
            b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            % (4 + 2 * index)
        )
        head = b"<< /Filter %s /Length %d >>" % (names, len(stream))
        objects.append(head + b"\nstream\n" + stream + b"\nendstream")
    return _write_objects(path, objects)


def write_image_bomb(path: Path, *, side: int) -> Path:
    """A page that is one white picture of side x side pixels, in a few kilobytes."""
    picture = deflated_twice(bytes(1), size=side * side)
    return _write_objects(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /XObject << /I 5 0 R >> >> >>",
            b"<< /Length 27 >>\nstream\nq 612 0 0 792 0 0 cm /I Do Q\nendstream",
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
            b"/BitsPerComponent 8 /Filter [ /FlateDecode /FlateDecode ] /Length %d >>\nstream\n%s"
            b"\nendstream" % (side, side, len(picture), picture),
        ],
    )


def _write_objects(path: Path, objects: list[bytes]) -> Path:
    body, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, len(body))
    )
    return path


def shown(text: str) -> bytes:
    """A content stream that shows a text."""
    return b"BT /F 12 Tf 72 700 Td (%s) Tj ET\n" % text.encode()


def deflated_twice(piece: bytes, *, size: int) -> bytes:
    """So many bytes of a piece repeated, deflated and deflated again, without holding them."""
    packer = zlib.compressobj(9)
    block = piece * (2**20 // len(piece))
    packed = b"".join(packer.compress(block) for _ in range(size // len(block)))
    return zlib.compress(packed + packer.flush(), 9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    write_pdf(made / "heron.pdf", [["The grey heron stands in the water."]])
    return made


def ingest(folder: Path, **settings: float) -> tuple[dict[str, list[str]], list[Failure]]:
    """Ledger methods by document after an ingest, and the failures."""
    chosen = IngestSettings(**settings)  # type: ignore[arg-type]
    with Library.open(folder.parent / "library", settings=chosen, create=True) as library:
        summary = ingest_folder(folder, library)
        methods = {
            document.name: [
                " ".join([line.method, *(left.reason for left in line.left_out)])
                for line in library.catalog.ledger(document.id)
            ]
            for document in library.documents()
        }
    return methods, summary.failures


def test_workers_do_not_run_the_main_script_again(folder: Path) -> None:
    script = folder.parent / "program.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from ingest.library import Library\n"
        "from ingest.pipeline import ingest_folder\n"
        "print('run', flush=True)\n"
        "with Library.open(Path(sys.argv[2]), create=True) as library:\n"
        "    print(ingest_folder(Path(sys.argv[1]), library).added)\n"
    )
    command = [sys.executable, str(script), str(folder), str(folder.parent / "library")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("run\n1\n", "")


def test_workers_have_ended_before_the_pool_takes_away_the_locks_that_starting_ones_want(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive: list[bool] = []
    close = WorkerManager.close_channels

    def closing(manager: WorkerManager) -> None:
        alive.extend(worker.is_alive() for worker in manager.workers.values())
        close(manager)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(WorkerManager, "close_channels", closing)
    with started_pool(2):
        pass
    assert alive == [False, False]


@pytest.mark.slow
def test_a_page_that_takes_too_long_costs_itself(folder: Path) -> None:
    streams = [shown("The first page."), SLOW_DRAWING, shown("The last page.")]
    write_streams(folder / "slow.pdf", [zlib.compress(stream) for stream in streams])
    methods, failures = ingest(folder, seconds_per_page=2)
    assert failures == []
    assert methods["heron.pdf"] == ["text layer"]
    assert methods["slow.pdf"] == ["text layer", "none it takes over 2 s to read", "text layer"]


@pytest.mark.slow
def test_a_document_of_pages_that_take_too_long_is_given_up(folder: Path) -> None:
    write_streams(folder / "slow.pdf", [zlib.compress(SLOW_DRAWING)] * 5)
    methods, (failure,) = ingest(folder, seconds_per_page=2)
    assert list(methods) == ["heron.pdf"]
    assert failure.path.name == "slow.pdf"
    assert "page 4: it takes over 2 s to read" in failure.reason


@pytest.mark.slow
def test_a_text_bomb_costs_itself_within_the_limits(folder: Path) -> None:
    bomb = deflated_twice(b"(boom) Tj 0 0 Td ", size=TWO_GIGABYTES)
    write_streams(folder / "bomb.pdf", [bomb], filters=2)
    assert (folder / "bomb.pdf").stat().st_size < 100_000
    methods, failures = ingest(folder, seconds_per_page=5, worker_memory_mb=768)
    assert list(methods) == ["heron.pdf"]
    assert [failure.path.name for failure in failures] == ["bomb.pdf"]


@pytest.mark.slow
def test_an_image_bomb_costs_itself_within_the_limits(folder: Path) -> None:
    write_image_bomb(folder / "bomb.pdf", side=40_960)
    assert (folder / "bomb.pdf").stat().st_size < 100_000
    methods, failures = ingest(folder, seconds_per_page=20, worker_memory_mb=768)
    assert list(methods) == ["heron.pdf"]
    assert [failure.path.name for failure in failures] == ["bomb.pdf"]


@pytest.mark.slow
def test_a_workbook_that_takes_too_much_memory_is_not_called_damaged(folder: Path) -> None:
    path = write_xlsx(folder / "large.xlsx", {"Words": [["word"] * 1000] * 3})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"word", b"word " * 6000)
    write_zip(path, parts)
    methods, (failure,) = ingest(folder, worker_memory_mb=256)
    assert list(methods) == ["heron.pdf"]
    assert failure.reason == ("it is too large or damaged (it takes over 0.2 GB of memory to read)")
