"""What whoever answers an e-mail wrote themselves: not what they quote, sign with or carry along."""

from __future__ import annotations

import re
from contextlib import suppress
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

#: Who wrote what is quoted, over up to three lines; and how a line of it begins.
_SAID_THEN = re.compile(
    r"^[ \t]*(?:(?:On|At) [^\n]{3,200}(?:\n(?!\s*>)[^\n]{0,200}){0,2}?wrote:"
    r"|在[^\n]{3,120}(?:\n(?!\s*>)[^\n]{0,120}){0,2}?写道[:：])[ \t]*$",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^\s*>")
#: Where a mail begins that is carried along whole, or a signature.
_CARRIED = re.compile(r"^\s*(?:-{2,} ?(?:Original|Forwarded|原始)|_{5,}|From: |发件人[:：]|--\s*$)")
#: How HTML says the same: by an element, a class or an id; from the last on, all is carried along.
_HIDDEN = frozenset({"head", "style", "script", "template", "blockquote"})
_QUOTES = frozenset({"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote"})
_REST = frozenset({"divRplyFwdMsg", "appendonsend"})
_BLOCKS = frozenset({"br", "div", "p", "li", "tr", "h1", "h2", "h3", "h4", "hr", "pre", "table", "ul", "ol"})


def own_words(mail: EmailMessage) -> list[str]:
    """The lines, the first of them not empty; of a mail in two forms the text, if it says anything."""
    for form in ("plain", "html"):
        part = mail.get_body((form,))
        if part is not None and (lines := _own(_text(part))):
            return lines
    return []


def _text(part: MIMEPart) -> str:
    text = ""
    with suppress(LookupError, ValueError):  # a charset that nobody knows, or no text at all
        text = str(part.get_content())
    return _plain(text) if part.get_content_subtype() == "html" else text


def _own(text: str) -> list[str]:
    own: list[str] = []
    for line in _SAID_THEN.sub("", "\n".join(text.splitlines())).splitlines():
        if _CARRIED.match(line):
            break
        if not _QUOTED.match(line):
            own.append(line.strip())
    while own and not own[0]:
        own.pop(0)
    return own


def _plain(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.said)


class _Reader(HTMLParser):
    """Writes down the text of HTML, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        #: The element that hides what is in it, and how many of its name are open; nothing ends the rest.
        self._hiding, self._open, self._over = "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hiding:
            self._open += tag == self._hiding
            return
        named = {word for name, value in attrs if name in ("class", "id") for word in (value or "").split()}
        self._over = self._over or not named.isdisjoint(_REST)
        if tag in _HIDDEN or not named.isdisjoint(_QUOTES):
            self._hiding, self._open = tag, 1
        elif tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hiding:
            self._open -= 1
            self._hiding = self._hiding if self._open else ""
        elif tag in _BLOCKS and not self._hiding:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hiding and not self._over:
            self.said.append(re.sub(r"\s+", " ", data))
