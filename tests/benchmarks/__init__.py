"""Ratios measured in one run, printed; never asserted as seconds. Run: uv run python -m tests.benchmarks"""
