"""Client of Bekhedmetkom's API, generated from OpenAPI by tools/python_client.py. Do not edit."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .transport import ApiTransport, quote_path


class AboutIn(TypedDict):
    """An officer or a department that the case is about."""

    employee: NotRequired[str]
    unit: NotRequired[str]


class AppealIn(TypedDict):
    reason: str
    gate: NotRequired[Literal["declined"] | None]


class ApplicantIn(TypedDict):
    """Who brings the case. Nothing is demanded unless the topic demands it."""

    name: NotRequired[str]
    phone: NotRequired[str]
    email: NotRequired[str]
    national_number: NotRequired[str]
    passport: NotRequired[str]
    withhold_identity: NotRequired[bool]
    language: NotRequired[Literal["ar", "en"]]


class ApplicantOut(TypedDict):
    """Who brought the case, as they gave it."""

    name: str
    phone: str
    email: str
    national_number: str
    passport: str
    for_name: str
    for_relation: str
    about_employee: str
    about_unit: str


class ApproveIn(TypedDict):
    quality_reason: NotRequired[str]


class AssignIn(TypedDict):
    unit: NotRequired[str | None]
    officer: NotRequired[int | None]


class AssignableOut(TypedDict):
    """To whom `assign` can give the case; empty for who cannot."""

    units: list[UnitOut]
    officers: list[ColleagueOut]


class AttachmentsIn(TypedDict):
    uploads: list[str]
    text: NotRequired[str]
    gate: NotRequired[Literal["declined"] | None]


class BilingualOut(TypedDict):
    """The same in both languages."""

    ar: str
    en: str


class CancelTaskIn(TypedDict):
    reason: str
    of: NotRequired[int | None]


class CaseCreatedOut(TypedDict):
    status: State
    entity: str
    entity_name: BilingualOut
    service: str | None
    service_name: BilingualOut | None
    due_at: str
    reference: str
    access_code: str
    received_at: str
    receipt: str
    triage: bool
    warnings: list[CodedTextOut]
    links: LinksOut


class CaseIn(TypedDict):
    kind: Kind
    text: NotRequired[str]
    title: NotRequired[str]
    entity: NotRequired[str | None]
    service: NotRequired[str | None]
    governorate: NotRequired[str | None]
    address: NotRequired[str]
    lat: NotRequired[float | None]
    lng: NotRequired[float | None]
    applicant: NotRequired[ApplicantIn]
    about: NotRequired[AboutIn]
    on_behalf_of: NotRequired[OnBehalfOfIn]
    uploads: NotRequired[list[str]]
    gate: NotRequired[Literal["declined"] | None]
    public: NotRequired[bool]


class CaseLeftOut(TypedDict):
    """After a verb that took the case out of the officer's sight: referred, given back, stepped aside."""

    reference: str
    seq: int
    can: list[str]


class CaseListQuery(TypedDict):
    """What narrows a queue; an empty parameter is one that was not given."""

    queue: NotRequired[
        Literal[
            "mine",
            "unit",
            "entity",
            "unassigned",
            "triage",
            "today",
            "overdue",
            "approval",
            "escalated",
            "appeals",
            "callbacks",
            "snoozed",
            "answered",
        ]
        | None
    ]
    kind: NotRequired[Kind | None]
    service: NotRequired[str | None]
    governorate: NotRequired[str | None]
    state: NotRequired[State | None]
    entity: NotRequired[str | None]
    officer: NotRequired[int | None]
    channel: NotRequired[str | None]
    urgent: NotRequired[bool]
    overdue: NotRequired[bool]
    due_from: NotRequired[str | None]
    due_to: NotRequired[str | None]
    came_from: NotRequired[str | None]
    came_to: NotRequired[str | None]
    q: NotRequired[str]
    cursor: NotRequired[str]
    limit: NotRequired[int]


class ChallengeOut(TypedDict):
    algorithm: str
    text: str
    bits: int
    header: str


