"""Where SWMM 5.2 keeps its live arrays, so that a thousand nodes are read in one copy.

Getters called node by node cost more than the hydraulics. The library exports its arrays; these
are their records (5.2.4) in C's own alignment. `swmm.py` checks names and inverts before it
trusts them.
"""

import numpy as np

POINTER, INT, LONG, REAL, CHAR = "u8", "i4", "i8", "f8", "i1"


def _record(*fields: tuple[str, str]) -> np.dtype[np.void]:
    return np.dtype([(name, kind) for kind, names in fields for name in names.split()], align=True)


NODE = _record(
    (POINTER, "ID"),
    (INT, "type subIndex"),
    (POINTER, "extPollutFlag"),
    (INT, "rptFlag"),
    (REAL, "invertElev initDepth fullDepth surDepth pondedArea"),
    (POINTER, "extInflow dwfInflow rdiiInflow treatment"),
    (INT, "degree inlet"),
    (CHAR, "updated"),
    (REAL, "crownElev inflow outflow losses hrt oldVolume newVolume fullVolume overflow"),
    (REAL, "oldDepth newDepth oldLatFlow newLatFlow"),
    (POINTER, "oldQual newQual extQual inQual reactorQual"),
    (REAL, "oldFlowInflow oldNetInflow qualInflow apiExtInflow"),
)

LINK = _record(
    (POINTER, "ID"),
    (INT, "type subIndex"),
    (POINTER, "extPollutFlag"),
    (INT, "rptFlag node1 node2"),
    (REAL, "offset1 offset2"),
    (INT, "xType culvertCode transect"),
    (REAL, "yFull wMax ywMax aFull rFull sFull sMax yBot aBot sBot rBot"),
    (REAL, "q0 qLimit cLossInlet cLossOutlet cLossAvg seepRate"),
    (INT, "hasFlapGate"),
    (POINTER, "inlet"),
    (REAL, "oldFlow newFlow oldDepth newDepth oldVolume newVolume surfArea1 surfArea2 qFull"),
    (REAL, "setting targetSetting timeLastSet froude"),
    (POINTER, "oldQual newQual totalLoad extQual reactorQual"),
    (INT, "flowClass"),
    (REAL, "dqdh"),
    (CHAR, "direction bypassed normalFlow inletControl"),
)

OUTFALL = _record(
    (INT, "type"),
    (CHAR, "hasFlapGate"),
    (REAL, "fixedStage"),
    (INT, "tideCurve stageSeries routeTo"),
    (REAL, "vRouted"),
    (POINTER, "wRouted"),
)

TABLE = _record(
    (POINTER, "ID"),
    (INT, "curveType refersTo"),
    (REAL, "dxMin lastDate x1 x2 y1 y2"),
    (POINTER, "firstEntry lastEntry thisEntry"),
    ("V260", "fname"),
    (CHAR, "mode state"),
    (POINTER, "file"),
)

GAUGE = _record(
    (POINTER, "ID"),
    (REAL, "externalRain"),
    (INT, "dataSource tSeries"),
    ("V260", "fname"),
    ("V1025", "staID"),
    (REAL, "startFileDate endFileDate"),
    (INT, "rainType rainInterval rainUnits"),
    (REAL, "snowFactor"),
    (LONG, "startFilePos endFilePos currentFilePos"),
    (REAL, "rainAccum unitsFactor startDate endDate nextDate"),
    (REAL, "rainfall nextRainfall apiRainfall reportRainfall"),
    ("V392", "pastRain"),
    (INT, "pastInterval coGage isUsed isCurrent"),
)

NODE_STATS = _record(
    (REAL, "avgDepth maxDepth maxDepthDate maxRptDepth volFlooded timeFlooded timeSurcharged"),
    (REAL, "timeCourantCritical totLatFlow maxLatFlow maxInflow maxOverflow maxPondedVol"),
    (INT, "nonConvergedCount"),
    (REAL, "maxInflowDate maxOverflowDate"),
)

PUMP_STATS = _record(
    (REAL, "utilized minFlow avgFlow maxFlow volume energy offCurveLow offCurveHigh"),
    (INT, "startUps totalPeriods"),
)

ROUTING = _record(
    (REAL, "dwInflow wwInflow gwInflow iiInflow exInflow flooding outflow"),
    (REAL, "evapLoss seepLoss reacted initStorage finalStorage pctError"),
)
