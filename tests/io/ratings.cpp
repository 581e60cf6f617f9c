#include "gram/io/ratings.hpp"

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/files.hpp"

using namespace gram;
using namespace gram::io;
using support::contains_text;
using support::Folder;
using support::format_error_of;
using support::write_bytes;

namespace {

RatingsFile load_text(const std::string& text, const RatingsOptions& options = {}) {
    const Folder folder;
    write_bytes(folder / "r.dat", text);
    return load_ratings(folder / "r.dat", options);
}

}  // namespace

TEST_CASE("every separator, with and without a line of names, gives the same ratings") {
    for (const char* text : {
             "7\t900\t5\t881250949\n3\t1\t2.5\t881250950\n7\t1\t4\t881250951\n",
             "userId,movieId,rating,timestamp\r\n7,900,5.0,964982703\r\n3,1,2.5,1\r\n7,1,4.0,2\r\n",
             "7::900::5::978300760\n3::1::2.5::1\n7::1::4::2",
             "7;900;5\n3;1;2.5\n7;1;4\n",
             "\xef\xbb\xbf\"user\",\"item\",\"rating\"\n\"7\",\"900\",\"5\"\n\"3\",\"1\",\"2.5\"\n\"7\",\"1\","
             "\"4\"\n\n",
         }) {
        INFO(text);
        const RatingsFile r = load_text(text);
        REQUIRE(r.size() == 3);
        CHECK(r.user_ids == std::vector<std::string>{"7", "3"});
        CHECK(r.item_ids == std::vector<std::string>{"900", "1"});
        CHECK(r.user == std::vector<index_t>{0, 1, 0});
        CHECK(r.item == std::vector<index_t>{0, 1, 1});
        CHECK(r.value == std::vector<double>{5, 2.5, 4});
    }
}

TEST_CASE("ids are names: text, large numbers and gaps take no memory") {
    const RatingsFile r = load_text("alice,99999999999999999999,1\nbob,2147483648,2\nalice,\"a, b \"\"c\"\"\",3\n");
    CHECK(r.user_ids == std::vector<std::string>{"alice", "bob"});
    CHECK(r.item_ids == std::vector<std::string>{"99999999999999999999", "2147483648", "a, b \"c\""});
}

TEST_CASE("bad ratings are refused by line") {
    const auto refused_at = [](const std::string& text, const char* place, const RatingsOptions& options = {}) {
        const std::string message = format_error_of([&] { load_text(text, options); });
        INFO(text << " -> " << message);
        CHECK(message.find(std::string("r.dat:") + place + ": ") != std::string::npos);
    };
    refused_at("", "1");
    refused_at("no separator\n", "1");
    refused_at("1,2\n", "1");
    refused_at("1,2,3\n1,3\n", "2");
    refused_at("1,2,3\n1,3,4,5\n", "2");
    refused_at("1,2,3\n,3,4\n", "2");
    refused_at("1,2,3\n1,,4\n", "2");
    refused_at("1,2,3\n1,3,x\n", "2");
    refused_at("1,2,3\n1,3,\n", "2");
    refused_at("1,2,4.x\n", "1");
    refused_at("1,2,nan\n", "1");
    refused_at("1,2,3\n1,3,inf\n", "2");
    refused_at("1,2,3\n1,3,1e999\n", "2");
    refused_at("1,2,3\n1,3,5.5\n", "2", {.lowest = 0.5, .highest = 5});
    refused_at("1,2,3\n1,3,0\n", "2", {.lowest = 0.5, .highest = 5});
    refused_at("u,i,rating\n1,2,3\n2,2,3\n1,3,3\n1,2,4\n", "5");
    refused_at("1,2,3\n\n1,3,4\n", "2");
    CHECK_THROWS_WITH(load_text("1,2,3\n2,2,3\n1,2,4\n"),
                      contains_text("user '1' rates item '2' again; first on line 1"));
}

TEST_CASE("a file with names and no ratings is empty") { CHECK(load_text("user,item,rating\n").size() == 0); }

TEST_CASE("prefixes and flipped bits are read or refused, no more") {
    const Folder folder;
    const std::string golden = "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n";
    const auto load = [](const std::string& path) { load_ratings(path); };
    CHECK(support::accepted_prefixes(folder / "a", golden, load) < static_cast<int>(golden.size()));
    CHECK(support::refused_flips(folder / "a", golden, golden.size(), load) > 50);
}

TEST_CASE("MovieLens is read: 100,836 ratings of 610 users and 9,724 films, mean 3.50156") {
    const std::string path = support::data_file("movielens-latest-small/ratings.csv");
    if (path.empty()) return;
    const RatingsFile r = load_ratings(path, {.lowest = 0.5, .highest = 5});
    CHECK(r.size() == 100836);
    CHECK(r.user_ids.size() == 610);
    CHECK(r.item_ids.size() == 9724);
    double sum = 0;
    for (const double v : r.value) sum += v;
    CHECK(std::abs(sum / static_cast<double>(r.size()) - 3.50156) < 1e-5);
}