class ChangedMeanwhileOut(TypedDict):
    """409 for a stale If-Match: `changed` names the events since, `seq` is where the case is now."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]
    seq: int
    changed: list[str]


class CitizenActionsOut(TypedDict):
    reply: bool
    rate: bool
    appeal: bool
    withdraw: bool


class CitizenCaseOut(TypedDict):
    status: State
    entity: str
    entity_name: BilingualOut
    service: str | None
    service_name: BilingualOut | None
    due_at: str
    reference: str
    kind: Kind
    received_at: str
    overdue: bool
    title: str
    text: str
    timeline: list[TimelineEntryOut]
    question: str
    response: str
    response_parts: ReplyPartsOut | None
    decision: str
    files: list[FileOut]
    can: CitizenActionsOut
    appeal_until: str | None
    updated_at: str
    seq: int


class ClassifyIn(TypedDict):
    entity: NotRequired[str | None]
    service: NotRequired[str | None]


class CodedTextOut(TypedDict):
    ar: str
    en: str
    code: str


class ColleagueOut(TypedDict):
    id: int
    role: str
    name_ar: str
    name_en: str


class ConflictOfInterestIn(TypedDict):
    """Of whom it complains: one of the officers of its body or of those above, or one of its units."""

    unit: NotRequired[str | None]
    officer: NotRequired[int | None]


class ContributeIn(TypedDict):
    text: str
    of: NotRequired[int | None]


class DecideAppealIn(TypedDict):
    quality_reason: NotRequired[str]
    outcome: Disposition
    text: str


class DefinitionOut(TypedDict):
    key: str
    name: BilingualOut
    means: BilingualOut
    formula: BilingualOut
    unit: Unit
    better: Better
    target: float | None
    source: BilingualOut | None
    least: int


class DefinitionsOut(TypedDict):
    version: int
    suppressed_below: int
    items: list[DefinitionOut]
    next: str | None


class DelegateIn(TypedDict):
    text: str
    until: str
    to: Literal["minister_office", "head_of_body"]


class DeskCaseOut(TypedDict):
    status: State
    entity: str
    entity_name: BilingualOut
    service: str | None
    service_name: BilingualOut | None
    due_at: str
    reference: str
    kind: Kind
    seq: int
    triage: bool
    care: Handling
    channel: str
    language: str
    urgent: bool
    overdue: bool
    withheld: bool
    received_at: str
    updated_at: str
    answered_at: str | None
    snoozed_until: str | None
    disposition: Disposition | None
    solved: bool | None
    stars: int | None
    governorate: str | None
    address: str
    unit: BilingualOut | None
    officer: BilingualOut | None
    reviewer: BilingualOut | None
    title: str
    text: str
    about_employee: str
    about_unit: str
    applicant: ApplicantOut | None
    reply: str
    draft: DraftOut | None
    journal: list[JournalEntryOut]
    notes: list[JournalEntryOut]
    files: list[DeskFileOut]
    tasks: list[TaskOut]
    voice: bool
    dispositions: list[Disposition]
    can: list[str]
    assignable: AssignableOut
    next: NextEventOut | None
    ladder: list[EscalationStepOut]


class DeskFileOut(TypedDict):
    """`shown`: the citizen sees it. `seq` is the event with which it came."""

    id: str
    name: str
    media_type: MediaType
    size: int
    received_at: str
    from_citizen: bool
    url: str
    seq: int
    shown: bool


class DestinationOut(TypedDict):
    entity: str
    service: str | None
    entity_ar: str
    entity_en: str
    service_ar: str | None
    service_en: str | None
    score: float
    reasons: list[CodedTextOut]


class DraftIn(TypedDict):
    quality_reason: NotRequired[str]
    text: str
    disposition: NotRequired[Disposition | None]


class DraftOut(TypedDict):
    text: str
    disposition: str
    quality_reason: str


class EntitiesOut(TypedDict):
    items: list[EntityOut]
    next: str | None


class EntitiesQuery(TypedDict):
    q: NotRequired[str]
    cursor: NotRequired[str]
    limit: NotRequired[int]


class EntityOut(TypedDict):
    code: str
    name_ar: str
    name_en: str
    kind: str
    parent: str | None
    sector: str
    governorates: list[str]
    email: str
    phone: str


class EscalateIn(TypedDict):
    level: EscalationLevel
    reason: str


class EscalationStepOut(TypedDict):
    """One step of the ladder of escalation."""

    level: EscalationLevel
    at: str
    taken: bool


class FieldErrorOut(TypedDict):
    field: str
    message_ar: str
    message_en: str


class FileOut(TypedDict):
    """A file of a case. `url` is good for 15 minutes."""

    id: str
    name: str
    media_type: MediaType
    size: int
    received_at: str
    from_citizen: bool
    url: str


class FindingOut(TypedDict):
    """One thing about a reply. `start` and `end` are its place in the text, in code points, if it has one."""

    ar: str
    en: str
    code: str
    weight: int
    start: int | None
    end: int | None


class GovernorateOut(TypedDict):
    code: str
    name_ar: str
    name_en: str
    iso_3166_2: str
    region_ar: str


class GovernoratesOut(TypedDict):
    items: list[GovernorateOut]
    next: str | None


class IndicatorOut(TypedDict):
    key: str
    value: float | None
    n: int | None
    low: float | None
    high: float | None
    missing: BilingualOut | None


IndicatorsOut = TypedDict(
    "IndicatorsOut",
    {
        "from": "str",
        "to": "str",
        "as_of": "str",
        "version": "int",
        "items": "list[IndicatorOut]",
        "next": "str | None",
    },
)

IndicatorsQuery = TypedDict(
    "IndicatorsQuery",
    {
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "entity": "NotRequired[str | None]",
        "kind": "NotRequired[Kind | None]",
        "governorate": "NotRequired[str | None]",
        "channel": "NotRequired[str | None]",
    },
)


class JoinIn(TypedDict):
    text: str
    until: str
    entity: str


class JournalEntryOut(TypedDict):
    ar: str
    en: str
    seq: int
    at: str
    event: str
    undone: bool
    by: BilingualOut
    texts: list[TextOut]


class KindOut(TypedDict):
    code: Kind
    name_ar: str
    name_en: str
    working_days: list[int]


class KindsOut(TypedDict):
    items: list[KindOut]
    next: str | None


class LikelyKindOut(TypedDict):
    kind: Kind
    score: float
    words: list[str]


class LinkProblemIn(TypedDict):
    problem: int | None


class LinksOut(TypedDict):
    self: str
    page: str


class MergeIn(TypedDict):
    into: str


class MessageIn(TypedDict):
    text: NotRequired[str]
    uploads: NotRequired[list[str]]
    gate: NotRequired[Literal["declined"] | None]


class NextEventOut(TypedDict):
    """What time causes next, if nobody acts."""

    at: str
    event: str


class NotPossibleNowOut(TypedDict):
    """409 for a verb that the case's state does not allow: `possible` names the verbs that it does."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]
    possible: list[str]


