"""The published DCGAN's generator as an ONNX graph: onnx_graph.py FILE BATCH writes it.

The graph is the one that torch.onnx.export makes in evaluation mode, built by hand so that PyTorch is not needed.
"""

import pathlib
import sys

import numpy
from onnx import TensorProto, checker, helper, numpy_helper

random = numpy.random.default_rng(0)


class Graph:
    """A chain of nodes, each of which takes the output of the previous one."""

    def __init__(self):
        self.nodes, self.weights, self.last = [], [], "noise"

    def weight(self, name, values):
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def add(self, kind, *weights, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, *weights], [output], **attributes))
        self.last = output

    def uniform(self, name, shape, fan_in):
        bound = fan_in**-0.5
        return self.weight(name, random.uniform(-bound, bound, shape).astype(numpy.float32))

    def linear(self, name, inputs, outputs):
        weight = self.uniform(f"{name}.weight", (outputs, inputs), inputs)
        self.add("Gemm", weight, self.uniform(f"{name}.bias", outputs, inputs), transB=1)

    def batch_norm(self, name, channels):
        ones, zeros = numpy.ones(channels, numpy.float32), numpy.zeros(channels, numpy.float32)
        tensors = {"weight": ones, "bias": zeros, "running_mean": zeros, "running_var": ones}
        self.add("BatchNormalization", *(self.weight(f"{name}.{key}", value) for key, value in tensors.items()))

    def deconvolution(self, name, inputs, outputs, kernel, stride):
        fan_in = outputs * kernel * kernel
        weight = self.uniform(f"{name}.weight", (inputs, outputs, kernel, kernel), fan_in)
        bias = self.uniform(f"{name}.bias", outputs, fan_in)
        self.add("ConvTranspose", weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[1] * 4)


def generator(batch):
    graph = Graph()
    graph.linear("linear1", 100, 256 * 7 * 7)
    graph.add("Relu")
    graph.batch_norm("bn1", 256 * 7 * 7)
    graph.add("Reshape", graph.weight("shape", numpy.array([batch, 256, 7, 7], numpy.int64)))
    graph.deconvolution("decon1", 256, 128, 3, 1)
    graph.add("Relu")
    graph.batch_norm("bn2", 128)
    graph.deconvolution("decon2", 128, 64, 4, 2)
    graph.add("Relu")
    graph.batch_norm("bn3", 64)
    graph.deconvolution("decon3", 64, 1, 4, 2)
    graph.add("Tanh")
    noise = helper.make_tensor_value_info("noise", TensorProto.FLOAT, [batch, 100])
    image = helper.make_tensor_value_info(graph.last, TensorProto.FLOAT, [batch, 1, 28, 28])
    model = helper.make_model(helper.make_graph(graph.nodes, "generator", [noise], [image], graph.weights),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model.SerializeToString()


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_bytes(generator(int(sys.argv[2])))
