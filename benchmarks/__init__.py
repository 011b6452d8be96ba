"""Speed and cost beside what a user would pick instead; figures go into docs/benchmarks.md."""