class OnBehalfOfIn(TypedDict):
    """For whom the case is brought, where it is somebody else."""

    relation: NotRequired[str]
    name: NotRequired[str]


class ParkedDeliveriesOut(TypedDict):
    items: list[ParkedDeliveryOut]
    next: str | None


class ParkedDeliveryOut(TypedDict):
    id: int
    event: str
    created_at: str
    tries: int


class PhoneRatingIn(TypedDict):
    """What the citizen said by telephone. A body's own officers: only `false`, and no stars."""

    solved: bool
    stars: NotRequired[int | None]
    comment: NotRequired[str]


class ProblemOut(TypedDict):
    """RFC 9457. `title` and `detail` are in the language of Accept-Language, Arabic or English."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]


class ProofNeededOut(TypedDict):
    """429: wait as Retry-After says, or find letters of which SHA-256 over `text`, a dot and them begins with
    `bits`
    zero bits, and send it all again with `text`, the dot and the letters in the header that is named.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]
    challenge: ChallengeOut


class PublishIn(TypedDict):
    """What everybody may read of it: without names, numbers or addresses of anybody. `shown` false ends it.

    `answer`: what was answered, shown to whoever asks the same.
    """

    text: NotRequired[str]
    answer: NotRequired[str]
    shown: NotRequired[bool]


