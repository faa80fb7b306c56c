"""Options of the desk's select fields: units, officers, bodies, topics, problems and reply templates."""

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import (
    DeskCase,
    get_concerned_officers,
    is_unit_in_conflict,
    list_colleagues_with_access,
    list_reply_approvers,
)
from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.queries import ReplyTemplate, Topic
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, Kind
from bekhedmetkom.entities.queries import UnitRecord, get_ancestors, get_subtree, get_tree, list_units
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.queries import (
    get_officer_names,
    get_organisation,
    list_case_handlers,
    list_colleagues,
)
from bekhedmetkom.identity.rules import ROLE_LABELS, Role
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.problems.queries import list_linkable_problems
from bekhedmetkom.routing.queries import suggest_destinations
from bekhedmetkom.routing.rules import Candidate

from .request_context import RequestContext

Options = list[tuple[str, Any]]
HANDLER_ROLES = frozenset(
    {Role.MAIN_OFFICER, Role.SUB_OFFICER, Role.MANAGER, Role.DUTY_OFFICER, Role.INSPECTOR, Role.COORDINATOR}
)


def list_handlers(case: DeskCase, visit: RequestContext) -> Options:
    """Return the units of the case's body, then the officers of each unit who handle cases."""
    barred = get_concerned_officers(case.standing, visit.at)
    units = [
        unit
        for unit in list_units(case.standing.entity_id, get_local_date(visit.at))
        if not is_unit_in_conflict(unit.id, case.standing, visit.at)
    ]
    return [("", _("اختر")), *_list_handler_groups(case.standing.entity_id, units, visit, barred)]


def list_handlers_of_bodies(bodies: Sequence[int], visit: RequestContext) -> Options:
    """Return units and officers of several bodies, grouped by body. The command refuses unsuitable ones per case."""
    several = len(bodies) > 1
    return [
        ("", _("اختر")),
        *(
            (f"{get_tree()[body].get_name(visit.language)} · {title}" if several else title, options)
            for body in bodies
            for title, options in _list_handler_groups(
                body, list_units(body, get_local_date(visit.at)), visit
            )
        ),
    ]


def _list_handler_groups(
    entity: int, units: Iterable[UnitRecord], visit: RequestContext, barred: Collection[int] = frozenset()
) -> Options:
    names = {unit.id: unit.get_name(visit.language) for unit in units}
    away = get_organisation(visit.at).get_absent_officers()
    people: dict[int, str] = {}
    for who in list_colleagues(entity, visit.at):
        if who.role in HANDLER_ROLES and who.id not in barred:
            where = names.get(who.unit or 0, "")
            name = " · ".join(
                filter(
                    None,
                    (who.name.in_language(visit.language), where, _("في إجازة") if who.id in away else ""),
                )
            )
            people.setdefault(who.id, name)
    return [
        *_build_group(_("الأقسام"), ((f"unit:{key}", name) for key, name in names.items())),
        *_build_group(_("الموظفون"), ((f"officer:{key}", name) for key, name in people.items())),
    ]


def list_readers(case: DeskCase, visit: RequestContext) -> dict[int, list[str]]:
    """Return colleagues who may read the case: each one's names, in the page's language first."""
    return {
        who.id: list(dict.fromkeys((who.name.in_language(visit.language), who.name.ar, who.name.en)))
        for who in list_colleagues_with_access(case.standing, visit.at)
        if who.id != visit.actor.officer_id
    }


