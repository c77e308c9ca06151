#!/usr/bin/env python3
"""Writes pennylane_rotations.json beside itself: circuits with rotations of any kind, by PennyLane in double precision.

    python3 -m venv v && v/bin/pip install pennylane==0.45.1 && v/bin/python pennylane_rotations.py

Inputs are x_i = 0.5 + 0.5 sin(1 + i), angles a_k = 3 sin(1.7 k + 0.4), weights w_i = cos(0.3 i), tangents t_i = sin(2 + i).
The blocks are those of the group's QINN, written from its description: encoding, layers of rotations, rings of CNOTs.
"""
import json
import os

import pennylane as qml
from pennylane import numpy as np

CASES = [
    # The group's block, its third one of a model (inputs permuted), and its inverse block.
    dict(qubits=6, cnot=[1], rotations="zyx", repetitions=2, ring=True, encoding="y", shift=0, inverse=False),
    dict(qubits=6, cnot=[1], rotations="zyx", repetitions=2, ring=True, encoding="y", shift=4, inverse=False),
    dict(qubits=6, cnot=[1], rotations="zyx", repetitions=2, ring=True, encoding="y", shift=4, inverse=True),
    dict(qubits=8, cnot=[1], rotations="zyx", repetitions=3, ring=True, encoding="y", shift=2, inverse=True),
    dict(qubits=4, cnot=[1, 2], rotations="xz", repetitions=2, ring=False, encoding="x", shift=1, inverse=False),
    dict(qubits=3, cnot=[2], rotations="yxyz", repetitions=2, ring=False, encoding="y", shift=0, inverse=False, reupload=True),
    dict(qubits=5, cnot=[1], rotations="x", repetitions=1, ring=True, encoding="x", shift=3, inverse=False),
]
GATES = {"x": qml.RX, "y": qml.RY, "z": qml.RZ}


def pairs(case):
    n = case["qubits"]
    for control in range(n):
        for distance in case["cnot"]:
            if control + distance < n or case["ring"]:
                yield control, (control + distance) % n


def circuit(case):
    n, axes = case["qubits"], case["rotations"]

    @qml.qnode(qml.device("default.qubit", wires=n), diff_method="backprop")
    def run(x, angles):
        def encode():
            for i in range(n):
                GATES[case["encoding"]](x[(i + case["shift"]) % n], wires=i)

        def layer(repetition):
            for place, axis in enumerate(axes):
                for i in range(n):
                    GATES[axis](angles[repetition, place, i], wires=i)
            for control, target in pairs(case):
                qml.CNOT(wires=[control, target])

        encode()
        for repetition in range(case["repetitions"]):
            if case["inverse"]:
                qml.adjoint(layer)(case["repetitions"] - 1 - repetition)
            else:
                if repetition > 0 and case.get("reupload"):
                    encode()
                layer(repetition)
        return [qml.expval(qml.PauliZ(i)) for i in range(n)]

    return run


def made(case):
    n = case["qubits"]
    shape = (case["repetitions"], len(case["rotations"]), n)
    x = np.array([0.5 + 0.5 * np.sin(1 + i) for i in range(n)], requires_grad=True)
    angles = np.array([3 * np.sin(1.7 * k + 0.4) for k in range(int(np.prod(shape)))], requires_grad=True).reshape(shape)
    w = np.array([np.cos(0.3 * i) for i in range(n)], requires_grad=False)
    t = np.array([np.sin(2 + i) for i in range(n)], requires_grad=False)
    run = circuit(case)
    value = lambda x, angles: np.sum(w * np.stack(run(x, angles)))
    along = lambda x, angles: np.sum(t * qml.grad(value, argnums=0)(x, angles))
    gradients = qml.grad(value, argnums=[0, 1])(x, angles)
    second = qml.grad(along, argnums=[0, 1])(x, angles)
    lists = lambda value: [float(v) for v in np.ravel(value)]
    return dict(
        case, expZ=lists(np.stack(run(x, angles))), x=lists(gradients[0]), angles=lists(gradients[1]),
        second_x=lists(second[0]), second_angles=lists(second[1]))


if __name__ == "__main__":
    content = dict(pennylane=qml.__version__, cases=[made(case) for case in CASES])
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pennylane_rotations.json"), "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
