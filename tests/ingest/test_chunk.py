"""Pages are cut into chunks that the embedder reads whole, and no character is lost."""

import random
from itertools import pairwise

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from ingest.chunk import PAGE_BREAK, Chunk, cut_chunks
from ingest.embedder import EmbedderTokenizer
from ingest.embedder_cache import prepare_embedder
from ingest.readers.content import Heading, Page, SourceContent
from ingest.sentences import split_sentences
from ingest.settings import IngestSettings

PROSE = (
    "The boiler is fired with coal, and its grate lets the ash fall through. Test the valve before "
    "the fire is lit! Does water show in the glass? Then open the damper, wait until the flame "
    "turns yellow, and close the door of the firebox by hand. Steam rises. It drives the piston. "
)
CJK = "锅炉用煤加热，蒸汽推动活塞。安全阀在九巴时打开，并发出很大的声音。"


def bundled_tokenizer() -> EmbedderTokenizer:
    """WordPiece, as the default embedder has it."""
    return prepare_embedder(IngestSettings()).open_tokenizer()


def byte_level_tokenizer() -> EmbedderTokenizer:
    """A byte-level BPE with a small limit and a prompt; its tokens join and split at seams."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([PROSE], trainer)
    return EmbedderTokenizer(tokenizer, max_tokens=96, document_prompt="passage: ")


@pytest.fixture(scope="module", params=[bundled_tokenizer, byte_level_tokenizer])
def tokenizer(request: pytest.FixtureRequest) -> EmbedderTokenizer:
    made = request.param()
    assert isinstance(made, EmbedderTokenizer)
    return made


def document(
    *texts: str, title: str = "Handbook", outline: tuple[Heading, ...] = ()
) -> SourceContent:
    """A document of pages with these texts."""
    pages = tuple(Page(number, str(number), text) for number, text in enumerate(texts, 1))
    return SourceContent(title, pages, outline, "pdfium")


def cut(content: SourceContent, tokenizer: EmbedderTokenizer, *, target: int = 220) -> list[Chunk]:
    return cut_chunks(content, document_id="d", tokenizer=tokenizer, target_tokens=target)


def random_text(seed: int) -> str:
    characters = "abcdefg ABC 0123 .!?,;:-\n\n\"'()é漢字。🙂\u00ad\u2028"
    return "".join(random.Random(seed).choices(characters, k=1500))  # noqa: S311


LONG_HEADING = "Of the care of the valves and the firebox and everything that belongs to them " * 3
TEXTS = {
    "prose": document(PROSE * 6, PROSE * 2),
    "random": document(*[random_text(seed) for seed in range(4)]),
    "unbreakable words": document("x" * 3000 + " " + "ab-c" * 500, "É" * 700),
    "Chinese": document(CJK * 30, CJK),
    "Chinese without a full stop": document("锅炉用煤加热" * 200),
    "emoji": document("🙂🔥" * 300 + "👩‍👩‍👧 family. " * 40),
    "numbers": document("\n".join(f"Row {n} 1,{n:03} 2,{n:03} (3.{n})" for n in range(120))),
    "empty pages": document("", " \n ", PROSE, "", "Last page."),
    "sentences over page breaks": document(
        PROSE + "The stoker opens the lower", "damper and waits until the", "flame turns yellow."
    ),
    "long title": document(PROSE * 3, title="A treatise on boilers of every kind, " * 5),
    "deep outline": document(
        *["\n".join([f"{LONG_HEADING}{level}", PROSE * 2]) for level in range(6)],
        title="A treatise on boilers of every kind, " * 5,
        outline=tuple(Heading(n, f"{LONG_HEADING}{n}", n + 1) for n in range(6)),
    ),
    "outline out of order": document(
        "One\n" + PROSE, "Two\n" + PROSE,
        outline=(Heading(0, "Two", 2), Heading(0, "One", 1), Heading(1, "Not there", 1)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_every_character_that_is_not_white_space_is_in_exactly_one_chunk(
    tokenizer: EmbedderTokenizer, name: str
) -> None:
    text = PAGE_BREAK.join(page.text for page in TEXTS[name].pages)
    chunks = cut(TEXTS[name], tokenizer)
    for before, after in pairwise(chunks):
        assert before.end <= after.start
    left_out = [
        text[left.end : right.start]
        for left, right in pairwise([None, *chunks, None])
        if left and right
    ]
    edges = [text[: chunks[0].start], text[chunks[-1].end :]]
    assert "".join([*left_out, *edges]).strip() == ""
    for chunk in chunks:
        assert chunk.text == text[chunk.start : chunk.end].replace(PAGE_BREAK, "\n")


@pytest.mark.parametrize("name", TEXTS)
def test_no_chunk_is_over_the_limit_with_header_and_prompt(
    tokenizer: EmbedderTokenizer, name: str
) -> None:
    for chunk in cut(TEXTS[name], tokenizer):
        as_embedded = tokenizer.document_prompt + chunk.embedded_text
        assert len(tokenizer.tokenizer.encode(as_embedded).ids) == chunk.tokens
        assert chunk.tokens <= tokenizer.max_tokens


@pytest.mark.parametrize("name", TEXTS)
def test_chunks_count_up_and_each_has_its_own_id(tokenizer: EmbedderTokenizer, name: str) -> None:
    chunks = cut(TEXTS[name], tokenizer)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)


def test_a_sentence_that_fits_is_never_cut(tokenizer: EmbedderTokenizer) -> None:
    chunks = cut(document(PROSE * 12), tokenizer)
    assert len(chunks) > 1
    found = [sentence for chunk in chunks for sentence in split_sentences(chunk.text)]
    assert found == split_sentences(PROSE) * 12


def test_a_sentence_over_the_limit_is_cut_between_words(tokenizer: EmbedderTokenizer) -> None:
    words = PROSE.replace(".", "").replace("!", "").replace("?", "").split() * 12
    chunks = cut(document(" ".join(words)), tokenizer)
    assert len(chunks) > 1
    assert [word for chunk in chunks for word in chunk.text.split()] == words


def test_a_sentence_over_a_page_break_is_whole(tokenizer: EmbedderTokenizer) -> None:
    chunks = cut(
        document(
            "Coal is dry. The stoker opens the lower", "damper and waits.\nThen he shuts the door."
        ),
        tokenizer,
    )
    assert [(chunk.text, chunk.first_page, chunk.last_page) for chunk in chunks] == [
        ("Coal is dry. The stoker opens the lower\ndamper and waits.", 1, 2),
        ("Then he shuts the door.", 2, 2),
    ]


@pytest.mark.parametrize("first", ["It ends here.", "Heading", "It ends here:"])
def test_a_sentence_that_begins_on_a_page_stays_there(
    tokenizer: EmbedderTokenizer, first: str
) -> None:
    chunks = cut(document(first, "The next page has its own."), tokenizer)
    assert [(chunk.first_page, chunk.last_page) for chunk in chunks] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_chunk_names_the_pages_that_hold_it(tokenizer: EmbedderTokenizer, name: str) -> None:
    starts = [0]
    for page in TEXTS[name].pages:
        starts.append(starts[-1] + len(page.text) + len(PAGE_BREAK))
    for chunk in cut(TEXTS[name], tokenizer):
        assert starts[chunk.first_page - 1] <= chunk.start < starts[chunk.first_page]
        assert starts[chunk.last_page - 1] < chunk.end < starts[chunk.last_page]


def test_a_chunk_stays_under_one_heading_and_names_those_above_it() -> None:
    content = document(
        "Preface text.\nEngines\nThey move.\nBoiler\nIt is hot.",
        "Still hot.\nWheels\nThey turn.",
        title="Trains",
        outline=(
            Heading(0, "Trains", 1),
            Heading(1, "Engines", 1),
            Heading(2, "boiler", 1),  # headings are often in capitals on one side only
            Heading(1, "Wheels", 2),
        ),
    )
    chunks = cut(content, bundled_tokenizer())
    assert [(chunk.trail, " ".join(chunk.text.split()), chunk.header) for chunk in chunks] == [
        ("", "Preface text.", "Trains"),
        ("Engines", "Engines They move.", "Trains > Engines"),
        ("Engines > boiler", "Boiler It is hot.", "Trains > Engines > boiler"),
        ("Engines > boiler", "Still hot.", "Trains > Engines > boiler"),
        ("Wheels", "Wheels They turn.", "Trains > Wheels"),
    ]


def test_an_outline_that_goes_back_names_what_stands_there() -> None:
    content = document(
        *(f"{PROSE}{name}\n{PROSE}" for name in ("Contents", "Boilers", "Valves")),
        outline=(Heading(0, "Boilers", 2), Heading(0, "Valves", 3), Heading(0, "Contents", 1)),
    )
    trails = [(chunk.first_page, chunk.trail) for chunk in cut(content, bundled_tokenizer())]
    assert trails == [
        (1, ""), (1, "Contents"), (2, "Contents"), (2, "Boilers"), (3, "Boilers"), (3, "Valves"),
    ]  # fmt: skip


def test_a_header_that_is_too_long_loses_its_outer_headings_first() -> None:
    chunk = cut(TEXTS["deep outline"], bundled_tokenizer())[-1]
    assert len(bundled_tokenizer().token_spans(chunk.header)) <= 64
    assert chunk.trail.endswith("5")


def test_chunks_of_about_the_size_that_was_asked_share_the_text_evenly() -> None:
    chunks = cut(document(PROSE * 12), bundled_tokenizer(), target=100)
    assert all(60 <= chunk.tokens <= 100 for chunk in chunks)


def test_the_same_document_gives_the_same_ids_and_another_gives_others() -> None:
    tokenizer, content = bundled_tokenizer(), document(PROSE)
    first, again, other = (
        cut_chunks(content, document_id=key, tokenizer=tokenizer, target_tokens=220)
        for key in ("d", "d", "e")
    )
    assert first == again
    assert {chunk.id for chunk in first}.isdisjoint(chunk.id for chunk in other)


def test_the_rest_of_a_long_sentence_over_a_page_break_names_its_own_page() -> None:
    words = "steam and water " * 60
    chunks = cut(document(words, words), bundled_tokenizer())
    assert chunks[-1].first_page == 2


@pytest.mark.parametrize("glyph", ["\uf0b7", "\u200b", "\xad", "\ufffd"])
def test_a_page_of_nothing_that_the_tokenizer_reads_costs_only_itself(glyph: str) -> None:
    pages = (Page(1, "1", "Steam rises."), Page(2, "2", glyph))
    content = SourceContent("Boilers", pages, (), "pdfium")
    chunks = cut_chunks(content, document_id="d", tokenizer=bundled_tokenizer(), target_tokens=220)
    assert [chunk.text for chunk in chunks] == ["Steam rises."]
