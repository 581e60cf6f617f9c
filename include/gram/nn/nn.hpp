/// Neural networks: dense layers, their gradients, training, attention and convolution.
#pragma once

#include "gram/nn/activation.hpp"
#include "gram/nn/attention.hpp"
#include "gram/nn/conv.hpp"
#include "gram/nn/dense.hpp"
#include "gram/nn/gradients.hpp"
#include "gram/nn/initializers.hpp"
#include "gram/nn/sequential.hpp"
#include "gram/nn/train.hpp"
