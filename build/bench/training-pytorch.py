"""PyTorch beside the engines, for `npm run bench -- training --against pytorch`.

    python3 training-pytorch.py FOLDER    (FOLDER: MNIST's four files)

Speaks the protocol of training-contender.ts: lines of JSON in, one line out for each. Two engines share a process:
'pytorch' is what a tutorial writes (contiguous tensors, Adam as it comes); 'pytorch-tuned' has channels_last and the
fused Adam. One thread; images are on the scale 0 .. 1 in memory before anything is measured, and a batch is gathered by
its indices. Weights start anew in every run, so that no run meets the tiny gradients of a model that has learnt all.
"""

import json
import sys
import time
from pathlib import Path

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as missing:
    print(json.dumps({"failed": f"no module {missing.name}"}), flush=True)
    sys.exit(0)

WITHOUT_TRAINING = 100  # images at a time in evaluation and of one input gradient

ACTIVATIONS = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "softsign": nn.Softsign,
    "swish": nn.SiLU,
    "gelu": nn.GELU,
    "mish": nn.Mish,
}


def pair(value):
    return tuple(value) if isinstance(value, list) else (value, value)


class Merge(nn.Module):
    """Layers with several inputs, value by value or along the channels."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, first, *others):
        if self.kind == "Concatenate":
            return torch.cat((first, *others), dim=1)
        for other in others:
            first = first * other if self.kind == "Multiply" else first + other
        return first / (1 + len(others)) if self.kind == "Average" else first


class ChannelNorm(nn.Module):
    """LayerNormalization of the last axis: on maps [batch, channels, rows, columns] that is the channels."""

    def __init__(self, size, epsilon):
        super().__init__()
        self.norm = nn.LayerNorm(size, eps=epsilon)

    def forward(self, values):
        if values.dim() == 2:
            return self.norm(values)
        return self.norm(values.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class GlobalPool(nn.Module):
    def __init__(self, largest):
        super().__init__()
        self.largest = largest

    def forward(self, values):
        return values.amax(dim=(2, 3)) if self.largest else values.mean(dim=(2, 3))


def same_padding(shape, window, strides):
    """(left, right, top, bottom) as TensorFlow pads: the odd pixel at the end."""
    sides = []
    for size, length, stride in zip(reversed(shape[1:]), reversed(window), reversed(strides)):
        total = max((-(-size // stride) - 1) * stride + length - size, 0)
        sides += [total // 2, total - total // 2]
    return tuple(sides)


def windowed(config, shape, window, strides, build, value=0.0):
    """build(padding), with a padding layer in front where PyTorch's own, alike on both sides, is not what is meant."""
    if config.get("padding", "valid") != "same":
        return build(0)
    left, right, top, bottom = same_padding(shape, window, strides)
    if left == right and top == bottom:
        return build((top, left))
    return nn.Sequential(nn.ConstantPad2d((left, right, top, bottom), value), build(0))


def convolution(config, shape, filters, groups=1):
    kernel, strides = pair(config["kernel_size"]), pair(config.get("strides", 1))
    return windowed(
        config,
        shape,
        kernel,
        strides,
        lambda padding: nn.Conv2d(
            shape[0], filters, kernel, strides, padding, groups=groups, bias=config.get("use_bias", True)
        ),
    )


def separable(config, shape):
    depth = shape[0] * config.get("depth_multiplier", 1)
    first = convolution({**config, "use_bias": False}, shape, depth, groups=shape[0])
    return nn.Sequential(first, nn.Conv2d(depth, config["filters"], 1, bias=config.get("use_bias", True)))


def max_pooling(config, shape):
    window = pair(config.get("pool_size", 2))
    strides = pair(config.get("strides") or window)
    return windowed(
        config, shape, window, strides, lambda padding: nn.MaxPool2d(window, strides, padding), float("-inf")
    )


def average_pooling(config, shape):
    window = pair(config.get("pool_size", 2))
    strides = pair(config.get("strides") or window)
    if config.get("padding", "valid") != "same":
        return nn.AvgPool2d(window, strides)
    left, right, top, bottom = same_padding(shape, window, strides)
    # What hangs over the end is left out of the mean, as what is padded is.
    return nn.AvgPool2d(
        window, strides, (top, left), ceil_mode=(left, top) != (right, bottom), count_include_pad=False
    )


