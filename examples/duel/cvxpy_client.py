"""A client of `certinet barrier duel --command`: hands the problem to a solver of CVXPY.

    certinet barrier duel --command "python3 examples/duel/cvxpy_client.py CLARABEL"

The argument is the name of an installed solver (CLARABEL, SCS, ECOS, ..) that takes cones of second order.
"""

import os
import sys
from fractions import Fraction

import cvxpy
import numpy

# Some solvers print to standard output, which belongs to the protocol: they get standard error instead.
CERTINET = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def say(line):
    print(line, file=CERTINET, flush=True)


def ask(question):
    say(question)
    return sys.stdin.readline()


def read_problem():
    """Reads the four lines certinet opens with, then every entry as a double."""
    assert sys.stdin.readline().split() == ["certinet-duel", "1"]
    _, kind, rows, columns = sys.stdin.readline().split()
    assert kind == "l1"
    epsilon = float(Fraction(sys.stdin.readline().split()[1]))
    assert sys.stdin.readline().strip() == "ready"
    a = [[float(ask(f"double matrix {i} {j}")) for j in range(int(columns))] for i in range(int(rows))]
    y = [float(ask(f"double data {i}")) for i in range(int(rows))]
    return numpy.array(a), numpy.array(y), epsilon


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} SOLVER, one of {', '.join(cvxpy.installed_solvers())}")
    a, y, epsilon = read_problem()
    x = cvxpy.Variable(a.shape[1])
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm1(x)), [cvxpy.norm2(a @ x - y) <= epsilon])
    problem.solve(solver=sys.argv[1])
    if x.value is None:
        sys.exit(f"{sys.argv[1]} has no answer: {problem.status}")
    say(f"status {problem.status}")
    say("answer " + " ".join(repr(float(v)) for v in x.value))


main()
