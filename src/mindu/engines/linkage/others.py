"""How records of firms, papers about them, and places are held against each other."""

from mindu.engines.linkage.model import Compared, Level, Model

_METRES = "sqrt(pow(x_l - x_r, 2) + pow(y_l - y_r, 2))"
CODE = Compared(
    "credit_code", "code_l IS NULL OR code_r IS NULL",
    (
        Level("same credit code, its check sign holds", "code_sure_l = code_sure_r", 0.9, 1e-7),
        Level("two sound credit codes", "code_sure_l <> code_sure_r", 0.001, 0.8, fixed=True),
        Level("same credit code", "code_l = code_r", 0.01, 1e-7),
        Level("codes differ by a slip", "damerau_levenshtein(code_l, code_r) <= 2", 0.07, 1e-6),
    ),
    same=0.02, other=0.2,
)  # fmt: skip
FIRM = Compared(
    "name", "firm_l IS NULL OR firm_r IS NULL",
    (
        Level("another branch", "branch_l <> branch_r", 0.004, 0.2, fixed=True),
        Level("same name", "firm_l = firm_r", 0.6, 1e-5),
        Level("names have the same heart", "heart_l = heart_r", 0.33, 2e-5),
        Level("names sound alike", "heart_sound_l = heart_sound_r", 0.02, 3e-5),
        Level("names are close", "jaro_winkler_similarity(heart_l, heart_r) >= 0.88", 0.03, 1e-3),
    ),
    same=0.016, other=0.8,
)  # fmt: skip
HEAD = Compared(
    "person", "name_l IS NULL OR name_r IS NULL",
    (
        Level("same head", "name_l = name_r", 0.82, 1e-3, rare="name"),
        Level("heads sound alike", "name_sound_l = name_sound_r", 0.05, 3e-3),
    ),
    same=0.13, other=0.99,
)  # fmt: skip
CONTACT = Compared(
    "contact", "(phone_l IS NULL OR phone_r IS NULL) AND (home_l IS NULL OR home_r IS NULL)",
    (
        Level("same phone and address", "phone_l = phone_r AND home_l = home_r", 0.5, 1e-4),
        Level("same phone", "phone_l = phone_r", 0.25, 1e-4),
        Level("same address", "home_l = home_r", 0.15, 2e-4),
        Level("same house", "house_l = house_r", 0.02, 5e-4),
    ),
    same=0.08, other=0.999,
)  # fmt: skip
FOUNDED = Compared(
    "founded", "day_l IS NULL OR day_r IS NULL",
    (Level("founded the same day", "day_l = day_r", 0.97, 1e-4),),
    same=0.03, other=0.9999,
)  # fmt: skip
ENTERPRISE = Model(
    name="enterprise",
    fields=(
        ("name", "firm", ""), ("credit_code", "credit", ""), ("person", "name", ""),
        ("phone", "phone", ""), ("address", "address", ""), ("founded", "day", ""),
    ),
    compared=(CODE, FIRM, HEAD, CONTACT, FOUNDED),
    blocks=(
        ("code",), ("heart",), ("phone", "begin"), ("home", "begin"), ("name", "begin"),
        ("phone", "name"), ("home", "name"), ("heart_sound",), ("day", "name"), ("day", "begin"),
    ),
    train=(("code_sure",), ("heart",), ("phone",)),
    sure=("code_sure",),
)  # fmt: skip


def _paper(name: str, number: str) -> Model:
    """Return how papers are held: by number and issuer, else by holder, kind and day."""
    return Model(
        name=name,
        fields=(
            (number, "text", "number_"), ("kind", "text", "kind_"), ("issuer", "text", "issuer_"),
            ("holder", "firm", ""), ("holder_code", "text", "code_"), ("day", "day", ""),
        ),
        compared=(
            Compared(
                "number", "number_text_l IS NULL OR number_text_r IS NULL",
                (
                    Level("same number", "number_text_l = number_text_r", 0.93, 1e-6),
                    Level(
                        "numbers differ by a slip",
                        "damerau_levenshtein(number_text_l, number_text_r) <= 1", 0.05, 1e-3,
                    ),
                ),
                same=0.02, other=0.999,
            ),
            Compared(
                "holder", "heart_l IS NULL OR heart_r IS NULL",
                (
                    Level("same holder by code", "code_text_l = code_text_r", 0.7, 1e-4),
                    Level("holders have the same name", "heart_l = heart_r", 0.25, 1e-4),
                    Level(
                        "names of the holders are close",
                        "jaro_winkler_similarity(heart_l, heart_r) >= 0.88", 0.03, 1e-3,
                    ),
                ),
                same=0.02, other=0.998,
            ),
            Compared(
                "kind", "kind_text_l IS NULL OR kind_text_r IS NULL",
                (Level("same kind", "kind_text_l = kind_text_r", 0.95, 0.1),),
                same=0.05, other=0.9,
            ),
            Compared(
                "day", "day_l IS NULL OR day_r IS NULL",
                (Level("same day", "day_l = day_r", 0.95, 1e-3),),
                same=0.05, other=0.999,
            ),
        ),
        blocks=(("number_text",), ("heart", "day"), ("code_text", "day")),
        train=(("number_text",), ("heart", "day")),
    )  # fmt: skip


CREDIT = _paper("credit", "number")
LICENCE = _paper("licence", "number")
PLACE = Model(
    name="place",
    fields=(("name", "firm", ""), ("address", "address", ""), ("kind", "text", "kind_"),
            ("lon", "number", "lon_"), ("lat", "number", "lat_")),
    compared=(
        Compared(
            "name", "firm_l IS NULL OR firm_r IS NULL",
            (
                Level("same name", "firm_l = firm_r", 0.6, 1e-4, rare="firm"),
                Level("names have the same heart", "heart_l = heart_r", 0.2, 2e-4),
                Level("names are close", "jaro_winkler_similarity(heart_l, heart_r) >= 0.88", 0.1,
                      3e-3),
            ),
            same=0.1, other=0.996,
        ),
        Compared(
            "address", "home_l IS NULL OR home_r IS NULL",
            (
                Level("same address", "home_l = home_r", 0.6, 1e-4),
                Level("same house", "house_l = house_r", 0.25, 3e-4),
            ),
            same=0.15, other=0.999,
        ),
        Compared(
            "point", "x_l IS NULL OR x_r IS NULL OR y_l IS NULL OR y_r IS NULL",
            (
                Level("within 30 m", f"{_METRES} <= 30", 0.6, 1e-4),
                Level("within 150 m", f"{_METRES} <= 150", 0.3, 1e-3),
                Level("within 600 m", f"{_METRES} <= 600", 0.08, 0.01),
            ),
            same=0.02, other=0.988,
        ),
        Compared(
            "kind", "kind_text_l IS NULL OR kind_text_r IS NULL",
            (Level("same kind", "kind_text_l = kind_text_r", 0.9, 0.1),),
            same=0.1, other=0.9,
        ),
    ),
    blocks=(("heart",), ("home",), ("house", "begin"), ("cell", "begin")),
    train=(("heart",), ("home",)),
    made=(
        # metres east and north at 26 degrees north, where a degree is 100.1 and 110.8 km (WGS 84)
        ("x", "TRY_CAST(lon_number AS DOUBLE) * 100100"),
        ("y", "TRY_CAST(lat_number AS DOUBLE) * 110800"),
        ("cell", "concat_ws('/', round(x / 600)::BIGINT, round(y / 600)::BIGINT)"),
    ),
)  # fmt: skip
