"""What Django itself refuses under `/api/v1` (no such address, a wrong method, a fault) leaves as a problem too."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from . import problems
from .problems import Problem, Sort

Answer = Callable[[HttpRequest], HttpResponse]

_SORTS: Mapping[int, Sort] = {
    302: problems.NOT_SIGNED_IN,  # a session that lacks its second factor is sent to a page
    400: problems.MALFORMED,
    403: problems.NOT_ALLOWED,
    404: problems.NOT_FOUND,
    405: problems.WRONG_METHOD,
    413: problems.TOO_LARGE,
    500: problems.FAULT,
    503: problems.UNAVAILABLE,
}


def problems_of_django(answer: Answer) -> Answer:
    """Only for addresses of the API; its human page is a page like any other."""

    def with_problems(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/v1/"):
            return answer(request)
        response = answer(request)
        if request.resolver_match and request.resolver_match.namespace == "api-docs":
            return response
        sort = _SORTS.get(response.status_code)
        if sort is None or response.headers.get("Content-Type") == problems.CONTENT_TYPE:
            return response
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return problems.answer(request, Problem(sort, headers=kept))

    return with_problems