class PushIn(TypedDict):
    """A browser's `PushSubscription`, as `toJSON()` gives it."""

    endpoint: str
    keys: PushKeysIn
    expirationTime: NotRequired[float | None]


class PushKeyOut(TypedDict):
    key: str


class PushKeysIn(TypedDict):
    p256dh: str
    auth: str


class RatingIn(TypedDict):
    solved: bool
    stars: NotRequired[int | None]
    comment: NotRequired[str]
    gate: NotRequired[Literal["declined"] | None]


class ReasonIn(TypedDict):
    reason: str


class ReclassifyIn(TypedDict):
    kind: Kind
    reason: str
    service: NotRequired[str | None]


class ReferIn(TypedDict):
    entity: str
    reason: str


class ReplyIn(TypedDict):
    """With `unit`, `on` or `objection` the text is what was found, done or decided, and they follow it."""

    quality_reason: NotRequired[str]
    text: str
    disposition: Disposition
    uploads: NotRequired[list[str]]
    unit: NotRequired[str | None]
    on: NotRequired[str | None]
    objection: NotRequired[str]
    template: NotRequired[int | None]


class ReplyPartsOut(TypedDict):
    """What the answer is made of: what was found, done or decided, by which unit, when, where to object."""

    done: str
    unit: BilingualOut | None
    on: str | None
    objection: str


class ReportIn(TypedDict):
    text: str
    of: NotRequired[int | None]


class RowOut(TypedDict):
    status: State
    entity: str
    entity_name: BilingualOut
    service: str | None
    service_name: BilingualOut | None
    due_at: str
    reference: str
    kind: Kind
    title: str
    excerpt: str
    unit: BilingualOut | None
    officer: BilingualOut | None
    governorate: str | None
    received_at: str
    overdue: bool
    urgent: bool
    seq: int


class RowsOut(TypedDict):
    items: list[RowOut]
    next: str | None


class SaysTooLittleOut(TypedDict):
    """422 for a reply of which the `score` is below the `threshold`: send it again with `quality_reason`, or
    better.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]
    score: int
    threshold: int
    findings: list[FindingOut]


class SecretOut(TypedDict):
    secret: str


class ServiceOut(TypedDict):
    code: str
    name_ar: str
    name_en: str
    typical_kind: Kind
    about_place: bool
    needs_identity: bool
    confidential: bool


class ServicesOut(TypedDict):
    items: list[ServiceOut]
    next: str | None


class ShowFileIn(TypedDict):
    file: str
    shown: NotRequired[bool]


class SimilarAnswerOut(TypedDict):
    """A published answer to such a question: what it says, and who said it when."""

    question: str
    answer: str
    url: str
    score: float
    reference: str
    entity: str
    entity_ar: str
    entity_en: str
    answered_at: str


class SplitIn(TypedDict):
    text: str
    service: NotRequired[str | None]


class SubscribeIn(TypedDict):
    url: str
    whose: NotRequired[SubscriptionScope]
    events: NotRequired[list[str]]


class SubscriptionCreatedOut(TypedDict):
    id: int
    secret: str


class SubscriptionOut(TypedDict):
    id: int
    url: str
    whose: SubscriptionScope
    events: list[str]
    created_at: str
    waiting: int
    parked: int
    failures: int
    last_status: int | None


class SubscriptionsOut(TypedDict):
    items: list[SubscriptionOut]
    next: NotRequired[None]


class SuggestIn(TypedDict):
    text: str
    kind: NotRequired[Kind | None]
    governorate: NotRequired[str | None]
    lat: NotRequired[float | None]
    lng: NotRequired[float | None]
    gate: NotRequired[Literal["declined"] | None]


class SuggestOut(TypedDict):
    kind: list[LikelyKindOut]
    destinations: list[DestinationOut]
    similar: list[SimilarAnswerOut]
    language: Literal["ar", "en", "arabizi", "other"]
    warnings: list[CodedTextOut]


class TakePartIn(TypedDict):
    of: NotRequired[int | None]


class TaskIn(TypedDict):
    text: str
    until: str
    unit: str
    officer: NotRequired[int | None]


class TaskOut(TypedDict):
    """What was asked of another unit or body by a day; `seq` is its event's, `answer` is empty where there is
    none.

    `wanted`: the body on which the Prime Ministry unit is to decide.
    """

    seq: int
    to: BilingualOut
    wanted: BilingualOut | None
    by: BilingualOut
    until: str
    text: str
    came: TaskOutcome
    answer: str


class TextAndFilesIn(TypedDict):
    text: str
    uploads: NotRequired[list[str]]


class TextIn(TypedDict):
    text: str


class TextOut(TypedDict):
    field: str
    body: str


class TextUntilIn(TypedDict):
    text: str
    until: str


class TimelineEntryOut(TypedDict):
    ar: str
    en: str
    at: str
    event: str
    texts: list[TextOut]


class UnitOut(TypedDict):
    code: str
    name_ar: str
    name_en: str


class UntilIn(TypedDict):
    until: str


class UploadOut(TypedDict):
    """A file as it was kept, perhaps of another type than was sent. `size` in bytes."""

    id: str
    name: str
    size: int
    media_type: MediaType
    expires_at: str


class UseConfidentialChannelOut(TypedDict):
    """422 for a text that speaks of corruption: nothing was kept, `url` says where to go."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]
    url: str
    urls: BilingualOut