def list_other_units(case: DeskCase, visit: RequestContext) -> Options:
    """Return the units and officers that can be asked for a contribution, grouped by body where there are several.

    Leaves out the unit that has the case and units that the case complains about.
    """
    asked, several = case.asks_at, len(case.asks_at) > 1
    barred = {
        *get_concerned_officers(case.standing, visit.at),
        *case.standing.recused,
        *get_organisation(visit.at).get_absent_officers(),
    }
    found: Options = []
    for body in asked:
        units = {
            unit.id: unit.get_name(visit.language)
            for unit in list_units(body, get_local_date(visit.at))
            if unit.id != case.standing.unit_id and not is_unit_in_conflict(unit.id, case.standing, visit.at)
        }
        who = [pair for pair in list_case_handlers(units.keys(), visit.at) if pair[0] not in barred]
        called = get_officer_names({officer for officer, _unit in who})
        people = [
            (f"{unit}:{officer}", f"{called[officer].in_language(visit.language)} · {units[unit]}")
            for officer, unit in who
        ]
        at = f"{get_tree()[body].get_name(visit.language)} · " if several else ""
        found += _build_group(f"{at}{_('الأقسام')}", ((str(unit), name) for unit, name in units.items()))
        found += _build_group(f"{at}{_('الموظفون')}", people)
    return [("", _("اختر")), *found]


def list_complaint_subjects(case: DeskCase, visit: RequestContext) -> Options:
    """Return the units of the case's body, and everybody who works there or at a body above."""
    units = list_units(case.standing.entity_id, get_local_date(visit.at))
    people = {
        who.id: f"{who.name.in_language(visit.language)} · {ROLE_LABELS[who.role].in_language(visit.language)}"
        for body in get_ancestors(case.standing.entity_id)
        for who in list_colleagues(body, visit.at)
    }
    return [
        ("", _("اختر")),
        *_build_group(_("الأقسام"), ((f"unit:{unit.id}", unit.get_name(visit.language)) for unit in units)),
        *_build_group(
            _("الموظفون"),
            ((f"officer:{key}", name) for key, name in sorted(people.items(), key=itemgetter(1))),
        ),
    ]


def list_deputies(visit: RequestContext) -> Options:
    """Return the colleagues at the officer's own bodies, and an option for none."""
    people = {
        who.id: f"{who.name.in_language(visit.language)} · {ROLE_LABELS[who.role].in_language(visit.language)}"
        for grant in visit.actor.grants
        if grant.entity is not None
        for who in list_colleagues(grant.entity, visit.at)
        if who.id != visit.actor.officer_id
    }
    return [("", _("لا أحد")), *((str(key), name) for key, name in sorted(people.items(), key=itemgetter(1)))]


def list_destinations(case: DeskCase, visit: RequestContext) -> Options:
    """Return where a case can be classified: suggestions, the body's own topics, then the bodies in reach."""
    here = get_tree()[case.standing.entity_id]
    guesses = [
        (
            f"service:{guess.service}" if guess.service else f"entity:{guess.entity}",
            _format_destination(guess.entity, guess.service, visit),
        )
        for guess in (_suggest_destinations(case) if case.standing.triage else ())
    ]
    reach = (
        get_tree()
        if case.standing.triage
        else (get_tree()[body] for body in _list_mandate_bodies(case, visit))
    )
    bodies = [
        (f"entity:{body.id}", body.get_name(visit.language))
        for body in _filter_open_bodies(reach, visit)
        if body != here
    ]
    own = [
        (f"service:{topic.id}", topic.get_name(visit.language)) for topic in _list_open_topics(here.id, visit)
    ]
    return [
        ("", _("اختر")),
        *_build_group(_("المقترح"), guesses),
        *_build_group(here.get_name(visit.language), [(f"entity:{here.id}", _("بلا موضوع محدد")), *own]),
        *_build_group(_("جهات أخرى") if case.standing.triage else _("الجهات التابعة"), bodies),
    ]


def list_other_bodies(case: DeskCase, visit: RequestContext) -> Options:
    """Return every open body except the one that has the case, suggested ones first."""
    guesses = {guess.entity for guess in _suggest_destinations(case)}
    every = _list_bodies_except(case.standing.entity_id, visit)
    return [
        ("", _("اختر")),
        *_build_group(_("المقترح"), ((str(key), name) for key, name in every if key in guesses)),
        *_build_group(_("كل الجهات"), ((str(key), name) for key, name in every)),
    ]


