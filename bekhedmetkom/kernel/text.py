"""Text in Arabic and English."""

from typing import Literal, NamedTuple

Language = Literal["ar", "en"]


class BilingualText(NamedTuple):
    """A sentence in Arabic and English; interfaces choose one with `in_language`."""

    ar: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.ar

    def format(self, **values: object) -> "BilingualText":
        """Return the text with its `{placeholders}` filled; bilingual values are filled in the matching language."""
        return BilingualText(
            *(
                text.format(**_localise_values(values, language))
                for language, text in zip(("ar", "en"), self, strict=True)
            )
        )


def _localise_values(values: dict[str, object], language: str) -> dict[str, object]:
    return {
        name: v.in_language(language) if isinstance(v, BilingualText) else v for name, v in values.items()
    }