Better: TypeAlias = Literal["higher", "lower", "neither"]

Disposition: TypeAlias = Literal[
    "upheld",
    "partly_upheld",
    "not_upheld",
    "answered",
    "adopted",
    "not_adopted",
    "insufficient_information",
    "before_court",
    "out_of_scope",
    "spam_or_abuse",
    "withdrawn",
]

EscalationLevel: TypeAlias = Literal[
    "manager", "duty_officer", "coordinator", "head_of_body", "minister", "pm_unit"
]

Handling: TypeAlias = Literal["open", "sealed_iacc", "human_rights", "protected_person", "inspection"]

Kind: TypeAlias = Literal["question", "suggestion", "praise", "complaint", "violation"]

MediaType: TypeAlias = Literal[
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/pdf",
    "video/mp4",
    "video/webm",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
]

State: TypeAlias = Literal[
    "received",
    "classified",
    "assigned",
    "awaiting_citizen",
    "awaiting_approval",
    "answered",
    "resolved",
    "appealed",
    "closed",
    "withdrawn",
    "merged",
]

SubscriptionScope: TypeAlias = Literal["body", "brought"]

TaskOutcome: TypeAlias = Literal["nothing_yet", "joined", "answer", "returned", "called_off", "ended"]

Unit: TypeAlias = Literal["count", "share", "days", "stars"]