def build_layer(kind, config, shape):
    """shape: of the first input, without the batch, channels first."""
    if kind == "Dense":
        return nn.Linear(shape[0], config["units"], bias=config.get("use_bias", True))
    if kind == "Conv2D":
        return convolution(config, shape, config["filters"])
    if kind == "DepthwiseConv2D":
        return convolution(config, shape, shape[0] * config.get("depth_multiplier", 1), groups=shape[0])
    if kind == "SeparableConv2D":
        return separable(config, shape)
    if kind == "MaxPooling2D":
        return max_pooling(config, shape)
    if kind == "AveragePooling2D":
        return average_pooling(config, shape)
    if kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        return GlobalPool(kind == "GlobalMaxPooling2D")
    if kind == "Flatten":
        return nn.Flatten()
    if kind == "Dropout":
        return nn.Dropout(config["rate"])
    if kind in ("Activation", "Softmax"):
        return nn.Identity()
    if kind == "ReLU":
        return nn.ReLU6() if config.get("max_value") == 6 else nn.ReLU()
    if kind == "ELU":
        return nn.ELU()
    if kind == "LeakyReLU":
        return nn.LeakyReLU(config.get("negative_slope", config.get("alpha", 0.3)))
    if kind == "PReLU":
        return nn.PReLU(shape[0])
    if kind == "BatchNormalization":
        make = nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d
        return make(shape[0], eps=config.get("epsilon", 1e-3), momentum=1 - config.get("momentum", 0.99))
    if kind == "GroupNormalization":
        return nn.GroupNorm(config.get("groups", 32), shape[0], eps=config.get("epsilon", 1e-3))
    if kind == "LayerNormalization":
        return ChannelNorm(shape[0], config.get("epsilon", 1e-3))
    if kind == "ZeroPadding2D":
        (top, bottom), (left, right) = config["padding"]
        return nn.ZeroPad2d((left, right, top, bottom))
    if kind == "UpSampling2D":
        return nn.Upsample(scale_factor=pair(config.get("size", 2)), mode="nearest")
    if kind in ("Add", "Average", "Multiply", "Concatenate"):
        return Merge(kind)
    raise ValueError(f"{kind} has no counterpart in training-pytorch.py")


class Network(nn.Module):
    """A tf.js layers topology, Sequential or Functional, up to the logits; maps are [batch, channels, rows, columns]."""

    def __init__(self, topology):
        super().__init__()
        config = topology["config"]
        self.layers = nn.ModuleList()
        self.inbound = []
        self.names = []
        shapes = {}
        dummies = {}
        self.eval()
        before = None
        for listed in config["layers"]:
            kind, settings = listed["class_name"], listed["config"]
            shape = settings.get("batch_input_shape")
            if shape is not None:
                height, width, channels = shape[1:]
                dummies["input"] = torch.zeros(2, channels, height, width)
                if kind == "InputLayer":
                    dummies[settings["name"]] = dummies["input"]
                    continue
                before = "input"
            nodes = listed.get("inbound_nodes")
            feeders = [feeder[0] for feeder in nodes[0]] if nodes else [before]
            layer = build_layer(kind, settings, list(dummies[feeders[0]].shape[1:]))
            activation = settings.get("activation", "linear")
            if activation not in ("linear", "softmax"):
                layer = nn.Sequential(layer, ACTIVATIONS[activation]())
            layer.eval()
            with torch.no_grad():
                dummies[settings["name"]] = layer(*(dummies[feeder] for feeder in feeders))
            self.layers.append(layer)
            self.inbound.append(feeders)
            self.names.append(settings["name"])
            before = settings["name"]
        # A chain needs no book-keeping, which would count against PyTorch.
        chain = all(feeders == ["input" if at == 0 else self.names[at - 1]] for at, feeders in enumerate(self.inbound))
        self.chain = nn.Sequential(*self.layers) if chain else None
        self.first = next(iter(self.inbound))[0]

    def forward(self, images):
        if self.chain is not None:
            return self.chain(images)
        values = {self.first: images}
        for name, feeders, layer in zip(self.names, self.inbound, self.layers):
            values[name] = layer(*(values[feeder] for feeder in feeders))
        return values[self.names[-1]]


