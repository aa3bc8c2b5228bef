"""The benchmarked networks in PyTorch, plainly written: same shapes as pathkernel's."""

from torch import nn
from torch.nn import functional as F


def fc(width=1000, inputs=784, classes=10, layers=6):
    sizes = [inputs] + [width] * (layers - 1)
    hidden = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
    return initialise(nn.Sequential(nn.Flatten(), *hidden, nn.Linear(width, classes)))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(outputs))
        self.linear = False

    def forward(self, x):
        relu = (lambda z: z) if self.linear else F.relu
        h = relu(self.bn1(self.conv1(x)))
        return relu(self.bn2(self.conv2(h)) + self.shortcut(x))


class ResNet20(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(16)
        plan = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
        self.blocks = nn.Sequential(*(Block(*step) for step in plan))
        self.fc = nn.Linear(64, classes)
        self.linear = False

    def forward(self, x):
        h = self.bn(self.conv(x))
        h = self.blocks(h if self.linear else F.relu(h))
        return self.fc(h.mean((2, 3)))


def resnet20():
    return initialise(ResNet20())


def vgg16(classes=10):
    plan = [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512]
    layers, channels = [], 3
    for step in plan:
        if step == 'M':
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, 1, 1), nn.BatchNorm2d(step), nn.ReLU()]
            channels = step
    return initialise(nn.Sequential(*layers, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(512, classes)))


def initialise(network):
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network


def kernels(network):
    return [m.weight for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]


class MaskedConv2d(nn.Conv2d):
    def forward(self, x):
        return self._conv_forward(x, self.weight_mask * self.weight, self.bias)


class MaskedLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, self.weight_mask * self.weight, self.bias)


MASKED = {nn.Conv2d: MaskedConv2d, nn.Linear: MaskedLinear}


def apply_masks(network, masks):
    """Multiplies weights by masks, one for each kernel in order, in every way forward, as published code of pruning does."""
    modules = [m for m in network.modules() if type(m) in MASKED]
    for module, mask in zip(modules, masks, strict=True):
        assert mask.shape == module.weight.shape, (mask.shape, module)
        module.register_buffer('weight_mask', mask)
        module.__class__ = MASKED[type(module)]


def make_linear(network):
    """Takes the ReLUs out, as the linear passes need."""
    for module in network.modules():
        if hasattr(module, 'linear'):
            module.linear = True
        for name, child in list(module.named_children()):
            if isinstance(child, nn.ReLU):
                setattr(module, name, nn.Identity())
    return network
