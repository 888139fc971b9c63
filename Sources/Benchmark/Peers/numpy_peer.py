# pip install numpy
#
# NumPy multiplies matrices with OpenBLAS, on --threads threads; all its other rows run on one.
from harness import ELEMENTS, PRODUCTS, elements_row, product_row, serve

import numpy as np

generator = np.random.default_rng(0)


def matmul(product):
    def matrix(rows, columns, layout):
        stored = (rows, columns) if layout == "N" else (columns, rows)
        values = generator.standard_normal(stored, dtype=np.float32)
        return values if layout == "N" else values.T

    a = matrix(product.m, product.k, product.layout[0])
    b = matrix(product.k, product.n, product.layout[1])
    c = np.empty((product.m, product.n), np.float32)

    def run(count):
        for _ in range(count):
            np.matmul(a, b, out=c)

    return product_row(run, product)


def elementwise(function, low, high, dtype):
    x = generator.uniform(low, high, ELEMENTS).astype(dtype)
    y = np.empty_like(x)

    def run(count):
        for _ in range(count):
            function(x, out=y)

    return elements_row(run)


def normal():
    values = np.empty(ELEMENTS, np.float32)

    def run(count):
        for _ in range(count):
            generator.standard_normal(dtype=np.float32, out=values)

    return elements_row(run)


def total():
    x = generator.standard_normal(ELEMENTS, dtype=np.float32)

    def run(count):
        for _ in range(count):
            x.sum()

    return elements_row(run)


serve(
    f"NumPy {np.__version__}",
    {name: lambda product=product: matmul(product) for name, product in PRODUCTS.items()}
    | {
        "exp/float": lambda: elementwise(np.exp, -10, 10, np.float32),
        "exp/double": lambda: elementwise(np.exp, -10, 10, np.float64),
        "log/float": lambda: elementwise(np.log, 1e-3, 10, np.float32),
        "tanh/float": lambda: elementwise(np.tanh, -10, 10, np.float32),
        "normal/float": normal,
        "sum/float": total,
    }
)
