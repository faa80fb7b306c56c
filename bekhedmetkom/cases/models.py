"""Cases as tables: the row, its journal, the personal words that can be forgotten, and what is beside them.

Nothing here writes. A `case` row moves only through `journal.record`, and PostgreSQL refuses any other way
(migration 0002).
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Lower, Now

from bekhedmetkom.catalogue.models import Policy, Service
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.entities.models import Entity, Governorate, Unit
from bekhedmetkom.identity.models import Officer

from . import workspace_models as workspace_models
from .rules.case_state import STATE_COLUMNS, CaseState
from .rules.contact import ContactPreference, ContactType
from .rules.states import OPEN_STATES, WAITING_STATES, EventType, State

OPEN_STATE_NAMES = [str(state) for state in OPEN_STATES]
UPHELD_OUTCOMES = ["upheld", "partly_upheld"]
HAS_OPEN_REQUESTS = ~Q(instructions=[]) | ~Q(
    tasks=[]
)  # something is asked in it by a day, and has no answer yet


def _uuidv7() -> Func:
    return Func(function="uuidv7", output_field=UUIDField())


class Case(models.Model):
    """One matter that a person brings. Its columns are those of `rules.standing.Standing`, and `head`."""

    id = models.UUIDField(primary_key=True, db_default=_uuidv7(), editable=False)
    reference = models.CharField(max_length=12)
    state = models.CharField(max_length=20)
    seq = models.IntegerField()
    head = models.BinaryField()
    kind = models.CharField(max_length=12)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="cases", db_index=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    term_from = models.DateTimeField()
    due_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)
    idle_from = models.DateTimeField()
    triage = models.BooleanField(default=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    governorate = models.ForeignKey(Governorate, models.PROTECT, null=True, related_name="+", db_index=False)
    care = models.CharField(max_length=20, default=str(Handling.OPEN))
    channel = models.CharField(max_length=20, default="portal")
    language = models.CharField(max_length=2, default="ar")
    urgent = models.BooleanField(default=False)
    withheld = models.BooleanField(default=False)
    idle_told = models.BooleanField(default=False)
    reminded = models.SmallIntegerField(default=0)
    rungs = models.SmallIntegerField(default=0)
    level = models.CharField(max_length=20, default="", blank=True)
    paused_at = models.DateTimeField(null=True)
    paused_days = models.SmallIntegerField(default=0)
    extended_days = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    referrals = models.SmallIntegerField(default=0)
    referred_from = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="+", db_index=False)
    drafted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    disposition = models.CharField(max_length=30, null=True)
    answered_at = models.DateTimeField(null=True)
    answered_late = models.BooleanField(default=False)
    asked_again = models.BooleanField(default=False)
    solved = models.BooleanField(null=True)
    stars = models.SmallIntegerField(null=True)
    heard_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    reviewer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    appeals = models.SmallIntegerField(default=0)
    appeal_outcome = models.CharField(max_length=30, null=True)
    snoozed_until = models.DateTimeField(null=True)
    merged_into = models.CharField(max_length=12, default="", blank=True)
    handlers = ArrayField(models.BigIntegerField(), default=list)
    recused = ArrayField(models.BigIntegerField(), default=list)
    agreed = models.BooleanField(default=False, db_default=False)
    released = models.IntegerField(default=0, db_default=0)
    problem_id = models.BigIntegerField(null=True)  # of a capability above this one, so no key
    voice = models.BooleanField(default=False, db_default=False)
    unreached = models.BooleanField(default=False, db_default=False)
    about_officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    about_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    instructions = ArrayField(models.IntegerField(), default=list, db_default=[])
    tasks = ArrayField(models.IntegerField(), default=list, db_default=[])
    tasks_due = ArrayField(models.DateTimeField(), default=list, db_default=[])
    units_asked = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    bodies_asked = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        db_table = "case"
        constraints = [
            # Not `unique` of the field: that makes a second index, for beginnings of references, which nobody asks for.
            models.UniqueConstraint(name="case_reference_key", fields=["reference"]),
            models.CheckConstraint(name="case_kind_is_known", condition=is_one_of("kind", Kind)),
            models.CheckConstraint(name="case_state_is_known", condition=is_one_of("state", State)),
            models.CheckConstraint(name="case_care_is_known", condition=is_one_of("care", Handling)),
            # What belongs in the sealed box never has a row here, not by any door.
            models.CheckConstraint(name="case_is_never_sealed", condition=~Q(care=str(Handling.SEALED))),
            models.CheckConstraint(name="case_stars", condition=Q(stars=None) | Q(stars__range=(1, 5))),
            models.CheckConstraint(
                name="case_with_care_is_withheld", condition=Q(care=str(Handling.OPEN)) | Q(withheld=True)
            ),
        ]
        indexes = [
            # Lists page by keyset on (due_at, id) over what is open.
            models.Index(
                "entity", "due_at", "id", name="case_open_of_entity", condition=Q(state__in=OPEN_STATE_NAMES)
            ),
            models.Index(
                "unit",
                "due_at",
                "id",
                name="case_open_of_unit",
                condition=Q(state__in=OPEN_STATE_NAMES, unit__isnull=False),
            ),
            models.Index("entity", "due_at", "id", name="case_unreached", condition=Q(unreached=True)),
            models.Index(
                "officer",
                "due_at",
                "id",
                name="case_open_of_officer",
                condition=Q(state__in=OPEN_STATE_NAMES, officer__isnull=False),
            ),
            models.Index(
                "reviewer", "due_at", "id", name="case_of_reviewer", condition=Q(state=str(State.APPEALED))
            ),
            models.Index("due_at", "id", name="case_open", condition=Q(state__in=OPEN_STATE_NAMES)),
            models.Index(
                F("received_at").desc(),
                F("id").desc(),
                name="case_open_newest",
                condition=Q(state__in=OPEN_STATE_NAMES),
            ),
            # What narrows a list, in any company: rare ones are found by it, common ones by reading in order.
            GinIndex(
                "entity",
                "unit",
                "officer",
                "kind",
                "state",
                "governorate",
                "service",
                "channel",
                "urgent",
                name="case_open_by_anything",
                gin_pending_list_limit=128,
                condition=Q(state__in=OPEN_STATE_NAMES),
            ),
            models.Index(
                "snoozed_until",
                name="case_put_off",
                condition=Q(state__in=OPEN_STATE_NAMES, snoozed_until__isnull=False),
            ),
            # Small parts of what is open: each has an index of its own, to read in order and to tell whose a case is.
            models.Index(
                "entity",
                F("received_at").desc(),
                F("id").desc(),
                name="case_waiting_of_entity",
                condition=Q(state__in=[str(state) for state in WAITING_STATES]),
            ),
            models.Index(
                F("received_at").desc(),
                F("id").desc(),
                name="case_triage",
                condition=Q(triage=True, state__in=[str(state) for state in WAITING_STATES]),
            ),
            models.Index(
                "due_at",
                "id",
                "entity",
                name="case_to_approve",
                condition=Q(state=str(State.AWAITING_APPROVAL)),
            ),
            models.Index(
                "due_at", "id", "entity", name="case_appealed", condition=Q(state=str(State.APPEALED))
            ),
            models.Index(
                "level",
                "due_at",
                "id",
                name="case_raised",
                condition=Q(state__in=OPEN_STATE_NAMES) & ~Q(level=""),
            ),
            models.Index(
                "due_at",
                "id",
                name="case_to_call",
                condition=Q(unreached=True) | Q(state=str(State.ANSWERED), solved=False),
            ),
            # Few, and most of what is raised is not (the function raised_in_confidence).
            models.Index(
                "entity",
                "level",
                "due_at",
                name="case_raised_in_confidence",
                condition=Q(state__in=OPEN_STATE_NAMES) & ~Q(level="") & ~Q(care=str(Handling.OPEN)),
            ),
            models.Index(
                "due_at",
                "id",
                name="case_upheld",
                condition=Q(state__in=OPEN_STATE_NAMES, appeal_outcome__in=UPHELD_OUTCOMES),
            ),
            models.Index(
                "due_at", "id", name="case_idle", condition=Q(state__in=OPEN_STATE_NAMES, idle_told=True)
            ),
            models.Index("entity", "id", name="case_asked_by_day", condition=HAS_OPEN_REQUESTS),
            models.Index("entity", F("received_at").desc(), name="case_came_to_body"),  # open or not
            # What a body has answered since a day (queries.board).
            models.Index(
                "entity", "answered_at", name="case_answered_by_body", condition=Q(answered_at__isnull=False)
            ),
            models.Index(
                F("answered_at").desc(),
                F("id").desc(),
                name="case_answered_last",
                condition=Q(answered_at__isnull=False),
            ),
            models.Index(
                F("received_at").desc(), F("id").desc(), name="case_public", condition=Q(released__gt=0)
            ),
            models.Index("problem_id", "id", name="case_of_problem", condition=Q(problem_id__isnull=False)),
            models.Index("look_at", name="case_look_at", condition=Q(look_at__isnull=False)),
            GinIndex(fields=["handlers"], name="case_handled_by", condition=~Q(handlers=[])),
            models.Index(
                "id",
                name="case_about_somebody",
                condition=Q(about_officer__isnull=False) | Q(about_unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def standing(self) -> CaseState:
        return build_case_state({name: getattr(self, name) for name in STATE_COLUMNS})


class Event(models.Model):
    """A past fact about one case. Holds no personal word, only their salted hashes; appended and never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    state = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    data = models.JSONField()
    prev_hash = models.BinaryField(null=True)
    hash = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "event"
        constraints = [
            models.UniqueConstraint(name="event_seq", fields=["case", "seq"]),
            models.UniqueConstraint(name="event_led_to", fields=["case", "seq", "state"]),
        ]
        indexes = [
            # What an officer wrote last, to see that it is not written again (queries.quality).
            models.Index("actor", F("id").desc(), name="event_reply_of",
                         condition=Q(kind__in=[str(EventType.ANSWERED), str(EventType.REPLY_SUBMITTED)])),
            # What a body has sent, by day (queries.outcomes).
            models.Index(KT("data__body"), "at", name="event_word_of_body", condition=Q(data__has_key="body")),
            # What bodies promised to do by a day (analytics.queries.reports).
            models.Index(KT("data__until"), name="event_promise", condition=Q(kind=str(EventType.COMMITTED))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.kind}"


class CaseText(models.Model):
    """Words that somebody wrote, apart from the journal so that they can be erased. `field` says what they are."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="texts", db_index=False)
    seq = models.IntegerField()
    field = models.CharField(max_length=20)
    body = models.TextField()
    salt = models.BinaryField()

    class Meta:
        db_table = "case_text"
        constraints = [models.UniqueConstraint(name="case_text_of_event", fields=["case", "seq", "field"])]

    def __str__(self) -> str:
        return f"{self.field} of {self.case_id} at {self.seq}"


def list_effective_texts() -> models.QuerySet[CaseText]:
    """Words whose event was not undone: an undoing comes right after what it takes back."""
    undone = Event.objects.filter(case=OuterRef("case"), seq=OuterRef("seq") + 1, kind=str(EventType.UNDONE))
    return CaseText.objects.filter(~Exists(undone))


PARTICULARS_FIELDS = (
    "name",
    "phone",
    "email",
    "national_number",
    "passport",
    "for_name",
    "for_relation",
    "about_employee",
    "about_unit",
    "address",
    "lat",
    "lng",
)


class Particulars(models.Model):
    """Who brought a case and exactly where: personal, erasable; the last event that set it holds its salted hash."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="particulars")
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    national_number = models.CharField(max_length=10, blank=True)
    passport = models.CharField(max_length=20, blank=True)
    for_name = models.CharField(max_length=100, blank=True)
    for_relation = models.CharField(max_length=100, blank=True)
    about_employee = models.CharField(max_length=100, blank=True)
    about_unit = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    lat = models.CharField(max_length=12, blank=True)
    lng = models.CharField(max_length=12, blank=True)
    access_hash = models.BinaryField()
    salt = models.BinaryField()
    # What the journal says of them (commands.contact).
    phone_confirmed = models.BooleanField(db_default=False)
    email_confirmed = models.BooleanField(db_default=False)
    national_number_confirmed = models.BooleanField(db_default=False)
    tell_by = models.CharField(max_length=10, blank=True, db_default="")
    full_by_sms = models.BooleanField(db_default=False)

    class Meta:
        db_table = "case_particulars"
        constraints = [
            models.CheckConstraint(name="tell_by_is_known", condition=is_one_of("tell_by", ContactPreference))
        ]
        indexes = [
            models.Index("phone", name="particulars_phone", condition=~Q(phone="")),
            # All cases of one person (the function cases_of_contact).
            models.Index("phone", name="confirmed_phone", condition=Q(phone_confirmed=True)),
            models.Index(Lower("email"), name="confirmed_email", condition=Q(email_confirmed=True)),
            models.Index(
                "national_number", name="confirmed_national", condition=Q(national_number_confirmed=True)
            ),
        ]

    def __str__(self) -> str:
        return f"particulars of {self.case_id}"

    def given(self) -> dict[str, str]:
        """What the salted hash in the journal covers."""
        return {name: getattr(self, name) for name in PARTICULARS_FIELDS}

    def confirmed(self, contact: ContactType) -> bool:
        """Whether whoever holds the access code has shown that this is theirs."""
        return bool(getattr(self, f"{contact}_confirmed"))


class Attachment(models.Model):
    """A file of a case: it came with the event `seq`, which names its bytes by their hash; the store has them.

    What somebody called it is personal and lies here alone. `shown`: the citizen sees it, as they do their own.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    seq = models.IntegerField()
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=30)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    from_citizen = models.BooleanField()
    shown = models.BooleanField()

    class Meta:
        db_table = "case_attachment"

    def __str__(self) -> str:
        return f"file {self.pk} of {self.case_id}"


class Idempotency(models.Model):
    """What was answered to a submission, kept 24 hours, so that sending it again has no second effect.

    The key is kept as a hash, and the answer without the access code, which is derived anew (intake.access_code).
    """

    pk = models.CompositePrimaryKey("client", "key")
    client = models.CharField(max_length=80)
    key = models.BinaryField()
    body_hash = models.BinaryField()
    case = models.UUIDField(null=True)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency"
        indexes = [models.Index("at", name="idempotency_at")]

    def __str__(self) -> str:
        return f"{self.client} {self.at}"


class SentOff(models.Model):
    """The last event of a case about which something went out to somebody: from then on it cannot be undone."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    seq = models.IntegerField()

    class Meta:
        db_table = "case_sent_off"

    def __str__(self) -> str:
        return f"{self.case_id} up to {self.seq}"


def build_case_state(columns: Mapping[str, Any]) -> CaseState:
    """A `Standing` from a row's columns as the database gives them: text for words, lists for sets."""
    read = {name: read(columns[name]) for name, read in _COLUMN_PARSERS.items()}
    return CaseState(**{**columns, **read})


def _parse_disposition(value: str | None) -> Disposition | None:
    return None if value is None else Disposition(value)


_COLUMN_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "state": State,
    "kind": Kind,
    "care": Handling,
    "disposition": _parse_disposition,
    "appeal_outcome": _parse_disposition,
    "handlers": tuple,
    "recused": tuple,
    "instructions": tuple,
    "tasks": tuple,
    "tasks_due": tuple,
    "units_asked": tuple,
    "bodies_asked": tuple,
}


