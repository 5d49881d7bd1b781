"""The charter's lexicon: attributes of persons that no rule may filter, sum or name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.yamlfile import Document, Path_

#: What a filter or a sum could be about if it were about persons.
ATTRIBUTES = frozenset({
    "name", "surname", "firstname", "lastname", "fullname", "sex", "gender", "age", "birthday",
    "birthdate", "birthplace", "dob", "born", "ethnicity", "ethnic", "race", "racial", "nationality",
    "nation", "citizenship", "citizen", "origin", "hometown", "hukou", "household", "religion",
    "religious", "faith", "belief", "worship", "denomination", "opinion", "view", "views", "stance",
    "ideology", "party", "occupation", "profession", "employer", "education", "income", "marital",
    "orientation", "disability", "health", "phone", "telephone", "mobile", "email", "mail", "passport",
    "plate", "imei", "imsi", "mac", "face", "fingerprint", "account", "user", "username", "migrant",
    "migration", "refugee", "asylum", "immigrant",
})  # fmt: skip

#: Persons as such: a list of them is no subject.
PERSONS = frozenset({
    "person", "persons", "people", "individual", "individuals", "subject", "petitioner", "petitioners",
    "petitioning", "petition", "complainant", "appellant", "dissident", "activist", "activists",
    "suspect", "suspects", "offender", "offenders", "perpetrator", "victim", "victims", "caller",
    "reporter", "witness", "worshipper", "worshippers", "believer", "believers", "blacklist",
    "watchlist",
})  # fmt: skip

#: The same in Chinese, found anywhere in a word.
CHINESE = (
    "姓名", "性别", "年龄", "出生", "民族", "种族", "国籍", "籍贯", "户籍", "宗教",
    "信仰", "教派", "观点", "立场", "政治面貌", "职业", "学历", "婚姻", "身份证", "手机",
    "电话", "邮箱", "车牌", "护照", "人脸", "指纹", "账号", "上访", "信访", "访民",
    "重点人", "人员", "嫌疑人", "受害人", "报警人", "当事人", "举报人", "黑名单", "移民", "难民",
)  # fmt: skip

#: In the names of rules and topics many of these words are innocent (a domain name, an arms race).
_IN_NAMES = PERSONS - {"people", "subject", "victim", "victims", "reporter", "individual", "caller"} | {
    "ethnicity", "ethnic", "religion", "religious", "worship", "nationality", "hukou", "migrant",
    "migration", "refugee", "asylum", "opinion", "ideology",
}  # fmt: skip

CHARTER = "forewarn judges places and harms, never persons or opinions"


def attribute(word: str) -> bool:
    """Whether a filter's key or a summed measure speaks of persons."""
    return _speaks_of(word, ATTRIBUTES | PERSONS)


def summed(word: str) -> bool:
    """Whether a measure is an attribute of persons; a number of victims is a harm and is none."""
    return _speaks_of(word, ATTRIBUTES)


def named(word: str) -> bool:
    """Whether the name of a rule or a topic speaks of persons or opinions."""
    return _speaks_of(word, _IN_NAMES)


def filters(document: Document) -> Iterator[tuple[Path_, str]]:
    """(place, key) of every attribute of persons in a `where` of the document, as written."""
    yield from _filters(document.data, (), inside=False)


def _filters(data: Any, at: Path_, *, inside: bool) -> Iterator[tuple[Path_, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if inside and isinstance(key, str) and attribute(key):
                yield (*at, key), key
            elif isinstance(key, str):
                yield from _filters(value, (*at, key), inside=key == "where")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _filters(value, (*at, number), inside=inside)


def _speaks_of(word: str, lexicon: frozenset[str]) -> bool:
    parts = re.split(r"[^a-z]+", word.casefold())
    return any(part in lexicon for part in parts) or any(zh in word for zh in CHINESE)
