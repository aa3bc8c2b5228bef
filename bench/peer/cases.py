"""Each kind of case in PyTorch: a function that prepares, and returns what one repetition does."""

from functools import partial

import torch
from torch.func import functional_call, jacrev, vmap
from torch.nn import functional as F

from networks import apply_masks, fc, kernels, make_linear, resnet20, vgg16
from read_tensors import read_tensors

SHAPES = {'fc-100': (1, 28, 28), 'fc-1000': (1, 28, 28), 'resnet20': (3, 32, 32), 'vgg16-bn': (3, 32, 32)}
NETWORKS = {'fc-100': partial(fc, 100), 'fc-1000': fc, 'resnet20': resnet20, 'vgg16-bn': vgg16}


# Whether networks are trained compiled; main.py sets it.
COMPILES = False


def examples(name, size):
    torch.manual_seed(1)
    return torch.randn(size, *SHAPES[name]), torch.arange(size) % 10


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)


OPTIMISERS = {'momentum': momentum, 'adam': torch.optim.Adam}


def train(network, batch, optimiser, mask=None):
    images, labels = examples(network, batch)
    network = NETWORKS[network]()
    if mask:
        apply_masks(network, read_tensors(mask).values())
    step_with = OPTIMISERS[optimiser](network.parameters())
    if COMPILES:
        network = torch.compile(network)

    def repeat():
        step_with.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        step_with.step()
        loss.item()

    return repeat


def synflow(network, iterations=100, density=0.01):
    ones = torch.ones(1, *SHAPES[network])
    network = make_linear(NETWORKS[network]()).eval()
    weights = kernels(network)
    original = [w.detach().clone() for w in weights]

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


def trace(network):
    ones = torch.ones(1, *SHAPES[network])
    network = make_linear(NETWORKS[network]()).eval()
    weights = kernels(network)
    original = [w.detach().clone() for w in weights]

    def repeat():
        with torch.no_grad():
            for w, o in zip(weights, original):
                torch.mul(o, o, out=w)
        network.zero_grad()
        network(ones).sum().backward()
        sum(w.grad.sum() for w in weights).item()

    return repeat


def grasp(network, batch):
    images, labels = examples(network, batch)
    network = NETWORKS[network]()  # in training mode, as GraSP's own code and ours
    weights = kernels(network)

    def repeat():
        loss = F.cross_entropy(network(images) / 200, labels)
        gradients = torch.autograd.grad(loss, weights, create_graph=True)
        inner = sum((g.detach() * g).sum() for g in gradients)
        products = torch.autograd.grad(inner, weights)
        scores = torch.cat([(w.detach() * h).flatten() for w, h in zip(weights, products)])
        scores.sum().item()

    return repeat


def ntk(network, images, outputs):
    # torch.func's own recipe (its tutorial on neural tangent kernels): the Jacobian of each image, contracted.
    x, _ = examples(network, images)
    network = NETWORKS[network]().eval()
    weights = {name: p.detach() for name, p in network.named_parameters() if p.dim() > 1}
    rest = {name: p.detach() for name, p in network.named_parameters() if p.dim() == 1} | dict(network.named_buffers())

    def single(weights, x):
        return functional_call(network, {**weights, **rest}, (x[None],))[0]

    sums = {'full': 'Naf,Mbf->NMab', 'trace': 'Naf,Maf->NM'}[outputs]

    def repeat():
        jacobians = vmap(jacrev(single), (None, 0))(weights, x)
        flat = [j.flatten(2) for j in jacobians.values()]
        sum(torch.einsum(sums, j, j) for j in flat).sum().item()

    return repeat


KINDS = {'ntk': ntk, 'train': train, 'synflow': synflow, 'trace': trace, 'grasp': grasp}
