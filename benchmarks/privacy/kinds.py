"""Identifiers as people write them, made by chance: of each kind, a text and the secret in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from stdnum import luhn, verhoeff
from stdnum.es import dni
from stdnum.fi import hetu
from stdnum.it import codicefiscale
from stdnum.no import fodselsnummer

#: A text, and what of it must not be found anywhere.
Made = tuple[str, str]
Make = Callable[[Random], Made]

_PROVINCES = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
              53, 54, 61, 62, 63, 64, 65)  # fmt: skip
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
)
_GIVEN = "霖钰婷琪萱睿宸轩涵怡晟璇娜莉锋磊敏洁琳颖超勇军伟强芳秀桂珍玉淑慧巧雅馨嘉俊杰鹏飞翔宇晨曦"
_LATIN = [
    "Bergqvist",
    "Dalgaard",
    "Esposito",
    "Fitzgerald",
    "Gutierrez",
    "Hakimi",
    "Ivanchuk",
    "Jankowski",
    "Kowalczyk",
    "Lindqvist",
]
_FIRST = [
    "Astrid",
    "Bogdan",
    "Chiara",
    "Dmitri",
    "Elspeth",
    "Fatima",
    "Gunnar",
    "Haruki",
    "Ingeborg",
    "Joaquim",
]


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def _born(random: Random, first: int = 1930, last: int = 2009) -> date:
    return date(first, 1, 1) + timedelta(days=random.randrange((last - first + 1) * 365))


def _resident(random: Random, *, wrong: bool = False) -> str:
    head = f"{random.choice(_PROVINCES)}{_digits(random, 4)}{_born(random):%Y%m%d}{_digits(random, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11
    return head + "10X98765432"[(check + random.randrange(1, 11) * wrong) % 11]


def _old_resident(random: Random) -> str:
    born = _born(random, 1930, 1980)
    return f"{random.choice(_PROVINCES)}{_digits(random, 4)}{born:%y%m%d}{_digits(random, 3)}"


def _mobile(random: Random) -> str:
    return f"1{random.choice('3456789')}{_digits(random, 9)}"


def _card(random: Random, heads: tuple[str, ...], length: int) -> str:
    head = random.choice(heads)
    head += _digits(random, length - 1 - len(head))
    return head + luhn.calc_check_digit(head)


def _grouped(text: str, *sizes: int) -> list[str]:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return [*parts, text[at:]] if at < len(text) else parts


def _whole(make: Callable[[Random], str]) -> Make:
    def made(random: Random) -> Made:
        text = make(random)
        return text, text

    return made


def _parted(make: Callable[[Random], str], sizes: tuple[int, ...], marks: tuple[str, ...]) -> Make:
    return _whole(lambda random: random.choice(marks).join(_grouped(make(random), *sizes)))


def _mixed(random: Random) -> str:
    one, two, three = _grouped(_mobile(random), 3, 4)
    marks = (" ", "-", ".", "/", "_", "·", "  ", " - ", ")", "\t", "—")
    return f"{one}{random.choice(marks)}{two}{random.choice(marks)}{three}"


def _written(make: Callable[[Random], str], write: Callable[[str], str]) -> Make:
    def made(random: Random) -> Made:
        text = make(random)
        return write(text), text

    return made


def _translated(digits: str) -> Callable[[str], str]:
    return lambda text: text.translate(str.maketrans("0123456789", digits))


def _led(
    words: tuple[str, ...], make: Callable[[Random], str], links: tuple[str, ...] = ("：", ":", ": ", " ")
) -> Make:
    def made(random: Random) -> Made:
        secret = make(random)
        return f"{random.choice(words)}{random.choice(links)}{secret}", secret

    return made


def _starred_resident(random: Random) -> str:
    number = _resident(random)
    hidden = random.choice((4, 8))
    return f"{number[:6]}{number[6 : 14 - hidden]}{'*' * hidden}{number[14:]}"


def _starred_mobile(random: Random) -> str:
    number = _mobile(random)
    return f"{number[:3]}****{number[7:]}"


def _hong_kong(random: Random) -> str:
    head = random.choice("ABCDEGHKMPRYZ") + _digits(random, 6)
    total = 36 * 9 + sum(int(mark, 36) * weight for mark, weight in zip(head, range(8, 1, -1), strict=True))
    return head + "0123456789A"[-total % 11]


def _taiwan(random: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    head = random.choice(letters) + random.choice("1289") + _digits(random, 7)
    first = letters.index(head[0]) + 10
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)
    total = sum(int(digit) * weight for digit, weight in zip(f"{first}{head[1:]}", weights, strict=True))
    return head + str(-total % 10)


def _macao(random: Random) -> str:
    return f"{random.choice('157')}{_digits(random, 6)}"


def _personal(random: Random, plus: int = 0) -> str:
    born = _born(random)
    head = f"{born:%y%m}{born.day + plus:02}{_digits(random, 3)}"
    return f"{head[:6]}-{head[6:]}{luhn.calc_check_digit(head)}"


def _long_personal(random: Random) -> str:
    born = _born(random)
    head = f"{born:%y%m%d}{random.randrange(10, 1000):03}"
    return f"{born:%Y%m%d}{head[6:]}{luhn.calc_check_digit(head)}"


def _imei(random: Random) -> str:
    head = f"{random.choice(('35', '86', '01', '49'))}{_digits(random, 12)}"
    return head + luhn.calc_check_digit(head)


def _plate(random: Random, mark: str = "", length: int = 5) -> str:
    letters = random.choice(_PLATE_LETTERS)
    rest = list(_digits(random, length))
    if length == 6:
        rest[0] = random.choice("DF")
    elif random.random() < 0.4:
        rest[random.randrange(length)] = random.choice(_PLATE_LETTERS)
    return f"{random.choice(_PLATES)}{letters}{mark}{''.join(rest)}"


def _mail(random: Random) -> str:
    name = f"{random.choice(_FIRST)}.{random.choice(_LATIN)}{_digits(random, 2)}".lower()
    return f"{name}@{random.choice(('mail.example', 'qq.com', '163.com', 'post.example.se'))}"


def _network_4(random: Random) -> str:
    return ".".join(
        (
            str(random.choice((11, 36, 58, 101, 114, 182, 203, 218))),
            *(str(random.randrange(10, 255)) for _ in range(3)),
        )
    )


def _network_6(random: Random) -> str:
    return ":".join(("2001", "db8", *(f"{random.randrange(0x1000, 0xFFFF):x}" for _ in range(6))))


def _mac(random: Random) -> str:
    return random.choice(":-").join(f"{random.randrange(256):02x}" for _ in range(6))


def _name(random: Random) -> str:
    return random.choice(_FAMILY) + "".join(random.sample(_GIVEN, 2))


def _spelt(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LATIN)}"


def _social(random: Random) -> str:
    return f"{random.randrange(1, 899):03}-{random.randrange(1, 99):02}-{_digits(random, 4)}".replace(
        "666-", "667-"
    )


def _iban(random: Random) -> str:
    body = _digits(random, 18)
    check = 98 - int(f"{body}131400") % 97
    return f"DE{check:02}{body}"


def _identity_finland(random: Random) -> str:
    head = f"{_born(random):%d%m%y}-{random.randrange(2, 900):03}"
    return head + next(mark for mark in "0123456789ABCDEFHJKLMNPRSTUVWXY" if hetu.is_valid(head + mark))


def _identity_spain(random: Random) -> str:
    number = _digits(random, 8)
    return number + dni.calc_check_digit(number)


def _identity_italy(random: Random) -> str:
    letters = "".join(random.choices("BCDFGLMNPRST", k=6))
    head = f"{letters}{random.randrange(30, 99)}{random.choice('ABCDEHLMPRST')}{random.randrange(10, 28)}H501"
    head = f"{head[:11]}H{head[12:]}" if len(head) > 15 else head
    return head + codicefiscale.calc_check_digit(head)


def _identity_norway(random: Random) -> str:
    while True:
        number = f"{_born(random, 1954, 1999):%d%m%y}{random.randrange(0, 500):03}"
        try:
            number += fodselsnummer.calc_check_digit1(number)
            number += fodselsnummer.calc_check_digit2(number)
        except ValueError:
            continue
        if fodselsnummer.is_valid(number):
            return number


def _identity_india(random: Random) -> str:
    while True:
        head = random.choice("23456789") + _digits(random, 10)
        number = head + verhoeff.calc_check_digit(head)
        if number != number[::-1]:
            return " ".join(_grouped(number, 4, 4, 4))


def _land_line(random: Random, mark: str = "-") -> str:
    area = random.choice(("010", "021", "023", "0571", "0755", "0532", "0371"))
    return f"{area}{mark}{random.choice('2345678')}{_digits(random, 7)}"


def _swedish_line(random: Random) -> str:
    area, first = random.choice(("08", "031", "040", "090")), random.choice("123456789")
    return f"{area}-{first}{_digits(random, 2)} {_digits(random, 2)} {_digits(random, 2)}"


_ANY_MARK = (" ", "-", ".", "/", "_", "·", "  ", "\n", "\u3000", "\u00a0", "–")
_FULL = _translated("０１２３４５６７８９")


def _hidden(number: Callable[[Random], str], head: int, tail: int) -> Make:
    """With marks for the digits in the middle."""

    def make(random: Random) -> str:
        text = number(random)
        return text[:head] + random.choice("●#×xX■") * (len(text) - head - tail) + text[len(text) - tail :]

    return _whole(make)


def _slipped(random: Random) -> str:
    """A letter for the first nought or one after the head."""
    number = _mobile(random)
    return number[:4] + "O" + number[5:]


_TOLD = (
    "zero one two three four five six seven eight nine", "oh one two three four five six seven eight niner",
    "noll ett två tre fyra fem sex sju åtta nio", "ноль один два три четыре пять шесть семь восемь девять",
    "нуль один два три чотири п'ять шість сім вісім дев'ять",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zéro un deux trois quatre cinq six sept huit neuf", "ling yi er san si wu liu qi ba jiu",
    "nul een twee drie vier vijf zes zeven acht negen", "zero um dois três quatro cinco seis sete oito nove",
    "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
)  # fmt: skip


def _spoken(number: Callable[[Random], str], links: tuple[str, ...] = (" ", ", ", "-", " - ", "\n")) -> Make:
    """Told digit by digit in the words of one language."""

    def make(random: Random) -> str:
        words = random.choice(_TOLD).split(" ")
        while links == ("",) and "п'ять" in words:
            words = random.choice(_TOLD).split(" ")
        return random.choice(links).join(words[int(digit)] for digit in number(random))

    return _whole(make)


def _half_spoken(random: Random) -> str:
    """Words among figures."""
    words, number = random.choice(_TOLD).split(" "), _mobile(random)
    told = set(random.sample(range(11), 6))
    parts = [words[int(digit)] if at in told else digit for at, digit in enumerate(number)]
    return " ".join(parts)


_TAGS = ("<b>{}</b>", "<i class=x>{}</i>", "<span>{}</span>", "<!-- -->{}<wbr/>", "<u>{}</u >", "[b]{}[/b]",
         "<br>{}", "<em>{}</em>", "<div>{}</div>")  # fmt: skip


def _tagged(write: Callable[[str], str] = str) -> Make:
    """Its digits within the elements of a page."""

    def made(random: Random) -> Made:
        number = _mobile(random)
        tags = [random.choice(_TAGS) for _ in range(2)]
        return write(f"{number[:3]}{tags[0].format(number[3:7])}{tags[1].format(number[7:])}"), number

    return made


_PHRASES = (
    "reported by", "a man called", "a woman by the name of", "His name is", "who gave her name as",
    "signed by", "en man vid namn", "kvinnan heter", "ein Mann namens", "un homme nommé",
    "una mujer llamada", "Mr", "Frau",
)  # fmt: skip
_TELLS_HAN = ("报警称", "来电反映说", "（男，45岁）", "举报称")
_PHRASES_HAN = ("一名叫", "自称", "举报人系", "报警人名为", "嫌疑人系", "该男子名叫", "女子")


def _named(random: Random) -> str:
    return random.choice(
        (
            "Astrid Lindqvist",
            "Gunnar Bergqvist",
            "Chiara Esposito",
            "Elspeth Fitzgerald",
            "Joaquim de Gutierrez",
        )
    )


#: Written by who hides a little of it, or means no machine to read it.
_DISGUISED: Mapping[str, Make] = {
    "resident number, other marks": _hidden(_resident, 6, 4),
    "mobile, other marks": _hidden(_mobile, 3, 4),
    "mobile, a letter for a digit": _whole(_slipped),
    "personnummer, its end hidden": _whole(
        lambda random: f"{_born(random):%y%m%d}-{random.choice(('XXXX', '****'))}"
    ),
    "Taiwan, parted": _whole(
        lambda random: (number := _taiwan(random))[0] + random.choice(" -") + number[1:]
    ),
    "Hong Kong, a hyphen": _whole(lambda random: (number := _hong_kong(random))[:-1] + "-" + number[-1]),
    "passport of letters and digits": _led(
        ("Passport No.", "护照号", "passport number", "паспорт"),
        lambda random: f"C{_digits(random, 2)}X{_digits(random, 2)}T{_digits(random, 2)}",
        (": ", " "),
    ),
    "land line behind 86": _whole(lambda random: f"86-571-8{_digits(random, 7)}"),
    "number, Russia": _whole(
        lambda random: (
            f"8 ({random.choice((495, 812, 916))}) "
            f"{_digits(random, 3)}-{_digits(random, 2)}-{_digits(random, 2)}"
        )
    ),
    "number, Brazil": _whole(
        lambda random: f"({random.randrange(11, 99)}) 9{_digits(random, 4)}-{_digits(random, 4)}"
    ),
    "plate, armed police": _whole(lambda random: f"WJ{random.choice(_PLATES)}{_digits(random, 5)}"),
    "plate behind its word": _led(
        ("registreringsnummer", "reg nr", "number plate"),
        lambda random: (
            f"{''.join(random.choices(_PLATE_LETTERS, k=3))}{random.choice(' -')}{_digits(random, 3)}"
        ),
        (" ", ": "),
    ),
    "IPv4, brackets": _whole(
        lambda random: _network_4(random).replace(".", random.choice(("[.]", "(.)", "[dot]")))
    ),
    "IPv4 behind its word": _led(
        ("IP", "ip address", "IP地址"), lambda random: ".".join(_digits(random, 4)), (": ", " ")
    ),
    "mail, brackets": _whole(lambda random: _mail(random).replace(".", "[.]")),
    "mail, capitals": _whole(
        lambda random: _mail(random).replace("@", " AT ").replace(".", " DOT ").replace(" DOT ", ".", 1)
    ),
    "MAC, dots": _whole(lambda random: ".".join(_grouped(f"{random.getrandbits(48):012x}", 4, 4, 4))),
    "MAC behind its word": _led(
        ("MAC", "mac address"), lambda random: f"00{random.getrandbits(40):010X}", (": ", " ")
    ),
    "WeChat, disguised": _led(
        ("加V", "加vx", "薇信", "加我q"),
        lambda random: str(random.randrange(10**7, 10**9)),
        ("：", ":", "", " "),
    ),
    "IBAN, small": _whole(lambda random: _iban(random).lower()),
    "name in brackets": _whole(lambda random: f"报警人（{_name(random)}）"),
    "name behind a verb": _led(("报警人", "嫌疑人", "死者"), _name, ("叫", "名叫", "是")),
    "name, its word apart": _led(("姓 名", "报 警 人", "联 系 人"), _name, ("：", ": ")),
    "name, English, behind a verb": _led(
        ("caller", "The victim", "driver", "suspect"), _spelt, (" is ", " was ", " named ")
    ),
    "mobile, in words": _spoken(_mobile),
    "mobile, in words run together": _spoken(_mobile, ("",)),
    "mobile, words among figures": _whole(_half_spoken),
    "land line, in words": _spoken(lambda random: f"08{random.choice('123456789')}{_digits(random, 6)}"),
    "resident number, in words": _spoken(lambda random: _resident(random).replace("X", "0")),
    "mobile, tags": _tagged(),
    "mobile, tags as entities": _tagged(lambda text: text.replace("<", "&lt;").replace(">", "&gt;")),
    "resident number, tags": _written(
        _resident, lambda text: f"<p>{text[:6]}<b>{text[6:14]}</b>{text[14:]}</p>"
    ),
    "mobile, in the address of a tag": _written(_mobile, lambda text: f'<a href="tel:{text}">call</a>'),
    "IPv4 with a port": _whole(
        lambda random: f"{'.'.join(_digits(random, 4))}:{random.randrange(1024, 65536)}"
    ),
    "IPv4 with its network": _whole(
        lambda random: f"{random.randrange(1, 127)}.{'.'.join(_digits(random, 3))}/{random.randrange(16, 33)}"
    ),
    "IPv4 of which one part is long": _whole(
        lambda random: (
            f"{random.randrange(128, 224)}.{'.'.join(_digits(random, 2))}.{random.randrange(1, 10)}"
        )
    ),
    "IPv6, brackets and a port": _written(_network_6, lambda text: f"[{text}]:443"),
    "name behind a phrase": _led(_PHRASES, _named, (" ",)),
    "name behind a Chinese phrase": _led(_PHRASES_HAN, _name, ("",)),
    "name before what it tells": lambda random: (
        f"{(name := _name(random))}{random.choice(_TELLS_HAN)}家中被盗",
        name,
    ),
    "name of a teller": _led(("Anmälaren", "Uppringaren", "complainant,", "заявитель"), _named, (" ",)),
    "name, Cyrillic": _led(
        ("заявитель", "заявник", "потерпілий", "ФИО"),
        lambda random: (
            f"{random.choice(('Астрид', 'Богдан', 'Олена'))} "
            f"{random.choice(('Ковальчук', 'Иванцов', 'Шевченко'))}"
        ),
        (": ", ":"),
    ),
}

KINDS: Mapping[str, Make] = {
    "resident number": _whole(_resident),
    "resident number, parted": _parted(_resident, (6, 8), _ANY_MARK),
    "resident number, in five": _parted(_resident, (6, 4, 2, 2), _ANY_MARK),
    "resident number, digit by digit": _parted(_resident, (1,) * 18, (" ", "-", ".")),
    "resident number over two lines": _parted(_resident, (10,), ("\n", "\r\n")),
    "resident number, full width": _written(_resident, _FULL),
    "resident number, stars": _whole(_starred_resident),
    "resident number, wrong check digit": _whole(lambda random: _resident(random, wrong=True)),
    "resident number, small x": _whole(lambda random: _resident(random).lower()),
    "resident number, without width": _parted(_resident, (6, 4), ("\u200b", "\u2060", "\ufeff", "\u00ad")),
    "old resident number": _whole(_old_resident),
    "old resident number, parted": _parted(_old_resident, (6, 6), (" ", "-")),
    "residence permit": _whole(lambda random: f"{random.choice((81, 82, 83))}0000{_resident(random)[6:]}"),
    "foreigner's permit": _whole(
        lambda random: "".join(random.choices("ABCDEFGH", k=3)) + _digits(random, 12)
    ),
    "Hong Kong": _whole(_hong_kong),
    "Hong Kong, brackets": _whole(lambda random: f"{(number := _hong_kong(random))[:-1]}({number[-1]})"),
    "Macao": _whole(lambda random: f"{_macao(random)}({_digits(random, 1)})"),
    "Macao, slashes": _whole(lambda random: "/".join(_grouped(_macao(random), 1)) + "/" + _digits(random, 1)),
    "Taiwan": _whole(_taiwan),
    "home return permit": _whole(
        lambda random: f"{random.choice('HM')}{random.choice('03456789')}{_digits(random, 7)}"
    ),
    "mobile": _whole(_mobile),
    "mobile, parted": _parted(_mobile, (3, 4), _ANY_MARK),
    "mobile, parted by chance": _whole(_mixed),
    "mobile, parted otherwise": _parted(_mobile, (3, 8), (" ", "-", "_")),
    "mobile, digit by digit": _parted(_mobile, (1,) * 11, (" ", "-", ".")),
    "mobile, full width": _written(_mobile, _FULL),
    "mobile, 86": _whole(lambda random: f"86{_mobile(random)}"),
    "mobile, +86": _whole(lambda random: f"+86{random.choice((' ', '-', ''))}{_mobile(random)}"),
    "mobile, 0086": _whole(lambda random: f"0086{random.choice((' ', '-', ''))}{_mobile(random)}"),
    "mobile, Chinese numerals": _written(_mobile, _translated("零一二三四五六七八九")),
    "mobile, spoken numerals": _written(_mobile, _translated("〇幺二三四五六七八九")),
    "mobile, cheque numerals": _written(_mobile, _translated("零壹贰叁肆伍陆柒捌玖")),
    "mobile, Arabic digits": _written(_mobile, _translated("٠١٢٣٤٥٦٧٨٩")),
    "mobile, circled digits": _written(_mobile, _translated("⓪①②③④⑤⑥⑦⑧⑨")),
    "mobile, keycaps": _written(_mobile, lambda text: "".join(f"{digit}\ufe0f\u20e3" for digit in text)),
    "mobile, without width": _parted(_mobile, (3, 4), ("\u200b", "\u200d", "\ufeff", "\u2060")),
    "mobile, entities": _written(_mobile, lambda text: "".join(f"&#{ord(digit)};" for digit in text)),
    "mobile, URL": _written(_mobile, lambda text: "".join(f"%{ord(digit):02X}" for digit in text)),
    "mobile, escapes": _written(_mobile, lambda text: "".join(f"\\u{ord(digit):04x}" for digit in text)),
    "mobile, stars": _whole(_starred_mobile),
    "land line": _whole(_land_line),
    "land line, unparted": _whole(lambda random: _land_line(random, "")),
    "land line, brackets": _whole(lambda random: "({}){}".format(*_land_line(random).split("-"))),
    "land line, parted": _whole(lambda random: _land_line(random, random.choice((" ", "--", " - ", "/")))),
    "land line, Sweden": _whole(_swedish_line),
    "number abroad, +": _whole(
        lambda random: (
            f"+{random.choice((46, 44, 49, 33, 852, 886))} {_digits(random, 2)} {_digits(random, 3)} "
            f"{_digits(random, 4)}"
        )
    ),
    "number abroad, 00": _whole(
        lambda random: f"00{random.choice((46, 44, 49, 33))}{random.choice('23456789')}{_digits(random, 8)}"
    ),
    "number, North America": _whole(
        lambda random: f"({random.randrange(201, 990)}) {random.randrange(200, 999)}-{_digits(random, 4)}"
    ),
    "number behind its word": _led(
        ("电话", "联系电话", "tel", "phone", "Telefon", "手机号"),
        lambda random: random.choice("23568") + _digits(random, 7),
    ),
    "bank card": _whole(lambda random: _card(random, ("4", "51", "55", "62"), 16)),
    "bank card, 19 digits": _whole(lambda random: _card(random, ("6222", "6217", "6228"), 19)),
    "bank card, 17 or 18 digits": _whole(
        lambda random: _card(random, ("6222", "6013"), random.choice((17, 18)))
    ),
    "bank card, parted": _parted(lambda random: _card(random, ("4", "62"), 16), (4, 4, 4), (" ", "-")),
    "bank account, IBAN": _whole(_iban),
    "passport": _whole(
        lambda random: f"{random.choice('EG')}{random.choice('03456789')}{_digits(random, 7)}"
    ),
    "passport, two letters": _whole(lambda random: f"E{random.choice('ABCDEFGH')}{_digits(random, 7)}"),
    "passport behind its word": _led(
        ("护照", "护照号码", "passport no.", "Passport", "pass"), lambda random: _digits(random, 9)
    ),
    "plate": _whole(_plate),
    "plate, parted": _whole(lambda random: _plate(random, random.choice(("·", " ", "-", ".")))),
    "plate, new energy": _whole(lambda random: _plate(random, "", 6)),
    "QQ": _led(
        ("QQ", "qq", "QQ号", "QQ号码"),
        lambda random: f"{random.choice('123456789')}{_digits(random, random.randrange(5, 10))}",
    ),
    "WeChat": _led(
        ("微信", "微信号", "wechat", "WeChat", "wx"),
        lambda random: f"{random.choice(_FIRST).lower()}_{_digits(random, 4)}",
    ),
    "mail": _whole(_mail),
    **_DISGUISED,
    "mail, spelt": _whole(
        lambda random: _mail(random).replace("@", random.choice((" (at) ", "[at]", " [at] ")))
    ),
    "IPv4": _whole(_network_4),
    "IPv6": _whole(_network_6),
    "MAC": _whole(_mac),
    "IMEI": _whole(_imei),
    "IMEI, parted": _parted(_imei, (2, 6, 6), (" ", "-")),
    "IMSI behind its word": _led(("IMSI", "imsi"), lambda random: f"46000{_digits(random, 10)}"),
    "personnummer": _whole(_personal),
    "personnummer with century": _whole(_long_personal),
    "samordningsnummer": _whole(lambda random: _personal(random, 60)),
    "social security, United States": _whole(_social),
    "identity, Finland": _whole(_identity_finland),
    "identity, Spain": _whole(_identity_spain),
    "identity, Italy": _whole(_identity_italy),
    "identity, Norway": _whole(_identity_norway),
    "identity, India": _whole(_identity_india),
    "name behind its word": _led(
        ("报警人", "报案人", "联系人", "姓名", "嫌疑人", "報警人"), _name, ("：", ":", ": ")
    ),
    "name beside its word": _led(("报警人", "报案人", "当事人", "嫌疑人"), _name, ("", " ")),
    "name, spelt": _led(
        ("caller", "Caller", "victim", "reported by", "Witness", "anmälare", "full name"),
        _spelt,
        (": ", ":", " = "),
    ),
}

#: What stands around an identifier in a report.
AROUND = (
    ("", ""), ("报警称 ", " 请回拨"), ("call ", " now"), ("（", "）"), ("联系：", "，速来"), ("ring ", "."),
    ("at 21:15 on 2026-03-01 from ", ", 3 injured"), ("«", "»"), ("火灾，", "。"), ("x=", ";"),
)  # fmt: skip


def made(kind: str, count: int, seed: int) -> Iterator[Made]:
    """So many texts of one kind, each with its secret; the same for the same seed."""
    random = Random(f"{kind} {seed}")
    for _ in range(count):
        text, secret = KINDS[kind](random)
        before, after = random.choice(AROUND)
        yield f"{before}{text}{after}", secret
