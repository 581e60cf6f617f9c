// Trains the network that forward_pass carries, and prints it as the header data/digits_network.hpp.
//
//   minimise the mean of -log softmax(W2 relu(W1 x + b1) + b2)_label over the samples, by gradient descent
#include <gram/gram.hpp>

#include <cstdio>

#include "support/example.hpp"

using namespace gram;

namespace {

constexpr const char* usage = R"(usage: train_digits DIGITS.csv > data/digits_network.hpp

DIGITS.csv has 64 pixels (0 to 16) and a label (0 to 9) a line. The last 120 lines are held out. Progress is printed to
the standard error.
)";
constexpr index_t held_out = 120, hidden = 24;

void print_array(const char* name, const Matrix<double>& values) {
    std::printf("inline constexpr double %s[] = {\n", name);
    for (index_t i = 0; i < values.rows(); ++i) {
        for (index_t j = 0; j < values.cols(); ++j)
            std::printf("%.4g%s", values(i, j), (j + 1) % 16 == 0 ? ",\n" : ",");
        if (values.cols() % 16 != 0) std::printf("\n");
    }
    std::printf("};\n");
}

void print_network(const nn::Sequential<double>& net) {
    std::printf("/// A 64-%td-10 network for 8x8 digits, trained by train_digits on all but the held-out images.\n",
                net.layers()[0].outputs());
    std::printf("#pragma once\n\n#include <gram/gram.hpp>\n\nnamespace digits {\n\n// clang-format off\n");
    for (index_t l = 0; l < net.size(); ++l) {
        print_array(("weight" + std::to_string(l + 1)).c_str(), net.layer(l).weight());
        print_array(("bias" + std::to_string(l + 1)).c_str(), net.layer(l).bias().T());
    }
    std::printf(R"(// clang-format on

template <class T>
gram::nn::Sequential<T> network() {
    const auto layer = [](const auto& weight, const auto& bias, gram::nn::Activation activation) {
        const auto outputs = gram::index_t(std::size(bias)), inputs = gram::index_t(std::size(weight)) / outputs;
        return gram::nn::Dense<T>(gram::cast<T>(gram::view(weight, outputs, inputs)),
                                  gram::cast<T>(gram::view(bias, outputs)), activation);
    };
    return {layer(weight1, bias1, gram::nn::relu), layer(weight2, bias2, gram::nn::identity)};
}

}  // namespace digits
)");
}

int run(const example::Arguments& arguments) {
    if (arguments.words.size() != 1) {
        std::fprintf(stderr, "%s", usage);
        return 2;
    }
    const Matrix<double> table = io::load_csv<double>(arguments.words[0]);
    const index_t count = table.rows() - held_out;
    const Matrix<double> X = table.block(0, 0, table.rows(), 64) / 16;
    Matrix<double> Y(table.rows(), 10);
    for (index_t i = 0; i < table.rows(); ++i) Y(i, index_t(table(i, 64))) = 1;

    Rng rng(7);
    nn::Sequential<double> net{nn::make_dense<double>(rng, 64, hidden, nn::relu),
                               nn::make_dense<double>(rng, hidden, 10, nn::identity)};
    const Matrix<double> X_seen = X.block(0, 0, count, 64), Y_seen = Y.block(0, 0, count, 10);
    const Matrix<double> X_held = X.block(count, 0, held_out, 64), Y_held = Y.block(count, 0, held_out, 10);
    nn::train(net, X_seen, Y_seen, nn::softmax_cross_entropy,
              {.epochs = 60, .learning_rate = 0.05, .weight_decay = 1e-3}, rng, [&](const nn::Epoch& epoch) {
                  if (epoch.number % 10 == 9)
                      std::fprintf(stderr, "epoch %2td: loss %.4f\n", epoch.number + 1, epoch.loss);
              });
    std::fprintf(stderr, "right: %.4f of %td seen, %.4f of %td held out\n", nn::accuracy(net, X_seen, Y_seen), count,
                 nn::accuracy(net, X_held, Y_held), held_out);
    print_network(net);
    return 0;
}

}  // namespace

int main(int argc, char** argv) { return example::program(argc, argv, usage, {}, run); }
