"""The words behind which a number, an account or a name stands, in the languages feeds are written in."""

from __future__ import annotations


def listed(listing: str) -> tuple[str, ...]:
    """The words of a listing with commas."""
    return tuple(word.strip() for word in listing.replace("\n", " ").split(","))


#: Chinese digits, plain, spoken and as they are written on cheques.
NUMERALS = "〇零一二三四五六七八九幺两兩壹贰貳叁參肆伍陆陸柒捌玖"
#: Words for one digit, and those for two, as numbers are told over a line; Germany's nought is no word here:
#: `null` is what machines say where there is nothing.
ONES = frozenset(
    listed("""
    zero, oh, one, two, three, four, five, six, seven, eight, nine, niner, double, triple, treble,
    noll, nolla, ett, en, två, tva, tre, fyra, fem, sex, sju, åtta, atta, nio, nul, fire, syv, otte, åtte,
    eins, zwei, zwo, drei, vier, fünf, fuenf, sechs, sieben, acht, neun,
    zéro, un, deux, trois, quatre, cinq, sept, huit, neuf,
    cero, uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve,
    um, dois, três, quatro, sete, oito, nove, meia, due, quattro, cinque, sei, sette, otto,
    een, twee, drie, vijf, zes, zeven, negen, jeden, dwa, trzy, cztery, pięć, sześć, siedem, osiem, dziewięć,
    ноль, нуль, один, два, три, четыре, пять, шесть, семь, восемь, девять,
    чотири, п'ять, шість, сім, вісім, дев'ять,
    ling, yi, yao, er, san, si, wu, liu, qi, ba, jiu,
    صفر, واحد, اثنان, اثنين, ثلاثة, أربعة, اربعة, خمسة, ستة, سبعة, ثمانية, تسعة
""")
)
TENS = frozenset(
    listed("""
    ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty, thirty,
    forty, fifty, sixty, seventy, eighty, ninety,
    tio, elva, tolv, tretton, fjorton, femton, sexton, sjutton, arton, nitton, tjugo, trettio, fyrtio, femtio,
    sextio, sjuttio, åttio, nittio, zehn, elf, zwölf, dreizehn, zwanzig, dreißig, vierzig, fünfzig, sechzig,
    siebzig, achtzig, neunzig,
    dix, onze, douze, treize, quatorze, quinze, seize, vingt, trente, quarante, cinquante, soixante,
    diez, once, doce, trece, catorce, quince, veinte, treinta, cuarenta, cincuenta, sesenta, setenta, ochenta,
    noventa, dez, doze, treze, vinte, trinta, quarenta, cinquenta, sessenta, oitenta,
    десять, одиннадцать, двенадцать, тринадцать, четырнадцать, пятнадцать, шестнадцать, семнадцать,
    восемнадцать, девятнадцать, двадцать, тридцать, сорок, пятьдесят, шестьдесят, семьдесят, восемьдесят,
    девяносто, сто, двести, триста, четыреста, пятьсот, шестьсот, семьсот, восемьсот, девятьсот
""")
)
#: What is said between digits.
BETWEEN_DIGITS = listed("and, then, dash, hyphen, space, plus, och, und, et, y, e, и, та, й")
#: By which a plate begins.
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼粵遼滬蘇閩陝貴雲寧瓊贛魯"
#: Who tells of something, as it is noted before a name; and the verbs that lead in a name.
TELLERS = (
    "caller", "complainant", "informant", "dispatcher", "anmälare", "anmälaren", "uppringare",
    "uppringaren", "målsägande", "målsäganden", "anrufer", "anruferin", "appelant", "appelante",
    "llamante", "denunciante", "заявитель", "заявительница", "заявник", "заявниця", "звонивший",
)  # fmt: skip
VERBS = (
    "is", "was", "named", "called", "by the name of", "identified as", "gave name as",
    "heter", "är", "heißt", "est", "es", "é", "зовут", "звати",
)  # fmt: skip
#: By the kind of what they lead in.
WORDS = {
    "phone": listed("""
        电话, 手机, 座机, 固话, 联系方式, 联系号码, 致电, 回电, 来电, 传真, 電話, 手機, 聯繫方式, 來電,
        傳真, tel, phone, telephone, mobile, mob, cell, cellphone, fax, whatsapp, contact, call,
        callback, telefon, telefonnummer, mobil, mobilnummer, tfn, tlf, téléphone, teléfono, telefone,
        telemóvel, handy, rufnummer, телефон, тел, моб, номер телефона, هاتف, جوال, تليفون
    """),
    "id": listed("""
        身份证, 身分证, 证件, 护照, 通行证, 回乡证, 台胞证, 居留证, 居住证, 军官证, 士兵证, 驾驶证,
        学号, 学籍号, 准考证, 工号, 警号, 病历号, 住院号, 门诊号, 就诊卡,
        驾照, 社保, 医保, 身分證, 身份證, 證件, 護照, 通行證, 居留證, 駕駛證, id card, id no,
        id number, identity, identity card, identity number, national id, citizen id, passport,
        driving licence, driver's license, drivers license, driver license, ssn, social security,
        personnummer, personnr, pnr, samordningsnummer, dni, nie, nif, nric, hkid, aadhaar, pesel,
        pasaporte, passaporte, passeport, reisepass, ausweis, pass, паспорт, инн, снилс, ідентифікаційний код,
        جواز سفر, بطاقة هوية
    """),
    "card": listed("""
        银行卡, 卡号, 账号, 帐号, 账户, 銀行卡, 卡號, 賬號, 帳號, card, card no, card number,
        credit card, debit card, bank account, account, account no, account number, iban, konto,
        kontonummer
    """),
    "device": listed("""
        imei, imsi, meid, iccid, mac, mac address, 设备号, 串号, 设备码, 設備號, 串號
    """),
    "plate": listed("""
        车牌, 车号, 号牌, 牌照, 車牌, 號牌, plate, plates, number plate, licence plate, license plate,
        registration, registration number, reg no, reg nr, regnr, registreringsnummer, kennzeichen,
        matrícula, immatriculation
    """),
    "ip": listed("""
        ip, ipv4, ip address, ip addr, ip-адрес, ip地址, src, dst, peer, remote host, remote address,
        source address, login from, logged in from, connection from, connected from, connect from,
        request from, requests from, traffic from, attack from, scan from, scanning from, 来源地址, 源地址,
        目的地址
    """),
    "account": listed("""
        qq, 扣扣, 微信, 薇信, 徽信, 支付宝, 抖音, 快手, 微博, 支付寶, wechat, weixin, wx, vx, alipay,
        V信, 威信, telegram, line id, skype, weibo, instagram, facebook, snapchat
    """),
    "name": listed("""
        报警人, 报案人, 报告人, 举报人, 投诉人, 求助人, 联系人, 当事人, 事主, 受害人, 被害人, 受害者,
        嫌疑人, 嫌犯, 肇事者, 肇事司机, 司机, 驾驶员, 伤者, 死者, 失踪者, 失踪人员, 走失者, 走失人员,
        目击者, 目击人, 证人, 户主, 业主, 房主, 车主, 租客, 姓名, 名字, 真名, 患者, 病人, 申请人,
        经办人, 接警员, 值班员, 出警民警, 報警人, 報案人, 舉報人, 聯繫人, 聯絡人, 當事人, 傷者, 失蹤者,
        目擊者, 證人, 戶主, 車主, 司機, caller, caller name, callers name, reported by, informant,
        complainant, caller s name, name of caller, name of the caller, victim, suspect, witness,
        contact, contact person, patient, driver, tenant,
        deceased, injured person, missing person, full name, first name, last name, surname,
        given name, family name, dispatcher, anmälare,
        anmälaren, uppringare, uppringaren, målsäganden, målsägande, misstänkt, misstänkte, vittne, vittnet,
        föraren,
        förnamn, efternamn, förare, anrufer, anruferin, melder, zeuge, opfer, fahrer, nachname, vorname,
        llamante, denunciante, víctima, testigo, apellido, appelant, appelante, plaignant, victime, témoin,
        prénom, vítima, testemunha, заявитель, заявительница, звонивший, потерпевший,
        потерпевшая, пострадавший, подозреваемый, свидетель, водитель, фамилия, фио, заявник,
        заявниця, потерпілий, постраждалий,
        підозрюваний, свідок, водій, прізвище, піб, المتصل, الضحية, المشتبه به, الشاهد, السائق, الاسم الكامل
    """),
}  # fmt: skip

#: The commonest, simplified and traditional, without those that are everyday words as well.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
    "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙段雷钱汤尹黎"
    "武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛温芦俞章鲁葛韦毕聂焦柳邢岳齐梅莫庄辛管祝左涂祁"
    "耿牟卜詹关苗凌费纪欧甄項樂張劉陳楊趙黃吳孫羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾鄒陸顧"
    "龍錢湯喬賀賴龔龐蘭嚴蘆畢聶"
)
#: What joins the parts of a name in small letters.
PARTICLES = frozenset(listed("de, da, dos, van, von, der, den, al, el, bin, ibn, af, la, le, y, e"))
