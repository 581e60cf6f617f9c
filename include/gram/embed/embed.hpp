/// Words and other things as vectors: exact search, analogies, files of word vectors.
#pragma once

#include "gram/embed/embeddings.hpp"
#include "gram/embed/index.hpp"
#include "gram/embed/top_k.hpp"
#include "gram/embed/word2vec.hpp"
