"""What stands behind a word that says what it is: names, numbers and accounts led by a keyword."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.guard.digits import Span
from engine.guard.vocabulary import PARTICLES, SURNAMES, TELLERS, VERBS, WORDS

_HAN = "\u3400-\u9fff"
#: What may stand between the word and what it leads in.
_LINK = re.compile(
    r"[\"'”’)\]]{0,2}\s{0,3}"
    r"(?:(?:号码?|號碼?|码|number|no\.?|nr\.?|id|账号|帳號|是|为|為|is|was|[:=#@-])[\s\"'“‘(]{0,3}){0,4}",
    re.I,
)
_COLON = re.compile(r"[\"'”’)\]]{0,2}(?:\([^()]{0,20}\))?\s{0,3}[:=][\s\"'“‘]{0,4}")
_NUMBER = re.compile(r"[A-Za-z]{0,4}[ -]?\(?\d(?:[ .\-/()]{0,3}[\d*]){3,23}(?:[ -]?\(?[0-9A-Za-z]\)?(?!\w))?")
_HEXES = re.compile(r"[0-9A-Fa-f](?:[ .:-]?[0-9A-Fa-f]){9,19}(?![0-9A-Za-z])")
#: The number of a paper, letters among its digits.
_PAPER = re.compile(r"(?=(?:[A-Z]{0,3}\d){4})[A-Z0-9]{6,12}(?![A-Za-z0-9])")
_NETWORK = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)")
_PLATE = re.compile(
    rf"(?=[A-Za-z0-9{_HAN} .-]{{0,8}}\d)[{_HAN}]?[A-Z0-9]{{1,4}}"
    r"(?:[ .-]?[A-Z0-9]{1,5}){1,3}(?![A-Za-z0-9])"
)
_HANDLE = re.compile(r"\d{5,11}(?!\d)|(?=[A-Za-z_-]*\d|\w*_)[A-Za-z][\w-]{4,29}", re.A)
_WRITTEN_HANDLE = re.compile(r"[A-Za-z][\w-]{4,29}", re.A)
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,6}}(?:\.[{_HAN}]{{2,6}}){{1,3}}|[{_HAN}]{{2,4}}")
#: What joins a name to its word where no colon does: a verb, a bracket, the end of a line.
_HAN_JOINED = re.compile(
    rf"(?:】|\])?\s{{0,3}}(?:姓名|名字)?(?:名叫|名为|名為|叫做|叫|自称|是|系|係|名|为(?!何)|為(?!何))?(?P<name>[{SURNAMES}](?:某{{1,2}}|[{_HAN}]{{1,2}}))"
    rf"|\((?P<within>[{SURNAMES}](?:某{{1,2}}|[{_HAN}]{{1,2}}))\)"
)
_VERB = re.compile(rf" (?:{'|'.join(VERBS)})(?: called| named)? ")
_APPOSED = re.compile(r",? ?\(|, |\s")
_TWO_NAMES = re.compile(
    rf"[^\W\d_][\w'’-]+(?: [^\W\d_]\.)?(?: (?:{'|'.join(PARTICLES)})){{0,2}} [^\W\d_][\w'’-]+"
)
_SPELT_NAME = re.compile(r"[^\W\d_][\w'’.-]{0,30}(?:,? [^\W\d_][\w'’.-]{0,30}){0,3}")
#: What is said where there is no name to be said.
_NOBODY = re.compile(
    rf"[{_HAN}]*(?:不详|不明|未知|匿名|无名|不愿|保密|待查|在逃|路人|群众|市民|本人|无人|暂无|没有|一名|两名|多名|数人"
    r"|受伤|轻伤|重伤|伤势|死亡|身亡|被困|昏迷|逃逸|离开|弃车|已|未|无(?!\w)|正在|不在|拒绝|酒驾|醉驾|是否)"
    r"|(?:unknown|anonymous|none|not|no|n/a|na|null|unspecified|withheld|see|the|a|an|yes|public|passer-?by|man|woman|male|"
    r"trapped|injured|uninjured|hurt|unhurt|safe|dead|unconscious|conscious|unresponsive|still|fled|escaped|refus\w+|"
    r"states?|says?|said|reports?|reported|left|gone|in|on|at|inside|outside|under|with|without|has|had|is|was|being|"
    r"fastklämd|skadad|oskadd|avliden|medvetslös|"
    r"female|adult|child|person|people|okänd|anonym|ingen|unbekannt|desconocid[oa]|inconnu)\b",
    re.I,
)  # fmt: skip

_KINDS = {word.casefold(): kind for kind, words in WORDS.items() for word in words}
_LONGEST_FIRST = sorted(_KINDS, key=len, reverse=True)
#: Chinese words stand anywhere; those of an alphabet by themselves, and they are looked up by their first.
#: In forms their signs stand apart.
HAN_WORD = re.compile(
    "|".join("[ \u3000]{0,4}".join(word) for word in _LONGEST_FIRST if word[-1] >= "\u3400"), re.I
)
_PART = re.compile(rf"[^\W\d_{_HAN}]+")
#: Of the words of an alphabet: by the first part, the further parts and the whole.
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _word in (word for word in _LONGEST_FIRST if word[-1] < "\u3400"):
    _first, *_more = _PART.findall(_word)
    _BY_FIRST.setdefault(_first, []).append((tuple(_more), _word))


def labelled(text: str) -> Iterator[tuple[str, Span]]:
    """What the words in the text lead in: its kind, and where it stands."""
    for word, end in _labels(text):
        kind = _KINDS[word]
        span = _value(kind, text, end) or (_joined_name(word, text, end) if kind == "name" else None)
        if span is None and word == "contact":
            kind, span = "name", _value("name", text, end)
        if span is not None:
            yield kind, span


def leads(text: str) -> bool:
    """Whether a text, such as a field's name, says what stands behind it."""
    return next(_labels(text), None) is not None


