"""The steps of a new case and their order."""

from collections.abc import Mapping
from typing import NamedTuple

from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import Kind

from . import forms
from .answers import Answers

CHECK = "check"


class Step(NamedTuple):
    """One page. Counted steps make up "step 2 of 6"; the others are follow-up questions."""

    name: str
    form: type[forms.QuestionForm]
    is_counted: bool = True


STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("kind", forms.KindForm),
        Step("fear", forms.FearForm, is_counted=False),
        Step("describe", forms.DescribeForm),
        Step("destination", forms.DestinationForm),
        Step("topic", forms.TopicForm, is_counted=False),
        Step("place", forms.PlaceForm),
        Step("contact", forms.ContactForm),
    )
}


def list_steps(answers: Answers) -> list[Step]:
    """Return the steps for these answers in order, without the check page."""
    skipped = {
        "fear": not answers.is_violation,
        "topic": not _is_topic_missing(answers),
        "place": not _is_about_place(answers),
    }
    return [step for step in STEPS.values() if not skipped.get(step.name)]


def find_first_open_step(answers: Answers) -> Step | None:
    """Return the first step that is not answered, or `None`."""
    return next((step for step in list_steps(answers) if not step.form(answers).is_valid()), None)


def get_previous_step(name: str, answers: Answers) -> Step | None:
    """Return the step before this page, or `None` for the first."""
    order = list_steps(answers)
    names = [step.name for step in order]
    place = names.index(name) if name in names else len(order)
    return order[place - 1] if place else None


def get_progress(name: str, answers: Answers) -> tuple[int, int]:
    """Return the number of this step and the total; the check page is the last one."""
    counted = [step.name for step in list_steps(answers) if step.is_counted or step.name == name]
    total = sum(step.is_counted for step in list_steps(answers)) + 1
    done = (
        sum(STEPS[step].is_counted for step in counted[: counted.index(name) + 1])
        if name in counted
        else total
    )
    return done, total


def _is_topic_missing(answers: Answers) -> bool:
    """Return whether a body was chosen by its name and the topic is still open."""
    body = answers.entity
    return bool(body and list_services_of(body.id) and not answers.topic)


def _is_about_place(answers: Answers) -> bool:
    if topic := answers.topic:
        return topic.about_place
    return answers.kind not in (Kind.QUESTION, Kind.PRAISE)
