"""How records of persons are held against each other."""

from mindu.engines.linkage.model import Compared, Level, Model

ID = Compared(
    "id_number", "id_l IS NULL OR id_r IS NULL",
    (
        Level("same identity number, its check sign holds", "id_sure_l = id_sure_r", 0.85, 1e-7),
        Level("two sound identity numbers", "id_sure_l <> id_sure_r", 0.001, 0.8, fixed=True),
        Level("same identity number", "id_l = id_r", 0.02, 1e-7),
        Level("numbers differ by a slip", "damerau_levenshtein(id_l, id_r) <= 2", 0.1, 1e-6),
    ),
    same=0.03, other=0.2,
)  # fmt: skip
NAME = Compared(
    "name", "name_l IS NULL OR name_r IS NULL",
    (
        Level("same name", "name_l = name_r", 0.86, 1e-3, rare="name"),
        Level("names sound alike", "name_sound_l = name_sound_r", 0.09, 3e-3),
        Level(
            "names differ by one sign",
            "length(name_l) >= 3 AND damerau_levenshtein(name_l, name_r) <= 1", 0.03, 0.01,
        ),
    ),
    same=0.02, other=0.986,
)  # fmt: skip
BIRTH = Compared(
    "birth",
    "born_l IS NULL OR born_r IS NULL OR "
    "((day_l IS NULL OR day_r IS NULL) AND id_l IS NOT NULL AND id_r IS NOT NULL)",
    (
        Level("same birthday", "born_l = born_r", 0.93, 4e-5),
        Level(
            "birthdays differ by a slip",
            "damerau_levenshtein(born_l, born_r) <= 1 OR (left(born_l, 4) = left(born_r, 4) AND "
            "substr(born_l, 6, 2) = right(born_r, 2) AND right(born_l, 2) = substr(born_r, 6, 2))",
            0.055, 2e-3,
        ),
    ),
    same=0.015, other=0.998,
)  # fmt: skip
# Phone and address say one thing together: who shares a home shares both.
CONTACT = Compared(
    "contact", "(phone_l IS NULL OR phone_r IS NULL) AND (home_l IS NULL OR home_r IS NULL)",
    (
        Level("same phone and address", "phone_l = phone_r AND home_l = home_r", 0.4, 1e-4),
        Level("same phone", "phone_l = phone_r", 0.25, 1e-4),
        Level("same address", "home_l = home_r", 0.15, 2e-4),
        Level("phones differ by a slip", "damerau_levenshtein(phone_l, phone_r) <= 1", 0.04, 1e-5),
        Level("same house", "house_l = house_r", 0.02, 5e-4),
    ),
    same=0.14, other=0.999,
)  # fmt: skip
SEX = Compared(
    "sex", "sex_text_l IS NULL OR sex_text_r IS NULL",
    (Level("same sex", "sex_text_l = sex_text_r", 0.995, 0.5),),
    same=0.005, other=0.5,
)  # fmt: skip
PERSON = Model(
    name="person",
    fields=(
        ("name", "name", ""), ("id_number", "id", ""), ("birth", "day", ""), ("phone", "phone", ""),
        ("address", "address", ""), ("sex", "text", "sex_"),
    ),
    compared=(ID, NAME, BIRTH, CONTACT, SEX),
    blocks=(
        ("id",), ("name_sound", "born"), ("phone", "surname"), ("home", "surname"),
        ("name", "house"), ("id_begin", "surname"), ("phone", "born"), ("name", "born_year"),
        ("home", "born"),
    ),
    train=(("id_sure",), ("name", "born"), ("phone",)),
    made=(
        (
            "born",
            "coalesce(day, CASE WHEN id_sure IS NOT NULL THEN concat_ws('-', "
            "substr(id_sure, 7, 4), substr(id_sure, 11, 2), substr(id_sure, 13, 2)) END)",
        ),
        ("born_year", "left(born, 4)"),
    ),
    sure=("id_sure",),
)  # fmt: skip
