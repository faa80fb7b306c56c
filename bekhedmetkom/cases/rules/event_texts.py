"""Sentences beside those of the event classes: parts that fill their blanks, and what replaces them by channel.

Blanks of an event's sentences: `entity`, `unit`, `assignee`, `until` (a date in words), `level`, `outcome`,
`days`, `reference`, `percent`,
`charge` (to whom it was delegated), `contact` (what the citizen is reached by: "your phone number"), `their_contact`,
`asked` (the unit or body that is asked), `joined` (", with X", or nothing), `left` (an officer), `about` (whom a case
complains of), `looker` (who looked, or heard: by role and body), `why` (rules.looking), `mentioned` (", mentioning
Rania", or nothing), `came` (the day of a letter), `via` (" by e-mail", or nothing), `carried` (what went to
a body's own system), `there` (its number in that system), `standing` (how it stands there), `problem` (its number).
"""

from collections.abc import Mapping
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .channels import PaperChannel


class EventText(NamedTuple):
    """What the citizen and the officers read in place of an event's own sentences."""

    citizen_text: BilingualText | None
    officer_text: BilingualText


# How the citizen said it, where that was not on the case's own page.
CHANNEL_PHRASES: Mapping[str, BilingualText] = {
    "email": BilingualText(" بالبريد الإلكتروني", " by e-mail"),
    "sms": BilingualText(" برسالة نصية", " by SMS"),
}

# What goes with a case to its body's own system, by how much that is told (webhooks).
FORWARDED_DETAIL_PHRASES: Mapping[str, BilingualText] = {
    "matter": BilingualText("، بموضوعه ومكانه ورقمه فقط", ": its topic, place and reference only"),
    "text": BilingualText("، بما كتبته فيه، دون اسمك", ": with what you wrote, without your name"),
    "contact": BilingualText(
        "، بما كتبته فيه واسمك وطريقة الاتصال بك", ": with what you wrote, your name and contact"
    ),
}
REMOTE_STATUS_PHRASES: Mapping[str, BilingualText] = {
    "open": BilingualText("ما زال قيد العمل", "still open"),
    "closed": BilingualText("أُغلق", "closed"),
}

# What `SUBMITTED` says where an officer wrote the case down, by its channel.
REGISTERED_TEXTS: Mapping[str, EventText] = {
    str(PaperChannel.COUNTER): EventText(
        BilingualText("سجّل موظف طلبك عند شباك المراجعين، ووصل إلى {entity}",
              "An officer wrote your case down at the counter, and it reached {entity}"),
        BilingualText("سُجّل عند شباك المراجعين، ووُعد صاحبه بالرد قبل نهاية {until}",
              "Registered at the counter, with an answer promised by {until}"),
    ),
    str(PaperChannel.LETTER): EventText(
        BilingualText("وصلت رسالتك يوم {came}، وسُجّلت طلبًا لدى {entity}",
              "Your letter came on {came} and was registered with {entity}"),
        BilingualText("سُجّل من رسالة وصلت يوم {came}، ووُعد صاحبها بالرد قبل نهاية {until}",
              "Registered from a letter of {came}, with an answer promised by {until}"),
    ),
}  # fmt: skip
# And where it began as part of another case.
SPLIT_CASE_TEXT = EventText(
    BilingualText("فُصل هذا الطلب من طلبك {reference}", "This case was part of your case {reference}"),
    BilingualText("فُصل من {reference}، ووُعد صاحبه بالرد قبل نهاية {until}",
          "Split from {reference}, with an answer promised by {until}"),
)  # fmt: skip

# Instead of what `case.assigned` says, where nobody did it.
ASSIGNED_BY_RULE = BilingualText(
    "أُسند إلى {assignee} بحسب قواعد الجهة", "Assigned to {assignee} by the body's rules"
)
