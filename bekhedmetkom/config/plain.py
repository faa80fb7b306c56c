"""A page that stands by itself, in both languages: for when no template, no style sheet and no database can be counted
on."""

from base64 import b64encode
from hashlib import sha256

_STYLE = (
    "body{margin:0;border-top:8px solid #0B5D57;background:#FAF7F2;color:#1B2A2A;"
    "font:18px/1.75 Tahoma,Arial,sans-serif}"
    "main{max-width:36em;margin:0 auto;padding:48px 16px}"
    "h1,h2{font-size:28px;line-height:1.4;margin:0}section+section{margin-top:32px}"
)
POLICY = (  # no style but this one, and nothing else at all
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def plain_page(arabic: tuple[str, str], english: tuple[str, str], *, name: str = " – بخدمتكم") -> str:
    """Each is a heading and the sentences below it; `name` stands behind it in the title."""
    return (
        '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{arabic[0]}{name}</title><style>{_STYLE}</style></head><body><main>"
        f"<section><h1>{arabic[0]}</h1><p>{arabic[1]}</p></section>"
        f'<section lang="en" dir="ltr"><h2>{english[0]}</h2><p>{english[1]}</p></section>'
        "</main></body></html>"
    )
