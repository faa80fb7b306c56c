"""How much people use what the platform offers them: visits, messages, answers to our question, devices, downloads."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.insight.queries.interaction import downloads, interaction
from bekhedmetkom.insight.rules.interaction import INTERACTION, STORES
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience

from .asked import asked
from .cells import COUNT, FIGURE, WORDS, Figure, Table
from .outlook import BODIES
from .visit import get_context

MONTHS = timedelta(days=365)


@audience("officer")
@officer_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Days and bodies narrow it; what the stores report is the country's, and stands below for everybody."""
    visit = get_context(request)
    wanted = asked(request.GET, visit)
    found = interaction(wanted.slice)
    figures = Table(
        "interaction", _("التفاعل"),
        [(_("المؤشر"), WORDS), (_("في هذه المدة"), FIGURE), (_("في المدة قبلها"), FIGURE), (_("قبل سنة"), FIGURE)],
        [
            [INTERACTION[key].name, *(Figure(INTERACTION[key], one) for one in (row.now, row.before, row.last_year))]
            for key, row in found.items() if key != "downloads" or wanted.slice.entities is None
        ],
    )  # fmt: skip
    stores = Table(
        "downloads", INTERACTION["downloads"].name,
        [(_("الشهر"), WORDS), (_("المتجر"), WORDS), (_("عدد التنزيلات"), COUNT), (_("المصدر"), WORDS)],
        [[f"{row.month:%Y-%m}", dict(STORES)[row.store], row.n, row.source] for row in downloads(visit.today - MONTHS)],
    )  # fmt: skip
    context = {"visit": visit, "asked": wanted, "bodies": BODIES, "figures": figures, "stores": stores}
    return render(request, "dashboard/interaction.html", context)
