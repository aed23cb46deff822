"""Demo data: deterministic for a seed, relative to today, plausible; no real person's name.

`township` is the real-shaped sample roster with sixteen months of life; `county` and `city` are
made in bulk for benchmarks. Nothing outside the command `seed_demo` and the benchmarks uses this.
"""
