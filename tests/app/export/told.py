"""A conversation to export, with what a hostile document or model would put into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.citations import marked_sentences, strip_marks
from app.events import Answer, Citation, Claim, Receipt
from app.export.conversation import ExportedConversation, exported_conversation
from ingest.records import ExchangeState

HOSTILE = (
    "<script>document.title='owned'</script> <img src=x onerror=alert(1)> &lt;b&gt; </body> <!-- "
    "![s](http://e.example/s.png) [door](javascript:alert(1)) | a | b | **x** `y` $x$ ~~no~~ "
    "<http://e.example> http://e.example www.e.example me@e.example "
    '<para><font color="[1 for _ in ()]"> #'
)
SCRIPTS = {
    "German": "Größe und Übermaß der Äpfel heißen »schön« – 5 €.",
    "Polish": "Zażółć gęślą jaźń, łódź.",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "Russian": "Съешь же ещё этих мягких французских булок.",
    "Vietnamese": "Tiếng Việt có dấu thanh.",
    "Chinese": "图书馆在一八七四年开放。",
    "Traditional Chinese": "圖書館於一八七四年開放。",
    "Japanese": "灯台は一八七四年に初めて灯されました。",
    "Korean": "등대는 천팔백칠십사 년에 처음 켜졌습니다.",
    "Hebrew": "המגדלור הודלק בשנת 1874 לראשונה.",
    "Arabic": "أضيئت المنارة في عام 1874 لأول مرة.",
}
HOT = Citation(1, "d", "tea.pdf", 3, "iii", "Tea is hot when it is poured.")
COLD = Citation(1, "d", "tea.pdf", 4, "iv", "Tea is cold when it is forgotten.")
MILK = Citation(2, "e", "milk.pdf", 1, "1", "Milk comes from cows.")
TEA = (
    "## On tea\n- Tea is **hot** at `first` [1]. Tea is red [2].\n2. Later it is cold [1].\nIs it?"
)


@dataclass(frozen=True)
class Kept:
    """A question as the page would have it."""

    question: str
    answer: Answer | None = None
    state: ExchangeState = "answered"
    kept_text: str = ""
    error: str | None = None
    choices: Mapping[str, str] = field(default_factory=lambda: {"model": "m", "strategy": "agent"})

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else self.kept_text

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.answer.claims if self.answer else ()


def answered(question: str, text: str, *claims: Claim, notes: Sequence[str] = ()) -> Kept:
    """A question that was answered."""
    receipt = Receipt("ollama:wren", "direct", seconds=2.0, notes=tuple(notes))
    answer = Answer(question, question, text, (), claims, (), receipt, refused=False)
    return Kept(question, answer)


def about_tea() -> Kept:
    """An answer with a heading, items, a sentence that is not proved, and two pages of a source."""
    texts = [strip_marks(sentence) for sentence in marked_sentences(TEA)]
    heading, hot, red, cold, asks = texts
    return answered(
        "What of tea?",
        TEA,
        Claim(heading, (), None, "not checkable"),
        Claim(hot, (HOT,), 1.0, "supported"),
        Claim(red, (MILK,), 0.1, "unsupported", "no passage says so"),
        Claim(cold, (COLD,), 1.0, "supported"),
        Claim(asks, (), None, "not checkable"),
        notes=("The search was cut short.",),
    )


def saying(text: str) -> Kept:
    """An answer of one sentence, which is its question, its reason, document and quote as well."""
    proves = Citation(1, "d", text, 2, text, text)
    return answered(
        text,
        f"{text}\n{text}",
        Claim(text, (proves,), 1.0, "supported"),
        Claim(text, (), 0.0, "unsupported", text),
    )


def refused() -> Kept:
    """A question that the documents do not answer."""
    said = "The documents do not say."
    kept = answered("Who is king?", said, Claim(said, (), None, "not checkable"))
    assert kept.answer is not None
    return replace(kept, answer=replace(kept.answer, refused=True))


def export(*kept: Kept, title: str = "On tea") -> ExportedConversation:
    """What is exported of these."""
    return exported_conversation(
        title, "papers", kept, exported=datetime(2026, 5, 4, 14, 3, tzinfo=UTC)
    )
