"""Messages (one row per event, person and channel), inbox lines, preferences and custom template texts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.identity.models import Officer

from .choices import list_channels, list_failure_reasons, list_languages, list_message_states, list_templates
from .encryption import decrypt_secret
from .reachability import ByMessenger as ByMessenger  # its tables belong to this app
from .reachability import MessengerPerson as MessengerPerson
from .reachability import PushSubscription as PushSubscription
from .reachability import Stop as Stop
from .rules.codes import MASK
from .rules.delivery import RESENDABLE_STATES, Channel, FailureReason, MessageState, ReceiptStatus
from .rules.inbox import EmailFrequency
from .rules.reply_outcomes import ReplyOutcome
from .rules.templates import Template

# In the demonstration what would have been sent can be read in /manage, so KEPT is not among them.
STATES_WITHOUT_SECRET = [
    str(state)
    for state in (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.PARKED)
]
UNSENT_STATES = [str(state) for state in (MessageState.QUEUED, MessageState.SENDING, MessageState.KEPT)]


class Message(models.Model):
    """A message, rendered when its event was processed; its text names nobody.

    `address` is personal and can be erased; an officer's is looked up at sending. `officer` is null for the citizen.
    A code message has no event, and a case only if it is that case's access code.
    """

    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(_("الطريق"), max_length=10, choices=list_channels)
    address = models.CharField(max_length=254, blank=True)
    template = models.CharField(_("الرسالة"), max_length=30, choices=list_templates)
    language = models.CharField(_("اللغة"), max_length=2, choices=list_languages)
    subject = models.CharField(_("العنوان"), max_length=300, blank=True)
    body = models.TextField(_("النص"))
    sealed = models.BinaryField(
        null=True
    )  # what stands in the mask's place until it is sent, encrypted (sealing.py)
    state = models.CharField(
        _("الحالة"), max_length=10, choices=list_message_states, default=str(MessageState.QUEUED)
    )
    why = models.CharField(_("السبب"), max_length=20, blank=True, choices=list_failure_reasons)
    not_before = models.DateTimeField(_("ليس قبل"))
    not_after = models.DateTimeField(null=True)  # a one-time code that has run out helps nobody
    tries = models.PositiveSmallIntegerField(default=0)
    sms_parts = models.PositiveSmallIntegerField(default=0)  # in which it was handed over, and is paid for
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
            models.CheckConstraint(name="message_channel_is_known", condition=is_one_of("channel", Channel)),
            models.CheckConstraint(name="message_state_is_known", condition=is_one_of("state", MessageState)),
            models.CheckConstraint(
                name="message_why_is_known", condition=Q(why="") | is_one_of("why", FailureReason)
            ),
            models.CheckConstraint(
                name="message_sent_has_its_time",
                condition=Q(sent_at__isnull=True, state__in=UNSENT_STATES)
                | Q(sent_at__isnull=False, state__in=[str(MessageState.SENT), str(MessageState.DELIVERED)])
                | Q(state__in=[str(MessageState.FAILED), str(MessageState.PARKED)]),
            ),
            models.CheckConstraint(
                name="message_sent_holds_no_secret",
                condition=Q(sealed__isnull=True) | ~Q(state__in=STATES_WITHOUT_SECRET),
            ),
        ]
        indexes = [
            models.Index(
                "channel", "not_before", "id", name="message_due", condition=Q(state=str(MessageState.QUEUED))
            ),
            # Somebody sits before the page and waits for a code: it passes by the morning's thousands.
            models.Index(
                "channel",
                "not_before",
                "id",
                name="message_sealed_due",
                condition=Q(state=str(MessageState.QUEUED), sealed__isnull=False),
            ),
            models.Index("not_before", name="message_in_hand", condition=Q(state=str(MessageState.SENDING))),
            # How many went to an officer within an hour.
            models.Index(
                "officer",
                "not_before",
                name="message_of_officer",
                condition=Q(officer__isnull=False, event__isnull=False),
            ),
            # What was asked by SMS, when somebody answers from that number.
            models.Index("address", "id", name="message_to_number", condition=Q(channel=str(Channel.SMS))),
            models.Index("sent_at", name="message_paid_for", condition=Q(sms_parts__gt=0)),
            models.Index(
                "id", name="message_ended", condition=Q(state__in=[str(state) for state in RESENDABLE_STATES])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.pk}"

    @property
    def full_text(self) -> str:
        """What the person reads: the words with what was sealed in its place, as long as it is there."""
        secret = decrypt_secret(bytes(self.sealed)) if self.sealed else None
        return self.body.replace(MASK, secret) if secret else self.body


class Notice(models.Model):
    """A line on an officer's bell: one case for one reason, with what was the last of it. It names nobody.

    `at`: from when on it shows. `daily`: waits for the morning's e-mail; `mail_at`: for one in which it goes with
    others. Both are put down when it has gone, or has been seen.
    """

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20)
    template = models.CharField(max_length=30)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    daily = models.BooleanField(default=False)
    mail_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_once", fields=["officer", "case", "sort"])]
        indexes = [
            models.Index("officer", "at", name="notice_newest"),
            models.Index("officer", "at", name="notice_unseen", condition=Q(seen_at__isnull=True)),
            models.Index("mail_at", name="notice_together", condition=Q(mail_at__isnull=False)),
            models.Index("at", name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} for {self.officer_id}"


class Choice(models.Model):
    """How an officer wants e-mail: `about` one sort of news, or whether the morning's comes. No row: as usual."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    about = models.CharField(max_length=20)
    mail = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("اختيار بريد")
        constraints = [
            models.UniqueConstraint(name="chosen_once", fields=["officer", "about"]),
            models.CheckConstraint(name="choice_is_known", condition=is_one_of("mail", EmailFrequency)),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.mail}"


