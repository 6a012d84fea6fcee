// muParser: one parser is kept and given one text after the other, since making one takes longer
// than compiling. It has numbers only, so a text is a number here. Its bulk mode takes columns.
#include <muParser.h>

#include <cstdio>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "peer.h"

namespace {

const bench_dialect dialect = {"", "", "", "", "", '.', 0,
                               {{"AND", "&&"},
                                {"OR", "||"},
                                {"Math.max", "max"},
                                {"true", "1"},
                                {"false", "0"},
                                {nullptr, nullptr}}};

double value_or(double value, double other) { return value != value ? other : value; }

enum { AMOUNT, QUANTITY, CURRENCY, VIP, CLOSED, FIELDS };
const char *const own_fields[FIELDS] = {"amount", "quantity", "currency", "vip", "closed"};

struct Peer {
  mu::Parser parser;
  double fields[FIELDS] = {};
  double others = 0;                   // what no record has
  std::vector<double> columns[FIELDS]; // of a calculation on columns
  std::vector<double> results;

  explicit Peer(const char *const *names) {
    const std::string letters = "abcdefghijklmnopqrstuvwxyz";
    parser.DefineNameChars((letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.").c_str());
    parser.DefineFun("isnull", value_or);
    for (; *names; names++) parser.DefineVar(*names, &others);
    for (int i = 0; i < FIELDS; i++) parser.DefineVar(own_fields[i], &fields[i]);
  }
};

void *open_peer(const char *const *fields) try { return new Peer(fields); } catch (...) {
  return nullptr;
}

void close_peer(void *self) { delete static_cast<Peer *>(self); }

bool said(const mu::ParserError &error) {
  std::fprintf(stderr, "%s\n", error.GetMsg().c_str());
  return false;
}

// The text is compiled when it is evaluated for the first time.
bool compile(void *self, const char *text, size_t) try {
  mu::Parser &parser = static_cast<Peer *>(self)->parser;
  parser.SetExpr(text);
  parser.Eval();
  return true;
} catch (const mu::ParserError &error) {
  return said(error);
}

// What was compiled goes with the next text.
void release(void *) {}

void evaluate(void *self, const bench_record *records, size_t count, uint8_t *answers) {
  Peer *peer = static_cast<Peer *>(self);
  for (size_t i = 0; i < count; i++) {
    const bench_record &r = records[i];
    peer->fields[AMOUNT] = r.amount;
    peer->fields[QUANTITY] = r.quantity;
    peer->fields[CURRENCY] = r.currency_code;
    peer->fields[VIP] = r.vip;
    peer->fields[CLOSED] = r.closed;
    answers[i] = peer->parser.Eval() != 0;
  }
}

// A calculation that is to be kept needs a parser of its own. A hundred are made, since what malloc
// has in its cache counts as used.
size_t memory(void *self, const char *text, size_t) try {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  std::vector<mu::Parser> parsers;
  parsers.reserve(100);
  const struct mallinfo2 before = mallinfo2();
  while (parsers.size() < parsers.capacity()) {
    parsers.push_back(static_cast<Peer *>(self)->parser);
    parsers.back().SetExpr(text);
    parsers.back().Eval();
  }
  return (mallinfo2().uordblks - before.uordblks) / parsers.size() + sizeof parsers[0];
#else
  (void)self;
  (void)text;
  return 0;
#endif
} catch (const mu::ParserError &error) {
  return said(error);
}

void unload_columns(void *self) {
  Peer *peer = static_cast<Peer *>(self);
  for (int i = 0; i < FIELDS; i++) {
    peer->columns[i].clear();
    peer->parser.DefineVar(own_fields[i], &peer->fields[i]);
  }
}

bool load_columns(void *self, const char *text, const bench_record *records, size_t count) try {
  Peer *peer = static_cast<Peer *>(self);
  char spelled[512];
  if (!bench_spell(&dialect, "", text, "", spelled, sizeof spelled)) return false;
  for (auto &column : peer->columns) column.reserve(count);
  for (size_t i = 0; i < count; i++) {
    peer->columns[AMOUNT].push_back(records[i].amount);
    peer->columns[QUANTITY].push_back(records[i].quantity);
    peer->columns[CURRENCY].push_back(records[i].currency_code);
    peer->columns[VIP].push_back(records[i].vip);
    peer->columns[CLOSED].push_back(records[i].closed);
  }
  peer->results.resize(count);
  for (int i = 0; i < FIELDS; i++) peer->parser.DefineVar(own_fields[i], peer->columns[i].data());
  return compile(self, spelled, 0);
} catch (...) {
  return false;
}

void evaluate_columns(void *self, uint8_t *answers) {
  Peer *peer = static_cast<Peer *>(self);
  std::vector<double> &results = peer->results;
  peer->parser.Eval(results.data(), static_cast<int>(results.size()));
  for (size_t i = 0; i < results.size(); i++) answers[i] = results[i] != 0;
}

const bench_peer description = {BENCH_PEER_NAME,
                                "a text is a number there; one parser is kept, which compiles in "
                                "the first Eval",
                                &dialect,
                                open_peer,
                                close_peer,
                                compile,
                                release,
                                evaluate,
                                memory,
                                load_columns,
                                evaluate_columns,
                                unload_columns};

} // namespace

const bench_peer *bench_peer_describe(void) { return &description; }
