// Tables, ratings and word vectors as text. The page works in the folder that it runs in and removes what it writes.
#include "cookbook.hpp"

namespace {

void write(const char* path, const char* text) {
    io::AtomicFile file(path);
    file.write(text);
    file.commit();
}

void tables() {
    write("cookbook.csv", "name,width,length\nsetosa,1.5,\n\"versi,color\",NA,4.7\n");
    // [csv_table]
    // Names in the first line, missing numbers, and only the columns that are numbers.
    const auto table =
        io::load_csv_table<double>("cookbook.csv", {.header = true, .columns = {1, 2}, .missing = {"", "NA"}});
    expect(table.names[1] == "length" && table.values(0, 0) == 1.5 && any(isnan(table.values)));
    const io::CsvText text = io::load_csv_text("cookbook.csv", {.header = true});  // every field as it is written
    expect(text.rows[1][0] == "versi,color");
    io::save_csv("cookbook.csv", table.values, {.names = table.names});
    // [csv_table]
    std::remove("cookbook.csv");
}

void ratings() {
    write("cookbook.csv",
          "userId,movieId,rating,timestamp\n7,1193,5,978300760\n7,661,3,978302109\n9,661,4,978301968\n");
    // [load_ratings]
    const auto file =
        io::load_ratings("cookbook.csv", {.lowest = 0.5, .highest = 5});  // MovieLens, any of its editions
    expect(file.size() == 3 && file.user_ids[1] == "9" && file.item[2] == 1 && file.value[0] == 5);
    const auto R = rec::ratings_from<double>(file);  // by row and by column, for the models
    expect(R.users() == 2);
    // [load_ratings]
    std::remove("cookbook.csv");
}

void words() {
    // [word2vec]
    const embed::Embeddings<float> words({"king", "queen"}, {{1, 2}, {3, 4.5F}});
    embed::save_glove(words, "cookbook.txt");
    const auto loaded = embed::load_glove<float>("cookbook.txt");
    expect(loaded["queen"][1] == 4.5F);
    embed::save_word2vec_text(words, "cookbook.txt");
    expect(embed::load_word2vec_text<double>("cookbook.txt", {.limit = 1}).size() == 1);  // the most frequent
    embed::save_word2vec_binary(words, "cookbook.txt");
    expect(embed::load_word2vec_binary<float>("cookbook.txt").dimension() == 2);
    // [word2vec]
    std::remove("cookbook.txt");
}

// [own_format]
// A format of one's own: a line "settings", then "name = number" a line. Messages say the file and the line.
double setting(const io::Path& path, std::string_view name) {
    const std::string bytes = io::read_file(path);  // io_error for what is no regular file
    if (!bytes.starts_with("settings\n")) io::throw_at_byte(path.text(), 0, "expected 'settings'");
    io::Lines lines(io::plain_text(bytes, path.text()).substr(9));
    for (std::string_view line; lines.next(line);) {
        const auto equals = line.find('=');
        if (equals == line.npos) {
            io::throw_at_line(path.text(), lines.number() + 1,
                              "expected 'name = number', found " + io::in_quotes(line));
        }
        if (io::trimmed(line.substr(0, equals)) != name) continue;
        return io::number_at<double>(io::trimmed(line.substr(equals + 1)), path.text(), lines.number() + 1, "value");
    }
    throw format_error(path.text() + ": no setting " + io::in_quotes(name));
}
void save_setting(const io::Path& path, const std::string& name, double value) {
    double number = 0;
    if (io::parse_number(name, number) == io::NumberStatus::ok) throw std::invalid_argument("a number as a name");
    std::string line = "settings\n" + name + " = ";
    io::append_number(line, value);  // the fewest digits that are the number
    io::AtomicFile file(path);       // readers see the old file or the new one
    file.write(line + "\n");
    file.commit();
}
// [own_format]

}  // namespace

int main() {
    tables();
    ratings();
    words();
    save_setting("cookbook.txt", "rate", 0.1);
    expect(setting("cookbook.txt", "rate") == 0.1);
    std::remove("cookbook.txt");
}
