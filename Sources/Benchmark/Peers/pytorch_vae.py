# The VAE of chapter 5 in PyTorch: the same images, model, initialisation and optimiser, so that the
# learning curves can be compared.
#
# pip install torch
# python pytorch_vae.py --epochs 60
# python pytorch_vae.py --epochs 10 --data /usr/share/datasets/fashion-mnist
import argparse
import gzip
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

INPUT, HIDDEN, LATENT, BATCH = 784, 400, 20, 128
DIGITS = Path(__file__).parent / "../../Datasets/Resources/mnist5k-images-idx3-ubyte"
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


def read(path):
    """The images of an IDX file, gzipped or not, as rows of numbers from 0 to 1."""
    file = gzip.open(path) if path.suffix == ".gz" else open(path, "rb")
    with file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[IDX_HEADER_BYTES:]
    return pixels.reshape(-1, INPUT).float() / 255


def load(folder):
    """Images to learn from and to test with: the embedded digits, or the 28 × 28 images of a folder."""
    if folder is None:
        images = read(DIGITS)
        return images[:4500], images[4500:]
    return [read(next(folder.glob(f"{part}-images*"))) for part in ["train", "t10k"]]


parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, help="a folder of IDX files; by default the digits")
parser.add_argument("--epochs", type=int, default=60)
parser.add_argument("--every", type=int, default=1, help="epochs between two lines")
parser.add_argument("--learning-rate", type=float, default=1e-3)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()

torch.set_num_threads(arguments.threads)
torch.manual_seed(arguments.seed)
training, test = load(arguments.data)
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
