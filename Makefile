# Two commands do everything: `make up` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
SEEDS ?= 2000
KILLS ?= 0:20
EXAMPLES ?= 200
MINUTES ?= 60
DOOR ?= test

.PHONY: up test check look kills fuzz leak cluster web bench tck night storm-seeds wheel lock clean miwg

up: .venv/run.stamp
	$(BIN)/mindu up $(ARGS)

test: .venv/dev.stamp
	$(BIN)/python -m pytest $(ARGS)

check: .venv/dev.stamp
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy
	$(BIN)/python -m pytest tests/house $(ARGS)

# The browser's proof wants a Chromium: apt-get install -y chromium fonts-noto-cjk
look: .venv/dev.stamp
	$(BIN)/python -m pytest -p stage -o python_files='look_*.py' -o pythonpath='tests/brain tests/console tests/console_web tests/console_web/look tests/hotline tests/services tests/stores tests/opening tests/identity' tests/console_web/look $(ARGS)

# The intake and its tiers are killed at 200 random moments, ten a seed; after each the exact account is held; odd seeds go by kernels. In pieces: KILLS=0:5, KILLS=5:10, …
kills: .venv/dev.stamp
	MINDU_KILLS=10 MINDU_KILL_SEEDS=$(KILLS) $(BIN)/python -m pytest -s tests/senses/test_killed.py $(ARGS)

# Every door and decoder of the senses is told what it allows and what not. In pieces: DOOR=v1/window, DOOR=entity, DOOR=decoders, …
fuzz: .venv/dev.stamp
	MINDU_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -v tests/senses/test_*_fuzzed.py tests/senses/test_decoders.py tests/senses/test_words_of_doors.py -k "$(DOOR)" $(ARGS)

# A node takes readings in at full rate for an hour: does its memory grow?
leak: .venv/dev.stamp
	MINDU_MINUTES=$(MINUTES) $(BIN)/python -m benchmarks senses_leak

# Two Ray nodes from PyPI, one killed in the middle of a question.
cluster: .venv/dev.stamp
	$(BIN)/python -m pytest -s -W default -o python_files='cluster_*.py' tests/senses $(ARGS)

# The browser's side is built into the package and committed; only who changes web/ needs Node and npm.
web:
	cd web && npm ci --no-audit --no-fund && npm run -s check && npm run -s build

bench: .venv/dev.stamp
	DATA=$(DATA) $(BIN)/python -m benchmarks $(ONLY)

tck: .venv/dev.stamp
	$(BIN)/python -m mindu.engines.rules.tck $(TCK)

miwg: .venv/dev.stamp
	$(BIN)/python -m mindu.engines.process.miwg $(MIWG)

# The night that ships, recorded anew by the code as it is: some minutes of processor.
night: .venv/dev.stamp
	rm -rf out/night
	$(BIN)/mindu replay storm --from 5 --hours 8 --data out/night
	$(BIN)/python -m mindu.cli.keeping.shipped out/night

storm-seeds: .venv/dev.stamp
	$(BIN)/python -m mindu.sim.seeds --apps mindu.apps --app all --seeds $(SEEDS)

wheel: .venv/dev.stamp
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock: .venv/dev.stamp
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra fast -o requirements/run.txt pyproject.toml requirements/build.in
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --extra ray --extra mariadb -c requirements/run.txt -o requirements/dev.txt pyproject.toml requirements/build.in
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements/clients.txt requirements/clients.in

clean:
	rm -rf .venv build dist out

# A fresh Debian has venv with Python; everything else comes pinned and hashed.
.venv/run.stamp: requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp .venv/clients.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Clients that we did not write, in a venv of their own: one of them wants libraries older than ours.
.venv/clients.stamp: requirements/clients.txt .venv/run.stamp
	$(BIN)/python -m venv .venv/clients
	.venv/clients/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/clients.txt
	touch $@
