"""Each benchmark case in PyTorch: a function that prepares, and returns what one repetition does."""

from functools import partial

import torch
from torch.nn import functional as F

from networks import fc, kernels, make_linear, resnet20, vgg16

SHAPES = {'fc-100': (1, 28, 28), 'fc-1000': (1, 28, 28), 'resnet20': (3, 32, 32), 'vgg16-bn': (3, 32, 32)}
NETWORKS = {'fc-100': partial(fc, 100), 'fc-1000': fc, 'resnet20': resnet20, 'vgg16-bn': vgg16}


# Whether networks are trained compiled; main.py sets it.
COMPILES = False


def batch(name, size):
    torch.manual_seed(1)
    return torch.randn(size, *SHAPES[name]), torch.arange(size) % 10


def train_step(name, size, optimiser):
    network = NETWORKS[name]()
    images, labels = batch(name, size)
    step_with = optimiser(network.parameters())
    if COMPILES:
        network = torch.compile(network)

    def repeat():
        step_with.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        step_with.step()
        loss.item()

    return repeat


def synflow(name, iterations=100, density=0.01):
    network = make_linear(NETWORKS[name]()).eval()
    weights = kernels(network)
    original = [w.detach().clone() for w in weights]
    ones = torch.ones(1, *SHAPES[name])

    def repeat():
        masks = [torch.ones_like(w) for w in weights]
        for i in range(iterations):
            with torch.no_grad():
                for w, o, m in zip(weights, original, masks):
                    w.copy_(o.abs().mul_(m))
            network.zero_grad()
            network(ones).sum().backward()
            scores = torch.cat([(w.grad * w.detach()).abs().flatten() for w in weights])
            cut = int((1 - density ** ((i + 1) / iterations)) * scores.numel())
            if cut < 1:
                continue
            threshold = scores.kthvalue(cut).values
            offset = 0
            for m in masks:
                m.copy_((scores[offset : offset + m.numel()] > threshold).view_as(m))
                offset += m.numel()

    return repeat


def trace(name):
    network = make_linear(NETWORKS[name]()).eval()
    weights = kernels(network)
    original = [w.detach().clone() for w in weights]
    ones = torch.ones(1, *SHAPES[name])

    def repeat():
        with torch.no_grad():
            for w, o in zip(weights, original):
                torch.mul(o, o, out=w)
        network.zero_grad()
        network(ones).sum().backward()
        sum(w.grad.sum() for w in weights).item()

    return repeat


def grasp(name, size):
    network = NETWORKS[name]()  # in training mode, as GraSP's own code and ours
    weights = kernels(network)
    images, labels = batch(name, size)

    def repeat():
        loss = F.cross_entropy(network(images) / 200, labels)
        gradients = torch.autograd.grad(loss, weights, create_graph=True)
        inner = sum((g.detach() * g).sum() for g in gradients)
        products = torch.autograd.grad(inner, weights)
        scores = torch.cat([(w.detach() * h).flatten() for w, h in zip(weights, products)])
        scores.sum().item()

    return repeat


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)


CASES = {
    'train-resnet20': lambda: train_step('resnet20', 128, momentum),
    'train-vgg16-bn': lambda: train_step('vgg16-bn', 128, momentum),
    'train-fc-100': lambda: train_step('fc-100', 64, torch.optim.Adam),
    'train-fc-1000': lambda: train_step('fc-1000', 64, torch.optim.Adam),
    'synflow-resnet20': lambda: synflow('resnet20'),
    'synflow-vgg16': lambda: synflow('vgg16-bn'),
    'trace-resnet20': lambda: trace('resnet20'),
    'trace-vgg16': lambda: trace('vgg16-bn'),
    'grasp-resnet20': lambda: grasp('resnet20', 256),
}
