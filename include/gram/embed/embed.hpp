/// Embeddings: words and items as rows of a matrix, exact search, the files that other tools write.
#pragma once

#include "gram/embed/embeddings.hpp"
#include "gram/embed/index.hpp"
#include "gram/embed/metric.hpp"
#include "gram/embed/top_k.hpp"
#include "gram/embed/word2vec.hpp"
#include "gram/embed/word_table.hpp"
