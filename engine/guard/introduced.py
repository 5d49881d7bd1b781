"""Names that a phrase introduces where no keyword stands before them: `a man called ...`, `名叫 ...`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from engine.guard.digits import Span
from engine.guard.vocabulary import PARTICLES, SURNAMES, listed

#: Behind these stands a name, of one word or more.
_NAMED = {
    "name": r"(?:by|of|under|goes by|went by) the name(?: of)?"
    r"|(?:my|his|her|their|caller's|whose) name(?: is| was|'s)?",
    "as": r"(?:gave|giving|left) (?:a |the |his |her |their )?name (?:is|was|as)|name (?:given|taken) as"
    r"|identif(?:ied|ies|ying) (?:him|her|them)sel(?:f|ves) as",
    "calling": r"calling (?:him|her|them)sel(?:f|ves)",
    "namn": r"vid namn|med namnet",
    "namnet": r"med namnet",
    "heter": r"(?:hon|han|jag|mannen|kvinnan|pojken|flickan|(?:man|kvinna|pojke|flicka) som) heter",
    "namens": r"namens|mit (?:dem )?namen",
    "namen": r"mit (?:dem )?namen",
    "heißt": r"(?:er|sie) heißt",
    "heiße": r"ich heiße",
    "nommé": r"(?:homme|garçon) nommé",
    "nommée": r"(?:femme|fille) nommée",
    "appelle": r"(?:s|m)['’]appelle",
    "llamado": r"(?:hombre|señor|niño|joven) llamado",
    "llamada": r"(?:mujer|señora|niña|joven) llamada",
    "nombre": r"(?:de|su|mi) nombre(?: es)?",
    "llama": r"se llama",
    "llamo": r"me llamo",
    "chamado": r"(?:homem|senhor|menino) chamado",
    "chamada": r"(?:mulher|senhora|menina) chamada",
    "chama": r"se chama",
    "имени": r"по имени",
    "фамилии": r"по фамилии",
    "зовут": r"(?:меня|его|её|ее) зовут",
    "ім'я": r"на ім['’]я",
    "прізвище": r"на прізвище",
    "звати": r"(?:мене|його|її) звати",
}
_PERSON = (
    r"(?:man|woman|boy|girl|person|male|female|someone|somebody|individual|resident|neighbou?r|guy|lady|gentleman"
    r"|employee|worker|student|tenant|colleague|friend|patient|driver|suspect|victim|witness|caller|tipster|reporter)"
)
#: Behind these too, where somebody is spoken of.
_CALLED = dict.fromkeys(
    ("called", "named", "known", "identified"), rf"{_PERSON} (?:called|named|known as|identified as)"
)
#: How people are addressed; the letter's case tells it from a ship's prefix or a preposition.
_ADDRESSED = listed("""
    Mr, Mrs, Ms, Herr, Frau, Fru, Fröken, Mme, Mlle, Monsieur, Madame, Señor, Señora, Sra, Senhor, Senhora,
    гражданин, гражданка, гражданина, гражданки, гр, громадянин, громадянка, громадянина
""")
#: Who sends something is named behind these, unless it is an office.
_SENT = {
    word: rf"{word} (?:by|av|von|par|por)"
    for word in (
        "reported",
        "submitted",
        "signed",
        "phoned in",
        "called in",
        "rapporterat",
        "anmält",
        "inringt",
        "gemeldet",
        "signalé",
    )
} | {word: rf"{word} (?:from|of|by)" for word in ("complaint", "statement", "testimony")}
_BODIES = frozenset(listed("""
    service, services, department, dept, police, fire, office, agency, agencies, manager, spotter,
    news, press, centre, center, team, patrol, guard, company, university, county, city, state,
    national, law, public, emergency, local, trained, amateur, radio, post, times, herald, daily,
    ministry, minister, institute, council, board, committee, hospital, school, station, security,
    research, researchers, labs, group, inc, ltd, government, federal, regional, district,
    municipal, general, royal, united, north, south, east, west, northern, southern, the, weather,
    coast, rescue, officials, official, authority, authorities, red, cross, association, airport,
    highway, road, street, park, operator, customer, control, dispatch, staff, crew, crews, media,
    broadcaster
