"""What messages may say, and how long it is on a telephone."""

import pytest

from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import LEVEL_LABELS
from bekhedmetkom.notifications.rules.codes import CODE_TEMPLATES, CodePurpose, get_code_lifetime
from bekhedmetkom.notifications.rules.decisions import DECISIONS, RecipientGroup
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.rules.reply_outcomes import ANSWER_TEMPLATES
from bekhedmetkom.notifications.rules.sms import count_sms_parts
from bekhedmetkom.notifications.rules.sms_replies import SMS_REPLY_HINT
from bekhedmetkom.notifications.rules.templates import (
    TEMPLATE_LABELS,
    Template,
    find_unknown_placeholders,
    list_placeholders,
)
from bekhedmetkom.notifications.rules.texts.default_texts import DEFAULT_TEXTS, get_default_text

LONGEST = {
    "reference": "BK-7F3K-92MD",
    "other": "BK-9S7W-3D22",
    "until": "الأربعاء 29 تشرين الثاني",
    "level": max((words.ar for words in LEVEL_LABELS.values()), key=len),
    "track": "https://bekhedmetkom.gov.jo/track",
    "link": "https://bekhedmetkom.gov.jo/c/BK-7F3K-92MD",
    "entity": "",  # names of bodies are too long for an SMS
    "percent": "100%",
    "code": "294017",
    "answer": "",
    "box": "https://bulletin-box.gov.jo",
}
BY_SMS_ALONE = {Template.ANSWERED_IN_FULL, Template.BACK_UNSOLVED}
BY_LETTER_ALONE = {Template.BACK_STRANGER, Template.BACK_FILES}


def test_every_event_has_a_decision() -> None:
    assert set(DECISIONS) == set(EventType)


def test_every_template_is_used_and_labelled() -> None:
    said = {telling.template for tellings in DECISIONS.values() for telling in tellings or ()}
    said |= {template for template in Template if template.is_list} | {Template.TO_DISCREET}
    said |= {template for template in Template if template.is_reply_answer}
    assert set(ANSWER_TEMPLATES.values()) == {template for template in Template if template.is_reply_answer}
    assert (
        said | {Template.DISCREET, Template.ANSWERED_IN_FULL} | set(CODE_TEMPLATES.values())
        == set(Template)
        == set(DEFAULT_TEXTS)
        == set(TEMPLATE_LABELS)
    )


@pytest.mark.parametrize("happened", [event for event, tellings in DECISIONS.items() if tellings])
def test_officer_templates_go_only_to_officers(happened: EventType) -> None:
    for telling in DECISIONS[happened] or ():
        assert telling.template.for_officers == (telling.recipients is not RecipientGroup.CITIZEN)


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_template_has_texts(template: Template, language: str) -> None:
    letter, sms = (
        get_default_text(template, Channel.EMAIL, language),
        get_default_text(template, Channel.SMS, language),
    )
    assert (letter is None) == (template in BY_SMS_ALONE)
    assert (sms is None) == (template.for_officers or template in BY_LETTER_ALONE)
    for wording in filter(None, (letter, sms)):
        assert not find_unknown_placeholders(template, wording.subject + wording.body)
        secret = f"{{{template.secret_placeholder}}}"
        assert (
            secret in wording.body
            if template.secret_placeholder
            else any(blank in wording.body for blank in ("{link}", "{track}", "{box}"))
        )
        assert secret not in wording.subject
    if letter:
        assert letter.subject
    if sms:
        assert template.is_code or sms.body.endswith(("{track}", "{box}"))
        assert "{entity}" not in sms.body
        assert count_sms_parts(sms.body.format(**LONGEST, reply=SMS_REPLY_HINT.in_language(language))) <= 2


def test_discreet_text_reveals_nothing() -> None:
    for channel in Channel:
        for language in ("ar", "en"):
            wording = get_default_text(Template.DISCREET, channel, language)
            assert wording
            assert not find_unknown_placeholders(Template.DISCREET, wording.subject + wording.body)
    assert set(list_placeholders(Template.DISCREET)) == {"reference", "track"}


@pytest.mark.parametrize("purpose", CodePurpose)
def test_code_message_fits_one_sms(purpose: CodePurpose) -> None:
    """An access code has its reference and link beside it; all others are read at one look, in Arabic too."""
    for language in ("ar", "en"):
        sms = get_default_text(CODE_TEMPLATES[purpose], Channel.SMS, language)
        assert sms
        assert count_sms_parts(sms.body.format(**LONGEST, reply="")) <= (
            1 if get_code_lifetime(purpose) else 2
        )


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("طلبك {reference}", []),
        ("{name}", ["name"]),
        ("{entity.__class__}", ["entity.__class__"]),
        ("{until!r}", ["until"]),
        ("{until:>99999999}", ["until"]),
        ("{}", ["{ }"]),
        ("قوس { وحيد", ["{ }"]),
        ("{{reference}}", []),
    ],
)
def test_unknown_placeholders_are_found(text: str, strange: list[str]) -> None:
    assert find_unknown_placeholders(Template.RECEIVED, text) == strange


def test_code_and_case_templates_have_different_placeholders() -> None:
    assert find_unknown_placeholders(Template.RECEIVED, "{code}") == ["code"]
    assert find_unknown_placeholders(Template.ANSWERED, "{answer}") == ["answer"]
    assert find_unknown_placeholders(Template.CODE_SIGN_IN, "{code} {reference}") == ["reference"]
