"""Parses e-mail replies: whether a person wrote it, whether the sender is authenticated, and its new text."""

import re
from collections.abc import Collection, Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from lxml.etree import HTMLParser  # that of the standard library took 11 s for 30 kB of `<a `

MAX_TEXT_LENGTH = 200_000  # letters: far more than a case takes, and little to look through
MIN_QUOTED_LINE_LENGTH = 25  # letters from which on a line of our own letter cannot be chance

_BULK_PRECEDENCES = {"bulk", "junk", "list", "auto_reply"}
_MACHINE_ADDRESS = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-].*)?@", re.IGNORECASE
)
_AUTO_REPLY_SUBJECT = re.compile(
    r"(out of (the )?office|auto(matic|mated)?[ -]?(reply|response)|رد تلقائي|الرد التلقائي|رد آلي|الرد الآلي"
    r"|خارج (المكتب|الدوام))",
    re.IGNORECASE,
)
_AUTHENTICATION_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", re.IGNORECASE)

_INVISIBLE_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# Where the history of a letter begins, as the programs of people here write it.
_QUOTE_HEADERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^>?\s*On\b.{6,250}\bwrote\s*:$",
        r"^(في|بتاريخ|يوم)\b.{6,250}(كتب|كتبت|كتبه|تمت كتابة ما يلي بواسطة|جاء من)\b.*:$",
        r"^.{0,80}(كتب|كتبت)\s+.{1,120}<?[\w.+-]+@[\w.-]+>?\s*:$",
        r"^[-_*\s]{2,}(Original Message|Reply message|الرسالة الأصلية|رسالة أصلية)[-_*\s]{2,}$",
        r"^_{20,}$",
        r"^\*?(From|من)\s*:\*?\s.*@.*$",
    )
]
_SIGNATURE_STARTS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^--$",
        r"^(Sent from (my |Mail |Yahoo|Outlook|Samsung|Proton)|Get Outlook for|Sent with ).{0,80}$",
        r"^(أ?ُ?رسل(ت)?|مُ?رسل(ة)?|تم ال[إا]رسال)\s+(هذه الرسالة )?(من|عبر|بواسطة)\s.{0,80}$",
        r"^(الحصول على|احصل على) Outlook.{0,80}$",
    )
]


def get_header(letter: Message, name: str) -> str:
    """Return the first header of that name, decoded; empty if missing."""
    return decode_encoded_words(str(letter.get(name, "")))


def decode_encoded_words(written: str) -> str:
    """Decode `=?utf-8?…?=` words; undecodable text stays as it is."""
    try:
        return str(make_header(decode_header(written)))
    except (HeaderParseError, LookupError, ValueError):
        return written


def is_automatic(letter: Message) -> bool:
    """Return whether a program sent it (out of office, list, report, our own e-mail in a loop); never answered."""
    said = (get_header(letter, "Auto-Submitted") or "no").partition(";")[0].strip().lower()
    senders = [address for _, address in getaddresses([get_header(letter, "From")])]
    return (
        said != "no"
        or get_header(letter, "Precedence").strip().lower() in _BULK_PRECEDENCES
        or any(
            name in letter
            for name in ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe", "X-Loop")
        )
        or get_header(letter, "Return-Path").strip() == "<>"
        or letter.get_content_type() in ("multipart/report", "message/delivery-status")
        or any(_MACHINE_ADDRESS.match(address) for address in senders)
        or bool(_AUTO_REPLY_SUBJECT.match(get_header(letter, "Subject").strip()))
    )


def is_unauthenticated(letter: Message) -> bool:
    """Return whether the mail server before us found the sender forged, or the e-mail spam.

    Only the first `Authentication-Results` counts: each server puts its own on top, and any below may be forged.
    """
    if get_header(letter, "X-Spam-Flag").strip().lower() == "yes":
        return True
    found = {
        name.lower(): result.lower()
        for name, result in _AUTHENTICATION_RESULT.findall(get_header(letter, "Authentication-Results"))
    }
    if "dmarc" in found:
        return bool(found["dmarc"] == "fail")
    proved = [found[name] for name in ("spf", "dkim") if name in found]
    return bool(proved) and "pass" not in proved and "fail" in proved


def get_sender(letter: Message) -> str:
    """Return the one sender address; empty if there is none or several."""
    addresses = [address for _, address in getaddresses([get_header(letter, "From")]) if "@" in address]
    return addresses[0] if len(addresses) == 1 else ""


def extract_new_text(text: str, ours: str = "") -> str:
    """Return what the sender wrote, without quotes and signature. `ours`: the text of our message."""
    known = {
        _strip_marks(line) for line in ours.splitlines() if len(_strip_marks(line)) >= MIN_QUOTED_LINE_LENGTH
    }
    lines = text[:MAX_TEXT_LENGTH].replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        plain = _strip_marks(line)
        if _starts_quote(plain, lines[place + 1 : place + 3], known) or any(
            sign.match(plain) for sign in _SIGNATURE_STARTS
        ):
            break
        if not plain.startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _starts_quote(plain: str, following: Collection[str], known: Collection[str]) -> bool:
    """Return whether a quote starts here. Programs wrap its heading, so the next two lines are joined to it."""
    if not plain:
        return False
    if plain in known or any(sign.match(plain) for sign in _QUOTE_HEADERS):
        return True
    if not re.match(r"(On|في|بتاريخ)\b", plain):
        return False
    joined = plain
    for more in following:
        joined = f"{joined} {_strip_marks(more)}"
        if any(sign.match(joined) for sign in _QUOTE_HEADERS[:2]) and joined.endswith(":"):
            return True
    return False


def _strip_marks(line: str) -> str:
    return _INVISIBLE_MARKS.sub("", line).replace("\xa0", " ").strip()


def extract_html_text(html: str) -> str:
    """Return the text of an HTML-only e-mail without what it quotes."""
    reader = _TextExtractor()
    parser = HTMLParser(target=reader, encoding="utf-8")
    parser.feed(html.encode("utf-8", "replace"))
    parser.close()
    return re.sub(r"[ \t]+", " ", "".join(reader.parts)).strip()


class _TextExtractor:
    """Skips elements without text and quotes as common programs mark them; nothing new follows Outlook's mark.

    The parser repairs broken HTML: each start has its end, that of a line break too.
    """

    SKIPPED_TAGS = {"script", "style", "head", "title", "blockquote"}
    QUOTE_CLASSES = re.compile(
        r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|moz-signature|gmail_signature|protonmail_quote"
    )
    END_IDS = {"appendonsend", "divRplyFwdMsg", "mail-editor-reference-message-container"}
    BLOCK_TAGS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table"}

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.skip_depth = 0  # how deep inside something that is passed by
        self.is_finished = False

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        self.is_finished = self.is_finished or given.get("id") in self.END_IDS
        if tag in self.BLOCK_TAGS and not self.skip_depth:
            self.parts.append("\n")
        if self.skip_depth or tag in self.SKIPPED_TAGS or self.QUOTE_CLASSES.search(given.get("class", "")):
            self.skip_depth += 1

    def end(self, _tag: str) -> None:
        self.skip_depth -= bool(self.skip_depth)

    def data(self, data: str) -> None:
        if not self.skip_depth and not self.is_finished:
            self.parts.append(data)

    def close(self) -> None:
        """Required by the parser's target interface."""
