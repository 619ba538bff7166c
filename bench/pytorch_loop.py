#!/usr/bin/env python3
"""The published training step as a plain PyTorch loop: what kedge's speed is compared with.

    pytorch_loop.py [--recipe 2.4.1|2.9.1|all] [--warmup N] [--steps N] [--seed N]

Written as one would write it in PyTorch without tuning: modules, autograd, torch.optim.Adam, the learning rate and
the weights looked up per step, labels drawn per sample and visit. One thread. Prints one JSON object, with
milliseconds per step of each recipe; where PyTorch is not installed it says so and ends with status 0.
"""
import argparse
import json
import sys
import time

try:
    import torch
except ImportError:
    print(json.dumps({'skipped': 'PyTorch is not installed'}))
    sys.exit(0)

from torch import nn

UPDATES = 1501
BATCH = 64
HIDDEN = 16
CLOSE = 1e-8 + 1e-5  # pairs whose cosine is this near to 1 count as one colour drawn twice

LEARNING_RATE = ((0, 1e-8), (10, 0.01), (750, 0.1), (1425, 0.1), (1500, 0.05))
RECIPES = {
    '2.4.1': {
        'latent': 4, 'layers': 1,
        'separate': ((750, 0.01), (1425, 0)),
        'anchor': ((0, 0.01), (750, 0.1), (1425, 0)),
        'subspace': ((0, 0.01), (375, 0.1), (1125, 0.1), (1425, 0)),
    },
    '2.9.1': {
        'latent': 5, 'layers': 2,
        'separate': ((248, 0.01), (750, 0.001), (1425, 0)),
        'anchor': ((0, 0), (248, 0.1), (750, 0.1), (1425, 0)),
        'anti-anchor': ((0, 0), (248, 0.05), (1425, 0)),
        'anti-subspace': ((0, 0.25), (750, 0.003), (1425, 0)),
    },
}


def keyed(keys, step):
    """Minimum jerk between keys, constant outside."""
    if step <= keys[0][0]:
        return keys[0][1]
    for (t0, v0), (t1, v1) in zip(keys, keys[1:]):
        if step < t1:
            u = (step - t0) / (t1 - t0)
            return v0 + (v1 - v0) * u ** 3 * (10 + u * (6 * u - 15))
    return keys[-1][1]


class Autoencoder(nn.Module):
    def __init__(self, latent, layers):
        super().__init__()
        self.encoder = nn.Sequential(*self.stack(3, latent, layers))
        self.decoder = nn.Sequential(*self.stack(latent, 3, layers))

    @staticmethod
    def stack(n_in, n_out, layers):
        modules, width = [], n_in
        for _ in range(layers):
            modules += [nn.Linear(width, HIDDEN), nn.GELU()]
            width = HIDDEN
        return modules + [nn.Linear(width, n_out)]

    def forward(self, x):
        z = nn.functional.normalize(self.encoder(x), dim=1, eps=1e-12)
        return z, self.decoder(z)


def labelled_mean(loss, label):
    return (label * loss).sum() / (label.sum() + 1e-8)


def separate(z):
    """Sum over pairs of ((cos + 1) / 2)^100, near-duplicates and the diagonal masked before the shift."""
    e = z / (z.norm(dim=1, keepdim=True) + 1e-8)
    cosine = e @ e.T
    cosine = torch.where((cosine - 1).abs() <= CLOSE, torch.zeros_like(cosine), cosine)
    return (((cosine + 1) / 2) ** 100).sum(dim=1).mean()


class Terms:
    """The regularizers by name; each is called with the latents and the labels of the batch."""

    def __init__(self, latent):
        self.direction = torch.zeros(latent)
        self.direction[0] = 1

    def cosine(self, z):
        return nn.functional.cosine_similarity(z, self.direction.expand_as(z), dim=1)

    def losses(self):
        return {
            'separate': lambda z, red, vibrant: separate(z),
            'anchor': lambda z, red, vibrant: labelled_mean(1 - self.cosine(z), red),
            'subspace': lambda z, red, vibrant: labelled_mean((z[:, 2:] ** 2).sum(dim=1), vibrant),
            'anti-anchor': lambda z, red, vibrant: torch.relu(-self.cosine(z)).mean(),
            'anti-subspace': lambda z, red, vibrant: (z[:, :1] ** 2).sum(dim=1).mean(),
        }


def colours():
    """The 512 colours of the grid, with the label rates of red and vibrant."""
    level = torch.linspace(0, 1, 8)
    grid = torch.cartesian_prod(level, level, level)
    redness = grid[:, 0] * (1 - grid[:, 1] / 2 - grid[:, 2] / 2)
    vibrancy = grid.max(dim=1).values - grid.min(dim=1).values
    return grid, 0.08 * redness ** 8, 0.01 * vibrancy ** 10


def train(recipe, first, count, seed):
    """Trains 'first' + 'count' steps; returns seconds of the last 'count', and the last loss."""
    torch.manual_seed(seed)
    grid, rate_red, rate_vibrant = colours()
    model = Autoencoder(recipe['latent'], recipe['layers'])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-8)
    losses = {name: loss for name, loss in Terms(recipe['latent']).losses().items() if name in recipe}
    began = time.perf_counter()
    for i in range(first + count):
        if i == first:
            began = time.perf_counter()
        step = min(i % UPDATES, UPDATES - 2)
        optimizer.param_groups[0]['lr'] = keyed(LEARNING_RATE, step)
        index = torch.randint(len(grid), (BATCH,))
        x = grid[index]
        red = (torch.rand(BATCH) < rate_red[index]).float()
        vibrant = (torch.rand(BATCH) < rate_vibrant[index]).float()
        z, y = model(x)
        total = nn.functional.mse_loss(y, x)
        for name, loss in losses.items():
            weight = keyed(recipe[name], step)
            if weight != 0:
                total = total + weight * loss(z, red, vibrant)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    return time.perf_counter() - began, total.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--recipe', choices=[*RECIPES, 'all'], default='all')
    parser.add_argument('--warmup', type=int, default=100, metavar='N', help='steps before the clock starts')
    parser.add_argument('--steps', type=int, default=UPDATES - 100, metavar='N', help='steps that are timed')
    parser.add_argument('--seed', type=int, default=0, metavar='N')
    arguments = parser.parse_args()
    if arguments.warmup < 0 or arguments.steps < 1:
        parser.error('--warmup must not be negative, --steps at least 1')
    torch.set_num_threads(1)
    result = {'torch': torch.__version__, 'threads': torch.get_num_threads(), 'batch': BATCH,
              'warmup': arguments.warmup, 'steps': arguments.steps, 'ms_per_step': {}, 'last_loss': {}}
    for name, recipe in RECIPES.items():
        if arguments.recipe in (name, 'all'):
            seconds, loss = train(recipe, arguments.warmup, arguments.steps, arguments.seed)
            result['ms_per_step'][name] = round(1000 * seconds / arguments.steps, 4)
            result['last_loss'][name] = loss
    print(json.dumps(result))


if __name__ == '__main__':
    main()
