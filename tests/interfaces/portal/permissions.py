"""Rows of the permission table: the portal is public; a case belongs to the browser that opened it."""

from tests.interfaces.permission_table import ANYONE, CITIZEN, Row

ROWS = [
    *(
        Row(f"portal:{route}", ANYONE, "none", 200)
        for route in (
            "home",
            "new",
            "embed",
            "kiosk",
            "track",
            "forgotten",
            "mine",
            "entities",
            "entity",
            "problems",
            "help",
            "privacy",
            "terms",
            "accessibility",
            "confidential",
            "write-offline",
            "waiting",
            "offline",
            "manifest",
        )
    ),
    Row("portal:problem", ANYONE, "none", 404),  # there is no such problem
    Row("worker", ANYONE, "none", 200),
    Row("portal:published", ANYONE, "other", 404),  # not published
    Row("android-app", ANYONE, "none", 404),  # not configured
    Row("apple-app", ANYONE, "none", 404),
    Row("portal:send", ANYONE, "none", 405),
    Row("portal:send", ANYONE, "none", 415, "post"),  # what another site's form can send
    Row("portal:shared", ANYONE, "none", 302),
    Row("portal:shared", ANYONE, "none", 200, "post"),
    Row("portal:sign-in", ANYONE, "none", 404),  # no provider is configured
    Row("portal:signed-in", ANYONE, "none", 404),
    Row("portal:leave", ANYONE, "none", 405),
    Row("portal:leave", ANYONE, "none", 302, "post"),
    Row("portal:received", ANYONE, "none", 302),  # redirect to the page that asks for the code
    *(
        Row(f"portal:{route}", ANYONE, "other", 302, method)
        for route in (
            "case",
            "write",
            "rate",
            "appeal",
            "withdraw",
            "private",
            "erase",
            "contact",
            "notify",
            "push",
        )
        for method in ("get", "post")
        if (route, method) != ("case", "post")
    ),
    Row("portal:case", CITIZEN, "own", 200),
    Row("portal:case", CITIZEN, "other", 302),
    Row("portal:write", CITIZEN, "own", 302),  # redirect to the case, whose page has the form
    Row("portal:rate", CITIZEN, "own", 302),
    Row("portal:appeal", CITIZEN, "own", 302),
    Row("portal:withdraw", CITIZEN, "own", 200),
    Row("portal:private", CITIZEN, "own", 302),  # no consent was given
    Row("portal:erase", CITIZEN, "own", 200),
    Row("portal:contact", CITIZEN, "own", 200),
    Row("portal:notify", CITIZEN, "own", 200),
    Row("portal:contact", CITIZEN, "other", 302, "post"),
    Row("portal:notify", CITIZEN, "other", 302, "post"),
    Row("portal:write", CITIZEN, "other", 302, "post"),
    Row("portal:rate", CITIZEN, "other", 302, "post"),
    Row("portal:appeal", CITIZEN, "other", 302, "post"),
    Row("portal:withdraw", CITIZEN, "other", 302, "post"),
    Row("portal:push", CITIZEN, "own", 302),
    Row("portal:push", CITIZEN, "own", 200, "post"),  # with the error
    Row("portal:push", CITIZEN, "other", 302, "post"),
    Row("portal:close", ANYONE, "other", 405),
    Row("portal:close", ANYONE, "other", 302, "post"),
    Row("portal:close", CITIZEN, "own", 302, "post"),
]
