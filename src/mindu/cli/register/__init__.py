"""`mindu register`: the city's base registers, built, reviewed, shown to whom they are about."""
