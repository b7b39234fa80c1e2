"""Put what SWMM 5.0 and 5.1 accepted, and 5.2 refuses, into today's words; and say so."""

from mindu.engines.hydraulics.reading.sections import Line, Sections

LIMITS = {"YES": "SLOPE", "NO": "FROUDE"}  # what 5.0 meant by its yes and no
GREEN_AMPT = ("GREEN_AMPT", "MODIFIED_GREEN")
DEFICIT = 3  # word of Green-Ampt's initial deficit


def renewed(line: Line, infiltration: str) -> tuple[dict[int, str], str]:
    """Return the words to change in a line, and why; nothing where it is of today."""
    if line.section == "OPTION":
        return _option(line)
    if line.section == "INFIL":
        return _deficit(line, infiltration)
    return {}, ""


def infiltration(file: Sections) -> str:
    """Return the file's method of infiltration, in capitals."""
    for line in file.of("OPTION"):
        if line.words[0].upper() == "INFILTRATION":
            return line.word(1, "the method").upper()
    return "HORTON"


def _option(line: Line) -> tuple[dict[int, str], str]:
    if line.words[0].upper() != "NORMAL_FLOW_LIMITED" or len(line.words) == 1:
        return {}, ""
    told = line.words[1].upper()
    if told not in LIMITS:
        return {}, ""
    return {1: LIMITS[told]}, f"NORMAL_FLOW_LIMITED {told} of old is taken as {LIMITS[told]}"


def _deficit(line: Line, infiltration: str) -> tuple[dict[int, str], str]:
    last = line.words[-1].upper()
    method = last if last[:1].isalpha() else infiltration
    if not method.startswith(GREEN_AMPT) or len(line.words) <= DEFICIT:
        return {}, ""
    try:
        deficit = float(line.words[DEFICIT])
    except ValueError:
        return {}, ""
    if deficit <= 1.0:
        return {}, ""
    return {DEFICIT: "1"}, "Green-Ampt deficits above 1 are taken as 1, the most that 5.2 knows"
