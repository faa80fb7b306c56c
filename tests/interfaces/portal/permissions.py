"""The portal is anyone's; a case is whose browser has shown its access code."""

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
    Row("portal:problem", ANYONE, "none", 404),  # none is there
    Row("worker", ANYONE, "none", 200),
    Row("portal:published", ANYONE, "other", 404),  # what nobody has published
    Row("android-app", ANYONE, "none", 404),  # where none is named
    Row("apple-app", ANYONE, "none", 404),
    Row("portal:send", ANYONE, "none", 405),
    Row("portal:send", ANYONE, "none", 415, "post"),  # what a form of another site can send
    Row("portal:shared", ANYONE, "none", 302),
    Row("portal:shared", ANYONE, "none", 200, "post"),
    Row("portal:sign-in", ANYONE, "none", 404),  # where no provider is set up
    Row("portal:signed-in", ANYONE, "none", 404),
    Row("portal:leave", ANYONE, "none", 405),
    Row("portal:leave", ANYONE, "none", 302, "post"),
    Row("portal:received", ANYONE, "none", 302),  # to where a case is opened with its code
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
    Row("portal:write", CITIZEN, "own", 302),  # back to the case, whose page has the form
    Row("portal:rate", CITIZEN, "own", 302),
    Row("portal:appeal", CITIZEN, "own", 302),
    Row("portal:withdraw", CITIZEN, "own", 200),
    Row("portal:private", CITIZEN, "own", 302),  # nothing was agreed to
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
    Row("portal:push", CITIZEN, "own", 200, "post"),  # with the sentence of what is wrong
    Row("portal:push", CITIZEN, "other", 302, "post"),
    Row("portal:close", ANYONE, "other", 405),
    Row("portal:close", ANYONE, "other", 302, "post"),
    Row("portal:close", CITIZEN, "own", 302, "post"),
]
