"""What Django itself refuses under `/api/v1` (no such address, a wrong method, a fault) leaves as a problem too."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from . import problems
from .problems import Problem, ProblemType

GetResponse = Callable[[HttpRequest], HttpResponse]

_PROBLEM_BY_STATUS: Mapping[int, ProblemType] = {
    302: problems.NOT_SIGNED_IN,  # a session that lacks its second factor is sent to a page
    400: problems.MALFORMED_REQUEST,
    403: problems.NOT_ALLOWED,
    404: problems.NOT_FOUND,
    405: problems.METHOD_NOT_ALLOWED,
    413: problems.TOO_LARGE,
    500: problems.SERVER_ERROR,
    503: problems.UNAVAILABLE,
}


def problem_details_middleware(answer: GetResponse) -> GetResponse:
    """Only for addresses of the API; its human page is a page like any other."""

    def with_problems(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/v1/"):
            return answer(request)
        response = answer(request)
        if request.resolver_match and request.resolver_match.namespace == "api-docs":
            return response
        sort = _PROBLEM_BY_STATUS.get(response.status_code)
        if sort is None or response.headers.get("Content-Type") == problems.CONTENT_TYPE:
            return response
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return problems.render_problem(request, Problem(sort, headers=kept))

    return with_problems