class Prepared:
    def __init__(self, topology, tuned):
        torch.manual_seed(1)
        self.model = Network(topology)
        self.tuned = tuned
        if tuned:
            self.model = self.model.to(memory_format=torch.channels_last)
        self.start = {name: value.clone() for name, value in self.model.state_dict().items()}

    @property
    def parameters(self):
        averages = (value for name, value in self.model.named_buffers() if "running" in name)
        return sum(value.numel() for value in [*self.model.parameters(), *averages])

    def batch_of(self, pixels):
        return pixels.contiguous(memory_format=torch.channels_last) if self.tuned else pixels

    def train(self, data, batch, images):
        self.model.load_state_dict(self.start)
        self.model.train()
        fused = {"fused": True} if self.tuned else {}
        optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3, eps=1e-7, **fused)
        order = torch.randperm(images) % len(data.train_labels)
        for rows in order.split(batch):
            optimiser.zero_grad()
            logits = self.model(self.batch_of(data.train_pixels[rows]))
            F.cross_entropy(logits, data.train_labels[rows]).backward()
            optimiser.step()

    def evaluate(self, data, images):
        self.model.eval()
        loss, correct = 0.0, 0
        with torch.inference_mode():
            for rows in (torch.arange(images) % len(data.test_labels)).split(WITHOUT_TRAINING):
                logits = self.model(self.batch_of(data.test_pixels[rows]))
                labels = data.test_labels[rows]
                loss += F.cross_entropy(logits, labels, reduction="sum").item()
                correct += (logits.argmax(dim=1) == labels).sum().item()

    def input_gradient(self, data, images):
        self.model.eval()
        pixels = self.batch_of(data.test_pixels[:WITHOUT_TRAINING])
        targets = 0.9 * F.one_hot(data.test_labels[:WITHOUT_TRAINING], 10) + 0.01
        for _ in range(0, images, WITHOUT_TRAINING):
            at = pixels.clone().requires_grad_()
            losses = -(targets * F.log_softmax(self.model(at), dim=1)).sum(dim=1)
            torch.autograd.grad(losses.sum(), at)


class Mnist:
    def __init__(self, folder):
        self.train_pixels, self.train_labels = self.read(folder, "train")
        self.test_pixels, self.test_labels = self.read(folder, "t10k")

    @staticmethod
    def read(folder, part):
        def values(name, header):
            content = bytearray((Path(folder) / name).read_bytes())
            return torch.frombuffer(content, dtype=torch.uint8)[header:]

        pixels = values(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).float() / 255
        return pixels, values(f"{part}-labels-idx1-ubyte", 8).long()


def answer(command, prepared, data):
    engine = command["engine"]
    if command["kind"] == "prepare":
        prepared[engine] = Prepared(command["topology"], engine == "pytorch-tuned")
        return done(engine, parameters=prepared[engine].parameters)
    images = command["images"]
    before = time.process_time()
    if command["work"] == "train":
        prepared[engine].train(data, command["batch"], images)
    elif command["work"] == "evaluate":
        prepared[engine].evaluate(data, images)
    else:
        prepared[engine].input_gradient(data, images)
    return done(command["work"], processor_seconds=time.process_time() - before)


def done(what, parameters=0, processor_seconds=0):
    return {"done": what, "parameters": parameters, "processorSeconds": processor_seconds}


def main():
    torch.set_num_threads(1)
    data = Mnist(sys.argv[1])
    print(json.dumps(done(f"PyTorch {torch.__version__}")), flush=True)
    prepared = {}
    for line in sys.stdin:
        try:
            told = answer(json.loads(line), prepared, data)
        except (ValueError, KeyError, RuntimeError) as error:
            told = {"failed": f"PyTorch: {error}"}
        print(json.dumps(told), flush=True)


main()
