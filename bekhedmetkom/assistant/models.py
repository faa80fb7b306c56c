"""Conversations and their lines. The content is encrypted, and erased after submission or two days of silence."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.identity.models import Officer

from .rules.messages import Channel, Speaker


class Conversation(models.Model):
    """A conversation with one person on one channel, found by a keyed hash (`person_key`).

    `person` and `draft` are encrypted. `wanted_at`: when an officer was asked for; `officer`: who has the conversation.
    `gated_at`: when a text about corruption was last refused. `version`: turns since the last erasure; 0: no content.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=20)
    person_key = models.BinaryField(max_length=32)
    person = models.BinaryField(default=b"")
    language = models.CharField(max_length=2, default="ar")
    step = models.CharField(max_length=20, default="start")
    draft = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(_("بدأت في"))
    heard_at = models.DateTimeField(_("آخر ما كتبه الشخص"))
    said_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(_("طلب موظفًا في"), null=True)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("الموظف")
    )
    gated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("محادثة")
        verbose_name_plural = _("المحادثات")
        constraints = [
            models.UniqueConstraint("channel", "person_key", name="conversation_person"),
            models.CheckConstraint(name="conversation_channel", condition=is_one_of("channel", Channel)),
        ]
        indexes = [
            models.Index(
                "wanted_at", name="conversation_wanted", condition=models.Q(wanted_at__isnull=False)
            ),
            models.Index("heard_at", name="conversation_heard"),
        ]


class Line(models.Model):
    """One message. `words`: encrypted, empty after erasure. `key`: the sender's identifier of the message."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("المحادثة")
    )
    number = models.PositiveIntegerField()
    whose = models.CharField(max_length=10)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    words = models.BinaryField(default=b"")
    key = models.CharField(max_length=200, default="")
    at = models.DateTimeField(_("في"))

    class Meta:
        verbose_name = _("سطر من محادثة")
        verbose_name_plural = _("أسطر المحادثات")
        constraints = [
            models.UniqueConstraint("conversation", "number", name="line_number"),
            models.UniqueConstraint(
                "conversation", "key", name="line_heard_once", condition=~models.Q(key="")
            ),
            models.CheckConstraint(name="line_whose", condition=is_one_of("whose", Speaker)),
        ]
