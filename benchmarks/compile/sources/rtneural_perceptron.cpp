// The inference of a perceptron in RTNeural, with Eigen. RTNeural cannot train.

#include <RTNeural/RTNeural.h>

using Network = RTNeural::ModelT<float, 784, 10, RTNeural::DenseT<float, 784, 256>,
                                 RTNeural::ReLuActivationT<float, 256>, RTNeural::DenseT<float, 256, 256>,
                                 RTNeural::ReLuActivationT<float, 256>, RTNeural::DenseT<float, 256, 10>>;

const float* infer(Network& network, const float* input) {
    network.forward(input);
    return network.getOutputs();
}
