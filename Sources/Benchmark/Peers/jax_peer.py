# pip install jax
#
# Every row is one jitted function called from Python, its training state donated. The VAE rows with
# the suffix /scan run 50 steps in one call instead: they show what the calls themselves cost.
from harness import ELEMENTS, PRIOR_SAMPLES, PRODUCTS, VAE_STEPS, Row
from harness import digit_batches, elements_row, product_row, serve

import jax
import jax.numpy as jnp
import numpy as np

BATCHES = 50
CHUNK = 1000
BETA1, BETA2, EPSILON, LEARNING_RATE = 0.9, 0.999, 1e-8, 1e-3


def keys():
    key = jax.random.key(0)
    while True:
        key, subkey = jax.random.split(key)
        yield subkey


keys = keys()


def repeat(function, *inputs):
    function = jax.jit(function)

    def run(count):
        for _ in range(count):
            result = function(*inputs)
        result.block_until_ready()

    return run


def softplus(x):
    """In the decoder about 10 % faster than jax.nn.softplus, which is logaddexp(x, 0)."""
    return jnp.maximum(x, 0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


def dense(inputs, outputs):
    weight = jax.random.normal(next(keys), (inputs, outputs)) * (2 / inputs) ** 0.5
    return {"weight": weight, "bias": jnp.zeros(outputs)}


def apply(layer, x):
    return x @ layer["weight"] + layer["bias"]


def binary(*shape):
    return jax.random.bernoulli(next(keys), 0.5, shape).astype(jnp.float32)


def loss(parameters, x, key):
    hidden = jax.nn.relu(apply(parameters["encoder"], x))
    mean = apply(parameters["mean"], hidden)
    log_variance = apply(parameters["log_variance"], hidden)
    z = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
    logits = apply(parameters["output"], jax.nn.relu(apply(parameters["decoder"], z)))
    reconstruction = (x * logits - softplus(logits)).sum()
    kl_divergence = 0.5 * (mean**2 + jnp.exp(log_variance) - 1 - log_variance).sum()
    return (kl_divergence - reconstruction) / len(x)


def adam_step(state, x):
    parameters, first, second, step, key = state
    key, noise = jax.random.split(key)
    gradient = jax.grad(loss)(parameters, x, noise)
    step += 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradient)
    rate, scale = LEARNING_RATE / (1 - BETA1**step), 1 / (1 - BETA2**step)
    parameters = jax.tree.map(
        lambda p, m, v: p - rate * m / (jnp.sqrt(scale * v) + EPSILON), parameters, first, second
    )
    return parameters, first, second, step, key


def vae_step(vae, scan):
    parameters = {
        "encoder": dense(vae.input, vae.hidden),
        "mean": dense(vae.hidden, vae.latent),
        "log_variance": dense(vae.hidden, vae.latent),
        "decoder": dense(vae.latent, vae.hidden),
        "output": dense(vae.hidden, vae.input),
    }
    zeros = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)]
    state = (parameters, *zeros, jnp.float32(0), next(keys))
    if vae.digits:
        count, pixels = digit_batches(vae.batch)
        batches = jnp.asarray(np.frombuffer(pixels, np.uint8).astype(np.float32))
        batches = batches.reshape(count, vae.batch, vae.input)
    else:
        batches = binary(BATCHES, vae.batch, vae.input)
    if scan:
        steps = jax.jit(
            lambda state, xs: jax.lax.scan(lambda s, x: (adam_step(s, x), None), state, xs)[0],
            donate_argnums=0,
        )
        arguments = [batches]
    else:
        steps = jax.jit(adam_step, donate_argnums=0)
        arguments = list(batches)

    def run(count):
        nonlocal state
        for index in range(count):
            state = steps(state, arguments[index % len(arguments)])
        jax.block_until_ready(state)

    return Row(run, vae.batch * (len(batches) if scan else 1), "images/s")


def naive_monte_carlo():
    hidden, output, x = dense(20, 400), dense(400, 784), binary(784)

    def chunk(key):
        z = jax.random.normal(key, (CHUNK, 20))
        logits = apply(output, jax.nn.relu(apply(hidden, z)))
        return jax.nn.logsumexp((x * logits - softplus(logits)).sum(1))

    def log_probability(key):
        def add(total, key):
            return jnp.logaddexp(total, chunk(key)), None

        chunks = jax.random.split(key, PRIOR_SAMPLES // CHUNK)
        return jax.lax.scan(add, -jnp.inf, chunks)[0] - jnp.log(PRIOR_SAMPLES)

    return Row(repeat(log_probability, next(keys)), PRIOR_SAMPLES, "samples/s")


def matmul(product):
    m, n, k = product.m, product.n, product.k
    a = jax.random.normal(next(keys), (m, k) if product.layout[0] == "N" else (k, m))
    b = jax.random.normal(next(keys), (k, n) if product.layout[1] == "N" else (n, k))
    function = {
        "NN": lambda a, b: a @ b,
        "TN": lambda a, b: a.T @ b,
        "NT": lambda a, b: a @ b.T,
    }[product.layout]
    return product_row(repeat(function, a, b), product)


def elementwise(function, low=-10.0, high=10.0):
    x = jax.random.uniform(next(keys), ELEMENTS, minval=low, maxval=high)
    return elements_row(repeat(function, x))


def exp_double():
    with jax.enable_x64(True):
        x = jax.random.uniform(next(keys), ELEMENTS, jnp.float64, minval=-10, maxval=10)
        run = repeat(jnp.exp, x)

    def run_with_doubles(count):
        with jax.enable_x64(True):
            run(count)

    return elements_row(run_with_doubles)


def normal():
    return elements_row(repeat(lambda key: jax.random.normal(key, ELEMENTS), next(keys)))


serve(
    f"JAX {jax.__version__}",
    {name: lambda vae=vae: vae_step(vae, scan=False) for name, vae in VAE_STEPS.items()}
    | {f"{name}/scan": lambda vae=vae: vae_step(vae, scan=True) for name, vae in VAE_STEPS.items()}
    | {name: lambda product=product: matmul(product) for name, product in PRODUCTS.items()}
    | {
        "exp/float": lambda: elementwise(jnp.exp),
        "exp/double": exp_double,
        "log/float": lambda: elementwise(jnp.log, low=1e-3),
        "tanh/float": lambda: elementwise(jnp.tanh),
        "softplus/float": lambda: elementwise(softplus),
        "sigmoid/float": lambda: elementwise(jax.nn.sigmoid),
        "normal/float": normal,
        "sum/float": lambda: elementwise(jnp.sum),
        "naive-monte-carlo/decoder": naive_monte_carlo,
    }
)