class Morning(models.Model):
    """An officer's morning e-mail of one day has been seen to, whether or not there was anything to send."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_morning_a_day", fields=["day", "officer"])]

    def __str__(self) -> str:
        return f"{self.day} of {self.officer_id}"


class Part(models.Model):
    """What a gateway calls one part of an SMS: under that name its receipt comes, now and then before we know whose."""

    gateway_id = models.CharField(max_length=100, unique=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="parts")
    fate = models.CharField(max_length=10, default=str(ReceiptStatus.HANDED))
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="part_fate_is_known", condition=is_one_of("fate", ReceiptStatus))
        ]
        indexes = [models.Index("at", name="part_at")]

    def __str__(self) -> str:
        return f"part {self.gateway_id} of message {self.message_id}"


class Arrival(models.Model):
    """A letter or SMS came in answer to one of our messages. Not a word of it: only so that it counts once.

    `key`: of its own id; `sender`: of whom it came from; neither can be read back. `answered`: we wrote back.
    """

    key = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=64)
    came_to = models.CharField(max_length=10)
    answered = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="arrival_end_is_known", condition=is_one_of("came_to", ReplyOutcome)),
        ]
        indexes = [
            models.Index("sender", "came_to", "at", name="arrival_answered", condition=Q(answered=True)),
            models.Index("at", name="arrival_by_age"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}: {self.came_to}"


class Wording(models.Model):
    """An administrator's words for a template on one way in one language. Versions are kept; the newest holds."""

    template = models.CharField(_("الرسالة"), max_length=30, choices=list_templates)
    channel = models.CharField(_("الطريق"), max_length=10, choices=list_channels)
    language = models.CharField(_("اللغة"), max_length=2, choices=list_languages)
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
            models.CheckConstraint(
                name="wording_template_is_known", condition=is_one_of("template", Template)
            ),
            models.CheckConstraint(name="wording_channel_is_known", condition=is_one_of("channel", Channel)),
            models.CheckConstraint(name="wording_language_is_known", condition=Q(language__in=["ar", "en"])),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.language} ({self.version})"
