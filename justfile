# `just` lists these; `just check` changes nothing, `just fix` mends what can be mended.
set positional-arguments

_list:
    @just --list --unsorted

# Open the dashboard (on the bundled sample where no store has been built)
run *args:
    uv run streamlit run dashboard.py "$@"

# Build a snapshot from a folder of extracts
build extracts="data/sample" store="data/store":
    uv run hatecrime build --extracts {{ extracts }} --store {{ store }}

# Lint, types, layers: changes no file
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports

# Mend formatting and what the linter can mend
fix:
    uv run ruff check --fix .
    uv run ruff format .

# All tests, or those named
test *args:
    uv run pytest "$@"

# Benchmarks: ratios measured in one run
bench *args:
    uv run python -m tests.benchmarks "$@"

# Write the bundled sample anew
sample:
    uv run hatecrime sample --out data/sample

# Collect the texts for translation
texts:
    uv run pybabel extract -F babel.cfg -o hatecrime/locale/hatecrime.pot .
    uv run pybabel update -i hatecrime/locale/hatecrime.pot -d hatecrime/locale -D hatecrime --no-fuzzy-matching
    rm hatecrime/locale/hatecrime.pot
