"""What people are told: one row for each event, person and way; and how administrators word it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.entities.choices import one_of
from bekhedmetkom.identity.models import Officer

from .choices import channels, languages, states, templates
from .rules.codes import MASK
from .rules.delivery import Channel
from .rules.states import MessageState
from .rules.templates import Template
from .sealing import opened

# In the demonstration a code that would have been sent can be read in /manage, so KEPT is not among them.
CODE_IS_ERASED = [str(MessageState.SENT), str(MessageState.PARKED)]


class Message(models.Model):
    """Worded when the event was followed, so that it stays what was said. Its text names nobody.

    `address` is personal and can be emptied; an officer's is looked up at sending. `officer` is empty for the citizen.
    A message that tells a code follows no event, and belongs to no case unless the code is a case's own.
    """

    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(_("الطريق"), max_length=10, choices=channels)
    address = models.CharField(max_length=254, blank=True)
    template = models.CharField(_("الرسالة"), max_length=30, choices=templates)
    language = models.CharField(_("اللغة"), max_length=2, choices=languages)
    subject = models.CharField(_("العنوان"), max_length=300, blank=True)
    body = models.TextField(_("النص"))
    sealed = models.BinaryField(null=True)  # a code that has not been sent yet, encrypted (sealing.py)
    state = models.CharField(_("الحالة"), max_length=10, choices=states, default=str(MessageState.QUEUED))
    not_before = models.DateTimeField(_("ليس قبل"))
    not_after = models.DateTimeField(null=True)  # a one-time code that has run out helps nobody
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("أُرسلت في"), null=True)

    class Meta:
        verbose_name = _("رسالة")
        verbose_name_plural = _("الرسائل")
        constraints = [
            # A replay of the journal, or a worker that was killed, tells nobody twice.
            models.UniqueConstraint(
                name="message_once",
                fields=["event", "officer", "channel"],
                nulls_distinct=False,
                condition=Q(event__isnull=False),
            ),
            models.CheckConstraint(name="message_channel_is_known", condition=one_of("channel", Channel)),
            models.CheckConstraint(name="message_state_is_known", condition=one_of("state", MessageState)),
            models.CheckConstraint(
                name="message_sent_has_its_time",
                condition=Q(state=str(MessageState.SENT)) ^ Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="message_sent_holds_no_code",
                condition=Q(sealed__isnull=True) | ~Q(state__in=CODE_IS_ERASED),
            ),
        ]
        indexes = [
            models.Index("not_before", "id", name="message_due", condition=Q(state=str(MessageState.QUEUED))),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.pk}"

    @property
    def in_clear(self) -> str:
        """What the person reads: the words with the code in its place, as long as there is one."""
        code = opened(bytes(self.sealed)) if self.sealed else None
        return self.body.replace(MASK, code) if code else self.body


class Wording(models.Model):
    """An administrator's words for a template on one way in one language. Versions are kept; the newest holds."""

    template = models.CharField(_("الرسالة"), max_length=30, choices=templates)
    channel = models.CharField(_("الطريق"), max_length=10, choices=channels)
    language = models.CharField(_("اللغة"), max_length=2, choices=languages)
    version = models.PositiveIntegerField(_("الإصدار"))
    subject = models.CharField(_("العنوان"), max_length=200, blank=True)
    body = models.TextField(_("النص"))

    class Meta:
        verbose_name = _("نص رسالة")
        verbose_name_plural = _("نصوص الرسائل")
        constraints = [
            models.UniqueConstraint(
                name="wording_version", fields=["template", "channel", "language", "version"]
            ),
            models.CheckConstraint(name="wording_template_is_known", condition=one_of("template", Template)),
            models.CheckConstraint(name="wording_channel_is_known", condition=one_of("channel", Channel)),
            models.CheckConstraint(name="wording_language_is_known", condition=Q(language__in=["ar", "en"])),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.language} ({self.version})"
