"""An administrator words a template anew: from then on, and only in their words if they can be filled."""

import pytest

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.messages.commands import reword
from bekhedmetkom.messages.models import Message
from bekhedmetkom.messages.queries import wordings
from bekhedmetkom.messages.rules.delivery import Channel
from bekhedmetkom.messages.rules.templates import Template
from bekhedmetkom.messages.rules.text import Wording
from tests.commands.messages.conftest import Listener
from tests.commands.messages.feeding import LAMP
from tests.personas import NOON, Jordan


def test_new_words_hold_from_now_on(world: Jordan, listener: Listener) -> None:
    world.submit(LAMP)
    listener.follow()
    for version, text in enumerate(("أهلًا {reference}", "وصلنا {reference}"), 1):
        assert version == reword(
            template=Template.RECEIVED, channel=Channel.SMS, language="ar", wording=Wording("", f" {text}\r\n"),
            actor=world.administrator, at=NOON,
        )  # fmt: skip
    second = world.submit(LAMP)
    listener.follow()
    bodies = list(Message.objects.order_by("pk").values_list("body", flat=True))
    assert bodies[0].startswith("وصل طلبك")
    assert bodies[1] == f"وصلنا {second.reference}"
    [now] = [
        said for said in wordings(Template.RECEIVED) if said.channel is Channel.SMS and said.language == "ar"
    ]
    assert (now.wording.body, now.reworded) == ("وصلنا {reference}", True)
    change = ChangeRecord.objects.filter(model="messages.Wording").first()
    assert change and change.after
    assert (change.actor, change.after["body"]) == (str(world.administrator), "وصلنا {reference}")


@pytest.mark.parametrize(
    ("template", "channel", "wording", "field"),
    [
        (Template.RECEIVED, Channel.EMAIL, Wording("وصل", "طلبك {name}"), "body"),
        (Template.RECEIVED, Channel.EMAIL, Wording("وصل {text}", "طلبك"), "subject"),
        (Template.RECEIVED, Channel.EMAIL, Wording("", "طلبك"), "subject"),
        (Template.RECEIVED, Channel.SMS, Wording("", " "), "body"),
        (Template.CODE_SIGN_IN, Channel.SMS, Wording("", "رمزك وصل"), "body"),
        (Template.CODE_SIGN_IN, Channel.EMAIL, Wording("{code}", "رمزك {code}"), "subject"),
        (Template.ANSWERED_IN_FULL, Channel.SMS, Wording("", "وصل الرد {track}"), "body"),
        (Template.ANSWERED_IN_FULL, Channel.EMAIL, Wording("رد", "{answer}"), "body"),
        (Template.TO_IDLE, Channel.SMS, Wording("", "طلب"), "body"),
    ],
)
def test_words_that_cannot_be_filled_are_refused(
    world: Jordan, template: Template, channel: Channel, wording: Wording, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        reword(
            template=template,
            channel=channel,
            language="ar",
            wording=wording,
            actor=world.administrator,
            at=NOON,
        )
    assert [error.field for error in refused.value.errors] == [field]
    assert not ChangeRecord.objects.filter(model="messages.Wording").exists()
