/* Lua and LuaJIT, which share this interface: a calculation is a chunk that returns its value, or
** one that returns a function of the five fields. LuaJIT also gets a loop over columns, written in
** Lua as its users would. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#include "peer.h"

#if defined(LUA_JITLIBNAME)
#define IS_JIT 1
#endif

static const bench_dialect dialect = {
    .head = "return ",
    .tail = "",
    .fields_head = "return function(amount, quantity, currency, vip, closed) return ",
    .fields_tail = " end",
    .field_prefix = "",
    .dot = '.',
    .quote = '"',
    .words = {{"AND", "and"},
              {"OR", "or"},
              {"!=", "~="},
              {"Math.max", "math.max"},
              {"true", "true"},
              {"false", "false"}},
};

static void *open_peer(const char *const *fields) {
  (void)fields;
  lua_State *lua = luaL_newstate();
  if (lua) luaL_openlibs(lua);
  return lua;
}

static void close_peer(void *self) { lua_close(self); }

static bool compile(void *self, const char *text, size_t length) {
  lua_State *lua = self;
  if (luaL_loadbufferx(lua, text, length, "=calculation", "t") == 0) return true;
  fprintf(stderr, "%s\n", lua_tostring(lua, -1));
  lua_pop(lua, 1);
  return false;
}

/* The collector's own pace decides when it frees. */
static void release(void *self) { lua_pop((lua_State *)self, 1); }

static void evaluate(void *self, const bench_record *records, size_t count, uint8_t *answers) {
  lua_State *lua = self;
  lua_pushvalue(lua, -1);
  lua_call(lua, 0, 1);
  for (size_t i = 0; i < count; i++) {
    const bench_record *r = &records[i];
    lua_pushvalue(lua, -1);
    lua_pushnumber(lua, r->amount);
    lua_pushnumber(lua, r->quantity);
    lua_pushlstring(lua, r->currency, r->currency_length);
    lua_pushboolean(lua, r->vip);
    lua_pushboolean(lua, r->closed);
    lua_call(lua, 5, 1);
    answers[i] = (uint8_t)lua_toboolean(lua, -1);
    lua_pop(lua, 1);
  }
  lua_pop(lua, 1);
}

static size_t bytes_in_use(lua_State *lua) {
  lua_gc(lua, LUA_GCCOLLECT, 0);
  return (size_t)lua_gc(lua, LUA_GCCOUNT, 0) * 1024 + (size_t)lua_gc(lua, LUA_GCCOUNTB, 0);
}

static size_t memory(void *self, const char *text, size_t length) {
  size_t before = bytes_in_use(self);
  if (!compile(self, text, length)) return 0;
  size_t after = bytes_in_use(self);
  release(self);
  return after - before;
}

#if defined(IS_JIT)

/* Lie below the function that loops over them. */
typedef struct columns {
  size_t count;
  double amounts[BENCH_RECORDS], quantities[BENCH_RECORDS];
  uint32_t codes[BENCH_RECORDS];
  bool vips[BENCH_RECORDS], closeds[BENCH_RECORDS];
} columns;

static const char loop_head[] = "local ffi = require 'ffi'\n"
                                "return function(amounts, quantities, codes, vips, closeds, "
                                "answers, count)\n"
                                "  amounts = ffi.cast('const double *', amounts)\n"
                                "  quantities = ffi.cast('const double *', quantities)\n"
                                "  codes = ffi.cast('const uint32_t *', codes)\n"
                                "  vips = ffi.cast('const bool *', vips)\n"
                                "  closeds = ffi.cast('const bool *', closeds)\n"
                                "  answers = ffi.cast('uint8_t *', answers)\n"
                                "  for i = 0, count - 1 do\n"
                                "    answers[i] = (";
static const char loop_tail[] = ") and 1 or 0\n"
                                "  end\n"
                                "end";

static const bench_dialect loop_dialect = {
    .field_prefix = "",
    .dot = '.',
    .quote = 0,
    .words = {{"AND", "and"},
              {"OR", "or"},
              {"false", "false"},
              {"amount", "amounts[i]"},
              {"quantity", "quantities[i]"},
              {"currency", "codes[i]"},
              {"vip", "vips[i]"},
              {"closed", "closeds[i]"}},
};

static void unload_columns(void *self) {
  lua_State *lua = self;
  free(lua_touserdata(lua, -2));
  lua_pop(lua, 2);
}

static bool load_columns(void *self, const char *text, const bench_record *records,
                         size_t count) {
  lua_State *lua = self;
  char loop[1024];
  size_t length = bench_spell(&loop_dialect, loop_head, text, loop_tail, loop, sizeof loop);
  columns *c = length && count <= BENCH_RECORDS ? malloc(sizeof *c) : NULL;
  if (!c) return false;
  lua_pushlightuserdata(lua, c);
  if (!compile(lua, loop, length)) {
    free(c);
    lua_pop(lua, 1);
    return false;
  }
  lua_call(lua, 0, 1);
  c->count = count;
  for (size_t i = 0; i < count; i++) {
    c->amounts[i] = records[i].amount;
    c->quantities[i] = records[i].quantity;
    c->codes[i] = records[i].currency_code;
    c->vips[i] = records[i].vip;
    c->closeds[i] = records[i].closed;
  }
  return true;
}

static void evaluate_columns(void *self, uint8_t *answers) {
  lua_State *lua = self;
  columns *c = lua_touserdata(lua, -2);
  lua_pushvalue(lua, -1);
  lua_pushlightuserdata(lua, c->amounts);
  lua_pushlightuserdata(lua, c->quantities);
  lua_pushlightuserdata(lua, c->codes);
  lua_pushlightuserdata(lua, c->vips);
  lua_pushlightuserdata(lua, c->closeds);
  lua_pushlightuserdata(lua, answers);
  lua_pushinteger(lua, (lua_Integer)c->count);
  lua_call(lua, 7, 0);
}

#define NOTE "its columns are a loop in Lua over FFI arrays, a text being a number there"
#define COLUMNS load_columns, evaluate_columns, unload_columns
#else
#define NOTE    NULL
#define COLUMNS NULL, NULL, NULL
#endif

static const bench_peer peer = {BENCH_PEER_NAME, NOTE,     &dialect, open_peer, close_peer, compile,
                                release,         evaluate, memory,   COLUMNS};

const bench_peer *bench_peer_describe(void) { return &peer; }