def list_bodies_except(here: int | None, visit: RequestContext) -> Options:
    """Return every open body except `here`; all of them for `None`."""
    return [("", _("اختر")), *((str(key), name) for key, name in _list_bodies_except(here, visit))]


def _list_bodies_except(here: int | None, visit: RequestContext) -> list[tuple[int, str]]:
    return [
        (body.id, body.get_name(visit.language))
        for body in _filter_open_bodies(get_tree(), visit)
        if body.id != here
    ]


def list_topics(case: DeskCase, visit: RequestContext) -> Options:
    """Return the topics of the body that has the case."""
    own = _list_open_topics(case.standing.entity_id, visit)
    return [("", _("بلا تغيير")), *((str(topic.id), topic.get_name(visit.language)) for topic in own)]


def list_problems(case: DeskCase, visit: RequestContext) -> Options:
    """Return the confirmed problems of the case's body or place."""
    known = list_linkable_problems(case.standing.entity_id, case.standing.governorate_id)
    return [
        ("", _("بلا مشكلة")),
        *((str(one.id), f"{one.id} · {one.name.in_language(visit.language)}") for one in known),
    ]


def list_approvers(case: DeskCase, visit: RequestContext) -> list[str]:
    """Return the names of those who would approve this officer's reply."""
    found = list_reply_approvers(case.standing, [visit.actor.officer_id or 0], visit.at)
    named = get_officer_names(found)
    return [named[who].in_language(visit.language) for who in found]


def list_case_templates(case: DeskCase, visit: RequestContext) -> list[ReplyTemplate]:
    return list_templates(case.standing.kind, case.standing.entity_id, visit)


def list_templates(kind: Kind, entity: int, visit: RequestContext) -> list[ReplyTemplate]:
    """Return a body's reply templates for this kind of case."""
    return catalogue.list_reply_templates(kind=kind, entity=entity, on=get_local_date(visit.at))


def group_templates(templates: Iterable[ReplyTemplate], language: str) -> Options:
    """Group templates by outcome, keeping their order."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for template in templates:
        outcome = DISPOSITION_LABELS[template.disposition].in_language(language)
        groups.setdefault(outcome, []).append((str(template.id), template.name_ar))
    return list(groups.items())


def get_template_text(template: ReplyTemplate, case: DeskCase) -> str:
    """Return the template's text in the citizen's language."""
    return template.body_en if case.standing.language == "en" and template.body_en else template.body_ar


def _suggest_destinations(case: DeskCase) -> list[Candidate]:
    """Return the destinations that the text of the case suggests."""
    return suggest_destinations(case.text, case.standing.kind, case.standing.governorate_id)


def _list_mandate_bodies(case: DeskCase, visit: RequestContext) -> list[int]:
    """Return the bodies below the case's body that are within the officer's mandate."""
    reach = frozenset().union(*(grant.subtree for grant in visit.actor.grants))
    return sorted(get_subtree(case.standing.entity_id) & reach)


def _filter_open_bodies(bodies: Iterable[Body], visit: RequestContext) -> list[Body]:
    today = get_local_date(visit.at)
    return sorted(
        (body for body in bodies if body.is_open(today)), key=lambda body: body.get_name(visit.language)
    )


def _list_open_topics(entity: int, visit: RequestContext) -> list[Topic]:
    today = get_local_date(visit.at)
    return [topic for topic in catalogue.list_services_of(entity) if topic.is_open(today)]


def _format_destination(entity: int, topic: int | None, visit: RequestContext) -> str:
    body = get_tree()[entity].get_name(visit.language)
    return f"{body} · {catalogue.get_service(topic).get_name(visit.language)}" if topic else body


def _build_group(title: str, options: Iterable[tuple[str, str]]) -> Options:
    options = list(options)
    return [(title, options)] if options else []
