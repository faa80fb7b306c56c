"""A template loader that renders the constant parts of a template once for each language.

Text, `translate`, `icon`, `static` and `url` without context variables are constant; neighbouring ones become one node.
Desk pages consist of hundreds.
"""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, Template, TextNode, Variable
from django.template.context import Context
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .templatetags.ui import icon

INTERFACES_FOLDER = str(Path(__file__).parents[1])  # what others wrote stays as it is


class FoldingLoader(cached.Loader):
    """Django's cached loader, which folds the templates of this project."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, _FoldedNodeList) and template.origin.name.startswith(
            INTERFACES_FOLDER
        ):
            template.nodelist = fold_nodes(template.nodelist)
        return template


def fold_nodes(nodes: NodeList) -> NodeList:
    """Return the nodes with each run of constant ones replaced by a `ConstantNode`."""
    result = _FoldedNodeList()
    for fixed, run in groupby(nodes, _is_constant):
        together = list(run)
        if fixed:
            result += [ConstantNode(together)] if len(together) > 1 else together
        else:
            result += map(_fold_children, together)
    return result


class ConstantNode(Node):
    """A run of constant nodes, rendered once for each language."""

    def __init__(self, nodes: Sequence[Node]):
        self.nodes = nodes
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.rendered:
            self.rendered[language] = SafeString("".join(node.render(context) for node in self.nodes))
        return self.rendered[language]


class _FoldedNodeList(NodeList):
    contains_nontext = True


def _fold_children(node: Node) -> Node:
    """Fold the children. Another thread may be rendering: each list is replaced in one assignment."""
    if isinstance(node, IfNode):
        node.conditions_nodelists = [(when, fold_nodes(nodes)) for when, nodes in node.conditions_nodelists]
        return node
    for name in node.child_nodelists:
        if isinstance(nodes := getattr(node, name, None), NodeList):
            setattr(node, name, fold_nodes(nodes))
    return node


def _is_constant(node: Node) -> bool:
    match node:
        case TextNode() | CommentNode() | LoadNode():
            return True
        case TranslateNode(asvar=None, message_context=None):
            return _is_literal(node.filter_expression)
        case StaticNode(varname=None):
            return _is_literal(node.path)
        case URLNode(asvar=None, args=[], kwargs={}):
            return _is_literal(node.view_name)
        case SimpleNode(target_var=None, kwargs={}):
            return node.func is icon and all(map(_is_literal, node.args))
        case _:
            return False


def _is_literal(expression: FilterExpression) -> bool:
    """Whether the expression needs no context."""
    said = expression.var
    return not expression.filters and not (isinstance(said, Variable) and said.lookups)
