"""Many cases, one cause: found as they come, said to be one by people, and each with its own answer."""

import csv
import random
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases import feed
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import get_case_for_citizen, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.problems import commands
from bekhedmetkom.problems.commands import detection
from bekhedmetkom.problems.commands.decisions import ProblemChanged, ProblemDescription
from bekhedmetkom.problems.models import CaseVector, Problem, ProblemStep, SimilarCase
from bekhedmetkom.problems.projection import ProblemsProjection
from bekhedmetkom.problems.queries import list_current_problems
from bekhedmetkom.problems.rules.bursts import find_similar_group
from bekhedmetkom.problems.rules.text_vectors import average_vectors, build_text_vector, pack_vector
from tests.interfaces.api.case_stages import create_problem
from tests.personas import DAY, HOUR, NOON, Jordan

DATA = Path(__file__).parents[3] / "data"
PHONES = count(1)


def read_texts(path: str, **only: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8") as file:
        return [
            row["text"]
            for row in csv.DictReader(file)
            if all(row[name] == value for name, value in only.items())
        ]


def create_cases(jordan: Jordan, said: Iterable[str], **given: Any) -> list[Case]:
    """Cases with what they are alike by, as the follower writes it."""
    usual: dict[str, Any] = {"gate_declined": True}
    made = [
        jordan.create_case(
            text,
            **usual | {"applicant": Applicant(phone=f"+96279123{next(PHONES):04d}")} | given,
        )
        for text in said
    ]
    commands.update_case_vectors({case.pk for case in made})
    return made


def create_past_cases(jordan: Jordan, said: Sequence[str], days: int = 20) -> None:
    """What is usual: these texts, spread over the days before."""
    for number, case in enumerate(create_cases(jordan, said)):
        CaseVector.objects.filter(case=case).update(
            received_at=NOON - (2 + days * number / len(said)) * DAY, is_checked=True
        )


def get_problem(row: int) -> Problem:
    return Problem.objects.get(pk=row)


class TestFinding:
    def test_a_burst_among_others_is_found_by_its_tenth_case(self, jordan: Jordan) -> None:
        others = random.Random(1).sample(read_texts("messages/dev.csv"), 40)
        create_past_cases(jordan, others[:30])
        burst = random.Random(2).sample(read_texts("language/bursts.csv", burst="main"), 10)
        create_cases(jordan, [*others[30:], *burst])
        while commands.detect_problems(NOON):
            pass
        problem = Problem.objects.get()
        assert (problem.status, problem.entity.code) == ("found", "GAM")
        assert problem.steps.get().action == "found"
        assert SimilarCase.objects.filter(problem=problem).count() >= 5
        assert not CaseVector.objects.filter(is_checked=False).exists()

    def test_what_is_usual_there_is_no_burst_and_neither_is_one_person(self, jordan: Jordan) -> None:
        same = read_texts("language/bursts.csv", burst="main")[:8]
        create_past_cases(jordan, same * 5)
        create_cases(jordan, same[:5])
        create_cases(
            jordan,
            read_texts("language/bursts.csv", burst="power")[:8],
            applicant=Applicant("سمر", phone="+962790000001"),
        )
        assert commands.detect_problems(NOON) == 13
        assert not Problem.objects.exists()

    def test_of_many_that_say_the_same_at_once_a_look_weighs_one_and_sees_all(
        self, jordan: Jordan, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        weighed: list[int] = []

        def counted(seed: Any, lines: Any) -> Any:
            weighed.append(len(lines))
            return find_similar_group(seed, lines)

        monkeypatch.setattr(detection, "find_similar_group", counted)
        create_cases(
            jordan, ["الكهرباء مقطوعة عن حارتنا منذ الصباح"] * 20, applicant=Applicant(phone="+962790000001")
        )
        assert commands.detect_problems(NOON) == 20
        assert weighed == [20] * len(weighed) and 0 < len(weighed) <= 2  # its place and its body

    def test_new_alike_cases_are_put_beside_what_is_known_and_raise_nothing_new(self, jordan: Jordan) -> None:
        said = read_texts("language/bursts.csv", burst="main")
        centre = pack_vector(average_vectors(build_text_vector(text) for text in said))
        known = create_problem(status="dismissed", mean_vector=centre, ended_at=NOON)
        create_cases(jordan, said[:8])
        commands.detect_problems(NOON)
        assert Problem.objects.count() == 1
        assert SimilarCase.objects.filter(problem=known).count() >= 6
        commands.detect_problems(NOON + HOUR)
        assert SimilarCase.objects.filter(problem=known).count() <= 8

    def test_nothing_is_kept_of_a_case_with_care_and_nothing_once_its_words_are_erased(
        self, jordan: Jordan
    ) -> None:
        (case,) = create_cases(jordan, [read_texts("language/bursts.csv")[0]])
        assert CaseVector.objects.get().governorate_id == case.governorate_id
        cases.erase_case(case=case.pk, seen=case.seq, actor=jordan.get_citizen(case), at=NOON)
        commands.update_case_vectors({case.pk})
        assert not CaseVector.objects.exists()
        secret = jordan.create_case(kind=Kind.VIOLATION)
        commands.update_case_vectors({secret.pk})
        assert not CaseVector.objects.exists()

    def test_what_came_before_is_made_up_and_old_traces_are_forgotten(self, jordan: Jordan) -> None:
        jordan.create_case(read_texts("language/bursts.csv")[0])
        assert commands.backfill_case_vectors(NOON + HOUR) == 1
        assert commands.backfill_case_vectors(NOON + HOUR) == 0
        assert commands.detect_problems(NOON + HOUR) == 1
        assert commands.delete_old_case_vectors(NOON + 40 * DAY) == 1


class TestFollowing:
    def test_traces_and_people_follow_the_journal_and_again_from_the_beginning(self, jordan: Jordan) -> None:
        problem = create_problem()
        one, other, erased = (
            jordan.create_case(gate_declined=True, applicant=build_applicant(number)) for number in (1, 1, 2)
        )
        for case in (one, other, erased):
            commands.link_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, problem=problem)
        run_projection()
        assert (CaseVector.objects.count(), get_problem(problem).people_count) == (3, 2)
        cases.erase_case(case=erased.pk, seen=2, actor=jordan.get_citizen(erased), at=NOON)
        run_projection()
        assert (CaseVector.objects.count(), get_problem(problem).people_count) == (2, 1)
        commands.link_case(case=one.pk, seen=2, actor=jordan.main, at=NOON, problem=None)
        jordan.create_case(kind=Kind.VIOLATION)
        feed.rewind_consumer("problems")
        run_projection()
        assert (CaseVector.objects.count(), get_problem(problem).people_count) == (2, 1)


def run_projection() -> None:
    while feed.advance_consumer(ProblemsProjection(), horizon=2**62):
        pass


def build_applicant(number: int) -> Applicant:
    return Applicant(phone=f"+96279555{number:04d}")


def build_description(jordan: Jordan, **given: Any) -> ProblemDescription:
    usual: dict[str, Any] = {
        "name_ar": "كسر خط مياه", "name_en": "A burst main", "note_ar": "تعمل عليه فرقتان.",
        "note_en": "Two crews are at work.", "entity": jordan.entities["GAM"],
    }  # fmt: skip
    return ProblemDescription(**usual | given)


class TestDeciding:
    def confirm(
        self, jordan: Jordan, actor: Any = None, linked: Sequence[Case] = (), **given: Any
    ) -> Problem:
        row = create_problem(
            status="found", name_ar="", name_en="", fix_on=None, confirmed_at=None, version=1
        )
        outcomes = commands.confirm_problem(
            problem=row, seen=1, actor=actor or jordan.main, at=NOON, said=build_description(jordan, **given),
            fix_on=(NOON + 3 * DAY).date(), cases=[case.pk for case in linked],
        )  # fmt: skip
        self.outcomes = outcomes
        return get_problem(row)

    def test_it_is_named_owned_and_dated_and_its_cases_are_linked(self, jordan: Jordan) -> None:
        one, gone = jordan.create_case(), jordan.create_case()
        cases.withdraw_case(case=gone.pk, seen=gone.seq, actor=jordan.get_citizen(gone), at=NOON)
        problem = self.confirm(jordan, linked=[one, gone], unit=jordan.roads)
        assert (problem.status, problem.name_en, problem.unit_id) == (
            "confirmed",
            "A burst main",
            jordan.roads,
        )
        assert [outcome.refusal is None for outcome in self.outcomes] == [True, False]
        one.refresh_from_db()
        assert one.problem_id == problem.pk
        assert get_case_for_citizen(one.pk, NOON).timeline[0].happened is EventType.LINKED
        commands.update_people_counts([problem.pk])
        assert get_problem(problem.pk).people_count == 1
        assert list(verify_journal()) == []

    def test_who_may_not_and_who_comes_second(self, jordan: Jordan) -> None:
        with pytest.raises(NotAllowed):
            self.confirm(jordan, actor=jordan.rival)
        with pytest.raises(NotAllowed):
            self.confirm(jordan, entity=jordan.entities["MOH"])
        problem = self.confirm(jordan)
        with pytest.raises(ProblemChanged):
            commands.mark_problem_fixed(problem=problem.pk, seen=1, actor=jordan.main, at=NOON)
        with pytest.raises(Refusal):
            commands.dismiss_problem(
                problem=problem.pk, seen=2, actor=jordan.main, at=NOON, reason="ليست واحدة"
            )

    @pytest.mark.parametrize(
        "given",
        [{"name_ar": ""}, {"name_en": " "}, {"note_ar": "اتصلوا على 0791234567"}, {"unit": 999_999},
         {"officer": 999_999}, {"entity": 999_999}, {"name_ar": "س" * 200}],
    )  # fmt: skip
    def test_what_cannot_be_said_to_everybody_is_refused_and_stores_nothing(
        self, jordan: Jordan, given: dict[str, Any]
    ) -> None:
        with pytest.raises(InvalidInput):
            self.confirm(jordan, **given)
        assert not ProblemStep.objects.exists()

    def test_the_date_moves_with_a_reason_and_it_ends_when_it_is_fixed(self, jordan: Jordan) -> None:
        problem = self.confirm(jordan)
        assert problem.fix_on
        reason = {"reason_ar": "وصلت القطع متأخرة.", "reason_en": "The parts came late."}
        with pytest.raises(InvalidInput):
            commands.move_fix_date(
                problem=problem.pk, seen=2, actor=jordan.main, at=NOON, fix_on=problem.fix_on, **reason
            )
        later = (NOON + 6 * DAY).date()
        commands.move_fix_date(problem=problem.pk, seen=2, actor=jordan.main, at=NOON, fix_on=later, **reason)
        step = ProblemStep.objects.get(action="moved")
        assert (step.previous_fix_on, step.fix_on, step.reason_ar) == (
            problem.fix_on,
            later,
            "وصلت القطع متأخرة.",
        )
        commands.mark_problem_fixed(problem=problem.pk, seen=3, actor=jordan.main, at=NOON)
        assert get_problem(problem.pk).status == "fixed"

    def test_a_case_is_linked_and_let_go_once(self, jordan: Jordan) -> None:
        case, problem = jordan.create_case(), create_problem()
        seq = commands.link_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, problem=problem)
        with pytest.raises(NotPossibleNow):
            commands.link_case(case=case.pk, seen=seq, actor=jordan.main, at=NOON, problem=problem)
        with pytest.raises(InvalidInput):
            commands.link_case(
                case=case.pk, seen=seq, actor=jordan.main, at=NOON, problem=create_problem(status="fixed")
            )
        seq = commands.link_case(case=case.pk, seen=seq, actor=jordan.main, at=NOON, problem=None)
        with pytest.raises(NotPossibleNow):
            commands.link_case(case=case.pk, seen=seq, actor=jordan.main, at=NOON, problem=None)
        case.refresh_from_db()
        assert case.problem_id is None
        assert list(verify_journal()) == []


def test_those_who_watch_see_what_rises_and_what_is_late(jordan: Jordan) -> None:
    late = create_problem(fix_on=(NOON - DAY).date())
    rising = create_problem(status="found")
    SimilarCase.objects.create(problem_id=rising, case=jordan.create_case(), received_at=NOON, similarity=80)
    create_problem(status="fixed")
    seen = list_current_problems([jordan.entities["GAM"]], NOON)
    assert [(one.id, one.recent_cases, one.is_late) for one in seen] == [(rising, 1, False), (late, 0, True)]
    assert list_current_problems([jordan.entities["MOH"]], NOON) == []
