# Wrote adam.json: python adam.py > adam.json (pip install torch)
#
# Ten steps of PyTorch's Adam, and of its SGD with momentum, along gradients given in advance, in float64.
import json
import platform
import re

import torch

STEPS = 10
torch.set_default_dtype(torch.float64)
torch.manual_seed(7)

start = (torch.randn(7) * 1000).round() / 1000
# The scales make Adam's epsilon visible (1e-8), its indifference to scale (1e3) and a gradient of 0.
scales = torch.tensor([1e-8, 1e-3, 0.1, 1, 10, 1e3, 0])
gradients = (torch.randn(STEPS, 7) * 1000).round() / 1000 * scales + 0.0


def run(optimizer, **settings):
    parameters = start.clone().requires_grad_()
    optimizer = optimizer([parameters], **settings)
    after = []
    for gradient in gradients:
        parameters.grad = gradient.clone()
        optimizer.step()
        after.append(parameters.tolist())
    return after


comment = (
    "Parameters after each of 10 steps along the given gradients, float64. adam: learning rate 0.01, "
    "beta1 0.9, beta2 0.999, epsilon 1e-8 (added outside the square root). sgd: learning rate 0.01, "
    "momentum 0.9 in PyTorch's convention: velocity = momentum * velocity + gradient, parameters -= "
    "learningRate * velocity. Numbers are the shortest decimals that read back to the same double. "
    f"Written by adam.py with PyTorch {torch.__version__.split('+')[0]}, Python "
    f"{platform.python_version()}."
)
result = {
    "comment": comment,
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "adam": run(torch.optim.Adam, lr=0.01, betas=(0.9, 0.999), eps=1e-8),
    "sgd": run(torch.optim.SGD, lr=0.01, momentum=0.9),
}
text = json.dumps(result, indent=1)
# One line an array of numbers.
text = re.sub(r"(?<=\[)\s+(?=[\d-])|(?<=\d)\s+(?=\])", "", text)
print(re.sub(r"(?<=\d,)\s+(?=[\d-])", " ", text))
