# Wrote vae.json: python vae.py > vae.json (pip install torch)
#
# A 6-5-3-5-6 variational autoencoder in float64, with PyTorch's autograd as the referee. Weights are
# [inputSize, outputSize], so a layer is x @ weight + bias. log P(x|z) is summed over pixels and the KL
# divergence over latents, in nats; both are averaged over images.
import json
import math
import platform
import re

import torch
import torch.nn.functional as F

BATCH, INPUT, HIDDEN, LATENT = 4, 6, 5, 3
SEED = 7532  # the first for which forward's assertions hold
torch.set_default_dtype(torch.float64)
torch.manual_seed(SEED)


def short(tensor):
    """Three decimals are enough variety, and a person can read them."""
    return (tensor * 1000).round() / 1000


def linear(name, inputs, outputs):
    return {
        f"{name}.weight": short(torch.randn(inputs, outputs) * 0.7),
        f"{name}.bias": short(torch.randn(outputs) * 0.3),
    }


def weights():
    return {
        **linear("encoder.hidden.0", INPUT, HIDDEN),
        **linear("encoder.mean", HIDDEN, LATENT),
        **linear("encoder.logVariance", HIDDEN, LATENT),
        **linear("decoder.hidden.0", LATENT, HIDDEN),
        **linear("decoder.output", HIDDEN, INPUT),
    }


def layer(parameters, name, x):
    return x @ parameters[f"{name}.weight"] + parameters[f"{name}.bias"]


def forward(parameters, x, epsilon):
    encoded = layer(parameters, "encoder.hidden.0", x)
    mean = layer(parameters, "encoder.mean", F.relu(encoded))
    log_variance = layer(parameters, "encoder.logVariance", F.relu(encoded))
    z = mean + torch.exp(0.5 * log_variance) * epsilon
    decoded = layer(parameters, "decoder.hidden.0", z)
    output = layer(parameters, "decoder.output", F.relu(decoded))
    if "decoder.logVariance" in parameters:
        noise = parameters["decoder.logVariance"]
        pixels = -0.5 * (math.log(2 * math.pi) + noise + (x - output) ** 2 / torch.exp(noise))
    else:
        pixels = -F.binary_cross_entropy_with_logits(output, x, reduction="none")
    for hidden in [encoded, decoded]:
        # The gradient on the ReLU's kink is a matter of convention, and a unit that is always off
        # (or always on) tests nothing.
        assert hidden.abs().min() > 1e-2
        assert (hidden > 0).any(0).all() and (hidden < 0).any(0).all()
    return {
        "mean": mean,
        "logVariance": log_variance,
        "z": z,
        "output": output,
        "reconstruction": pixels.sum(1),
        "klDivergence": 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1),
    }


def array(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def arrays(tensors):
    return {name: array(tensor) for name, tensor in tensors.items()}


def case(parameters, x):
    epsilon = short(torch.randn(BATCH, LATENT))
    values = forward(parameters, x, epsilon)
    losses = []
    for beta in [1.0, 0.5]:
        leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
        result = forward(leaves, x, epsilon)
        loss = -(result["reconstruction"] - beta * result["klDivergence"]).mean()
        loss.backward()
        gradients = {name: leaf.grad for name, leaf in leaves.items()}
        losses.append({"beta": beta, "value": loss.item(), "gradients": arrays(gradients)})
    return {
        "x": array(x),
        "epsilon": array(epsilon),
        "parameters": arrays(parameters),
        **arrays(values),
        "evidenceLowerBound": (values["reconstruction"] - values["klDivergence"]).mean().item(),
        "losses": losses,
    }


bernoulli = case(weights(), (torch.rand(BATCH, INPUT) < 0.5).double())
noisy = {**weights(), "decoder.logVariance": torch.tensor([-0.7])}
gaussian = case(noisy, short(torch.rand(BATCH, INPUT)))

comment = (
    "A 6-5-3-5-6 VAE with ReLU hidden layers, batch 4, float64. Weights are [inputSize, outputSize]; "
    "arrays are row-major. output: logits (bernoulli) or pixel means (gaussian, with one log variance "
    "for all pixels). reconstruction = log P(x|z) summed over pixels, klDivergence summed over "
    "latents, both per image, in nats; evidenceLowerBound and losses are means over images, loss = "
    "-(reconstruction - beta * klDivergence). Numbers are the shortest decimals that read back to "
    f"the same double. Written by vae.py with PyTorch {torch.__version__.split('+')[0]}, Python "
    f"{platform.python_version()}."
)
text = json.dumps({"comment": comment, "bernoulli": bernoulli, "gaussian": gaussian}, indent=1)
# One line an array of numbers.
text = re.sub(r"(?<=\[)\s+(?=[\d-])|(?<=\d)\s+(?=\])", "", text)
print(re.sub(r"(?<=\d,)\s+(?=[\d-])", " ", text))
