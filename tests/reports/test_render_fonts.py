"""The bundled fonts have what is promised of them, and are small and licensed."""

from fontTools.ttLib import TTFont

from reports.print_fonts import printable_characters
from reports.templating import TEMPLATES

FONTS = sorted((TEMPLATES / "fonts").glob("*.ttf"))


def characters(family: str) -> set[str]:
    """Read which characters every font of a family has."""
    files = [path for path in FONTS if path.name.startswith(family)]
    assert files
    return set.intersection(*({chr(code) for code in TTFont(path).getBestCmap()} for path in files))


def test_promised_characters_have_glyphs() -> None:
    """Each listed character is in every weight of Inter or in Noto Emoji, and these have none that is not listed."""
    assert characters("Inter") | characters("NotoEmoji") == printable_characters()


def test_literals_have_glyphs_of_their_own() -> None:
    """Instance types, hashes and locators are set in the fixed-width font throughout."""
    assert characters("JetBrainsMono") >= {chr(code) for code in range(0x20, 0x7F)}


def test_no_figure_or_literal_is_changed_by_the_font() -> None:
    """The fonts hold no contextual forms or ligatures: 8x8 is not set as a product, -> not as an arrow."""
    for path in FONTS:
        font = TTFont(path)
        records = (
            font["GSUB"].table.FeatureList.FeatureRecord if "GSUB" in font and font["GSUB"].table.FeatureList else []
        )
        assert {record.FeatureTag for record in records} <= {"case", "ccmp", "locl", "tnum"}, path.name


def test_fonts_are_small_and_licensed() -> None:
    """All fonts together stay under 600 KB, and each family's licence lies beside it."""
    assert sum(path.stat().st_size for path in FONTS) < 600_000
    for licence in ("OFL-Inter.txt", "OFL-JetBrainsMono.txt", "OFL-NotoEmoji.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (TEMPLATES / "fonts" / licence).read_text(encoding="utf-8")
