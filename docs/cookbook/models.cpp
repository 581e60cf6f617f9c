// Networks, recommenders and embeddings.
#include "cookbook.hpp"

namespace {

void layers() {
    Rng rng(1);
    // [dense]
    const nn::Dense<double> hidden({{1, -1}, {0, 2}}, {0, -1}, nn::relu);  // relu(W x + b)
    const Vector<double> h = hidden(Vector<double>{2, 1});
    expect(h[0] == 1 && h[1] == 1);
    const Matrix<double> batch = hidden(Matrix<double>{{2, 1}, {0, 0}});  // a sample in each row
    expect(batch(0, 1) == 1 && batch(1, 0) == 0);
    // [dense]
    // [network]
    const nn::Sequential<double> net{hidden, nn::Dense<double>({{1, 1}}, {0}, nn::sigmoid)};
    expect(net.parameter_count() == 9 && std::abs(net(Vector<double>{2, 1})[0] - 0.8807970779778823) < 1e-15);
    // [network]
    // [collapse]
    const nn::Dense<double> linear({{1, -1}, {0, 2}}, {0, -1}, nn::identity);
    const nn::Dense<double> twice = nn::collapse(linear, linear);  // one layer that does both
    expect(allclose(twice(Vector<double>{2, 1}), linear(linear(Vector<double>{2, 1}))));
    // [collapse]
    // [activation]
    expect(eval(nn::apply(nn::relu, Vector<double>{-1, 2}))[1] == 2);
    expect(eval(nn::derivative(nn::relu, Vector<double>{-1, 2}))[0] == 0);
    expect(std::string(nn::name(nn::gelu)) == "gelu");
    // [activation]
    // [initializers]
    const Matrix<double> W = nn::he_normal<double>(rng, 64, 256);  // variance 2 / 256
    expect(std::abs(var(W) * 128 - 1) < 0.1 && nn::he_uniform<double>(rng, 8, 8).rows() == 8);
    const Matrix<double> G = nn::glorot_normal<double>(rng, 64, 64), U = nn::glorot_uniform<double>(rng, 64, 64);
    expect(std::abs(var(G) / var(U) - 1) < 0.1);  // 2 / (64 + 64)
    const Matrix<double> Q = nn::orthogonal<double>(rng, 4, 4);
    expect(allclose(Q * Q.T(), eye<double>(4)));
    const auto layer = nn::make_dense<double>(rng, 3, 5, nn::relu);
    expect(layer.inputs() == 3 && layer.outputs() == 5);
    // [initializers]
}

void training() {
    Rng rng(2);
    // [train]
    const Matrix<double> X = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Matrix<double> labels = nn::one_hot<double>({0, 1, 1, 0}, 2);  // exclusive or
    nn::Sequential<double> net{nn::make_dense<double>(rng, 2, 16, nn::tanh),
                               nn::make_dense<double>(rng, 16, 2, nn::identity)};
    nn::train(net, X, labels, nn::softmax_cross_entropy, {.epochs = 800, .batch = 4, .learning_rate = 0.1}, rng);
    expect(nn::accuracy(net, X, labels) == 1);
    // [train]
    // [gradients]
    const auto g = nn::gradients(net, X, labels, nn::softmax_cross_entropy);
    expect(g.loss < 1 && g.layers[0].weight.rows() == 16);
    const auto& first = net.layers()[0];
    const Matrix<double> upstream = ones<double>(4, 16);  // dL/dY of that layer
    expect(nn::backward(first, X, first.preactivation(X), upstream).weight.cols() == 2);
    expect(nn::loss_gradient(nn::squared_error, X, X).loss == 0);
    // [gradients]
}

void blocks() {
    // [attention]
    const Matrix<double> Q = {{1, 0}}, K = {{10, 0}, {0, 10}}, V = {{1}, {2}};
    expect(nn::attention(Q, K, V)(0, 0) < 1.01 && nn::attention_weights(Q, K)(0, 0) > 0.99);
    // [attention]
    // [conv2d]
    const Matrix<double> image = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, edges = {{-1, 1}};
    expect(nn::conv2d(image, edges)(0, 0) == 1 && nn::conv2d(image, edges, {.padding = 1}).rows() == 5);
    expect(nn::im2col(nn::Image<double>(image), 2, 2)(3, 0) == 5);  // a patch in each column
    // [conv2d]
}

void recommenders() {
    // [factorize]
    const Matrix<double> R = {{5, 4, 1, 0}, {4, 5, 2, 1}, {3, 3, 3, 3}, {1, 0, 5, 4}, {1, 2, 4, 5}};
    const Matrix<double> mask = rec::observed(R);  // 0 is unknown
    Rng rng(0);
    const auto model =
        rec::matrix_factorize(R, mask, {.rank = 2, .learning_rate = 0.01, .regularization = 0.1, .steps = 6000}, rng);
    const Matrix<double> P = model.predict();  // mean + U V^T, the gaps filled
    expect(rec::rmse_on_known(R, mask, P) < 0.25 && P(0, 3) < 2);
    // [factorize]
    // [svd_route]
    const auto filled = rec::svd_route(R, mask, 2);
    expect(filled.predict(0, 3) < 3 && rec::fill_with_column_means(R, mask)(0, 3) == 3.25);
    // [svd_route]
    // [ratings]
    const rec::Ratings<double> ratings(3, 3, {{0, 0, 5}, {0, 1, 4}, {1, 0, 4}, {1, 2, 1}, {2, 1, 5}, {2, 2, 2}});
    expect(ratings.users() == 3 && rec::mean_rating(ratings) == 3.5);
    const auto split = rec::split_every(ratings, 3);  // every third held out
    expect(split.test.size() == 2 && rec::split_random(ratings, 0.5, rng).train.size() == 3);
    // [ratings]
    // [baselines]
    expect(rec::fit_mean(ratings).predict(0, 0) == 3.5);
    expect(rec::rmse(rec::fit_bias(ratings), ratings) < 1.5 && rec::mae(rec::fit_mean(ratings), ratings) > 1);
    // [baselines]
    // [als]
    const auto als = rec::fit_als(ratings, {.rank = 2, .regularization = 0.05, .iterations = 20}, rng);
    const auto sgd = rec::fit_sgd(ratings, {.rank = 2, .learning_rate = 0.05, .epochs = 100}, rng);
    expect(rec::rmse(als, ratings) < 1 && rec::rmse(sgd, ratings) < 1.5);
    expect(als.recommend(0, 1, ratings)[0].item == 2);  // the only one that user 0 has not rated
    // [als]
}

void embeddings() {
    // [embeddings]
    const embed::Embeddings<double> words({"king", "queen", "man", "woman"}, {{1, 1}, {1, -1}, {0.1, 1}, {0.1, -1}});
    expect(words.analogy("man", "king", "woman", 1)[0].word == "queen");
    expect(words.similarity("king", "king") > 0.999 && words.most_similar("man", 1)[0].word == "king");
    // [embeddings]
    // [word_files]
    embed::save_word2vec_text(words, "cookbook.txt");
    expect(embed::load_word2vec_text<double>("cookbook.txt").size() == 4);
    embed::save_word2vec_binary(words, "cookbook.txt");
    expect(embed::load_word2vec_binary<float>("cookbook.txt").dimension() == 2);
    embed::save_glove(words, "cookbook.txt");  // no first line
    expect(embed::load_glove<double>("cookbook.txt").words()[3] == "woman");
    // [word_files]
    std::remove("cookbook.txt");
    // [search]
    const embed::ExactIndex<float> index({{1, 0}, {0, 1}, {1, 1}}, embed::Metric::cosine);
    const auto found = index.search(Matrix<float>{{2, 0}}, 2);  // the best two for each row
    expect(found.indices(0, 0) == 0 && found.indices(0, 1) == 2);
    expect(embed::top_k(Vector<double>{0.1, 0.9, 0.5}, 2).indices[0] == 1);
    // [search]
}

}  // namespace

int main() {
    layers();
    training();
    blocks();
    recommenders();
    embeddings();
}
