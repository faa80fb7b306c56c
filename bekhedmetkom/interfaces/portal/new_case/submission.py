"""Submission of the answers, and the preview of what is promised."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, SubmissionResult
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import KIND_LABELS, Handling, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids
from bekhedmetkom.kernel.actor import Actor

from .answers import Answers
from .forms import build_applicant


def submit_case(answers: Answers, key: str, at: datetime, channel: str = "portal") -> SubmissionResult:
    """Submit the case. The key was generated with the page: a repeated submission returns the same case."""
    return commands.submit_case(
        submission=_build_submission(answers),
        channel=channel,
        client=channel,
        key=key,
        actor=Actor.citizen(""),
        at=at,
    )


def preview_case(answers: Answers, at: datetime) -> dict[str, Any]:
    """Return the context of the check page: every answer and what submitting would promise."""
    submission = _build_submission(answers)
    standing = commands.preview_submission(submission=submission, at=at)
    return {
        "kind": KIND_LABELS[submission.kind],
        "text": submission.text,
        "files": answers.files,
        "about": [name for name in (submission.about_employee, submission.about_unit) if name],
        "place": next(
            (place for place in get_governorates().values() if place.id == submission.governorate), None
        ),
        "address": submission.address,
        "point": ", ".join(answers.point or ()),
        "applicant": submission.applicant,
        "language": submission.language,
        "withheld": standing.withheld,
        "shown": standing.agreed,
        "entity": None if standing.triage else get_tree()[standing.entity_id],
        "topic": get_service(standing.service_id) if standing.service_id else None,
        "chosen_by_us": answers.entity is None,
        "care": standing.care is not Handling.OPEN,
        "inspection": standing.care is Handling.INSPECTION,
        "urgent": standing.urgent,
        "due_at": standing.due_at,
    }


def _build_submission(answers: Answers) -> Submission:
    applicant, _errors = build_applicant(answers)  # the steps have shown the errors
    body, topic = answers.entity, answers.topic
    lat, lng = answers.point or ("", "")
    return Submission(
        kind=Kind(answers.kind),
        text=answers.text,
        entity=body.id if body else None,
        service=topic.id if topic else None,
        governorate=next(
            (place.id for place in get_governorates().values() if place.code == answers.governorate), None
        ),
        address=answers.address,
        lat=lat,
        lng=lng,
        about_employee=answers.about_employee if answers.can_name_subject else "",
        about_unit=answers.about_unit if answers.can_name_subject else "",
        applicant=applicant,
        withhold_identity=bool(answers.withhold),
        agreed=bool(answers.agreed) and answers.can_be_published,
        language=answers.language or get_language() or "ar",
        gate_declined=answers.gate == "declined",
        uploads=parse_upload_ids(answers.uploads),
    )
