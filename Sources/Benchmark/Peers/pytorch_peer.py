# pip install torch
#
# Eager mode, with the fastest of its Adam implementations (fused) and results written in place.
from harness import ELEMENTS, PRIOR_SAMPLES, PRODUCTS, VAE_STEPS, Row
from harness import arguments, digit_batches, elements_row, product_row, serve

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCHES = 50
CHUNK = 1000

torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


def binary(*shape):
    return torch.randint(2, shape).float()


class VAE(nn.Module):
    def __init__(self, input, hidden, latent):
        super().__init__()
        self.encoder = nn.Linear(input, hidden)
        self.mean = nn.Linear(hidden, latent)
        self.log_variance = nn.Linear(hidden, latent)
        self.decoder = nn.Linear(latent, hidden)
        self.output = nn.Linear(hidden, input)

    def forward(self, x):
        """The negative evidence lower bound, in nats an image."""
        hidden = F.relu(self.encoder(x))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        logits = self.output(F.relu(self.decoder(z)))
        negative_reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl_divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
        return (negative_reconstruction + kl_divergence) / len(x)


def vae_step(vae):
    model = VAE(vae.input, vae.hidden, vae.latent)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    if vae.digits:
        count, pixels = digit_batches(vae.batch)
        pixels = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).float()
        batches = pixels.reshape(count, vae.batch, vae.input).unbind()
    else:
        batches = binary(BATCHES, vae.batch, vae.input).unbind()

    def run(count):
        for index in range(count):
            optimizer.zero_grad(set_to_none=True)
            model(batches[index % len(batches)]).backward()
            optimizer.step()

    return Row(run, vae.batch, "images/s")


def naive_monte_carlo():
    decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))
    x = binary(784)

    def log_probability():
        total = torch.tensor(-math.inf)
        for _ in range(PRIOR_SAMPLES // CHUNK):
            logits = decoder(torch.randn(CHUNK, 20))
            log_probabilities = logits @ x - F.softplus(logits).sum(1)
            total = torch.logaddexp(total, torch.logsumexp(log_probabilities, 0))
        return total - math.log(PRIOR_SAMPLES)

    @torch.inference_mode()
    def run(count):
        for _ in range(count):
            log_probability()

    return Row(run, PRIOR_SAMPLES, "samples/s")


def matmul(product):
    def matrix(rows, columns, layout):
        return torch.randn(rows, columns) if layout == "N" else torch.randn(columns, rows).T

    a = matrix(product.m, product.k, product.layout[0])
    b = matrix(product.k, product.n, product.layout[1])
    c = torch.empty(product.m, product.n)

    def run(count):
        for _ in range(count):
            torch.matmul(a, b, out=c)

    return product_row(run, product)


def elementwise(function, low=-10.0, high=10.0, dtype=torch.float32):
    x = torch.empty(ELEMENTS, dtype=dtype).uniform_(low, high)
    y = torch.empty_like(x)

    def run(count):
        for _ in range(count):
            function(x, out=y)

    return elements_row(run)


def softplus():
    x = torch.empty(ELEMENTS).uniform_(-10, 10)

    def run(count):
        for _ in range(count):
            F.softplus(x)

    return elements_row(run)


def normal():
    values = torch.empty(ELEMENTS)

    def run(count):
        for _ in range(count):
            values.normal_()

    return elements_row(run)


def total():
    x = torch.randn(ELEMENTS)

    def run(count):
        for _ in range(count):
            x.sum()

    return elements_row(run)


serve(
    f"PyTorch {torch.__version__}",
    {name: lambda vae=vae: vae_step(vae) for name, vae in VAE_STEPS.items()}
    | {name: lambda product=product: matmul(product) for name, product in PRODUCTS.items()}
    | {
        "exp/float": lambda: elementwise(torch.exp),
        "exp/double": lambda: elementwise(torch.exp, dtype=torch.float64),
        "log/float": lambda: elementwise(torch.log, low=1e-3),
        "tanh/float": lambda: elementwise(torch.tanh),
        "softplus/float": softplus,
        "sigmoid/float": lambda: elementwise(torch.sigmoid),
        "normal/float": normal,
        "sum/float": total,
        "naive-monte-carlo/decoder": naive_monte_carlo,
    }
)
