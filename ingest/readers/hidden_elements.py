"""What stands in an HTML tree and no browser shows: it is taken out, and its text is reported.

Instructions to a language model are hidden in a page that way.
"""

from __future__ import annotations

import re

from ingest.readers.archive import Element, local_name

NO_TEXT_INSIDE = frozenset(
    """
    script style title template noscript noframes meta link iframe object embed applet audio
    video canvas svg select datalist textarea map
    """.split()
)
HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|!|$)"
    r"|font-size:(?:0(?:\.\d+)?(?:[a-z]+|%)?|1(?:\.\d+)?(?:px|pt))(?:;|!|$)"
    r"|(?:left|top|text-indent):-\d{3,}|clip:rect\(0"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?", re.IGNORECASE)


def take_hidden(root: Element) -> list[str]:
    """Take out of a tree what is no text and what is hidden; returns the hidden texts."""
    selectors = _hiding_selectors(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or local_name(element) in NO_TEXT_INSIDE:
            _drop(element)
    hidden = []
    for element in [below for below in root.iterdescendants() if _is_hidden(below, selectors)]:
        if root in element.iterancestors():  # else it stood in one that is gone already
            hidden.append(" ".join(" ".join(element.itertext(with_tail=False)).split()))
            _drop(element)
    return [text for text in hidden if text]


def _drop(element: Element) -> None:
    """Remove an element and keep the text that follows it."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _is_hidden(element: Element, selectors: frozenset[str]) -> bool:
    if element.get("hidden") is not None or HIDING.search(_squeezed(element.get("style") or "")):
        return True
    if not selectors:
        return False
    name = local_name(element).lower()
    marks = [f".{word}" for word in (element.get("class") or "").split()]
    marks += [f"#{element.get('id')}"] if element.get("id") else []
    return any(selector in selectors for mark in ["", *marks] for selector in (name + mark, mark))


def _hiding_selectors(root: Element) -> frozenset[str]:
    """The simple selectors (``p``, ``.note``, ``p.note``, ``#x``) that the file's styles hide."""
    found = set()
    for sheet in root.iter():
        if local_name(sheet) == "style":
            rules = AT_RULE.sub("", COMMENT.sub("", "".join(sheet.itertext())))
            for selectors, body in RULE.findall(rules):
                if HIDING.search(_squeezed(body)):
                    found |= {selector.strip() for selector in selectors.split(",")}
    return frozenset(selector for selector in found if SIMPLE_SELECTOR.fullmatch(selector))


def _squeezed(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()
