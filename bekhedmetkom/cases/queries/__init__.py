"""What is asked of cases: by their citizen, at the desk, by who verifies the journal."""

from ..kept import Draft
from .absence import Meanwhile, while_away
from .approving import approval_rules, approvers_of, meant, why
from .beside import Beside, beside
from .board import Board, Load, board_of
from .brief import brief_of
from .chosen import Chosen, desk_chosen
from .citizen import CitizenCase, case_of, for_citizen, of_citizen
from .clear import concerned, units_own
from .counting import COUNTED_TO, desk_came, desk_counts, last_event, moved_since
from .desk import Asked, DeskCase, Step, acted_since, desk_case, standing_for
from .distributing import Trial, meant_by, proposed, trial
from .files import Attached
from .instructions import Instruction, instructions_of
from .kept import Kept, View, kept_of
from .levels import Withheld, raised_in_confidence
from .listing import INBOXES, LIMIT, ORDERS, Page, desk_page, usual_order
from .mentions import Mention, mentions_of
from .mine import MyCase, MyCases, cases_of, has_cases, own_case
from .narrowing import Filters
from .needs import HIGHER, Need, Needs, has_needs, is_higher, needs_of
from .outcomes import Overridden, Passed, Use, overridden, template_use, words_sent
from .public import PublicCase, PublishedAnswer, answers_like, public_cases, published_answer
from .quality import reply_quality
from .queues import EVERYTHING, QUEUE_WORDS, queues_of
from .raised import Done, Raised
from .readers import colleagues_reading
from .related import Related, answer_of, earlier, similar
from .rows import Row
from .tasks import Came, TaskSeen
from .telling import Entry, Said, called
from .undoing import case_to_undo
from .verification import Fault, faults_in, shares, verify_journal
from .workload import open_cases_of

__all__ = [
    "COUNTED_TO",
    "EVERYTHING",
    "HIGHER",
    "INBOXES",
    "LIMIT",
    "ORDERS",
    "QUEUE_WORDS",
    "Asked",
    "Attached",
    "Beside",
    "Board",
    "Came",
    "Chosen",
    "CitizenCase",
    "DeskCase",
    "Done",
    "Draft",
    "Entry",
    "Fault",
    "Filters",
    "Instruction",
    "Kept",
    "Load",
    "Meanwhile",
    "Mention",
    "MyCase",
    "MyCases",
    "Need",
    "Needs",
    "Overridden",
    "Page",
    "Passed",
    "PublicCase",
    "PublishedAnswer",
    "Raised",
    "Related",
    "Row",
    "Said",
    "Step",
    "TaskSeen",
    "Trial",
    "Use",
    "View",
    "Withheld",
    "acted_since",
    "answer_of",
    "answers_like",
    "approval_rules",
    "approvers_of",
    "beside",
    "board_of",
    "brief_of",
    "called",
    "case_of",
    "case_to_undo",
    "cases_of",
    "colleagues_reading",
    "concerned",
    "desk_came",
    "desk_case",
    "desk_chosen",
    "desk_counts",
    "desk_page",
    "earlier",
    "faults_in",
    "for_citizen",
    "has_cases",
    "has_needs",
    "instructions_of",
    "is_higher",
    "kept_of",
    "last_event",
    "meant",
    "meant_by",
    "mentions_of",
    "moved_since",
    "needs_of",
    "of_citizen",
    "open_cases_of",
    "overridden",
    "own_case",
    "proposed",
    "public_cases",
    "published_answer",
    "queues_of",
    "raised_in_confidence",
    "reply_quality",
    "shares",
    "similar",
    "standing_for",
    "template_use",
    "trial",
    "units_own",
    "usual_order",
    "verify_journal",
    "while_away",
    "why",
    "words_sent",
]  # fmt: skip
