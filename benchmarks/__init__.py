"""The goals of speed and weight, measured: `python -m benchmarks --help`, or script/benchmark.

Every figure is a ratio of two things measured in turn within one run, so that it means the same on
a slow machine as on a fast one. Nothing of the product imports this package.
"""