class Client(ApiTransport):
    """One method for each operation of the API."""

    def kinds(self) -> KindsOut:
        """The kinds of case, with the promise of each."""
        result: KindsOut = self._call("GET", "/api/v1/kinds")
        return result

    def governorates(self) -> GovernoratesOut:
        """The twelve governorates."""
        result: GovernoratesOut = self._call("GET", "/api/v1/governorates")
        return result

    def entities(
        self, *, q: str | None = None, cursor: str | None = None, limit: int | None = None
    ) -> EntitiesOut:
        """Public bodies by code; with `q` those whose name or code holds its words, the likeliest first."""
        result: EntitiesOut = self._call(
            "GET", "/api/v1/entities", query={"q": q, "cursor": cursor, "limit": limit}
        )
        return result

    def entity(self, code: str) -> EntityOut:
        """One public body."""
        result: EntityOut = self._call("GET", f"/api/v1/entities/{quote_path(code)}")
        return result

    def services(self, code: str) -> ServicesOut:
        """The topics of a body's catalogue."""
        result: ServicesOut = self._call("GET", f"/api/v1/entities/{quote_path(code)}/services")
        return result

    def suggest(self, body: SuggestIn) -> SuggestOut:
        """Where a text may belong, and what it looks like. Nothing of it is kept."""
        result: SuggestOut = self._call("POST", "/api/v1/suggest", body=body)
        return result

    def submit(
        self, body: CaseIn, *, idempotency_key: str, x_challenge_proof: str | None = None
    ) -> CaseCreatedOut:
        """Bring a case. The same key and body again give the same answer, with `Idempotent-Replay: true`."""
        result: CaseCreatedOut = self._call(
            "POST",
            "/api/v1/cases",
            body=body,
            headers={"Idempotency-Key": idempotency_key, "X-Challenge-Proof": x_challenge_proof},
        )
        return result

    def case(self, reference: str, *, x_access_code: str) -> CitizenCaseOut:
        """A case as the person who brought it sees it. A wrong code and an unknown reference answer alike."""
        result: CitizenCaseOut = self._call(
            "GET", f"/api/v1/cases/{quote_path(reference)}", headers={"X-Access-Code": x_access_code}
        )
        return result

    def write(
        self, reference: str, body: MessageIn, *, x_access_code: str, if_match: str | None = None
    ) -> CitizenCaseOut:
        """Add information, or answer the body's question."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/messages",
            body=body,
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def attach(
        self, reference: str, body: AttachmentsIn, *, x_access_code: str, if_match: str | None = None
    ) -> CitizenCaseOut:
        """Add files that were uploaded before, with words or without."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/attachments",
            body=body,
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def rate(
        self, reference: str, body: RatingIn, *, x_access_code: str, if_match: str | None = None
    ) -> CitizenCaseOut:
        """Was it solved? And, if you like, how many stars of five."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/rating",
            body=body,
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def appeal(
        self, reference: str, body: AppealIn, *, x_access_code: str, if_match: str | None = None
    ) -> CitizenCaseOut:
        """Not solved, and why: a reviewer who never handled the case decides."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/appeal",
            body=body,
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def withdraw(self, reference: str, *, x_access_code: str, if_match: str | None = None) -> CitizenCaseOut:
        """Take the case back, before it is answered."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/withdraw",
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def subscribe_device(
        self, reference: str, body: PushIn, *, x_access_code: str, if_match: str | None = None
    ) -> CitizenCaseOut:
        """Tell a browser what is new: its `PushSubscription` for the key that `/push` names. Twice is once."""
        result: CitizenCaseOut = self._call(
            "POST",
            f"/api/v1/cases/{quote_path(reference)}/subscribe",
            body=body,
            headers={"X-Access-Code": x_access_code, "If-Match": if_match},
        )
        return result

    def push_key(self) -> PushKeyOut:
        """The key (VAPID) to which browsers subscribe, as `applicationServerKey`."""
        result: PushKeyOut = self._call("GET", "/api/v1/push")
        return result

    def desk_cases(
        self,
        *,
        queue: Literal[
            "mine",
            "unit",
            "entity",
            "unassigned",
            "triage",
            "today",
            "overdue",
            "approval",
            "escalated",
            "appeals",
            "callbacks",
            "snoozed",
            "answered",
        ]
        | None = None,
        kind: Kind | None = None,
        service: str | None = None,
        governorate: str | None = None,
        state: State | None = None,
        entity: str | None = None,
        officer: int | None = None,
        channel: str | None = None,
        urgent: bool | None = None,
        overdue: bool | None = None,
        due_from: str | None = None,
        due_to: str | None = None,
        came_from: str | None = None,
        came_to: str | None = None,
        q: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> RowsOut:
        """One page of a queue, the nearest date first. A queue that is not the officer's is empty.

        `q` without a queue finds in all that the officer may read, closed too, the newest first: as the desk's
        search box.
        """
        result: RowsOut = self._call(
            "GET",
            "/api/v1/desk/cases",
            query={
                "queue": queue,
                "kind": kind,
                "service": service,
                "governorate": governorate,
                "state": state,
                "entity": entity,
                "officer": officer,
                "channel": channel,
                "urgent": urgent,
                "overdue": overdue,
                "due_from": due_from,
                "due_to": due_to,
                "came_from": came_from,
                "came_to": came_to,
                "q": q,
                "cursor": cursor,
                "limit": limit,
            },
        )
        return result

    def desk_case(self, reference: str) -> DeskCaseOut:
        """A case with its journal, its notes and what the officer can do; `ETag` is what `If-Match` wants."""
        result: DeskCaseOut = self._call("GET", f"/api/v1/desk/cases/{quote_path(reference)}")
        return result

    def desk_undo(self, reference: str, *, if_match: str) -> DeskCaseOut:
        """Take back one's own last act within ten seconds, also where it moved the case away; `If-Match` is its
        seq.
        """
        result: DeskCaseOut = self._call(
            "POST", f"/api/v1/desk/cases/{quote_path(reference)}/undo", headers={"If-Match": if_match}
        )
        return result

    def desk_classify(
        self, reference: str, body: ClassifyIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Say whose the case is, and about what."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/classify",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_assign(
        self, reference: str, body: AssignIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Give it to a unit or an officer of its body."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/assign",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_refer(self, reference: str, body: ReferIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Send it to the body whose it is."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/refer",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_return(self, reference: str, body: ReasonIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Give it back: not ours."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/return",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_accept(self, reference: str, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Take on a case that another body referred."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST", f"/api/v1/desk/cases/{quote_path(reference)}/accept", headers={"If-Match": if_match}
        )
        return result

    def desk_ask(self, reference: str, body: TextAndFilesIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Ask the citizen for what is missing; time waits."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/ask",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_call(self, reference: str, body: TextIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Say that whom no message reached was called."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/call",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_hear(self, reference: str, body: PhoneRatingIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Note what the citizen says by telephone: was it solved?"""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/hear",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_note(self, reference: str, body: TextAndFilesIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Write an internal note."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/note",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_transcribe(self, reference: str, body: TextIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Write down what the voice message says."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/transcribe",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_show(self, reference: str, body: ShowFileIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Let the citizen see an officer's file, or not."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/show",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_release(
        self, reference: str, body: PublishIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Show it to everybody, naming nobody; or stop."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/release",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_draft(self, reference: str, body: DraftIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Keep an unsent reply for its writer."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/draft",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_submit(self, reference: str, body: ReplyIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Put a reply before the approver."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/submit",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_approve(
        self, reference: str, body: ApproveIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Let the submitted reply go out."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/approve",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_send_back(self, reference: str, body: ReasonIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Return a submitted reply to its writer."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/send-back",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_answer(self, reference: str, body: ReplyIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Answer the citizen."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/answer",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_extend(self, reference: str, body: ReasonIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """One longer term, with a reason that the citizen reads."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/extend",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_reclassify(
        self, reference: str, body: ReclassifyIn, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Correct the kind or the topic."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/reclassify",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_escalate(self, reference: str, body: EscalateIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Raise it to a higher official now."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/escalate",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_decide(
        self, reference: str, body: DecideAppealIn, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Decide the appeal."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/decide",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_reveal(self, reference: str, body: ReasonIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Look at a withheld identity; the look is journalled."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/reveal",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_confirm(self, reference: str, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Agree, as a second person, that it is spam or abuse."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST", f"/api/v1/desk/cases/{quote_path(reference)}/confirm", headers={"If-Match": if_match}
        )
        return result

    def desk_merge(self, reference: str, body: MergeIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Join it to another case of the same person."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/merge",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_link(self, reference: str, body: LinkProblemIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Link it to a problem that many reported; or to none."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/link",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_split(self, reference: str, body: SplitIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Make a case of its own from a part."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/split",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_close(self, reference: str, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Put away a case that its citizen has called solved."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST", f"/api/v1/desk/cases/{quote_path(reference)}/close", headers={"If-Match": if_match}
        )
        return result

    def desk_snooze(self, reference: str, body: UntilIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Out of one's own way until a day inside its term."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/snooze",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_recuse(self, reference: str, body: ReasonIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Step aside for a conflict of interest."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/recuse",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_concern(
        self, reference: str, body: ConflictOfInterestIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Say of whom it complains; it never reaches them."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/concern",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_instruct(self, reference: str, body: TextUntilIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Say, from above, what is to be done and by when."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/instruct",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_ask_head(self, reference: str, body: TextUntilIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Ask the head of the body, who answers by a day."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/ask-head",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_delegate(self, reference: str, body: DelegateIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Hand a matter to the minister's office or the head."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/delegate",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_report(self, reference: str, body: ReportIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Say what came of an instruction from above."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/report",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_task(self, reference: str, body: TaskIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Ask another unit of its body for something by a day."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/task",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_contribute(
        self, reference: str, body: ContributeIn, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Answer what was asked of one's unit."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/contribute",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_call_off(
        self, reference: str, body: CancelTaskIn, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Call off a task that has no answer yet."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/call-off",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_join(self, reference: str, body: JoinIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Ask another body to take part in the case by a day."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/join",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_take_part(
        self, reference: str, body: TakePartIn | None = None, *, if_match: str
    ) -> DeskCaseOut | CaseLeftOut:
        """Say that the body takes part in another body's case."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/take-part",
            body=body or {},
            headers={"If-Match": if_match},
        )
        return result

    def desk_decline(self, reference: str, body: CancelTaskIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Return what asked the body to take part, with a reason."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/decline",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_commit(self, reference: str, body: TextUntilIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Promise the citizen an action with a date."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/commit",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def desk_fulfil(self, reference: str, body: TextIn, *, if_match: str) -> DeskCaseOut | CaseLeftOut:
        """Say that a promised action is done."""
        result: DeskCaseOut | CaseLeftOut = self._call(
            "POST",
            f"/api/v1/desk/cases/{quote_path(reference)}/fulfil",
            body=body,
            headers={"If-Match": if_match},
        )
        return result

    def indicators(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        entity: str | None = None,
        kind: Kind | None = None,
        governorate: str | None = None,
        channel: str | None = None,
    ) -> IndicatorsOut:
        """Every indicator of a period, a body, a kind, a governorate, a channel. Small counts are not published."""
        result: IndicatorsOut = self._call(
            "GET",
            "/api/v1/indicators",
            query={
                "from": from_,
                "to": to,
                "entity": entity,
                "kind": kind,
                "governorate": governorate,
                "channel": channel,
            },
        )
        return result

    def indicator_definitions(self) -> DefinitionsOut:
        """What each indicator means, its formula, and its target with where that comes from."""
        result: DefinitionsOut = self._call("GET", "/api/v1/indicators/definition")
        return result

    def upload(self, file: tuple[str, bytes]) -> UploadOut:
        """Send one photo, PDF, video or voice recording. It is cleaned of place, device and author, and kept a
        day.
        """
        result: UploadOut = self._call("POST", "/api/v1/uploads", file=file)
        return result

    def webhooks(self) -> SubscriptionsOut:
        """The program's subscriptions, with what waits and what nobody took."""
        result: SubscriptionsOut = self._call("GET", "/api/v1/webhooks")
        return result

    def subscribe(self, body: SubscribeIn) -> SubscriptionCreatedOut:
        """Be told at an address what happens to cases: signed as Standard Webhooks says, at least once, in order.

        Answer 2xx within ten seconds. What fails is tried again for three days, then parked; 410 ends the
        subscription.
        """
        result: SubscriptionCreatedOut = self._call("POST", "/api/v1/webhooks", body=body)
        return result

    def webhook_secret(self, subscription: int) -> SecretOut:
        """Another secret, shown this once; for a week each delivery is signed with both."""
        result: SecretOut = self._call("POST", f"/api/v1/webhooks/{quote_path(subscription)}/secret")
        return result

    def unsubscribe(self, subscription: int) -> None:
        """Be told no more."""
        self._call("POST", f"/api/v1/webhooks/{quote_path(subscription)}/end")

    def webhook_parked(self, subscription: int, *, cursor: int | None = None) -> ParkedDeliveriesOut:
        """What nobody took in three days, oldest first."""
        result: ParkedDeliveriesOut = self._call(
            "GET", f"/api/v1/webhooks/{quote_path(subscription)}/parked", query={"cursor": cursor}
        )
        return result

    def webhook_again(self, delivery: int) -> None:
        """Send once more what was parked."""
        self._call("POST", f"/api/v1/webhooks/deliveries/{quote_path(delivery)}/again")
