"""Files that are empty, damaged, of another kind or hostile are refused by a named reason."""

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.readers.archive import ENCRYPTED_OFFICE, MOST_XML_BYTES, OLD_OFFICE, open_archive
from ingest.readers.content import EMPTY, NO_TEXT, TOO_LARGE
from ingest.readers.plain_text import NOT_TEXT
from ingest.readers.source import ENDINGS
from tests.ingest.readers.reading import paragraphs, read, reason
from tests.ingest.socket_guard import SocketGuard
from tests.office_files import write_docx, write_epub, write_xlsx, write_zip

NOISE = random.Random(0).randbytes(5000)  # noqa: S311 - nothing secret
ARCHIVES = (".docx", ".pptx", ".xlsx", ".epub")
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><document><body><p><t>&i;</t></p></body></document>"
)


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".pdf"])
def test_an_empty_file_says_so(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"")
    assert reason(path) == EMPTY


@pytest.mark.parametrize("ending", ARCHIVES)
@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", NOISE[:3000], b"plain text"])
def test_a_damaged_archive_says_so(tmp_path: Path, ending: str, content: bytes) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    assert reason(path).startswith("it is damaged")


def test_a_damaged_part_of_an_archive_says_so(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("word/document.xml")
    begins = part.header_offset + 30 + len(part.filename)  # APPNOTE.TXT, 4.3.7
    data = bytearray(path.read_bytes())
    data[begins : begins + part.compress_size] = b"\xff" * part.compress_size
    path.write_bytes(data)
    assert reason(path).startswith("it is damaged")


@pytest.mark.parametrize("ending", ARCHIVES)
def test_an_archive_that_lacks_its_parts_says_so(tmp_path: Path, ending: str) -> None:
    assert reason(write_zip(tmp_path / f"a{ending}", {"a.txt": "x"})).startswith("it is damaged")


def test_a_mistake_of_the_program_is_not_told_as_damage(tmp_path: Path) -> None:
    with pytest.raises(KeyError), open_archive(write_docx(tmp_path / "a.docx")):
        dict[str, str]()["no part of an archive"]


def test_an_archive_whose_parts_are_encrypted_says_so(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(path) as archive:
        parts = [part.header_offset for part in archive.infolist()]
        directory = archive.start_dir
    data = bytearray(path.read_bytes())
    for at in parts:
        data[at + 6] |= 1  # APPNOTE.TXT, 4.3.7 and 4.4.4
    while data[directory : directory + 4] == b"PK\x01\x02":
        data[directory + 8] |= 1  # 4.3.12
        lengths = struct.unpack_from("<3H", data, directory + 28)
        directory += 46 + sum(lengths)
    path.write_bytes(data)
    assert reason(path).startswith("it is damaged or encrypted")


@pytest.mark.parametrize("ending", ARCHIVES)
def test_a_small_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2):
            with archive.open(f"{number}.xml", "w") as part:
                for _ in range(MOST_XML_BYTES >> 20):
                    part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert reason(path).startswith(TOO_LARGE)


def test_an_archive_that_lies_about_its_sizes_is_damaged(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("word/document.xml").file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (40).to_bytes(4, "little")))
    assert reason(path).startswith("it is damaged")


@pytest.mark.parametrize("ending", [".docx", ".pptx", ".xlsx"])
def test_an_encrypted_office_file_says_what_to_do(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(OLD_OFFICE + bytes(2000))
    assert reason(path) == ENCRYPTED_OFFICE


@pytest.mark.parametrize("content", [NOISE, bytes(range(256)) * 20, b"\0" * 400])
def test_a_file_that_is_no_text_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert reason(path) == NOT_TEXT


WITHOUT_TEXT: dict[str, Callable[[Path], Path]] = {
    "a.html": lambda path: _written(path, "<html><body><script>x</script></body></html>"),
    "a.txt": lambda path: _written(path, " \n\n \t"),
    "a.md": lambda path: _written(path, "<!-- nothing -->\n"),
    "a.csv": lambda path: _written(path, ",,\n,,\n"),
    "a.xlsx": lambda path: write_xlsx(path, {"Empty": []}),
    "a.epub": lambda path: write_epub(path, ["<p></p>"]),
}


@pytest.mark.parametrize("name", WITHOUT_TEXT)
def test_a_file_without_text_says_so(tmp_path: Path, name: str) -> None:
    assert reason(WITHOUT_TEXT[name](tmp_path / name)) == NO_TEXT


def test_html_that_nests_too_deeply_is_refused(tmp_path: Path) -> None:
    assert reason(_written(tmp_path / "a.html", "<div>" * 100_000 + "deep")).startswith(
        "it is damaged"
    )


def test_entities_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts = {"_rels/.rels": relations, "word/document.xml": BOMB}
    assert reason(write_zip(tmp_path / "a.docx", parts)).startswith("it is damaged")


def test_no_file_and_no_address_that_a_file_names_is_opened(
    tmp_path: Path, socket_guard: SocketGuard
) -> None:
    secret = _written(tmp_path / "secret", "do not read")
    chapter = (
        f'<p>Seen.</p><p>&x;</p><img src="http://192.0.2.1/a.png"/><iframe src="{secret}"></iframe>'
    )
    path = write_epub(tmp_path / "a.epub", [chapter])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    doctype = f'<!DOCTYPE html SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY x SYSTEM "{secret}">]>'
    name = "OEBPS/text/c 0.xhtml"
    parts[name] = parts[name].replace(b"<html", doctype.encode() + b"<html")
    content = read(write_zip(path, parts))
    assert paragraphs(content) == ["Seen."]
    assert socket_guard.refused == []


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
