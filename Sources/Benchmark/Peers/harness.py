"""What the peers share: threads, timing, and the conversation with `swift run Benchmark --peers`.

A peer reads the name of a row per line on standard input, measures that row, and answers with one
line of JSON. Started by hand, it takes the names from the keyboard:

    echo matmul/128x400x784 | python jax_peer.py --threads 2 --repetitions 5

Import this module before the framework: thread counts are read when a framework is loaded.
"""

import argparse
import json
import os
import statistics
import sys
import time
from typing import Callable, NamedTuple

SECONDS_PER_REPETITION = 0.05
ELEMENTS = 1_000_000
PRIOR_SAMPLES = 100_000


class VAE(NamedTuple):
    """input-hidden-latent-hidden-input, ReLU, Bernoulli pixels; one step is one batch."""

    batch: int
    input: int
    hidden: int
    latent: int
    digits: bool = False  # or random pixels


class Product(NamedTuple):
    """C (m x n) = A B, summed over k. As in BLAS, the first letter is A's layout, the second B's:
    N as written, T stored transposed. A layer y = x W needs NN forward, x^T g (TN) and g W^T (NT)
    backward."""

    layout: str
    m: int
    n: int
    k: int


def digit_batches(size):
    """The embedded digits for training in whole batches: how many, and a byte a pixel, 1 where the
    grey level is at least 128."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Datasets/Resources")
    with open(os.path.join(folder, "mnist5k-images-idx3-ubyte"), "rb") as file:
        pixels = file.read()[16:]
    count = 4500 // size
    return count, bytes(pixel >= 128 for pixel in pixels[: count * size * 784])


VAE_STEPS = {
    "vae-step/digits": VAE(batch=128, input=784, hidden=400, latent=20, digits=True),
    "vae-step/784-400-20": VAE(batch=128, input=784, hidden=400, latent=20),
    "vae-step/64-64-2": VAE(batch=64, input=64, hidden=64, latent=2),
}
PRODUCTS = {
    "matmul/128x400x784": Product("NN", 128, 400, 784),
    "matmul/128x784x400": Product("NN", 128, 784, 400),
    "matmul/784x400x128": Product("NN", 784, 400, 128),
    "matmul/TN-784x400x128": Product("TN", 784, 400, 128),
    "matmul/TN-400x784x128": Product("TN", 400, 784, 128),
    "matmul/NT-128x400x784": Product("NT", 128, 400, 784),
}


class Row(NamedTuple):
    """`run(count)` does the work `count` times and returns when all of it is done."""

    run: Callable[[int], None]
    work: float
    unit: str


def product_row(run, product):
    return Row(run, 2e-9 * product.m * product.n * product.k, "GFLOP/s")


def elements_row(run):
    return Row(run, ELEMENTS, "ns/element")


def seconds_for(run, count):
    start = time.perf_counter()
    run(count)
    return time.perf_counter() - start


def calibrate(run):
    """How many runs fill a repetition. It also compiles, and warms caches and thread pools."""
    count = 1
    run(count)
    while (seconds := seconds_for(run, count)) < SECONDS_PER_REPETITION:
        count = max(count + 1, min(10 * count, int(1.2 * count * SECONDS_PER_REPETITION / seconds)))
    return count


def measure(name, row, count):
    row.run(max(1, count // 5))
    cpu, wall = time.process_time(), time.perf_counter()
    seconds = [seconds_for(row.run, count) for _ in range(arguments.repetitions)]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    work = row.work * count
    values = [s * 1e9 / work if row.unit == "ns/element" else work / s for s in seconds]
    median = statistics.median(values)
    return {
        "name": name,
        "value": median,
        "unit": row.unit,
        "median": median,
        "min": min(values),
        "max": max(values),
        "repetitions": len(values),
        "threads": arguments.threads,
        "cpuPerWall": round(cpu / wall, 2),
    }


def serve(version, rows):
    """Answers until standard input ends. `rows` maps a name to a function that builds its Row."""
    ready = {}
    for line in sys.stdin:
        name = line.strip()
        if name in rows and name not in ready:
            row = rows[name]()
            ready[name] = row, calibrate(row.run)
        if name in ready:
            answer = measure(name, *ready[name]) | {"version": version}
        else:
            answer = {"name": name, "error": "unknown row"}
        print(json.dumps(answer), flush=True)


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--repetitions", type=int, default=5)
arguments = parser.parse_args()

for library in ["OPENBLAS", "OMP", "MKL"]:
    os.environ[f"{library}_NUM_THREADS"] = str(arguments.threads)
os.environ["NPROC"] = os.environ["PJRT_NPROC"] = str(arguments.threads)  # read by XLA
if hasattr(os, "sched_setaffinity"):  # Linux only; elsewhere the variables must do.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
