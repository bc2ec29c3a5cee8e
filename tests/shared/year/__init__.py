# SPDX-License-Identifier: Apache-2.0
"""A simulated year of a program, with whatever goes wrong in it, and an oracle that writes down what must
become of each answer. `PYTHONPATH=tests/shared python -m year --people 5000 --days 365 --seed 1`."""
