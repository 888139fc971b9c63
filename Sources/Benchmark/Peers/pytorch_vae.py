# The VAE of chapter 5 in PyTorch: the same digits, model, initialisation and optimiser, so that the
# learning curves can be compared.
#
# pip install torch
# python pytorch_vae.py --epochs 60
import argparse
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

INPUT, HIDDEN, LATENT, BATCH = 784, 400, 20, 128
IMAGES = Path(__file__).parent / "../../Datasets/Resources/mnist5k-images-idx3-ubyte"
IDX_HEADER_BYTES = 16


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, HIDDEN)
        self.mean = nn.Linear(HIDDEN, LATENT)
        self.log_variance = nn.Linear(HIDDEN, LATENT)
        self.decoder = nn.Linear(LATENT, HIDDEN)
        self.output = nn.Linear(HIDDEN, INPUT)
        for layer in self.children():
            nn.init.zeros_(layer.bias)
        for layer in [self.encoder, self.decoder]:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        for layer in [self.mean, self.log_variance, self.output]:
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, x):
        """log P(x|z) and the KL divergence, in nats, each summed over a batch of images."""
        hidden = F.relu(self.encoder(x))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        logits = self.output(F.relu(self.decoder(z)))
        reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl_divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
        return reconstruction, kl_divergence


def train(model, optimizer, images):
    total = 0.0
    for x in torch.bernoulli(images[torch.randperm(len(images))]).split(BATCH):
        optimizer.zero_grad(set_to_none=True)
        reconstruction, kl_divergence = model(x)
        loss = (kl_divergence - reconstruction) / len(x)
        loss.backward()
        optimizer.step()
        total -= loss.item() * len(x)
    return total / len(images)


@torch.inference_mode()
def evaluate(model, images, repeats=10):
    """Reconstruction and KL in nats an image, averaged over fresh binarisations and noise."""
    totals = torch.zeros(2)
    for _ in range(repeats):
        totals += torch.stack(model(torch.bernoulli(images)))
    return (totals / (repeats * len(images))).tolist()


parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=60)
parser.add_argument("--every", type=int, default=1, help="epochs between two lines")
parser.add_argument("--learning-rate", type=float, default=1e-3)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()

torch.set_num_threads(arguments.threads)
torch.manual_seed(arguments.seed)
pixels = torch.frombuffer(bytearray(IMAGES.read_bytes()), dtype=torch.uint8)[IDX_HEADER_BYTES:]
images = pixels.reshape(-1, INPUT).float() / 255
training, test = images[:4500], images[4500:]
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=arguments.learning_rate, fused=True)

print("epoch  train ELBO  test ELBO  reconstruction     KL  seconds")
seconds = 0.0
for epoch in range(1, arguments.epochs + 1):
    start = time.perf_counter()
    train_elbo = train(model, optimizer, training)
    seconds += time.perf_counter() - start
    if epoch % arguments.every == 0 or epoch == arguments.epochs:
        reconstruction, kl = evaluate(model, test)
        print(
            f"{epoch:5}  {train_elbo:10.2f}  {reconstruction - kl:9.2f}  "
            f"{reconstruction:14.2f}  {kl:5.2f}  {seconds:7.2f}",
            flush=True,
        )
