"""From what queries answer to what the API says: codes for ids, both languages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from bekhedmetkom.attachments.signed_urls import build_file_url
from bekhedmetkom.cases.queries import CaseFile, CaseRow, CitizenCase, DeskCase, TimelineEntry
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.reply_parts import ReplyParts
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree, list_units
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from .schemas.desk import ApplicantOut

CITIZEN_ACTIONS = ("reply", "rate", "appeal", "withdraw")


def serialize_placement(entity: int, topic: int | None) -> dict[str, Any]:
    """A body and perhaps one of its topics, by code and by name."""
    body, about = get_tree()[entity], get_service(topic) if topic else None
    return {
        "entity": body.code, "entity_name": serialize_text(body.name),
        "service": about.code if about else None, "service_name": serialize_text(about.name) if about else None,
    }  # fmt: skip


def serialize_text(words: BilingualText | None) -> dict[str, str] | None:
    return {"ar": words.ar, "en": words.en} if words else None


def serialize_citizen_case(case: CitizenCase) -> dict[str, Any]:
    """`GET /cases/{reference}`: the case as the person who brought it sees it."""
    return {
        **_serialize_state(case.standing),
        "overdue": case.overdue, "title": case.title, "text": case.text, "question": case.question,
        "response": case.response, "response_parts": _serialize_reply_parts(case.parts), "decision": case.decision,
        "appeal_until": case.appeal_until,
        "can": {verb: verb in case.can for verb in CITIZEN_ACTIONS},
        "timeline": [_serialize_timeline_entry(entry) for entry in case.timeline],
        "files": [_serialize_file(file, case.standing.reference) for file in case.files],
    }  # fmt: skip


def list_possible_actions(case: CitizenCase) -> list[str]:
    """The verbs that there are here and that the citizen could use now; erasing is the portal's alone."""
    return [verb for verb in CITIZEN_ACTIONS if verb in case.can]


def _serialize_reply_parts(parts: ReplyParts | None) -> dict[str, Any] | None:
    return parts._asdict() | {"unit": serialize_text(parts.unit)} if parts else None


def serialize_row(found: CaseRow) -> dict[str, Any]:
    """One line of `GET /desk/cases`."""
    return {
        **_serialize_state(found),
        "title": found.title,
        "excerpt": found.excerpt,
        "unit": serialize_text(found.unit),
        "officer": serialize_text(found.officer),
        "overdue": found.overdue,
        "urgent": found.urgent,
    }


def serialize_desk_case(case: DeskCase, at: datetime) -> dict[str, Any]:
    """`GET /desk/cases/{reference}`: everything that the officer may know of the case, and do."""
    standing = case.standing
    columns = ("triage", "care", "channel", "language", "urgent", "withheld", "answered_at", "snoozed_until",
               "disposition", "solved", "stars", "voice")  # fmt: skip
    return {
        **_serialize_state(standing),
        **{name: getattr(standing, name) for name in columns},
        "overdue": case.overdue,
        "address": case.address,
        "unit": serialize_text(case.unit),
        "officer": serialize_text(case.officer),
        "reviewer": serialize_text(case.reviewer),
        "title": case.title,
        "text": case.text,
        "reply": case.reply,
        "about_employee": case.about_employee,
        "about_unit": case.about_unit,
        "applicant": ApplicantOut.from_orm(case.particulars) if case.particulars else None,
        "draft": {
            "text": case.draft.text,
            "disposition": case.draft.disposition,
            "quality_reason": case.draft.quality_reason,
        }
        if case.draft
        else None,
        "journal": [_serialize_journal_entry(entry) for entry in case.journal],
        "notes": [_serialize_journal_entry(entry) for entry in case.notes],
        "files": [
            _serialize_file(file, standing.reference) | {"seq": file.seq, "shown": file.shown}
            for file in case.files
        ],
        "tasks": [
            {
                "seq": task.seq,
                "to": serialize_text(task.to),
                "wanted": serialize_text(task.wanted),
                "by": serialize_text(task.by),
                "until": task.until,
                "text": task.text,
                "came": task.came,
                "answer": task.answer,
            }
            for task in case.tasks
        ],
        "dispositions": case.dispositions,
        "can": case.can,
        "assignable": _serialize_assignable(case, at),
        "next": {"at": case.next.at, "event": case.next.event_type} if case.next else None,
        "ladder": [{"level": step.level, "at": step.at, "taken": step.taken} for step in case.ladder],
    }


def _serialize_state(standing: CaseState | CaseRow) -> dict[str, Any]:
    place = get_governorates().get(standing.governorate_id or 0)
    return {
        **serialize_placement(standing.entity_id, standing.service_id),
        "reference": standing.reference, "kind": standing.kind, "status": standing.state, "seq": standing.seq,
        "governorate": place.code if place else None, "received_at": standing.received_at,
        "due_at": standing.due_at, "updated_at": standing.updated_at,
    }  # fmt: skip


def _serialize_file(file: CaseFile, reference: str) -> dict[str, Any]:
    return {
        "id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size,
        "received_at": file.received_at, "from_citizen": file.from_citizen,
        "url": settings.PUBLIC_URL + build_file_url(file.id, file.media_type, reference),
    }  # fmt: skip


def _serialize_timeline_entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "event": entry.happened,
        "ar": entry.words.ar,
        "en": entry.words.en,
        "texts": _serialize_texts(entry),
    }


def _serialize_journal_entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        **_serialize_timeline_entry(entry),
        "seq": entry.seq,
        "by": serialize_text(entry.by),
        "undone": entry.undone,
    }


def _serialize_texts(entry: TimelineEntry) -> Iterable[dict[str, str]]:
    return [{"field": text.field, "body": text.body} for text in entry.texts]


def _serialize_assignable(case: DeskCase, at: datetime) -> dict[str, Any]:
    """To whom the case can be given, for who may give it."""
    if "assign" not in case.can:
        return {"units": [], "officers": []}
    entity = case.standing.entity_id
    return {
        "units": [
            {"code": unit.code, "name_ar": unit.name_ar, "name_en": unit.name_en}
            for unit in list_units(entity, get_local_date(at))
        ],
        "officers": [
            {"id": who.id, "role": who.role, "name_ar": who.name.ar, "name_en": who.name.en}
            for who in list_colleagues(entity, at)
        ],
    }