class CaseSearch(models.Model):
    """What the desk searches: folded words of a case, beside what decides who may find it. Kept by a follower."""

    case = models.OneToOneField("Case", models.CASCADE, primary_key=True, related_name="search")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    care = models.CharField(max_length=20)
    words = SearchVectorField()
    names = ArrayField(
        models.TextField(), default=list, db_default=[]
    )  # folded; none where the name is withheld
    published = SearchVectorField(
        null=True
    )  # words of an answer that everybody may read, as the desk published it

    class Meta:
        db_table = "case_search"
        indexes = [
            # What came in since the index was last put in order is read with each search, so it is kept short (kB).
            GinIndex(
                F("entity"),
                Func(F("received_at"), function="hours_of"),
                F("words"),
                name="case_search_words",
                gin_pending_list_limit=128,
            ),
            models.Index(F("received_at").desc(), name="case_search_newest"),
            GinIndex(F("entity"), F("names"), name="case_search_names", gin_pending_list_limit=128),
            GinIndex(
                fields=["published"],
                name="case_search_published",
                condition=models.Q(published__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class FollowerCursor(models.Model):
    """How far a follower has read: the last event that has taken effect in its own rows."""

    name = models.CharField(max_length=40, primary_key=True)
    epoch = models.IntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "follower"

    def __str__(self) -> str:
        return self.name


class PictureToFetch(models.Model):
    """One address. It is gone once the picture is the case's; `given_up_at`: it will not come."""

    case = models.ForeignKey("Case", models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    next_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_picture"
        indexes = [models.Index("next_at", name="case_picture_due", condition=Q(given_up_at=None))]

    def __str__(self) -> str:
        return f"a picture of {self.case_id}"
