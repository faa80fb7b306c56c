"""Fixed parts of a template are put together once for each language; what asks the page is asked each time."""

from typing import Any

from django.template import Context, Engine, Template
from django.utils.translation import override

from bekhedmetkom.interfaces.ui.template_folding import ConstantNode, fold_nodes

PAGE = """{% load i18n ui %}
<p>{% icon "check" %} {% translate "إلغاء" %} <a href="{% url 'portal:home' %}">{{ name }}</a>
{% if drawn %}<b>{% translate "إلغاء" %}</b> {% icon drawn %}{% else %}{% translate name %}{% endif %}{# not said #}</p>
{% comment %}not said{% endcomment %}{% translate "إلغاء" as word %}{{ word }}"""


def render_text(template: Template, language: str, **context: Any) -> str:
    with override(language):
        return template.render(Context(context))


def test_a_folded_template_says_what_it_would_have_said() -> None:
    plain, kept = (Engine.get_default().from_string(PAGE) for _ in range(2))
    kept.nodelist = fold_nodes(kept.nodelist)
    for context in (
        {"name": "<i>"},
        {"name": "إلغاء"},
        {"name": "x", "drawn": "check"},
        {"name": "y", "drawn": "x"},
    ):
        for language in ("ar", "en"):
            assert render_text(kept, language, **context) == render_text(plain, language, **context)


def test_the_platforms_own_templates_are_folded() -> None:
    nodes = Engine.get_default().get_template("desk/lists/list.html").nodelist
    assert nodes.get_nodes_by_type(ConstantNode)