"""))  # fmt: skip
#: Scripts without capitals: two words at most.
_UNCASED = listed("اسمه, اسمها, يدعى, تدعى, المدعو, المدعوة")

_HAN = "[\u3400-\u9fff]"
_HAN_NAME = rf"[{SURNAMES}](?:某{{1,2}}|{_HAN}{{1,2}})"
_NAMED_HAN = "[我他她]叫|名叫|名为|名為|自称|自稱|叫做"
_PERSON_HAN = (
    "男子|女子|群众|网民|男孩|女孩|男童|女童|老人|村民|居民|市民|工人|员工|学生|老师|网友|乘客|游客|旅客|店主|老板"
    "|家属|邻居|同事|丈夫|妻子|父亲|母亲|儿子|女儿|員工|學生|老師|網友|遊客|老闆|家屬|鄰居|同事|父親|母親|兒子|女兒"
)
_TELLS_HAN = "(?:报|诉|報|訴|(?:报警|报案|举报|投诉|求助|反映|報警|報案|舉報|投訴))[称说稱說]"
#: What follows a name, so that its signs are no part of a longer word.
_ENDS_HAN = r"(?=\W|$|称|说|稱|說|报|報|某|的(?:男|女|人|孩|老|小|村|居|司|乘|同|朋|路))"
_HAN_LED = re.compile(
    rf"(?:{_NAMED_HAN})(?:叫|是)?({_HAN_NAME}){_ENDS_HAN}"
    rf"|(?:{_PERSON_HAN})[\"“‘]?([{SURNAMES}](?:某{{1,2}}|{_HAN}{{2}}{_ENDS_HAN}))"
    rf"|({_HAN_NAME})(?=\s?[(,]\s?[男女]\s?[,)性])"
    rf"|据([{SURNAMES}](?:某{{1,2}}|{_HAN}(?![市县区省镇乡村局委办院所队]){_HAN}))(?=反映|介绍|报警|报案|描述|陈述)"
    rf"|(?<!\w)({_HAN_NAME})(?=(?:来电|來電|打电话|拨打电话)?{_TELLS_HAN})"
)
#: Without one of these no Chinese name is introduced.
HAN_LEADS = re.compile(rf"据[{SURNAMES}]|{_NAMED_HAN}|{_PERSON_HAN}|[(（,，]\s?[男女]|{_TELLS_HAN}")


_LETTERS = re.compile(r"[^\W\d_]+")


def _phrases(phrases: Collection[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(phrases)})\.?[\s:\"'“‘«(]{{1,3}}(?=[^\W\d_])", flags)


def _cues(phrases: Iterable[str]) -> frozenset[str]:
    """The word of each that stands in every text that holds it."""
    return frozenset(_LETTERS.findall(phrase.casefold())[0] for phrase in phrases)


_LOOKS = (
    (_cues((*_NAMED, *_CALLED)), _phrases(dict.fromkeys((*_NAMED.values(), *_CALLED.values())), re.I), 1),
    (_cues(_ADDRESSED), _phrases(_ADDRESSED), 1),
    (_cues(_SENT), _phrases(_SENT.values(), re.I), 2),
)
_CUES = frozenset(_UNCASED).union(*(cues for cues, _, _ in _LOOKS))
_UNCASED_LED = re.compile(rf"(?<!\w)(?:{'|'.join(_UNCASED)})[\s:]{{1,3}}(\w{{2,20}}(?: \w{{2,20}})?)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?")


def may_introduce(words: Sequence[str]) -> bool:
    """Whether a name may be introduced by these words of a text (letters only, case folded)."""
    return not _CUES.isdisjoint(words)


def introduced(text: str) -> Iterator[tuple[str, Span]]:
    """Where names stand that the words around them show to be some."""
    words = _LETTERS.findall(text.casefold())
    for cues, look, least in _LOOKS:
        if not cues.isdisjoint(words):
            for found in look.finditer(text):
                if end := _name(text, found.end(), least):
                    yield "name", (found.end(), end)
    if not text.isascii():
        for look in (_UNCASED_LED, _HAN_LED):
            yield from (("name", found.span(found.lastindex or 0)) for found in look.finditer(text))


def _name(text: str, start: int, least: int) -> int | None:
    """Where a name of at least so many words ends; None where none begins or, of two words, an office."""
    words: list[str] = []
    at, end = start, None
    while (word := _WORD.match(text, at)) and len(words) < 5:
        capital = word[0][0].isupper()
        if not capital and (not words or word[0] not in PARTICLES):
            break
        words.append(word[0])
        if capital:
            end = word.end() - (ends := word[0].endswith(".") and len(word[0]) > 2)
            if ends:
                break
        if text[word.end() : word.end() + 1] != " ":
            break
        at = word.end() + 1
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) < least or (least > 1 and any(word.casefold().strip(".") in _BODIES for word in words)):
        return None
    return end
