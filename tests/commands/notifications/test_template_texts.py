"""An administrator words a template anew: from then on, and only in their words if they can be filled."""

import pytest

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.notifications.commands import save_template_text
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.queries import list_template_variants
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.rules.templates import MessageText, Template
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.personas import NOON, Jordan


def test_custom_text_applies_to_new_messages(world: Jordan, listener: SubscriberRunner) -> None:
    world.submit(STREET_LAMP_TEXT)
    listener.follow()
    for version, text in enumerate(("أهلًا {reference}", "وصلنا {reference}"), 1):
        assert version == save_template_text(
            template=Template.RECEIVED, channel=Channel.SMS, language="ar", wording=MessageText("", f" {text}\r\n"),
            actor=world.administrator, at=NOON,
        )  # fmt: skip
    second = world.submit(STREET_LAMP_TEXT)
    listener.follow()
    bodies = list(Message.objects.order_by("pk").values_list("body", flat=True))
    assert bodies[0].startswith("وصل طلبك")
    assert bodies[1] == f"وصلنا {second.reference}"
    [now] = [
        said
        for said in list_template_variants(Template.RECEIVED)
        if said.channel is Channel.SMS and said.language == "ar"
    ]
    assert (now.text.body, now.is_custom) == ("وصلنا {reference}", True)
    change = ChangeRecord.objects.filter(model="notifications.Wording").first()
    assert change and change.after
    assert (change.actor, change.after["body"]) == (str(world.administrator), "وصلنا {reference}")


@pytest.mark.parametrize(
    ("template", "channel", "wording", "field"),
    [
        (Template.RECEIVED, Channel.EMAIL, MessageText("وصل", "طلبك {name}"), "body"),
        (Template.RECEIVED, Channel.EMAIL, MessageText("وصل {text}", "طلبك"), "subject"),
        (Template.RECEIVED, Channel.EMAIL, MessageText("", "طلبك"), "subject"),
        (Template.RECEIVED, Channel.SMS, MessageText("", " "), "body"),
        (Template.CODE_SIGN_IN, Channel.SMS, MessageText("", "رمزك وصل"), "body"),
        (Template.CODE_SIGN_IN, Channel.EMAIL, MessageText("{code}", "رمزك {code}"), "subject"),
        (Template.ANSWERED_IN_FULL, Channel.SMS, MessageText("", "وصل الرد {track}"), "body"),
        (Template.ANSWERED_IN_FULL, Channel.EMAIL, MessageText("رد", "{answer}"), "body"),
        (Template.TO_IDLE, Channel.SMS, MessageText("", "طلب"), "body"),
    ],
)
def test_text_with_unknown_placeholder_is_refused(
    world: Jordan, template: Template, channel: Channel, wording: MessageText, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        save_template_text(
            template=template,
            channel=channel,
            language="ar",
            wording=wording,
            actor=world.administrator,
            at=NOON,
        )
    assert [error.field for error in refused.value.errors] == [field]
    assert not ChangeRecord.objects.filter(model="notifications.Wording").exists()
