// A dense layer is y = sigma(W x + b); a network is one layer after the other.
//
//   W: outputs x inputs,  b: outputs,  a batch X has a sample in each row:  Y = sigma(X W^T + b)
#include <gram/gram.hpp>

#include <cstdio>
#include <iostream>

#include "data/digits.hpp"
#include "data/digits_network.hpp"
#include "support/example.hpp"

using namespace gram;

namespace {

constexpr const char* usage = R"(usage: forward_pass [--out DIR] [FOLDER]

Runs a 2-3-2 network that can be checked by hand, draws what a layer does to the unit square, and classifies handwritten
digits with a small network that is compiled in. FOLDER (else $GRAM_DATA/langid-mlp) holds a trained network as
fc1.weight.npy, fc1.bias.npy, fc2.weight.npy, fc2.bias.npy with inputs.npy and expected_softmax.npy to compare with.
)";

void textbook() {
    const nn::Dense<double> hidden({{1, -1}, {0, 2}, {1, 1}}, {0, -1, 0.5}, nn::relu);
    const nn::Dense<double> output({{1, 0, -1}, {2, 1, 0}}, {0.5, -0.5}, nn::sigmoid);
    const nn::Sequential<double> net{hidden, output};
    const Vector<double> x = {2, 1};
    std::cout << "x (2) = " << x << "\nW1 (3x2), b1 (3): z1 = " << hidden.preactivation(x)
              << "   h = relu(z1) = " << hidden(x) << "\nW2 (2x3), b2 (2): z2 = " << output.preactivation(hidden(x))
              << "   y = sigmoid(z2) = " << net(x) << "\nparameters: " << net.parameter_count() << "\n\n";

    const nn::Dense<double> l1(hidden.weight(), hidden.bias(), nn::identity);
    const nn::Dense<double> l2(output.weight(), output.bias(), nn::identity);
    const nn::Dense<double> both = nn::collapse(l1, l2);
    std::cout << "without the bends, W2 (W1 x + b1) + b2 is one layer: W = W2 W1 (2x2) =\n"
              << both.weight() << "\nb = " << both.bias() << ",  both(x) = " << both(x) << " = " << l2(l1(x)) << "\n\n";
}

/// The unit square, drawn as a grid, before and after a layer.
void draw_unit_square(const example::Arguments& arguments) {
    const nn::Dense<double> layer({{1, -1}, {0.5, 1}}, {0.1, -0.4}, nn::tanh);
    std::string grid;
    for (const bool transposed : {false, true}) {
        for (const double fixed : linspace(0.0, 1.0, 11)) {
            Matrix<double> line(41, 2);
            line.col(transposed ? 1 : 0) = fixed;
            line.col(transposed ? 0 : 1) = linspace(0.0, 1.0, 41);
            const Matrix<double> image = layer(line);
            for (index_t i = 0; i < line.rows(); ++i) {
                for (const double v : {line(i, 0), line(i, 1), image(i, 0), image(i, 1)})
                    grid += std::to_string(v) + " ";
                grid += "\n";
            }
            grid += "\n";
        }
    }
    example::plot(arguments, "unit_square.svg", grid,
                  "set title 'the unit square and what tanh(W x + b) makes of it'\nset size ratio -1\n"
                  "plot $data using 1:2 with lines lc 'gray' title 'x', $data using 3:4 with lines title 'y'");
}

/// A network trained elsewhere: agrees with the outputs that came with it.
bool compare(const std::string& folder) {
    const auto matrix = [&](const char* name) { return io::load_npy<double>(folder + "/" + name); };
    const auto vector = [&](const char* name) { return io::load_npy_vector<double>(folder + "/" + name); };
    const nn::Sequential<double> net{nn::Dense<double>(matrix("fc1.weight.npy"), vector("fc1.bias.npy"), nn::relu),
                                     nn::Dense<double>(matrix("fc2.weight.npy"), vector("fc2.bias.npy"), nn::identity)};
    const Matrix<double> X = matrix("inputs.npy"), expected = matrix("expected_softmax.npy");
    const Matrix<double> P = softmax(net(X));
    const double difference = max(abs(P - expected));
    std::printf("\n%s: %td-%td-%td, %td parameters\nX: %td x %td -> P: %td x %td, largest difference %.2e\n",
                folder.c_str(), net.inputs(), net.layers()[0].outputs(), net.outputs(), net.parameter_count(), X.rows(),
                X.cols(), P.rows(), P.cols(), difference);
    return difference <= 1e-5;
}

void classify_digits() {
    const auto net = digits::network<double>();
    const index_t count = std::size(digits::held_out);
    Matrix<double> X(count, 64);
    for (index_t i = 0; i < count; ++i) {
        for (index_t j = 0; j < 64; ++j) X(i, j) = (digits::held_out[i].pixels[j] - 'a') / 16.0;
    }
    const Vector<index_t> predicted = argmax<1>(net(X));
    index_t right = 0;
    for (index_t i = 0; i < count; ++i) right += predicted[i] == digits::held_out[i].label;
    std::printf("8x8 digits: %td-%td-%td network, %td parameters; %td of %td held-out digits right (%.1f%%)\n",
                net.inputs(), net.layers()[0].outputs(), net.outputs(), net.parameter_count(), right, count,
                100.0 * double(right) / double(count));
}

int run(const example::Arguments& arguments) {
    textbook();
    draw_unit_square(arguments);
    classify_digits();
    const std::string folder = example::data_path(arguments, "langid-mlp");
    return folder.empty() || compare(folder) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return example::program(argc, argv, usage, {}, run); }
