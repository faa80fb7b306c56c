"""The tool that keeps the catalogues: what it finds, what it keeps, what it refuses."""

import gettext
import io
from pathlib import Path

import pytest

from tools import translations


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}<p>{% translate 'أهلًا' %}\n  <b>{% translate 'نعم' context 'زر' %}</b></p>\n"
        "{% blocktranslate count n=days trimmed %}\n يوم واحد {% plural %} {{ n }} يوم\n{% endblocktranslate %}"
    )
    (tmp_path / "views.py").write_text("from x import gettext as _\nlabel = _('الاسم')\n")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def run_tool(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def read_english_catalogue() -> dict[object, object]:
    return {message.id: message.string for message in translations.read_catalogue("en") if message.id}


def test_it_finds_sentences_contexts_and_plurals(tree: Path) -> None:
    assert set(translations.list_sentences()) == {
        (None, "أهلًا"),
        ("زر", "نعم"),
        (None, ("يوم واحد", "%(n)s يوم")),
        (None, "الاسم"),
    }


def test_what_is_translated_stays_and_what_is_gone_goes(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translations.update_catalogues()
    run_tool(monkeypatch, "الاسم\tName\nأهلًا\tWelcome\n")
    assert translations.set_translations("en") == 0
    (tree / "views.py").write_text("")
    translations.update_catalogues()
    assert read_english_catalogue() == {"أهلًا": "Welcome", "نعم": "", ("يوم واحد", "%(n)s يوم"): ("", "")}


def test_a_sentence_that_nobody_says_is_refused(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    translations.update_catalogues()
    run_tool(monkeypatch, "الاسم\tName\nشيء آخر\tSomething else\n")
    assert translations.set_translations("en") == 1
    assert "شيء آخر" in capsys.readouterr().err
    assert read_english_catalogue()["الاسم"] == "Name"


def test_missing_until_both_languages_are_whole(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.print_missing() == 1
    translations.update_catalogues()
    run_tool(monkeypatch, "الاسم\tName\nأهلًا\tWelcome\nنعم\tYes\nيوم واحد\tOne day\t%(n)s days\n")
    assert translations.set_translations("en") == 0
    assert translations.print_missing() == 1
    run_tool(monkeypatch, "يوم واحد\tلا يوم\tيوم واحد\tيومان\t%(n)s أيام\t%(n)s يومًا\t%(n)s يوم\n")
    assert translations.set_translations("ar") == 0
    capsys.readouterr()
    assert translations.print_missing() == 0
    assert capsys.readouterr().out == ""


def test_what_it_compiles_speaks_arabic_plurals(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translations.update_catalogues()
    run_tool(monkeypatch, "يوم واحد\tلا يوم\tيوم واحد\tيومان\t%(n)s أيام\t%(n)s يومًا\t%(n)s يوم\n")
    translations.set_translations("ar")
    translations.compile_catalogues()
    with (tree / "locale/ar/LC_MESSAGES/django.mo").open("rb") as compiled:
        arabic = gettext.GNUTranslations(compiled)
    said = [arabic.ngettext("يوم واحد", "%(n)s يوم", n) % {"n": n} for n in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا يوم", "يوم واحد", "يومان", "3 أيام", "11 يومًا", "100 يوم"]