def _labels(text: str) -> Iterator[tuple[str, int]]:
    """The words that say something, each with where it ends."""
    parts = [(part[0].casefold(), part.span()) for part in _PART.finditer(text)]
    for at, (first, (start, end)) in enumerate(parts):
        if text[start - 1 : start] == "[" and text[end : end + 1] == "]":
            continue  # a mark of ours
        for more, word in _BY_FIRST.get(first, ()):
            last = at + len(more)
            if more == tuple(part for part, _ in parts[at + 1 : last + 1]) and _joined(parts[at : last + 1]):
                yield word, parts[last][1][1]
                break
    if not text.isascii():
        for found in HAN_WORD.finditer(text):
            yield re.sub(r"\s", "", found[0]).casefold(), found.end()


def _joined(parts: Sequence[tuple[str, Span]]) -> bool:
    return all(other[0] - one[1] == 1 for (_, one), (_, other) in pairwise(parts))


def _value(kind: str, text: str, at: int) -> Span | None:
    if kind == "name":
        return _name(text, at)
    linked = _LINK.match(text, at)
    start = linked.end() if linked else at
    if kind == "account":
        told = linked is not None and re.search(r"[:=@号號]|id", linked[0]) is not None
        found = _HANDLE.match(text, start) or (_WRITTEN_HANDLE.match(text, start) if told else None)
    elif kind == "device":
        found = _HEXES.match(text, start) or _NUMBER.match(text, start)
    elif kind == "plate":
        found = _PLATE.match(text, start)
    elif kind == "ip":
        found = _NETWORK.match(text, start)
    elif kind == "id":
        found = _NUMBER.match(text, start) or _PAPER.match(text, start)
    else:
        found = _NUMBER.match(text, start)
    if found is None or (kind in ("phone", "id", "card") and sum(map(str.isdigit, found[0])) < 5):
        return None
    if kind == "device" and sum(map(str.isalnum, found[0])) < 10:
        return None
    return found.span()


def _joined_name(word: str, text: str, at: int) -> Span | None:
    """A name that no colon leads in: a Chinese one by its surname, another by a verb and two capitals."""
    if found := _HAN_JOINED.match(text, at):
        place = found.span("name" if found["name"] else "within")
        return place if not _NOBODY.match(text, place[0]) else None
    joined = _VERB.match(text, at) or (_APPOSED.match(text, at) if word in TELLERS else None)
    name = _TWO_NAMES.match(text, joined.end()) if joined else None
    return (
        name.span()
        if name and all(part[0].isupper() or part in PARTICLES for part in name[0].split(" "))
        else None
    )


def _name(text: str, at: int) -> Span | None:
    colon = _COLON.match(text, at)
    if colon is None or _NOBODY.match(text, colon.end()):
        return None
    start = colon.end()
    han = _HAN_NAME.match(text, start)
    return han.span() if han else _spelt(text, start)


def _spelt(text: str, start: int) -> Span | None:
    """The words of a name: while they are capitals or particles; two at most where all is small."""
    found = _SPELT_NAME.match(text, start)
    if found is None:
        return None
    words = found[0].split(" ")
    if words[0][0].isupper():
        kept = [words[0]]
        for word in words[1:]:
            if not word[0].isupper() and word.casefold() not in PARTICLES:
                break
            kept.append(word)
    else:
        kept = words[:2]
    return start, start + len(" ".join(kept))
