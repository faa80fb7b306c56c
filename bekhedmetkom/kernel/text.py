"""A sentence of the domain in both of the country's working languages."""

from typing import Literal, NamedTuple

Language = Literal["ar", "en"]


class BilingualText(NamedTuple):
    """What the platform says: Arabic first, English beside it. Whoever speaks picks with `in_`."""

    ar: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.ar

    def format(self, **values: object) -> "BilingualText":
        """The same sentence with its `{blanks}` filled, each value in the sentence's language where it has two."""
        return BilingualText(
            *(
                said.format(**_localise_values(values, language))
                for language, said in zip(("ar", "en"), self, strict=True)
            )
        )


def _localise_values(values: dict[str, object], language: str) -> dict[str, object]:
    return {
        name: v.in_language(language) if isinstance(v, BilingualText) else v for name, v in values.items()
    }
