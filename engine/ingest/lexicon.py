"""The words the charter refuses in feeds (en, zh, sv): persons, ethnicity, religion, origin, petitioning,
opinion.

A word of an alphabet stands for itself as a whole word, several words for that sequence; a Chinese
one matches wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping


def _terms(listing: str) -> tuple[str, ...]:
    return tuple(term for term in map(str.strip, listing.replace("\n", " ").split(",")) if term)


#: What a list of persons has as columns, and how such lists are called.
PERSONS = _terms("""
    id number, id card, identity number, identity card, identity document, national id, citizen id,
    passport, passport number, social security number, ssn, personal number, date of birth, birth date,
    birthdate, birthday, dob, place of birth, birthplace, watchlist, watch list, blacklist, key person,
    key persons, key individuals, person of interest, persons of interest, target person, target persons,
    suspect name, list of suspects, list of persons, person list, personnel list, register of persons,
    wanted person, wanted persons, face id, fingerprint, 身份证, 证件号, 护照, 出生日期, 出生年月, 生日,
    重点人, 人员名单, 人员名册, 花名册, 黑名单, 嫌疑人姓名, 在逃人员, 刑释人员, 社区矫正, 吸毒人员,
    精神病人, 人脸, personnummer, samordningsnummer, födelsedatum, passnummer, personregister,
    personlista, efterlysta personer
""")
ETHNICITY = _terms("""
    ethnicity, ethnic, ethnic group, race, racial, tribe, skin colour, skin color, minority, minorities,
    uyghur, uyghurs, uighur, uighurs, tibetan, tibetans, kazakh, han chinese, roma, romani, gypsy, sami,
    kurd, kurds, kurdish, arab, arabs, black people, african, africans, hispanic, latino, 民族, 种族,
    族别, 肤色, 少数民族, 维吾尔, 维族, 藏族, 回族, 蒙古族, 哈萨克族, etnicitet, etnisk, folkgrupp,
    hudfärg, minoritet, romer, samer, kurder, araber
""")
RELIGION = _terms("""
    religion, religious, religious affiliation, faith, belief, beliefs, worship, denomination, cult,
    muslim, muslims, islam, islamic, christian, christians, catholic, catholics, protestant, jew, jews,
    jewish, buddhist, buddhists, hindu, hindus, sikh, falun gong, mosque, mosques, church, churches,
    temple, temples, synagogue, monastery, pastor, imam, monk, monks, 宗教, 信仰, 信教, 教派, 穆斯林,
    伊斯兰, 基督教, 基督徒, 天主教, 佛教, 道教, 法轮功, 清真寺, 教堂, 寺庙, 寺院, 喇嘛, 阿訇, 教徒,
    religiös, religiöst, trosuppfattning, muslimer, kristna, judar, judisk, moské, kyrka, synagoga
""")
ORIGIN = _terms("""
    nationality, citizenship, country of origin, national origin, origin country, country of birth,
    native place, hometown, household registration, hukou, immigration status, migration status,
    residence status, residence permit, immigrant, immigrants, migrant, migrants, refugee, refugees,
    asylum, asylum seeker, asylum seekers, foreigner, foreigners, mother tongue, foreign born, 国籍, 籍贯,
    户籍, 户口, 原籍, 出生地, 祖籍, 移民, 难民, 外来人口, 流动人口, 外国人, 暂住证, nationalitet,
    medborgarskap, födelseland, ursprungsland, härkomst, invandrare, flykting, flyktingar, asylsökande,
    uppehållstillstånd, utländsk bakgrund, modersmål
""")
PETITIONING = _terms("""
    petition, petitions, petitioner, petitioners, petitioning, complainant name, complainants,
    petition count, 上访, 信访, 访民, 缠访, 闹访, 请愿, 维权, 非访, 越级访, namninsamling, petitionär
""")
OPINION = _terms("""
    opinion, opinions, political opinion, political view, political views, political affiliation,
    party membership, party member, political party, ideology, dissident, dissidents, dissent, activist,
    activists, critic, critics, sentiment, stance, union member, union membership, trade union,
    sexual orientation, journalist, journalists, 政治面貌, 政治观点, 党派, 党员, 异见, 异议人士, 言论,
    舆情, 立场, 意见领袖, 维权人士, 记者, 性取向, politisk åsikt, åsikt, åsikter, partitillhörighet,
    fackmedlem, åsiktsregistrering, sexuell läggning, aktivist, aktivister
""")
#: Lawful assembly: not a word to classify by, though a title may say what a feed of crowd-safety
#: incidents is about.
ASSEMBLY = _terms("""
    protest, protests, protester, protesters, protestor, protestors, demonstration, demonstrations,
    demonstrator, demonstrators, picket, sit in, vigil, 示威, 游行, 集会, 静坐, 抗议, 罢工, 聚集,
    demonstrant, demonstranter, demonstrationer, strejk
""")

REFUSED: Mapping[str, tuple[str, ...]] = {
    "person lists": PERSONS,
    "ethnicity": ETHNICITY,
    "religion": RELIGION,
    "origin": ORIGIN,
    "petitioning": PETITIONING,
    "opinion": OPINION,
}

#: Columns that are harmless alone (the guard drops names) and make a list of persons together.
TRAITS = _terms("""
    first name, last name, full name, given name, family name, surname, firstname, lastname, fullname,
    gender, sex, age, marital status, occupation, employer, education, home address, residence, 姓名,
    性别, 年龄, 婚姻, 职业, 工作单位, 文化程度, 住址, 家庭住址, förnamn, efternamn, kön, ålder,
    civilstånd, yrke, arbetsgivare, hemadress, folkbokföringsadress
""")

_CAMEL = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_0-9]+")


def words(text: str) -> str:
    """The words of a name or sentence, parted by single blanks: `CountryOfOrigin` and
    `country_of_origin` are both ` country of origin `."""
    plain = unicodedata.normalize("NFKC", text)
    return f" {' '.join(_WORD.findall(_CAMEL.sub(' ', plain))).casefold()} "


def found(text: str, terms: tuple[str, ...]) -> Iterator[str]:
    """The terms that stand in a text."""
    spaced = words(text)
    solid = spaced.replace(" ", "")
    for term in terms:
        if term.isascii() or not _chinese(term):
            if f" {term} " in spaced:
                yield term
        elif term in solid:
            yield term


def refused(text: str) -> tuple[str, str] | None:
    """(kind, term) of the first refused term in a text, or None."""
    for kind, terms in REFUSED.items():
        for term in found(text, terms):
            return kind, term
    return None


def _chinese(term: str) -> bool:
    return "\u4e00" <= term[0] <= "\u9fff"
